/**
 * MCP's shapes that both SDKs take.
 *
 * @module
 */

/** Marks a tool that stands there only until its person has done something; no client sees it. */
export const PROVISIONAL: unique symbol = Symbol("provisional");

/** A tool as `tools/list` shows it (MCP 2025-11-25, `Tool`). */
export interface ListedTool {
  [key: string]: unknown;
  name: string;
  title: string;
  description: string;
  inputSchema: { [key: string]: unknown; type: "object" };
  /** Only where it is asked for: no model needs it to call, and clients can do without. */
  outputSchema?: { [key: string]: unknown; type: "object" } | undefined;
  annotations: Record<string, boolean | string>;
  [PROVISIONAL]?: true | undefined;
}

/** What both SDKs take as the result of `tools/call`. */
export interface ToolCallResult {
  [key: string]: unknown;
  // deno-lint-ignore no-explicit-any -- upstreams may send any of MCP's content blocks
  content: any[];
  structuredContent?: Record<string, unknown> | undefined;
  isError?: boolean | undefined;
}
