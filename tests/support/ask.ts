/**
 * One MCP request in either revision that the gateway speaks.
 *
 * @module
 */

import type { Gateway, McpOptions } from "./gateway.ts";

const META = "io.modelcontextprotocol/";
const MODERN = "2026-07-28";

/** Asks, and gives the message back. */
export type Ask = (
  gateway: Gateway,
  method: string,
  params?: Record<string, unknown>,
  options?: McpOptions,
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
) => Promise<any>;

/** As clients until 2025-11-25 do. */
export const ask2025: Ask = async (gateway, method, params = {}, options) =>
  (await gateway.mcp({ jsonrpc: "2.0", id: 1, method, params }, options)).json;

/** As a client of 2026-07-28 that opens URLs for its person does. */
export const ask2026: Ask = async (gateway, method, params = {}, options = {}) => {
  const _meta = {
    [`${META}protocolVersion`]: MODERN,
    [`${META}clientInfo`]: { name: "test", version: "1" },
    [`${META}clientCapabilities`]: { elicitation: { url: {} } },
  };
  const name = params.name ?? params.uri;
  const headers = {
    Accept: "application/json, text/event-stream",
    "MCP-Protocol-Version": MODERN,
    "Mcp-Method": method,
    ...(typeof name === "string" && { "Mcp-Name": name }),
    ...options.headers,
  };
  const message = { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } };
  return (await gateway.mcp(message, { ...options, headers })).json;
};

/** What a visitor's server says that it has, in either revision. */
export async function declared(gateway: Gateway, options: McpOptions = {}): Promise<string[]> {
  const { result } = await ask2025(gateway, "initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  }, options);
  const { result: modern } = await ask2026(gateway, "server/discover", {}, options);
  const [older, newer] = [result, modern].map(({ capabilities }) =>
    Object.keys(capabilities).sort()
  );
  if (JSON.stringify(older) !== JSON.stringify(newer)) {
    throw new Error(`The revisions differ: ${older} and ${newer}`);
  }
  return older!;
}
