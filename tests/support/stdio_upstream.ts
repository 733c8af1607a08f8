/**
 * An upstream MCP server over stdio that tells what it was given: its tool
 * `tell` answers with an environment variable, or with all of its arguments,
 * as they are or in base64.
 *
 * @module
 */

import { createInterface } from "node:readline";
import process from "node:process";

function valueOf({ variable, how }: { variable?: string; how: string }): string {
  const value = variable === undefined ? Deno.args.join(" ") : Deno.env.get(variable) ?? "none";
  return how === "base64" ? btoa(value) : value;
}

if (import.meta.main) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    const result = method === "initialize"
      ? {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "teller", version: "1" },
      }
      : method === "tools/list"
      ? {
        tools: [{
          name: "tell",
          inputSchema: { type: "object" },
          annotations: { readOnlyHint: true },
        }],
      }
      : { content: [{ type: "text", text: valueOf(params.arguments) }] };
    console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
}
