/**
 * The thin dispatch against the SDKs with nothing of ours around them: servers
 * as their documentation makes them, of the same tools. What is asked in the
 * way of the specification is answered in the same bytes.
 *
 * Three things are ours on purpose, and `mcp/eras/` says why: a greeting is given
 * a session, words of errors do not begin with "MCP error", and who says
 * nothing of what it accepts is answered all the same.
 */

import { assert, assertEquals } from "@std/assert";
import { Server } from "@modelcontextprotocol/sdk/server";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/server/webStandardStreamableHttp"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import {
  createMcpHandler,
  ProtocolError,
  ProtocolErrorCode,
  Server as NewServer,
} from "@modelcontextprotocol/server";
import { appActor } from "../../../broker/core/actor.ts";
import { subjectOf } from "../../../broker/core/subject.ts";
import { TOOLS_TTL_MS } from "../../../mcp/abilities.ts";
import type { Answer, Definition } from "../../../mcp/definition.ts";
import { createDirect } from "../../../mcp/direct/direct.ts";
import type { ToolCallResult } from "../../../mcp/wire.ts";
import { Dice } from "../../support/fuzz/dice.ts";
import { testWorld } from "../../support/world.ts";
import { byDice } from "./by_dice.ts";
import { askedOf, BOTH, type Draft, HOT, MODERN } from "./corpus.ts";
import { TOGETHER } from "./together.ts";

const serverInfo = { name: "s", version: "1", title: "S" };
const capabilities = { tools: {}, prompts: {}, logging: {} };
const instructions = "Do.";
const tools = [{
  ...{ name: "x", title: "X", description: "“x” \ud800", annotations: { readOnlyHint: true } },
  inputSchema: { type: "object" as const, properties: { 2: {}, 1: { type: "string" } } },
}];
const content = [{ type: "text" as const, text: 'é\u2028\ud800"' }];

/** What a tool does. */
type Does =
  | { kind: "gives"; result: ToolCallResult }
  | { kind: "throws"; error: Error }
  | { kind: "unknown" };
const DOES: Does[] = [
  { kind: "gives", result: { content } },
  { kind: "gives", result: { content: [], structuredContent: { 2: [null], 1: {} } } },
  { kind: "gives", result: { content, structuredContent: { x: undefined }, isError: true } },
  { kind: "gives", result: { content, _meta: { "switchboard/repeated": true } } },
  { kind: "throws", error: new Error("odd") },
  { kind: "throws", error: Object.assign(new Error(""), { code: -32001, data: { x: null } }) },
  { kind: "throws", error: Object.assign(new Error("x"), { code: -32002 }) },
  { kind: "throws", error: Object.assign(new Error("x"), { code: -32021, data: {} }) },
  { kind: "unknown" },
];
const UNKNOWN = "Unknown tool: x";

function definitionOf(does: Does): Definition {
  const call = (): Answer => {
    if (does.kind === "throws") throw does.error;
    return does.kind === "unknown"
      ? { kind: "unknown_tool", text: UNKNOWN }
      : { kind: "result", result: does.result };
  };
  return {
    ...{ serverInfo, call },
    instructions: () => Promise.resolve(instructions),
    capabilities: () => Promise.resolve(capabilities),
    listing: () => ({ tools, text: JSON.stringify(tools), isProvisional: false }),
  } as Partial<Definition> as Definition;
}

/** A server of the SDK for 2025-11-25 and earlier, without sessions. */
async function older(request: Request, parsedBody: unknown, does: Does): Promise<Response> {
  const server = new Server(serverInfo, { capabilities, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  server.setRequestHandler(CallToolRequestSchema, () => {
    if (does.kind === "throws") throw does.error;
    if (does.kind === "unknown") throw new McpError(ErrorCode.InvalidParams, UNKNOWN);
    return does.result;
  });
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  return await transport.handleRequest(request, { parsedBody });
}

/** The same of 2026-07-28. */
async function newer(request: Request, parsedBody: unknown, does: Does): Promise<Response> {
  const handler = createMcpHandler(() => {
    const server = new NewServer(serverInfo, { capabilities, instructions });
    server.setRequestHandler(
      "tools/list",
      () => ({ tools, ttlMs: TOOLS_TTL_MS, cacheScope: "private" }),
    );
    server.setRequestHandler("tools/call", () => {
      if (does.kind === "throws") throw does.error;
      if (does.kind === "unknown") {
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, UNKNOWN);
      }
      return does.result;
    });
    return server;
  }, { legacy: "reject" });
  return await handler.fetch(request, { parsedBody });
}

const direct = (does: Does) => createDirect(definitionOf(does), testWorld());
const visit = {
  caller: { subject: subjectOf("voice", "u"), actor: appActor("voice"), filter: {} },
  find: () => undefined,
};

/** Whether the thin dispatch answered, and as the SDK alone. */
async function isSame(draft: Draft, does: Does): Promise<boolean> {
  const { path, headers, body } = askedOf(draft, { Accept: BOTH });
  const request = new Request(`http://localhost${path}`, { method: "POST", headers, body });
  const answer = await direct(does)(request, JSON.parse(body), visit);
  if (answer === undefined) return false;
  const isModern = headers["Mcp-Protocol-Version"] === MODERN;
  const response = await (isModern ? newer : older)(request, JSON.parse(body), does);
  const text = (await response.text()).replace(/"MCP error -32602: (?=Unknown tool)/, '"');
  assertEquals(
    [answer.status, answer.text ?? "", answer.text && "application/json"],
    [response.status, text, response.headers.get("Content-Type")],
    body,
  );
  return true;
}

Deno.test("what is asked often is answered as by the SDKs with nothing of ours around them", async () => {
  for (const does of DOES) {
    for (const draft of HOT) assert(await isSame(draft, does), JSON.stringify(draft));
  }
  for (const draft of TOGETHER) await isSame(draft, DOES[0]!);
});

Deno.test("what nobody thought of is answered as by the SDKs with nothing of ours around them", async () => {
  const dice = new Dice(1);
  let answered = 0;
  for (const draft of byDice(HOT, 1500, 3)) {
    if (await isSame(draft, dice.pick(DOES))) answered++;
  }
  assert(answered > 400, `${answered}`);
});
