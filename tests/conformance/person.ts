/**
 * The person in front of the gateway, with an MCP client of either revision:
 * what the gateway passes on, the client fills in, as its SDK does.
 *
 * @module
 */

import {
  Client as Client2026,
  StreamableHTTPClientTransport as Transport2026,
} from "@modelcontextprotocol/client";
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport as Transport2025 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { API_KEY, type Gateway, USER } from "../support/gateway.ts";

/** What is needed of a client. */
export interface McpClient {
  listTools(): Promise<{ tools: { name: string; inputSchema: Record<string, unknown> }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<Answer>;
  listResources(): Promise<{ resources: { uri: string }[] }>;
  readResource(params: { uri: string }): Promise<unknown>;
  listPrompts(): Promise<{ prompts: { name: string }[] }>;
  getPrompt(params: { name: string }): Promise<unknown>;
  close(): Promise<void>;
}

/** What a call was answered with, as far as it is read here. */
export interface Answer {
  structuredContent?: { connect_url?: string } | undefined;
  isError?: boolean | undefined;
}

const INFO = { name: "conformance", version: "1" };
const capabilities = { elicitation: { form: { applyDefaults: true } } };
const requestInit = { headers: { Authorization: `Bearer ${API_KEY}`, "X-User-Id": USER } };
/** Nothing is typed in: what a form has as defaults is what comes back. */
const accept = () => ({ action: "accept" as const, content: {} });

/** A client of the revision that a scenario is of. */
export async function clientOf({ url }: Gateway, revision: string): Promise<McpClient> {
  const endpoint = new URL(`${url}/mcp`);
  if (revision < "2026") {
    const client = new Client2025(INFO, { capabilities });
    client.setRequestHandler(ElicitRequestSchema, accept);
    const transport = new Transport2025(endpoint, { requestInit });
    // The SDK's own types disagree under exactOptionalPropertyTypes.
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    return client as unknown as McpClient;
  }
  const versionNegotiation = { mode: { pin: "2026-07-28" as const } };
  const client = new Client2026(INFO, { capabilities, versionNegotiation });
  client.setRequestHandler("elicitation/create", accept);
  await client.connect(new Transport2026(endpoint, { requestInit }));
  return client as unknown as McpClient;
}
