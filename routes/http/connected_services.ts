/**
 * What a person has connected and can be used, by names of services.
 *
 * @module
 */

import type { ConnectionView } from "../../broker/broker.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { AppDeps } from "./deps.ts";

/** As `connectedIn()`, of a person whose connections are not at hand. */
export async function connectedServices(
  deps: Pick<AppDeps, "broker" | "providers">,
  subject: Subject,
): Promise<Set<string>> {
  return connectedIn(deps, await deps.broker.connections(subject));
}

/** The services of a person's living connections; an upstream's by the provider behind it. */
export function connectedIn(
  { providers }: Pick<AppDeps, "providers">,
  connections: ConnectionView[],
): Set<string> {
  // An MCP server may turn out to let everybody in.
  const open = [...providers.values()].filter(({ needsNobody }) => needsNobody)
    .map(({ name }) => name);
  const own = connections.filter(({ status }) => status === "active")
    .flatMap(({ services, provider }) => [...services, provider]);
  return new Set([...open, ...own]);
}
