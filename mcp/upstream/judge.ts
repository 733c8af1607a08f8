/**
 * Which of an upstream's tools can be listed at all, each judged alone: one
 * that is not right, or too long, takes none of the others away. Every list of
 * every caller carries what is let through here.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import { isShallow } from "../../broker/core/json.ts";
import { plainWord } from "../../broker/core/shown_name.ts";
import type { Definition } from "../../broker/core/upstream.ts";
import { digest } from "../../broker/core/secrets.ts";
import type { Renamed } from "./flat_schema.ts";
import { type Fault, type MendedTool, mendedTool } from "./mend_tool.ts";
import { definitionOf } from "./review.ts";

export { MAX_REMOTE_NAME } from "./mend_tool.ts";

/** More tools than any server has today; what comes after them is not listed. */
export const MAX_TOOLS = 1_000;
/** A tool's whole definition, as JSON in UTF-8. */
export const MAX_DEFINITION_BYTES = 64 * 1024;
/** All definitions of one upstream together. */
export const MAX_LIST_BYTES = 2 * 1024 * 1024;
/** Of what is made of alternatives and references, beside {@linkcode MAX_DEFINITION_BYTES}. */
const MOST_MENDED_BYTES = 2 * MAX_DEFINITION_BYTES;

/** Why a tool is not listed. */
export type Reason =
  | Fault
  | "too_long"
  | "list_too_long"
  | "too_many"
  /** Under one name, and not the same. */
  | "listed_twice"
  /** Even with a suffix it would be another tool's. */
  | "name_taken";

/** A tool that was left out. */
export interface LeftOut {
  reason: Reason;
  /** Its own name, no longer than a log wants it. */
  tool: string;
}

/** A tool that can be listed. */
export interface JudgedTool {
  name: string;
  /** As it is listed. */
  tool: Tool;
  /** Properties of its input that are listed by other names. */
  renamed: Renamed | undefined;
  /** All that its upstream said. */
  raw: unknown;
  definition: Definition;
}

interface Mended {
  mended: MendedTool;
  definition: Definition;
  /** Of what came, and of what is listed. */
  sizes: [raw: number, listed: number];
}

/** Of so many tools it is known, with so many bytes of what came and of what is listed. */
export const MOST_RECENT = 2 * MAX_TOOLS;
/** See {@linkcode MOST_RECENT}. */
export const MOST_RECENT_BYTES = 2 * MAX_LIST_BYTES;

/** What was made of tools a moment ago, by their JSON's digests: people are listed the same. */
export class RecentlyMended {
  readonly #made = new Map<string, Mended>();
  #bytes = 0;

  /** What is known weighs so much, as JSON. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Mended | undefined {
    return this.#made.get(key);
  }

  set(key: string, made: Mended): void {
    const bytes = made.sizes[0] + made.sizes[1];
    if (bytes > MOST_RECENT_BYTES) return;
    if (this.#made.size >= MOST_RECENT || this.#bytes + bytes > MOST_RECENT_BYTES) {
      this.#made.clear();
      this.#bytes = 0;
    }
    this.#made.set(key, made);
    this.#bytes += bytes;
  }
}

/** Judges a list. */
export function judgeTools(
  listed: unknown[],
  recent = new RecentlyMended(),
): { tools: JudgedTool[]; leftOut: LeftOut[] } {
  const tools = new Map<string, JudgedTool>();
  const twice = new Set<string>();
  const leftOut: LeftOut[] = [];
  let left = MAX_LIST_BYTES;
  const refuse = (reason: Reason, raw: unknown) => leftOut.push({ reason, tool: nameOf(raw) });
  for (const raw of listed) {
    // Before anybody goes through it.
    if (!isShallow(raw)) {
      refuse("malformed", raw);
      continue;
    }
    const { mended, definition, sizes: [came, size] } = mendedOnce(raw, recent);
    if ("fault" in mended) {
      refuse(mended.fault, raw);
      continue;
    }
    const { tool, renamed } = mended;
    const { name } = tool;
    const before = tools.get(name);
    if (before !== undefined) {
      // Not even the first: which one is first is for the upstream to say, and may change.
      if (before.definition.digest !== definition.digest) twice.add(name);
      continue;
    }
    if (came > MAX_DEFINITION_BYTES || size > MOST_MENDED_BYTES) refuse("too_long", raw);
    else if (size > left) refuse("list_too_long", raw);
    else if (tools.size === MAX_TOOLS) refuse("too_many", raw);
    else {
      tools.set(name, { name, tool, renamed, raw, definition });
      left -= size;
    }
  }
  for (const name of twice) {
    refuse("listed_twice", tools.get(name)!.raw);
    tools.delete(name);
  }
  return { tools: [...tools.values()], leftOut };
}

function mendedOnce(raw: unknown, recent: RecentlyMended): Mended {
  const text = JSON.stringify(raw);
  const key = digest(text);
  const known = recent.get(key);
  if (known !== undefined) return known;
  const mended = mendedTool(raw);
  const listed = "tool" in mended ? sizeOf(JSON.stringify(mended.tool)) : 0;
  const made: Mended = { mended, definition: definitionOf(raw), sizes: [sizeOf(text), listed] };
  recent.set(key, made);
  return made;
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A tool's own name, for a log. */
export function nameOf(raw: unknown): string {
  const name = typeof raw === "object" && raw !== null && "name" in raw ? raw.name : undefined;
  return typeof name === "string" && name !== "" ? plainWord(name, 80) : "?";
}
