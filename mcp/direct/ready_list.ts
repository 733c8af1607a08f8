/**
 * Lists of tools as ready texts. To write 30 tools as JSON takes longer than
 * all the rest of an answer.
 *
 * @module
 */

import type { ListedTool } from "../wire.ts";

const tools = new WeakMap<ListedTool, string>();
const lists = new WeakMap<readonly ListedTool[], string>();

/** A list's JSON. Kept as long as the list, and its tools, are kept by who made them. */
export function listText(list: readonly ListedTool[]): string {
  let text = lists.get(list);
  if (text === undefined) lists.set(list, text = `[${list.map(toolText).join(",")}]`);
  return text;
}

function toolText(tool: ListedTool): string {
  let text = tools.get(tool);
  if (text === undefined) tools.set(tool, text = JSON.stringify(tool));
  return text;
}
