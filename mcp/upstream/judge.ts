/**
 * Which of an upstream's tools can be listed at all, each judged alone: one
 * that is not right, or too long, takes none of the others away. Every list of
 * every caller carries what is let through here.
 *
 * @module
 */

import type { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { ToolSchema } from "@modelcontextprotocol/sdk/types.js";
import { isShallow } from "../../broker/core/json.ts";
import { plainWord } from "../../broker/core/shown_name.ts";

/** More tools than any model can choose from; what comes after them is not listed. */
export const MAX_TOOLS = 200;
/** A tool's whole definition, as JSON in UTF-8. */
export const MAX_DEFINITION_BYTES = 64 * 1024;
/** All definitions of one upstream together. */
export const MAX_LIST_BYTES = 1024 * 1024;
/** MCP's own limit for a name (2025-11-25). */
export const MAX_REMOTE_NAME = 128;

/** A tool as the SDK knows it. */
export type RemoteTool = Awaited<ReturnType<Client["listTools"]>>["tools"][number];

/** Why a tool is not listed. */
type Reason = "malformed" | "too_long" | "list_too_long" | "too_many";

/** What was left out for one reason: a line of a log, however many they are. */
export interface LeftOut {
  reason: Reason;
  /** The name of the first, no longer than a log wants it. */
  first: string;
  count: number;
}

/** A tool that can be listed. */
export interface JudgedTool {
  name: string;
  /** What is known of it. */
  tool: RemoteTool;
  /** All that its upstream said. */
  raw: unknown;
}

/** Judges a list. */
export function judgeTools(listed: unknown[]): { tools: JudgedTool[]; leftOut: LeftOut[] } {
  const tools: JudgedTool[] = [];
  const leftOut = new Map<Reason, LeftOut>();
  let left = MAX_LIST_BYTES;
  const refuse = (reason: Reason, tool: unknown) => {
    const known = leftOut.get(reason) ?? { reason, first: nameOf(tool), count: 0 };
    leftOut.set(reason, { ...known, count: known.count + 1 });
  };
  for (const candidate of listed) {
    if (tools.length === MAX_TOOLS) {
      refuse("too_many", candidate);
      continue;
    }
    const tool = isShallow(candidate) ? ToolSchema.safeParse(candidate).data : undefined;
    if (tool === undefined || tool.name === "" || tool.name.length > MAX_REMOTE_NAME) {
      refuse("malformed", candidate);
      continue;
    }
    const size = new TextEncoder().encode(JSON.stringify(tool)).length;
    if (size > MAX_DEFINITION_BYTES) refuse("too_long", tool);
    else if (size > left) refuse("list_too_long", tool);
    else {
      tools.push({ name: tool.name, tool, raw: candidate });
      left -= size;
    }
  }
  return { tools, leftOut: [...leftOut.values()] };
}

function nameOf(tool: unknown): string {
  const name = typeof tool === "object" && tool !== null && "name" in tool ? tool.name : undefined;
  return typeof name === "string" ? plainWord(name, 80) : "?";
}
