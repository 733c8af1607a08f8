/**
 * What an upstream answered a call with, as a result that every client takes.
 * The call was done: nothing of its answer is a reason to say that it was not.
 * What no client could show is said in words.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { ContentBlockSchema } from "@modelcontextprotocol/sdk/types.js";
import type { ToolCallResult } from "../wire.ts";

/** Characters of a block that is said in words. */
export const MAX_DESCRIBED = 2_000;
/** What the other side's SDK says of itself, and of tasks that nobody asked for. */
const NOT_OURS = [
  "io.modelcontextprotocol/serverInfo",
  "io.modelcontextprotocol/related-task",
  "io.modelcontextprotocol/subscriptionId",
];

/** The result as it can be passed on. */
export function toolAnswer(result: Record<string, unknown>): ToolCallResult {
  const { content, structuredContent, isError, _meta, resultType: _type, ...rest } = result;
  const blocks = blocksOf(content);
  if (blocks.length === 0) blocks.push(...instead(result));
  return {
    // What only one of the sides knows goes through.
    ...rest,
    content: blocks,
    ...(isRecord(structuredContent) && { structuredContent }),
    ...(isTrue(isError) && { isError: true }),
    ...(isRecord(_meta) && { _meta: withoutTheirs(_meta) }),
  };
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === 1;
}

function blocksOf(content: unknown): Record<string, unknown>[] {
  if (content === undefined || content === null) return [];
  return (Array.isArray(content) ? content : [content]).map(blockOf);
}

/** Where there are no words: the data, which many clients show to nobody. */
function instead({ structuredContent, toolResult }: Record<string, unknown>) {
  const data = structuredContent ?? toolResult;
  return data === undefined || data === null ? [] : [textBlock(jsonOf(data))];
}

function blockOf(block: unknown): Record<string, unknown> {
  if (typeof block === "string") return textBlock(block);
  if (!isRecord(block)) return textBlock(jsonOf(block));
  if (isClear(block)) return block;
  // Servers put null where nothing is meant, and notes that are no notes.
  const { annotations: _notes, _meta, ...members } = withoutNulls(block);
  const plain = isRecord(_meta) ? { ...members, _meta } : members;
  if (isClear(plain)) return plain;
  return textBlock(typeof block.text === "string" ? block.text : described(block));
}

/** Whether every client reads it as it is. */
function isClear(block: Record<string, unknown>): boolean {
  const isBare = block.annotations === undefined && block._meta === undefined;
  if (isBare && block.type === "text") return typeof block.text === "string";
  return ContentBlockSchema.safeParse(block).success;
}

function withoutNulls(block: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(block).flatMap(([name, value]) => {
      if (value === null) return [];
      return [[name, name === "resource" && isRecord(value) ? withoutNulls(value) : value]];
    }),
  );
}

/** A block of a kind that nobody here knows. */
function described(block: Record<string, unknown>): string {
  const type = typeof block.type === "string" ? block.type.slice(0, 40) : "unknown";
  const known = Object.entries(block).filter(([name, value]) => name !== "type" && isShort(value));
  const { length } = Object.keys(block);
  const said = known.map(([name, value]) => `${name}: ${jsonOf(value)}`).join(", ");
  const more = known.length < length - 1 ? " (and more that cannot be shown)" : "";
  return `[content of the type "${type}"${said === "" ? "" : `: ${said}`}${more}]`
    .slice(0, MAX_DESCRIBED);
}

/** Bytes in base64 say nothing to a reader. */
function isShort(value: unknown): boolean {
  return jsonOf(value).length <= MAX_DESCRIBED / 4;
}

function textBlock(text: string): Record<string, unknown> {
  return { type: "text", text };
}

function jsonOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "null";
}

function withoutTheirs(meta: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(meta).filter(([name]) => !NOT_OURS.includes(name)));
}
