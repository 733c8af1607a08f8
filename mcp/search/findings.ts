/**
 * What a search answers: a few tools with all that a call needs, and the names
 * of more. Bounded in bytes, whatever a server says of its tools.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import type { ListedTool } from "../wire.ts";
import type { Findings } from "./search_tools.ts";
import { CALL_READ_TOOL, CALL_TOOL } from "./tool_names.ts";

/** Tools that come with their schemas. */
export const READY = 5;
/** Tools that are named after them. */
export const NAMED = 20;
/** Letters of a schema as JSON; of a longer one the arguments are named. */
export const MAX_SCHEMA = 8_000;
const MAX_DESCRIPTION = 1_500;
const MAX_TITLE = 60;
const MAX_ARGUMENTS = 40;

/** The tools that were found, the likeliest first. */
export function findingsOf(tools: readonly ListedTool[]): Findings {
  return {
    tools: tools.slice(0, READY).map(ready),
    more: tools.slice(READY, READY + NAMED).map(({ name, title, description }) => ({
      name,
      title: cut(title || description || "", MAX_TITLE),
    })),
  };
}

/** The same in words. */
export function wordsOfFindings({ tools, more }: Findings): string {
  const ready = tools.map(({ name, call_with, description, input_schema, arguments: args }) => {
    const input = input_schema === undefined
      ? `arguments: ${args?.join(", ")}`
      : JSON.stringify(input_schema);
    return `${name} (${call_with}): ${description}\n${input}`;
  });
  if (more.length === 0) return ready.join("\n\n");
  const others = more.map(({ name, title }) => `${name}: ${title}`).join("\n");
  return [...ready, `More, whose schemas another search gives:\n${others}`].join("\n\n");
}

function ready({ name, description, inputSchema, annotations }: ListedTool) {
  const call_with = annotations?.readOnlyHint === true ? CALL_READ_TOOL : CALL_TOOL;
  const told = { name, call_with, description: cut(description ?? "", MAX_DESCRIPTION) } as const;
  if (JSON.stringify(inputSchema).length <= MAX_SCHEMA) {
    return { ...told, input_schema: inputSchema };
  }
  const { properties } = inputSchema;
  const args = isRecord(properties) ? Object.keys(properties) : [];
  return { ...told, arguments: args.slice(0, MAX_ARGUMENTS).map((arg) => cut(arg, MAX_TITLE)) };
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
