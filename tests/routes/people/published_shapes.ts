/**
 * What clients accept of a remote MCP server, as JSON Schemas: written from
 * what each publishes (the source is beside it), not from what the program
 * makes. A member that is not there is refused.
 *
 * @module
 */

const text = { type: "string", minLength: 1 };
const headers = { type: "object", additionalProperties: text };

/** An object with these members and no others. */
function only(properties: Record<string, unknown>, required = Object.keys(properties)) {
  return { type: "object", properties, required, additionalProperties: false };
}

/** A list of servers under a name of the client's. */
function list(name: string, server: unknown, more: Record<string, unknown> = {}) {
  const servers = { type: "object", additionalProperties: server, minProperties: 1 };
  return only({ [name]: servers, ...more }, [name]);
}

/** `mcpServerSchema` of microsoft/vscode, src/vs/workbench/contrib/mcp/common/mcpConfiguration.ts. */
const vscodeServer = only(
  { type: { enum: ["http", "sse"] }, url: { type: "string", pattern: "^https?://.+" }, headers },
  ["url"],
);
const vscodeInput = only(
  { type: { const: "promptString" }, id: text, description: text, password: { type: "boolean" } },
  ["type", "id", "description"],
);

/** `Mcp` of openai 6.49.0, resources/realtime/realtime.d.ts. */
const openAiTool = only({
  type: { const: "mcp" },
  server_label: text,
  server_url: { type: "string", pattern: "^https?://" },
  authorization: text,
  headers,
  allowed_tools: { type: "array", items: text },
  require_approval: { enum: ["always", "never"] },
  server_description: text,
}, ["type", "server_label"]);

/** By the client, and what it is. */
export const publishedShapes: Record<string, unknown> = {
  // code.claude.com/docs/en/mcp; what `claude mcp add` 2.1.197 writes.
  "claude_code project": list(
    "mcpServers",
    only({ type: { const: "http" }, url: text, headers }, ["type", "url"]),
  ),
  // cursor.com/docs/mcp: remote servers have `url` and `headers`.
  "cursor config": list("mcpServers", only({ url: text, headers }, ["url"])),
  "vscode config": list("servers", vscodeServer, { inputs: { type: "array", items: vscodeInput } }),
  "vscode named": only({
    name: text,
    ...vscodeServer.properties,
  }, ["name", "url"]),
  // What `gemini mcp add` 0.61.0 writes, and `MCPServerConfig` of it.
  "gemini_cli config": list(
    "mcpServers",
    only({ url: text, type: { enum: ["http", "sse"] }, headers }, ["url"]),
  ),
  // docs.windsurf.com/windsurf/cascade/mcp.
  "windsurf config": list("mcpServers", only({ serverUrl: text, headers }, ["serverUrl"])),
  "openai_realtime event": only({
    type: { const: "session.update" },
    session: only({
      type: { const: "realtime" },
      tools: { type: "array", items: openAiTool, minItems: 1 },
    }),
  }),
  // `McpServerConfigInput` of @elevenlabs/elevenlabs-js 2.73.0, as it is serialised.
  "elevenlabs request": only({
    config: only({
      name: text,
      description: text,
      url: { type: "string", pattern: "^https?://" },
      transport: { enum: ["SSE", "STREAMABLE_HTTP"] },
      approval_policy: {
        enum: ["auto_approve_all", "require_approval_all", "require_approval_per_tool"],
      },
      request_headers: headers,
    }, ["name", "url"]),
  }),
  // `CreateMcpToolDto` and `Server` of @vapi-ai/server-sdk 2.0.1; `function.name` as
  // docs.vapi.ai/tools/mcp/configure has it.
  "vapi request": only({
    type: { const: "mcp" },
    function: only({ name: text, description: text }, ["name"]),
    server: only({ url: text, headers, timeoutSeconds: { type: "number" } }, ["url"]),
    metadata: only({ protocol: { enum: ["sse", "shttp"] } }),
  }, ["type", "server"]),
  // `McpClientTool` of @n8n/n8n-nodes-langchain 2.41.1.
  "n8n node": only({
    nodes: {
      type: "array",
      minItems: 1,
      items: only({
        parameters: only({
          endpointUrl: text,
          serverTransport: { enum: ["sse", "httpStreamable"] },
          authentication: {
            enum: ["bearerAuth", "headerAuth", "mcpOAuth2Api", "multipleHeadersAuth", "none"],
          },
          include: { enum: ["all", "selected", "except"] },
          options: only({ timeout: { type: "number" } }, []),
        }),
        type: { const: "@n8n/n8n-nodes-langchain.mcpClientTool" },
        typeVersion: { enum: [1.2, 1.3, 1.4] },
        position: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
        name: text,
      }),
    },
    connections: { type: "object" },
  }),
};
