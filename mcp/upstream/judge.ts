/**
 * Which of an upstream's tools can be listed at all, each judged alone: one
 * that is not right, or too long, takes none of the others away. Every list of
 * every caller carries what is let through here.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import { plainWord } from "../../broker/core/shown_name.ts";
import { type Fault, mendedTool } from "./mend_tool.ts";

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
  /** All that its upstream said. */
  raw: unknown;
}

/** Judges a list. */
export function judgeTools(listed: unknown[]): { tools: JudgedTool[]; leftOut: LeftOut[] } {
  const tools = new Map<string, JudgedTool>();
  const twice = new Set<string>();
  const leftOut: LeftOut[] = [];
  let left = MAX_LIST_BYTES;
  const encoder = new TextEncoder();
  const sizeOf = (value: unknown) => encoder.encode(JSON.stringify(value)).length;
  const refuse = (reason: Reason, raw: unknown) => leftOut.push({ reason, tool: nameOf(raw) });
  for (const raw of listed) {
    const mended = mendedTool(raw);
    if ("fault" in mended) {
      refuse(mended.fault, raw);
      continue;
    }
    const { tool } = mended;
    const { name } = tool;
    const before = tools.get(name);
    if (before !== undefined) {
      // Not even the first: which one is first is for the upstream to say, and may change.
      if (JSON.stringify(before.raw) !== JSON.stringify(raw)) twice.add(name);
      continue;
    }
    const size = sizeOf(tool);
    if (sizeOf(raw) > MAX_DEFINITION_BYTES || size > MOST_MENDED_BYTES) refuse("too_long", raw);
    else if (size > left) refuse("list_too_long", raw);
    else if (tools.size === MAX_TOOLS) refuse("too_many", raw);
    else {
      tools.set(name, { name, tool, raw });
      left -= size;
    }
  }
  for (const name of twice) {
    refuse("listed_twice", tools.get(name)!.raw);
    tools.delete(name);
  }
  return { tools: [...tools.values()], leftOut };
}

/** A tool's own name, for a log. */
export function nameOf(raw: unknown): string {
  const name = typeof raw === "object" && raw !== null && "name" in raw ? raw.name : undefined;
  return typeof name === "string" && name !== "" ? plainWord(name, 80) : "?";
}
