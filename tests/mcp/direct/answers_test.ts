/**
 * What no request brings about by itself: every answer that a definition can
 * give, and what it throws, as the thin dispatch and the SDKs write it.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { ErrorCode } from "@modelcontextprotocol/sdk/types.js";
import { ProtocolErrorCode } from "@modelcontextprotocol/server";
import { appActor } from "../../../broker/core/actor.ts";
import { subjectOf } from "../../../broker/core/subject.ts";
import type { AnyEntry } from "../../../mcp/catalogue.ts";
import type { Answer, Definition } from "../../../mcp/definition.ts";
import { createDirect } from "../../../mcp/direct/direct.ts";
import { createEras } from "../../../mcp/eras/eras.ts";
import { type ListedTool, PROVISIONAL, type ToolCallResult } from "../../../mcp/wire.ts";
import { Dice } from "../../support/fuzz/dice.ts";
import { testWorld } from "../../support/world.ts";
import { byDice } from "./by_dice.ts";
import { askedOf, type Draft, HOT, HOT_2025, HOT_2026 } from "./corpus.ts";

const TOOL: ListedTool = {
  name: "x",
  title: "X",
  description: "x",
  inputSchema: { type: "object" },
  annotations: {},
};
const caller = {
  subject: subjectOf("voice", "u"),
  actor: appActor("voice"),
  filter: {},
};

/** A definition in which one thing is different. */
function definitionOf(more: Partial<Definition>, tools = [TOOL]): Definition {
  const isProvisional = tools.some((tool) => tool[PROVISIONAL] === true);
  return {
    serverInfo: { name: "s", version: "1", title: "S" },
    instructions: () => Promise.resolve("Do."),
    capabilities: () => Promise.resolve({ tools: {} }),
    list: () => Promise.resolve(tools),
    listing: () => Promise.resolve({ tools, text: JSON.stringify(tools), isProvisional }),
    call: () => Promise.reject(new Error("not called")),
    listFeatures: () => Promise.resolve([]),
    request: () => Promise.reject(new Error("not asked")),
    ...more,
  } as Definition;
}

/** How a request comes. */
interface Came {
  /** Its caller's, of each way one. */
  signal?: () => AbortSignal;
  /** What its tool is. */
  entry?: AnyEntry;
}

/** One of the answers to a request; `undefined`: it is the SDKs' to answer. */
async function one(
  definition: Definition,
  draft: Draft,
  way: "direct" | "sdk",
  { signal, entry }: Came = {},
): Promise<{ status: number; text: string } | undefined> {
  const { path, headers, body } = askedOf(draft, {});
  const world = testWorld();
  world.secret = () => "secret";
  const request = new Request(`http://localhost${path}`, {
    ...{ method: "POST", headers, body },
    ...(signal && { signal: signal() }),
  });
  const visit = { caller, find: () => Promise.resolve(entry) };
  const message = JSON.parse(body);
  if (way === "direct") {
    const answer = await createDirect(definition, world)(request, message, visit);
    return answer && { status: answer.status, text: answer.text ?? "" };
  }
  for (const era of createEras(definition, world)) {
    if (!await era.accepts(request, message)) continue;
    const response = await era.serve(request, message, visit);
    return { status: response.status, text: await response.text() };
  }
  throw new Error("No era takes it");
}

/** Both answers to a request; `isDirect`: whether there are two. */
async function both(definition: Definition, draft: Draft, came?: Came) {
  const direct = await one(definition, draft, "direct", came);
  const sdk = (await one(definition, draft, "sdk", came))!;
  return { isDirect: direct !== undefined, direct: direct ?? sdk, sdk };
}

async function assertSame(definition: Definition, isDirect = true) {
  for (const draft of HOT) {
    const { direct, sdk, ...answered } = await both(definition, draft);
    assertEquals(direct, sdk, JSON.stringify(draft));
    if (isDirect) assertEquals(answered, { isDirect });
  }
}

