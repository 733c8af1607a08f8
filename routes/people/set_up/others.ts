/**
 * Workflows and scripts.
 *
 * @module
 */

import { json, TOKEN_VARIABLE, word } from "./formats.ts";
import type { Place, SetUp } from "./set_up.ts";
import { tokenInShell } from "./token.ts";

/** n8n and curl. */
export function others(place: Place): SetUp[] {
  return [n8n(place), curl(place)];
}

// https://docs.n8n.io/integrations/builtin/cluster-nodes/sub-nodes/n8n-nodes-langchain.toolmcp, and
// `McpClientTool` of the package @n8n/n8n-nodes-langchain 2.41.1: 1.2 is the first version of the
// node with these names. An editor of n8n takes nodes from the clipboard. Seen in November 2026.
function n8n(place: Place): SetUp {
  const node = {
    parameters: {
      endpointUrl: place.mcpUrl,
      serverTransport: "httpStreamable",
      authentication: "bearerAuth",
      include: "all",
      options: {},
    },
    type: "@n8n/n8n-nodes-langchain.mcpClientTool",
    typeVersion: 1.2,
    position: [0, 0],
    name: "Switchboard",
  };
  return {
    id: "n8n",
    name: "n8n",
    signIn: "token",
    steps: ["n8nPaste", "n8nCredential", "n8nAgent"],
    snippets: [
      { title: "node", language: "json", text: json({ nodes: [node], connections: {} }) },
      { title: "bearer", language: "text", text: place.token },
    ],
  };
}

// The MCP specification, "Transports": a post of JSON-RPC.
function curl(place: Place): SetUp {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  return {
    id: "curl",
    name: "curl",
    signIn: "token",
    steps: ["curlToken", "curlAsk"],
    snippets: [tokenInShell(place), {
      title: "request",
      language: "sh",
      text: `curl -s ${word(place.mcpUrl)} \\
  -H "Authorization: Bearer $${TOKEN_VARIABLE}" \\
  -H 'Content-Type: application/json' \\
  -d ${word(body)}`,
    }],
  };
}
