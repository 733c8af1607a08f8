/**
 * What a person has connected and can be used, by names of services.
 *
 * @module
 */

import type { Subject } from "../../broker/core/subject.ts";
import type { AppDeps } from "./deps.ts";

/** The services of a person's living connections; an upstream's by the provider behind it. */
export async function connectedServices(
  { broker, providers }: Pick<AppDeps, "broker" | "providers">,
  subject: Subject,
): Promise<Set<string>> {
  const connections = await broker.connections(subject);
  // An MCP server may turn out to let everybody in.
  const open = [...providers.values()].filter(({ needsNobody }) => needsNobody)
    .map(({ name }) => name);
  const own = connections.filter(({ status }) => status === "active")
    .flatMap(({ services, provider }) => [...services, provider]);
  return new Set([...open, ...own]);
}