const content = [{ type: "text", text: "MCP error -32603: é\u2028\ud800" }];
const result = { content };
const ANSWERS: Answer[] = [
  { kind: "result", result },
  { kind: "result", result: { content: [...content, ...content] } },
  { kind: "result", result: { content: [] } },
  { kind: "result", result: { content, structuredContent: {}, isError: true } },
  { kind: "result", result: { content, structuredContent: { x: undefined }, isError: false } },
  {
    kind: "result",
    result: { isError: undefined, structuredContent: { b: 1, a: [null] }, content },
  },
  { kind: "result", result: { ...result, _meta: { "switchboard/repeated": true } } },
  { kind: "result", result: { structuredContent: { 2: "b", 1: "a" }, content, _meta: { x: 1 } } },
  { kind: "result", result: { content, structuredContent: JSON.parse('{"__proto__":{},"x":1}') } },
  { kind: "connect", message: "Go.", url: "https://x.example.com", result },
  { kind: "connect", message: "", url: "", result: { ...result, isError: true } },
  { kind: "unknown_tool", text: "Unknown tool: x" },
  { kind: "unknown_tool", text: "MCP error -32602: x" },
  { kind: "invalid_state", text: "Not what it was" },
];

Deno.test("every answer of a call is written as the SDKs write it", async () => {
  for (const answer of ANSWERS) {
    await assertSame(definitionOf({ call: () => Promise.resolve(answer) }));
  }
});

/** Of upstreams, beyond what a client is sure to take. */
const RESULTS: Record<string, unknown>[] = [
  result,
  { content: [] },
  { content: [...content, { type: "text", text: "" }] },
  { content: [], isError: true, structuredContent: { 2: "b", 1: [{}] } },
  { isError: false, structuredContent: {}, content },
  { content: [{ text: "x", type: "text" }] },
  { content: [...content, { text: "x", type: "text" }] },
  { content: [...content, { mimeType: "a/b", data: "AA==", type: "image" }] },
  { content: [{ type: "text", text: 1 }] },
  { content: [{ type: "words", text: "x" }] },
  { content: [{ type: "text", text: "x", more: 1 }, { type: "text", text: "y", _meta: { b: 1 } }] },
  { content: [{ type: "image", data: "AA==", mimeType: "a/b" }] },
  { content: [{ type: "image", data: "no base64", mimeType: "a/b" }] },
  { content: [{ type: "resource_link", uri: "a:b", name: "x", size: 1 }] },
  { content: [{ type: "text" }] },
  { content: [null] },
  { content: "x" },
  { content, isError: null },
  { content, isError: "true" },
  { content, isError: undefined, structuredContent: undefined },
  { content, structuredContent: [] },
  { content, structuredContent: null },
  { content, structuredContent: JSON.parse('{"__proto__":{"x":1},"y":1}') },
  JSON.parse('{"content":[{"type":"text","text":"x","__proto__":1}]}'),
  JSON.parse('{"content":[],"__proto__":1}'),
  { content, more: { x: [1] }, ttlMs: 1 },
  { content, _meta: { x: 1, "switchboard/repeated": true } },
  { content, _meta: { progressToken: 1.5 } },
  { content, _meta: null },
  { content, task: { taskId: "x" } },
  {},
];

Deno.test("every result of an upstream is written as the SDK writes it", async () => {
  const entry = { kind: "upstream" } as AnyEntry;
  const [state, requests] = ["s", { q: { method: "elicitation/create", params: {} } }];
  const calls = HOT_2025.filter(({ message }) => isCallOf(message, "lab_echo"));
  const all = RESULTS.flatMap((each): Answer[] => {
    const result = each as ToolCallResult;
    // What it asks first, who speaks an earlier revision cannot be asked.
    return [{ kind: "result", result }, { kind: "input", requests, state, result }];
  });
  for (const answer of all) {
    const definition = definitionOf({ call: () => Promise.resolve(answer) });
    let answered = 0;
    for (const draft of calls) {
      const { direct, sdk, isDirect } = await both(definition, draft, { entry });
      assertEquals(direct, sdk, JSON.stringify([draft, answer]));
      if (isDirect) answered++;
    }
    assert(answered > 0);
  }
});

function isCall({ message }: Draft): boolean {
  return (message as { method: string }).method === "tools/call";
}

