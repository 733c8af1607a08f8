/**
 * What is searched of a tool as it is listed.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import type { ListedTool } from "../wire.ts";
import type { SearchedTool } from "./tool_index.ts";

/** As much of a tool as is read: a server may describe it without end. */
const MOST_TEXT = 1_000;
const LONGEST_TITLE = 200;
const MOST_ARGUMENTS = 60;
const LONGEST_ARGUMENT = 40;
/** Which of several accounts is meant tells nothing of a tool. */
const OF_EVERY_TOOL = "account";

/** A listed tool as it is searched; `said`: what people say when they mean it. */
export function searchedTool(tool: ListedTool, said = ""): SearchedTool {
  const { name, title, description, inputSchema, annotations } = tool;
  const properties: unknown = inputSchema?.properties;
  const args = isRecord(properties) ? Object.keys(properties) : [];
  return {
    name,
    title: textOf(title).slice(0, LONGEST_TITLE),
    description: textOf(description),
    args: args.filter((arg) => arg !== OF_EVERY_TOOL && arg.length <= LONGEST_ARGUMENT)
      .slice(0, MOST_ARGUMENTS),
    said,
    readOnly: annotations?.readOnlyHint === true,
  };
}

/** An upstream's tool may lack what ours have. */
function textOf(text: unknown): string {
  return typeof text === "string" ? text.slice(0, MOST_TEXT) : "";
}
