/**
 * MCP requests in either revision, as clients send them.
 *
 * @module
 */

import type { Question } from "./caller.ts";

export const ERAS = ["2025", "2026"] as const;
export type Era = typeof ERAS[number];

const META = "io.modelcontextprotocol/";
const MODERN = "2026-07-28";

/** A request to an MCP endpoint. */
export function mcpQuestion(
  era: Era,
  method: string,
  params: Record<string, unknown>,
  { path = "/mcp", headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Question {
  const { name } = params;
  const usual = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
  };
  if (era === "2025") {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const version = { "MCP-Protocol-Version": "2025-11-25" };
    return { method: "POST", path, headers: { ...usual, ...version, ...headers }, body };
  }
  const _meta = {
    [`${META}protocolVersion`]: MODERN,
    [`${META}clientInfo`]: { name: "bench", version: "1" },
    [`${META}clientCapabilities`]: {},
  };
  return {
    method: "POST",
    path,
    headers: {
      ...usual,
      "MCP-Protocol-Version": MODERN,
      "Mcp-Method": method,
      ...(typeof name === "string" && { "Mcp-Name": name }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
  };
}

/** The message in an answer, which some servers send as an event. */
// deno-lint-ignore no-explicit-any -- rows look where they know something stands
export function messageOf({ head, body }: { head: string; body: string }): any {
  const isStream = /^content-type: text\/event-stream/m.test(head);
  const text = isStream ? /^data: ?(\{.*)$/m.exec(body)?.[1] ?? "" : body;
  return JSON.parse(text);
}
