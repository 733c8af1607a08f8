/**
 * JSON-RPC as an MCP client sends it.
 *
 * @module
 */

/** As whom the doctor comes. */
export const CLIENT = { name: "switchboard-doctor", version: "1" };

/** One request. What is said in `headers` gives way to what MCP wants. */
export function rpc(
  { id = 1, method, params }: { id?: number; method: string; params: Record<string, unknown> },
  headers: Record<string, string> = {},
): RequestInit & { headers: Record<string, string> } {
  return {
    method: "POST",
    headers: {
      ...headers,
      "Accept": "application/json, text/event-stream",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
  };
}

/** That of a client that begins. */
export function initialize(headers?: Record<string, string>): RequestInit {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: CLIENT };
  return rpc({ method: "initialize", params }, headers);
}
