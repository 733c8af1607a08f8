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
/** Gemini wants a letter first. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** How an upstream's tools are called. */
interface Naming {
  /** The upstream's name. */
  upstream: string;
  /** Absent: the name and `_`. */
  prefix?: string | undefined;
}

/** Our name for an upstream's tool; a long one ends in a hash that stays the same. */
export function toolName(upstream: string, remote: string, prefix = `${upstream}_`): string {
  const name = plain(`${prefix}${remote}`);
  if (name.length <= MAX_NAME && NAME.test(name)) return name;
  return prefix === "" ? toolName(upstream, remote) : suffixedName(upstream, remote, prefix);
}

/** The same with the hash, whatever its length: no two tools have the same. */
export function suffixedName(upstream: string, remote: string, prefix = `${upstream}_`): string {
  const name = plain(`${prefix === "" ? `${upstream}_` : prefix}${remote}`);
  const hash = digest(`${upstream} ${remote}`).replaceAll(/[^A-Za-z0-9]/g, "0")
    .slice(0, HASH_LENGTH);
  return `${name.slice(0, MAX_NAME - HASH_LENGTH - 1)}_${hash}`;
}

/** The tool behind {@linkcode connectName} is ours. */
export function connectName(upstream: string): string {
  return `${upstream}_connect`;
}

/** Whether one of our names can be this: what else a caller makes up is no name, and is noted nowhere. */
export function couldBeToolName(upstream: string, name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name) || name === connectName(upstream);
}

function plain(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}

/**
 * Each tool under our name, and those that cannot have one of their own. Where
 * two would be called the same, or one as somebody else's tool, neither is:
 * which of them is first is for the upstream to say, and may change.
 */
export function namedTools<T extends { name: string }>(
  naming: string | Naming,
  tools: T[],
  /** What belongs to others: our own tools with their aliases, other upstreams'. */
  taken: Pick<ReadonlySet<string>, "has">,
): { named: [name: string, tool: T][]; disputed: T[] } {
  const { upstream, prefix = `${upstream}_` } = typeof naming === "string"
    ? { upstream: naming }
    : naming;
  const candidates = tools.map((tool) => ({
    tool,
    // Those with an empty prefix have the usual one before they have a hash.
    names: [
      ...new Set([
        toolName(upstream, tool.name, prefix),
        toolName(upstream, tool.name, prefix === "" ? undefined : prefix),
        suffixedName(upstream, tool.name, prefix),
      ]),
    ],
  }));
  for (;;) {
    const byName = Map.groupBy(candidates, ({ names }) => names[0]!);
    const clashing = [...byName].filter(([name, claims]) => claims.length > 1 || taken.has(name))
      .flatMap(([, claims]) => claims);
    const movable = clashing.filter(({ names }) => names.length > 1);
    if (movable.length === 0) {
      return {
        named: candidates.filter((each) => !clashing.includes(each))
          .map(({ names, tool }) => [names[0]!, tool]),
        disputed: clashing.map(({ tool }) => tool),
      };
    }
    for (const { names } of movable) names.shift();
  }
}