function isCallOf(message: unknown, name: string): boolean {
  return (message as { params?: { name?: unknown } }).params?.name === name;
}

const CODES = [...Object.values(ErrorCode), ...Object.values(ProtocolErrorCode), -32020, -32002]
  .filter((code) => typeof code === "number");
const THROWN = [
  new Error("odd"),
  new Error(""),
  new Error("MCP error -32603: said twice"),
  new Error("It is no MCP error -32603: not at the beginning"),
  Object.assign(new Error("MCP error -32001: x"), { code: -32001, data: { x: 1 } }),
  Object.assign(new Error("x"), { code: 1.5, data: null }),
  Object.assign(new Error("x"), { code: "E", data: undefined }),
  Object.assign(new Error("x"), { code: 2 ** 53 }),
  Object.assign(new Error("MCP error -32002: x"), { code: -32002 }),
  { code: 7 },
  {},
  // Each code that one of the SDKs knows.
  ...CODES.map((code) => Object.assign(new Error("x"), { code, data: { x: 1 } })),
];

Deno.test("what is thrown is said as the SDKs say it", async () => {
  for (const thrown of THROWN) {
    const fail = () => Promise.reject(thrown);
    await assertSame(definitionOf({ call: fail, list: fail, listing: fail }));
    const listing = () => {
      throw thrown;
    };
    await assertSame(definitionOf({ call: fail, list: fail, listing }));
  }
});

Deno.test("what is known at once is said as what has to be waited for", async () => {
  const tools = [TOOL];
  const listing = () => ({ tools, text: JSON.stringify(tools), isProvisional: false });
  const called = { kind: "result" as const, result };
  await assertSame(definitionOf({ listing, call: () => Promise.resolve(called) }));
  const slowly = <T>(value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), 5));
  const slow = definitionOf({ listing: () => slowly(listing()), call: () => slowly(called) });
  await assertSame(slow);
});

Deno.test("lists that hold for a while, and those that hold for none, are written as by the SDKs", async () => {
  await assertSame(definitionOf({}, []));
  await assertSame(definitionOf({}, [{ ...TOOL, [PROVISIONAL]: true }]));
  await assertSame(definitionOf({}, [{ ...TOOL, execution: undefined }]));
  await assertSame(
    definitionOf({}, [TOOL, { ...TOOL, execution: { taskSupport: "optional" } }]),
    false,
  );
});

/** What a definition may do with a call, of a tool of our own and of an upstream's. */
const CALLS: { entry?: AnyEntry; call: Definition["call"] }[] = [
  ...ANSWERS.map((answer) => ({ call: () => answer })),
  ...THROWN.map((thrown) => ({ call: () => Promise.reject(thrown) })),
  ...RESULTS.map((result) => ({
    entry: { kind: "upstream" } as AnyEntry,
    call: () => ({ kind: "result" as const, result: result as ToolCallResult }),
  })),
];

Deno.test("requests that nobody thought of are answered as by the SDKs", async () => {
  const dice = new Dice(1);
  let answered = 0;
  for (const draft of byDice(HOT, 5_000, 2)) {
    const { entry, call } = dice.pick(CALLS);
    const definition = definitionOf({ call });
    const came = entry && { entry };
    const direct = await one(definition, draft, "direct", came);
    if (direct === undefined) continue;
    answered++;
    assertEquals(direct, await one(definition, draft, "sdk", came), draft.write!(""));
  }
  assert(answered > 1200, `${answered}`);
});

Deno.test("media types of which readers differ are left to the SDKs", async () => {
  const direct = createDirect(definitionOf({}), testWorld());
  const isAnswered = async (type: string | undefined) => {
    const headers = new Headers(type === undefined ? {} : { "Content-Type": type });
    const request = new Request("http://localhost/mcp", { headers });
    const visit = { caller, find: () => Promise.resolve(undefined) };
    return await direct(request, { jsonrpc: "2.0", id: 1, method: "ping" }, visit) !== undefined;
  };
  const usual = ["application/json", "Application/JSON", "application/json;charset=UTF-8"];
  for (const type of [...usual, "application/json; charset=utf-8"]) {
    assert(await isAnswered(type), type);
  }
  for (
    const type of [
      ...["application/json; charset=utf-16", "application/json;  charset=utf-8", "text/plain"],
      ...["application/json; charset=utf-8; x", "application/json; a=application/json", ""],
      ...["application/json-rpc", "application/json, text/plain", "application/json;", undefined],
    ]
  ) assert(!await isAnswered(type), type);
});

