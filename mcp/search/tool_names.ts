/**
 * What the three tools are called by which all others are looked up and called.
 * No upstream's tool has one of these names.
 *
 * @module
 */

export const FIND_TOOLS = "find_tools";
export const CALL_READ_TOOL = "call_read_tool";
export const CALL_TOOL = "call_tool";

/** In the order in which they are listed. */
export const SEARCH_TOOLS: readonly string[] = [FIND_TOOLS, CALL_READ_TOOL, CALL_TOOL];

/** Whether a name is one of the three. */
export function isSearchTool(name: string): boolean {
  return SEARCH_TOOLS.includes(name);
}
