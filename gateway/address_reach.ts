/**
 * What an address of the MCP endpoint can be used for, by its path
 * (`/mcp/{service}`) and by its query (`?services=…&read_only=true`): no more is
 * asked for in its name, and no more is shown to a person.
 *
 * @module
 */

import type { Reach } from "../broker/core/gateway_scopes.ts";
import { unique } from "../broker/core/lists.ts";

/** What can be named in an address. */
export interface Names {
  services: string[];
  /** What a provider's name stands for. */
  ofProvider(name: string): string[] | undefined;
}

/** Longer lists are refused where they are called; see `routes/mcp/wish.ts`. */
const LONGEST_LIST = 1_000;

/**
 * The reach of a path and a query; `undefined` where the endpoint refuses every
 * call with such a query. What else stands in the query is not looked at.
 */
export function reachOf(names: Names, path: string, search: string): Reach | undefined {
  const query = new URLSearchParams(search);
  const [listed, ...moreLists] = query.getAll("services");
  const [readOnly = "false", ...moreModes] = query.getAll("read_only");
  if (moreLists.length > 0 || (listed?.length ?? 0) > LONGEST_LIST) return undefined;
  if (moreModes.length > 0 || !["true", "false"].includes(readOnly)) return undefined;
  const inPath = ofPath(names, path);
  const inQuery = listed === undefined ? undefined : ofList(names, listed);
  const services = unique(names.services).filter((name) =>
    (inPath?.includes(name) ?? true) && (inQuery?.includes(name) ?? true)
  );
  return { services, readOnly: readOnly === "true" };
}

/** A service's own name before a provider's of the same name; `/mcp` and `/mcp/sse` name none. */
function ofPath({ services, ofProvider }: Names, path: string): string[] | undefined {
  const [, name] = /^\/mcp\/([^/]+)\/?$/.exec(path) ?? [];
  if (name === undefined || name === "sse") return undefined;
  return services.includes(name) ? [name] : ofProvider(name) ?? [];
}

/** A provider's name stands for all its services, as everywhere. */
function ofList({ ofProvider }: Names, text: string): string[] {
  return text.split(",").map((item) => item.trim()).flatMap((name) => ofProvider(name) ?? [name]);
}