Deno.test("a server that says little of itself greets as by the SDKs", async () => {
  await assertSame(definitionOf({ instructions: () => Promise.resolve("") }));
  await assertSame(definitionOf({ serverInfo: { name: "", version: "", title: '"\ud800' } }));
  const capabilities = () => Promise.resolve({ tools: {}, prompts: {}, logging: {} });
  await assertSame(definitionOf({ capabilities }));
});

Deno.test("a call of who has gone before it begins is made: so early nobody knows", async () => {
  const made = async (draft: Draft, call: Definition["call"]) => {
    let calls = 0;
    const definition = definitionOf({
      call(...asked) {
        calls += 1;
        return call(...asked);
      },
    });
    const { direct, sdk } = await both(definition, draft, { signal: () => AbortSignal.abort() });
    return { direct, sdk, calls };
  };
  const atOnce = () => Promise.resolve({ kind: "result" as const, result });
  for (const draft of HOT_2025.filter(isCall)) {
    const { direct, sdk, calls } = await made(draft, atOnce);
    assertEquals([direct, calls], [sdk, 2], JSON.stringify(draft));
  }
  // Deno says of no request that its caller has gone before somebody has waited for it to say so. The
  // SDK is told by then in this test alone, and does not begin.
  for (const draft of HOT_2026.filter(isCall)) {
    const { direct, sdk, calls } = await made(draft, atOnce);
    assertEquals([direct.status, sdk.status, calls], [200, 499, 1], JSON.stringify(draft));
    // One that has to wait is told, and does as the SDK.
    const slow = () => new Promise<never>(() => {});
    const waited = await made(draft, slow);
    assertEquals([waited.direct, waited.calls], [waited.sdk, 1], JSON.stringify(draft));
  }
});

Deno.test("who hangs up while a list or a greeting is made gets what the SDKs give", async () => {
  let stop = new AbortController();
  const signal = () => (stop = new AbortController()).signal;
  /** Takes longer than its caller waits. */
  const late = <T>(value: T) => () => {
    stop.abort();
    return new Promise<T>((resolve) => setTimeout(() => resolve(value), 1));
  };
  const tools = [TOOL];
  const listing = { tools, text: JSON.stringify(tools), isProvisional: false };
  const greets = (methods: ReadonlySet<unknown>) =>
    methods.has("initialize") || methods.has("server/discover");
  const definitions = [
    definitionOf({ list: late(tools), listing: late(listing) }),
    // For all else nobody is asked.
    definitionOf({
      capabilities: (_visit, methods) =>
        greets(methods) ? late({ tools: {} })() : Promise.resolve({ tools: {} }),
    }),
    definitionOf({
      instructions: (_visit, methods) =>
        greets(methods) ? late("Do.")() : Promise.resolve(undefined),
    }),
  ];
  for (const definition of definitions) {
    for (const draft of HOT.filter((draft) => !isCall(draft))) {
      const { direct, sdk, isDirect } = await both(definition, draft, { signal });
      assertEquals([direct, isDirect], [sdk, true], JSON.stringify(draft));
    }
  }
});

Deno.test("a greeting that fails is answered by the SDKs, or thrown as by them", async () => {
  const fail = () => Promise.reject(new Error("odd"));
  for (const more of [{ capabilities: fail }, { instructions: fail }]) {
    const [older, newer] = [HOT_2025[0]!, HOT_2026[0]!];
    const { direct, sdk, isDirect } = await both(definitionOf(more), newer);
    assertEquals([direct, isDirect, sdk.status], [sdk, false, 500]);
    for (const way of ["direct", "sdk"] as const) {
      await assertRejects(() => one(definitionOf(more), older, way), Error, "odd");
    }
  }
});
