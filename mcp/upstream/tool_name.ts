/**
 * Our names for an upstream's tools. A name that clients see belongs to one
 * tool for good: whoever could take another's would be called in its place.
 *
 * @module
 */

import { digest } from "../../broker/core/secrets.ts";

/** MCP clients take names up to this length. */
const MAX_NAME = 64;
const HASH_LENGTH = 8;

/** Our name for an upstream's tool; a long one ends in a hash that stays the same. */
export function toolName(upstream: string, remote: string): string {
  const name = `${upstream}_${remote}`.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  if (name.length <= MAX_NAME) return name;
  const hash = digest(`${upstream} ${remote}`).replaceAll(/[^A-Za-z0-9]/g, "0").slice(
    0,
    HASH_LENGTH,
  );
  return `${name.slice(0, MAX_NAME - HASH_LENGTH - 1)}_${hash}`;
}

/** Each tool under our name, and those names that are not one tool's alone. */
export function namedTools<T extends { name: string }>(
  upstream: string,
  tools: T[],
  /** Of our own tools, aliases included. */
  taken: ReadonlySet<string>,
): { named: [name: string, tool: T][]; disputed: string[] } {
  const byName = Map.groupBy(tools, ({ name }) => toolName(upstream, name));
  const named: [string, T][] = [];
  const disputed: string[] = [];
  for (const [name, claimants] of byName) {
    // Not even the first: which one is first is for the upstream to say, and may change.
    if (claimants.length > 1 || taken.has(name)) disputed.push(name);
    else named.push([name, claimants[0]!]);
  }
  return { named, disputed };
}
