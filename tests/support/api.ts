/**
 * A provider's API for the tests of its tools: emulated, or answered by hand
 * where an emulator does not do what the real API does.
 *
 * @module
 */

import { createEmulator } from "emulate";
import { z } from "zod";
import type { TokenSet } from "../../broker/core/connection.ts";
import { createApiClient } from "../../mcp/api_client.ts";
import { formerTools } from "../../providers/former_names.ts";
import {
  type ApiClient,
  ApiError,
  type ApiFault,
  type ProviderModule,
  type Tool,
  type ToolContext,
  type ToolResult,
} from "../../providers/provider.ts";
import { tokensOf } from "../../providers/text.ts";
import { freePort } from "./free_port.ts";
import { closedHard } from "./hard_close.ts";
import { unsaid } from "./said.ts";
import { testWorld } from "./world.ts";

/** Monday. */
export const NOW = Date.parse("2026-11-23T12:00:00Z");

/** An emulator, and a client of the API that it serves. */
export interface EmulatedApi extends AsyncDisposable {
  url: string;
  api: ApiClient;
  /** Reads the emulator's state through its own API, past the code under test. */
  read(path: string): Promise<Json>;
  /** Changes it in the same way. */
  write(method: string, path: string, body: Json): Promise<Json>;
  close(): Promise<void>;
}

/** Any JSON: tests look into it and fail where it is not what they expect. */
// deno-lint-ignore no-explicit-any
export type Json = any;

type Service = "github" | "google";

/** Starts the emulator of a provider on a free port; close it, or let `await using` do it. */
export async function startApi(
  module: ProviderModule,
  seed: Record<string, unknown>,
): Promise<EmulatedApi> {
  const service = module.name as Service;
  const port = freePort();
  const seeded = { [service]: seed };
  const emulator = closedHard(await createEmulator({ service, port, seed: seeded }), port);
  // Connections that are kept alive can keep the emulator from closing (Deno 2.5.7).
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const request: typeof fetch = (input, init) => fetch(input, { ...init, client });
  async function read(path: string): Promise<Json> {
    const headers = { Authorization: "Bearer reader" };
    return await (await request(emulator.url + path, { headers })).json();
  }
  async function write(method: string, path: string, body: Json): Promise<Json> {
    const headers = { Authorization: "Bearer reader", "Content-Type": "application/json" };
    const init = { method, headers, body: JSON.stringify(body) };
    const response = await request(emulator.url + path, init);
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return await response.json();
  }
  async function close(): Promise<void> {
    client.close();
    await emulator.close();
  }
  // Google's emulator makes its signing key as soon as it is imported. Waiting for it here keeps
  // another test from being blamed for it.
  if (service === "google") await read("/oauth2/v3/certs");
  return {
    url: emulator.url,
    // Each call has a client of its own, as behind the gateway.
    get api() {
      return clientOf(module, emulator.url, request);
    },
    read,
    write,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A client whose requests are answered by a function. */
export function answeredBy(
  module: ProviderModule,
  answer: (request: Request) => Response | Promise<Response>,
): ApiClient {
  const respond: typeof fetch = (input, init) =>
    Promise.resolve(answer(new Request(input as string | URL, init)));
  return clientOf(module, "http://localhost", respond);
}

function clientOf(module: ProviderModule, baseUrl: string, fetchApi: typeof fetch): ApiClient {
  const provider = module.create({
    clientId: "x",
    clientSecret: "x",
    redirectUri: "http://localhost/cb",
    baseUrl,
    fetch: fetchApi,
  });
  return createApiClient({
    world: testWorld(),
    provider,
    tokens: () => Promise.resolve(tokenSetOf("provider-token")),
    fetch: fetchApi,
    limit: new AbortController(),
  });
}

/** A token set that does not end. */
export function tokenSetOf(accessToken: string): TokenSet {
  return { accessToken, tokenType: "Bearer", issuedAt: 0, scopes: [] };
}

/** Calls a tool as the gateway does: arguments and answer go through its schemas. */
export async function callTool(
  tools: Tool[],
  name: string,
  args: unknown,
  api: ApiClient,
  now = NOW,
): Promise<ToolResult<Json>> {
  const tool = findTool(tools, name);
  const parsed = tool.input.parse(args);
  const context: ToolContext = { api, now, signal: new AbortController().signal };
  const result = await tool.run(parsed as never, context);
  // Strict: an answer with a field that the schema does not name is refused by clients.
  z.strictObject(tool.output.shape).parse(result.data);
  checkSize(result);
  // As it arrives: members that are undefined do not.
  const arrived: ToolResult<Json> = JSON.parse(JSON.stringify(result));
  checkSaid(tool, arrived);
  return arrived;
}

/** What some clients alone show a model says as much as the other. */
function checkSaid({ name }: Tool, { text, data, notes = [] }: ToolResult<Json>): void {
  for (const note of notes) {
    if (!text.includes(note)) throw new Error(`${name} does not say its note: ${note}`);
  }
  const missing = unsaid(text, { ...data, notes });
  if (missing.length > 0) {
    throw new Error(`The data of ${name} does not say ${missing.join(" | ")} of its text: ${text}`);
  }
}

/** What a model can take in of one answer. */
export const MAX_TOKENS = 25_000;

function checkSize({ text, data }: ToolResult<Json>): void {
  const json = JSON.stringify(data);
  const tokens = tokensOf(text) + tokensOf(data);
  if (tokens > MAX_TOKENS || json.length > 80_000) {
    throw new Error(`The answer is too long: ${json.length} characters, ${tokens} tokens`);
  }
  if (text.length > 3_000) throw new Error(`${text.length} characters are too much for a voice`);
  if (/[{}]"|\bhttps?:\S{150}/.test(text)) throw new Error(`A voice cannot read ${text}`);
}

/** What was thrown, as the fault of a provider's API. */
export async function faultOf(call: Promise<unknown>): Promise<ApiFault> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error.fault;
    throw error;
  }
  throw new Error("Nothing was thrown");
}

/** What is wrong with arguments: the paths of the fields, joined by dots. */
export function wrongFields(tools: Tool[], name: string, args: unknown): string[] {
  const parsed = findTool(tools, name).input.safeParse(args);
  return (parsed.error?.issues ?? []).flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys : [issue.path.join(".")]
  );
}

function findTool(tools: Tool[], name: string): Tool {
  const former = tools.flatMap(formerTools).find((tool) => tool.name === name);
  const tool = former ?? tools.find((tool) => [tool.name, ...tool.aliases].includes(name));
  if (tool === undefined) throw new Error(`No tool is called ${name}`);
  return tool;
}

/** What the gateway and MCP clients demand of every tool's schemas. */
export function checkSchemas(tools: Tool[]): void {
  for (const tool of tools) {
    const input = z.toJSONSchema(tool.input, { io: "input" });
    const output = z.toJSONSchema(tool.output, { io: "output" });
    if (input.additionalProperties !== false) throw new Error(`${tool.name} takes any argument`);
    if (output.type !== "object") throw new Error(`${tool.name} gives no object`);
    for (const [field, schema] of Object.entries(input.properties ?? {})) {
      if (typeof schema === "boolean") throw new Error(`${tool.name} takes anything as ${field}`);
    }
  }
}
