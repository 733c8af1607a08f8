/**
 * Which tools of an upstream MCP server are let through. What was approved and
 * has changed since is withheld until the operator accepts it: a server that
 * was harmless yesterday may put other words before a model today.
 *
 * @module
 */

import { digest } from "../../broker/core/secrets.ts";
import type { ToolDefinition, UpstreamRecord } from "../../broker/core/upstream.ts";

/** A tool as its upstream lists it. */
export interface RemoteTool {
  name: string;
  description?: string | undefined;
  [member: string]: unknown;
}

/** As much of a description as an operator needs to compare. */
const SHOWN_DESCRIPTION = 300;
/** MCP clients take names up to this length. */
const MAX_NAME = 64;
const HASH_LENGTH = 8;

/** A list against what is on record: what is let through, and the record from now on. */
export interface Review<T> {
  allowed: T[];
  /** What is on record from now on; absent where that is what was on record before. */
  record?: UpstreamRecord | undefined;
  /** Names that were not withheld before. */
  newlyWithheld: string[];
}

/** Reviews a list. What was never seen is approved: the operator has chosen this server. */
export function reviewTools<T extends RemoteTool>(
  tools: T[],
  record: UpstreamRecord = { approved: {}, withheld: {} },
): Review<T> {
  const approved = { ...record.approved };
  const withheld: Record<string, ToolDefinition> = {};
  const allowed: T[] = [];
  for (const tool of tools) {
    const definition = definitionOf(tool);
    const known = Object.hasOwn(approved, tool.name) ? approved[tool.name] : undefined;
    if (known === undefined || known.digest === definition.digest) {
      approved[tool.name] = definition;
      allowed.push(tool);
    } else withheld[tool.name] = definition;
  }
  const newlyWithheld = Object.keys(withheld).filter((name) =>
    record.withheld[name]?.digest !== withheld[name]!.digest
  );
  const next = { approved, withheld };
  const changed = JSON.stringify(next) !== JSON.stringify(record);
  return { allowed, newlyWithheld, record: changed ? next : undefined };
}

/** Lets withheld tools in: one, or all; `null` where there is none. */
export function acceptTools(record: UpstreamRecord, tool?: string): UpstreamRecord | null {
  const names = Object.keys(record.withheld).filter((name) => tool === undefined || name === tool);
  if (names.length === 0) return null;
  const approved = { ...record.approved };
  const withheld = { ...record.withheld };
  for (const name of names) {
    approved[name] = withheld[name]!;
    delete withheld[name];
  }
  return { approved, withheld };
}

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

/** All of a tool counts: a schema's descriptions reach the model too. */
function definitionOf({ description = "", ...tool }: RemoteTool): ToolDefinition {
  return {
    digest: digest(canonical({ ...tool, description })),
    description: description.slice(0, SHOWN_DESCRIPTION),
  };
}

/** JSON with sorted members, so that their order does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_name, member) =>
      typeof member === "object" && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => a < b ? -1 : 1))
        : member,
  );
}
