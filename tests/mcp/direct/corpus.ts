/**
 * Requests for the differential test: those of real clients, everything that
 * can be different about them one at a time, and heaps of differences by dice.
 *
 * @module
 */

import { Dice } from "../../support/fuzz/dice.ts";
import type { Asked } from "./twins.ts";

type Members = Record<string, unknown>;

/** A request before it is written down. */
export interface Draft {
  path: string;
  headers: Record<string, string | undefined>;
  /** What is no object stands in the place of the whole body. */
  message: unknown;
  /** Changes the text of the body. */
  write?: ((text: string) => string) | undefined;
  hangsUp?: Asked["hangsUp"];
  /** What comes while its tool waits, of the same caller. */
  meanwhile?: Draft[] | undefined;
  /** The same, of which nobody waits for the answers before the tool goes on. */
  alongside?: Draft[] | undefined;
}

/** Something that can be different. */
type Change = (draft: Draft) => Draft;

/** What is in a place of a request, one of these. */
export type Axis = Change[];

/** Of all headers that differ, the names. */
export const HEADER_NAMES = new Set<string>();

const header = (name: string, ...values: (string | undefined)[]): Axis => {
  HEADER_NAMES.add(name.toLowerCase());
  return values.map((value) => (draft) => ({
    ...draft,
    headers: { ...draft.headers, [name]: value },
  }));
};

const member = (name: string, ...values: unknown[]): Axis =>
  values.map((value) => (draft) => ({ ...draft, message: withMember(draft.message, name, value) }));

const inParams = (name: string, ...values: unknown[]): Axis =>
  values.map((value) => (draft) => {
    const { params } = (draft.message ?? {}) as { params?: Members };
    const changed = withMember(params ?? {}, name, value);
    return { ...draft, message: withMember(draft.message, "params", changed) };
  });

const inMeta = (name: string, ...values: unknown[]): Axis =>
  values.map((value) => (draft) => {
    const { params } = (draft.message ?? {}) as { params?: { _meta?: Members } };
    const meta = withMember(params?._meta ?? {}, name, value);
    const changed = withMember(params ?? {}, "_meta", meta);
    return { ...draft, message: withMember(draft.message, "params", changed) };
  });

const written = (...writes: ((text: string) => string)[]): Axis =>
  writes.map((write) => (draft) => {
    const { write: before = (text: string) => text } = draft;
    return { ...draft, write: (text) => write(before(text)) };
  });

const body = (...messages: unknown[]): Axis =>
  messages.map((message) => (draft) => ({ ...draft, message, write: undefined }));

const at = (...paths: string[]): Axis => paths.map((path) => (draft) => ({ ...draft, path }));

/** Absent where it is `undefined`; `__proto__` is a name like any other. */
function withMember(object: unknown, name: string, value: unknown): unknown {
  if (typeof object !== "object" || object === null || Array.isArray(object)) return object;
  const members = Object.entries(object).filter(([known]) => known !== name);
  return Object.fromEntries(value === undefined ? members : [...members, [name, value]]);
}

const own = (text: string): unknown => JSON.parse(text);
/** Stands for JSON that no `JSON.stringify` writes. */
const raw = (text: string): unknown => `raw:${text}`;
const RAW = /"raw:([^"]*)"/g;
const PROTO = own('{"__proto__":{"x":1}}');

export const BOTH = "application/json, text/event-stream";
export const LEGACY = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"];
export const MODERN = "2026-07-28";
export const META = "io.modelcontextprotocol/";
export const ENVELOPE = {
  [`${META}protocolVersion`]: MODERN,
  [`${META}clientInfo`]: { name: "test", version: "1" },
  [`${META}clientCapabilities`]: {},
};
const TASK = `${META}related-task`;
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** Values of every kind, most of them wrong wherever they stand. */
const ODD = [null, true, false, 0, -1, 1.5, "", "x", [], [1], {}, { x: 1 }, PROTO, raw("1e400")];

/** Tools by their names, and what is none. */
export const NAMES = [
  ...["lab_echo", "echo", "lab_say", "lab_count", "lab_set", "lab_refuse", "lab_page", "lab_break"],
  ...["lab_connect", "lab_wait", "lab_keep", "github_list_issues", "create_issue"],
  ...["up_say", "up_steps", "up_shape", "up_ask", "up_fail", "up_nothing", "up_odd", "up_kinds"],
  ...["up_strange", "up_bare", "up_later", "up_complete", "up_typed", "up_mistyped", "up_asks"],
  ...["up_logs", "up_headed"],
  ...["nothing", "", "__proto__", "constructor", "toString", "LAB_ECHO", "lab_echo ", "\ud800"],
  ...["=?base64?bGFiX2VjaG8=?=", "=?x", "find_tools", "call_tool", "call_read_tool"],
  ..."Unknown tool: x|MCP error -32602: x|ÄÖ 😀|a\nb".split("|"),
];

/** Of each kind one: of our own and of an upstream's, reading and not, by another name, or no tool. */
export const SOME_NAMES = [
  ...["lab_echo", "lab_say", "lab_count", "lab_connect", "lab_refuse", "up_say", "up_kinds"],
  ...["nothing", "call_tool", "find_tools"],
];

/**
 * Headers. How their names are spelled, white space around values, and that one which comes twice is
 * one with a comma, `Headers` has settled before anybody reads them.
 */
export const HEADERS: Record<string, Axis> = {
  accept: header(
    "Accept",
    ...[undefined, BOTH, "application/json", "text/event-stream", "*/*", "text/html", ""],
    ...["application/json;q=0, text/event-stream;q=0.5", "text/event-stream, application/json"],
    ...["APPLICATION/JSON, TEXT/EVENT-STREAM", "text/*", "application/*, text/event-stream;q=0"],
    ...["text/event-stream, text/event-stream", ",", "*/*;q=0, text/event-streams"],
  ),
  type: header(
    "Content-Type",
    ...["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"],
    ...["Application/JSON", "application/json; charset=utf-16", "application/json;"],
    ...["application/json; charset=", "application/json;x", "application/json; a=b, text/plain"],
    ...["application/json, application/json", "text/plain; a=application/json", "text/plain"],
    ...["application/json-rpc", "application/json ; charset=utf-8", undefined, ""],
  ),
  version: header(
    "Mcp-Protocol-Version",
    ...[undefined, ...LEGACY, MODERN, "2099-01-01", "2026-07-29", "2025-11-26", "1", "", "x"],
    ...["2025-11-25, 2025-11-25", "2025-11-25x", "2024-10-0", " 2025-06-18 ", "DRAFT"],
    ...["2026-07-28, 2026-07-28", "2025-11-25, 2026-07-28", "2026-07-28, 2025-11-25", "é"],
  ),
  method: header(
    "Mcp-Method",
    ...[undefined, "tools/list", "tools/call", "initialize", "ping", "server/discover", "", "x"],
    ...["TOOLS/LIST", " tools/call ", "tools/call, tools/call", "tools%2Fcall"],
    ...["notifications/cancelled", "=?base64?dG9vbHMvY2FsbA==?="],
  ),
  name: header(
    "Mcp-Name",
    ...[undefined, "lab_echo", "lab_count", "", "x", "=?base64?bGFiX2VjaG8=?=", "=?base64?x?="],
    ...[" lab_echo ", "Lab_echo", "=?base64?bGFiX2VjaG8?=", "=?BASE64?bGFiX2VjaG8=?="],
    ...["lab_echo, lab_echo", "lab%5Fecho", "läb_echo", "lab_connect", "echo"],
  ),
  session: header(
    "Mcp-Session-Id",
    ...[undefined, "", "x", "no-elicitation.x", "url-elicitation.x", "form-elicitation.x"],
    ...["form+url-elicitation.x", "+url-elicitation.x", "url-elicitation", "Url-elicitation.x"],
    ...["no-elicitation.x, url-elicitation.x", "url-elicitation.x, no-elicitation.x", "é"],
  ),
  event: header("Last-Event-ID", undefined, "1", "x_1", ""),
  once: header("Idempotency-Key", undefined, "k1", "k2", "", "k1, k1", "x".repeat(256)),
  // With one it is the router that answers.
  origin: header("Origin", "{origin}", "{page}", "null", "https://evil.example.com", ""),
  host: header("Host", "evil.example.com", "{host}x", ""),
  trace: header("Traceparent", TRACE, "x"),
  language: header("Accept-Language", "de", "é"),
  // SEP-2243: of tools of upstreams alone, and nobody else's to read.
  parameter: header("Mcp-Param-Text", "a", "b", "=?base64?x?="),
};

/** Addresses, and what they leave. */
export const PATHS = [
  ...["/mcp", "/mcp/", "/sse", "/mcp/lab", "/mcp/sse", "/mcp?services=lab", "/mcp/up"],
  ...["/mcp?services=github", "/mcp?tools=lab_echo,lab_say,up_say", "/mcp?read_only=true"],
  ...["/mcp?voice=true", "/mcp?timeout_ms=500", "/mcp?voice=true&timeout_ms=900"],
  ...["/mcp?services=nothing", "/mcp?tools=", "/mcp?services=lab,up&read_only=true&voice=true"],
  ...["/mcp?output_schemas=true", "/mcp/lab?mode=search", "/mcp?mode=list", "/mcp?mode=search"],
  ...["/mcp?mode=search&read_only=true&voice=true", "/mcp?output_schemas=true&tools=lab_say"],
  ...["/mcp?tools=lab_*", "/mcp?read_only=false&output_schemas=false&voice=false", "/mcp/up/"],
  ...["/mcp?tools=echo,up_*&output_schemas=true", "/mcp?mode=search&tools=lab_*"],
  ...["/mcp?tools=up_say,up_say&services=up,lab", "/mcp?x=1", "/mcp?", "/mcp/lab?services=up"],
];

/** What is wrong about these is said before the two part. */
export const WRONG_PATHS = [
  ...["/mcp/nothing", "/mcp/LAB", "/mcp/%6cab", "/mcp//lab", "/mcp/lab/x", "/mcp?mode=x"],
  ...["/mcp?tools=a&tools=b", "/mcp?timeout_ms=x", "/mcp?read_only=yes", "/mcp/lab%00"],
];

const RECORDS = [...ODD, undefined];

/** Of all revisions, whoever says them, and two that are misspelt. */
export const METHODS = [
  ...["initialize", "ping", "server/discover", "tools/list", "tools/call", "completion/complete"],
  ...["prompts/list", "prompts/get", "resources/list", "resources/read", "logging/setLevel"],
  ...["resources/templates/list", "resources/subscribe", "resources/unsubscribe", "roots/list"],
  ...["tasks/list", "tasks/get", "tasks/result", "tasks/cancel", "subscriptions/listen"],
  ...["sampling/createMessage", "elicitation/create", "Tools/list", "tools/list "],
  ...["initialized", "cancelled", "progress", "message", "roots/list_changed", "tasks/status"]
    .concat("tools/list_changed", "prompts/list_changed", "resources/list_changed")
    .concat("resources/updated", "elicitation/complete", "subscriptions/acknowledged")
    .map((name) => `notifications/${name}`),
];

/** The body of any message. */
const ANY: Record<string, Axis> = {
  jsonrpc: member("jsonrpc", undefined, ...ODD, "1.0", "2.00", 2, 2.0),
  id: member(
    "id",
    ...[
      undefined,
      ...ODD,
      7,
      1e15,
      2 ** 53 - 1,
      2 ** 53,
      -(2 ** 53 - 1),
      1e300,
      "1",
      "é\ud83d\ude00",
    ],
    ...["\ud800", '"quoted"\\', "\u2028", "x".repeat(300), "x".repeat(70_000), "__proto__", " "],
    ...["-0", "1.0", "1e0", "10e-1", "1.0000000000000001", "9007199254740993", "5e-324"].map(raw),
  ),
  method: member("method", undefined, ...ODD, ...METHODS, "notifications/x", "__proto__"),
  params: member("params", ...RECORDS),
  meta: inParams("_meta", ...RECORDS, { progressToken: 1 }, { "claudecode/toolUseId": "x" }),
  token: inMeta("progressToken", ...RECORDS, 2 ** 53, "p", raw("-0"), raw("1.0"), "\ud800"),
  // What the other revision says, or nobody.
  other: [
    ...inMeta(`${META}serverInfo`, { name: "x", version: "1" }, 1),
    ...inMeta(`${META}subscriptionId`, 1, {}),
    ...inMeta(`${META}clientInfo`, { name: "x", version: "1" }),
    ...inMeta(`${META}clientCapabilities`, { elicitation: { url: {} } }),
    ...inMeta(`${META}x`, 1),
    ...inMeta("x", raw("1e400"), raw('{"y":[-0,1e400]}'), "\ud800", raw('{"y":1,"y":2}')),
    ...inMeta("traceparent", TRACE, 1),
    ...inMeta("tracestate", "x=1"),
    ...inMeta("", 1),
    ...inParams("protocolVersion", MODERN, 1),
    ...inParams("clientInfo", 1),
    ...inParams("inputResponses", {}),
    ...inParams("", 1),
    ...inParams("x", raw("1e400"), raw('{"__proto__":{"a":1e400}}'), raw('{"y":1,"y":2}')),
  ],
  task: inMeta(TASK, ...RECORDS, { taskId: "t" }, { taskId: 1 }),
  claim: inMeta(`${META}protocolVersion`, ...RECORDS, MODERN, "2099-01-01", "2025-11-25"),
  cursor: inParams("cursor", ...RECORDS, "next"),
  run: inParams("task", ...RECORDS, { ttl: 1 }),
  extra: [
    ...inParams("extra", 1, PROTO),
    ...inParams("__proto__", 1, {}),
    ...inMeta("__proto__", 1, {}),
    ...member("__proto__", 1, {}),
    ...member("extra", 1, null),
    ...member("result", {}, null),
    ...member("error", { code: 1, message: "x" }),
  ],
};

/** What requests of 2026-07-28 say. */
const ENVELOPES: Record<string, Axis> = {
  info: inMeta(
    `${META}clientInfo`,
    ...RECORDS,
    { name: "x", version: "1" },
    { name: "x", version: "1", title: "X", websiteUrl: "https://x.example.com" },
    { name: "x", version: 1 },
    { name: "x", version: "1", icons: [{ src: "x" }] },
    { name: "x", version: "1", icons: [1] },
    { name: "x", version: "1", other: 1 },
  ),
  can: inMeta(
    `${META}clientCapabilities`,
    ...RECORDS,
    { elicitation: { url: {} } },
    { elicitation: { form: {} } },
    { elicitation: {} },
    { elicitation: null },
    { elicitation: { url: null } },
    { elicitation: { form: {}, url: {} }, roots: { listChanged: true }, other: 1 },
    { extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html"] } } },
    { sampling: {}, tasks: {} },
    ...["experimental", "extensions", "sampling", "elicitation", "roots"].flatMap((name) => [
      ...ODD.map((value) => ({ [name]: value })),
      { [name]: { x: { deep: [PROTO] } } },
      { [name]: { x: {}, y: 1 } },
    ]),
  ),
  log: inMeta(`${META}logLevel`, ...RECORDS, "debug", "error", "loud"),
  trace: inMeta(
    "traceparent",
    ...RECORDS,
    TRACE,
  ),
  input: inParams("inputResponses", ...RECORDS, { connect: { action: "accept" } }),
  state: inParams("requestState", ...RECORDS, "state"),
};

/** What calls say. */
const CALLS: Record<string, Axis> = {
  name: inParams("name", ...RECORDS, ...NAMES),
  arguments: inParams(
    "arguments",
    ...RECORDS,
    { text: "a" },
    { text: 1 },
    { text: "" },
    { text: "a", times: "2" },
    { text: "a", times: 9 },
    { text: null },
    { text: "a", loud: true },
    { text: "a", more: { deep: [{ x: null }, 1e300, "\ud800"] } },
    { text: "a", more: PROTO },
    { text: "a", more: raw('{"x":1e400,"y":-0,"z":9007199254740993,"2":2,"1":1,"x":-1e400}') },
    { text: "a", more: { toJSON: "x", constructor: 1, hasOwnProperty: 1, then: { x: 1 } } },
    { text: "a", more: { "": "\u0000\ufeff\u2028\u2029", "\ud800": "\udc00" } },
    { text: "a", more: raw(`{"x":${"[".repeat(56)}${"]".repeat(56)}}`) },
    { text: raw('"a","text":"b"') },
    { text: "a", times: raw("1.0") },
    { text: "a", times: raw("1e400") },
    { text: "\ud83d" },
    { text: "x".repeat(40) },
    { text: "a", account: "me@example.com" },
    { text: "a", account: "" },
    { text: "a", extra: 1 },
    { repo: "octocat/hello-world" },
    '{"text":"a"}',
    '{"text":',
    "null",
  ),
};

/** What greetings say. */
const GREETINGS: Record<string, Axis> = {
  asked: inParams("protocolVersion", ...RECORDS, ...LEGACY, MODERN, "2099-01-01", "x"),
  client: inParams(
    "clientInfo",
    ...RECORDS,
    ...["title", "websiteUrl", "description", "icons", "other"].flatMap((name) =>
      [null, 1, "x", [], [{ src: "x" }]].map((value) => ({
        name: "x",
        version: "1",
        [name]: value,
      }))
    ),
    { name: 1, version: "1" },
    { name: "x", version: 1 },
    { name: "x" },
    { version: "1" },
    own('{"name":"x","version":"1","__proto__":{}}'),
  ),
  capabilities: inParams(
    "capabilities",
    ...RECORDS,
    ...["experimental", "extensions", "sampling", "elicitation", "roots", "tasks", "other"].flatMap(
      (name) => ODD.map((value) => ({ [name]: value })),
    ),
    ...[{}, [], null, 1, "x", true].flatMap((value) => [
      { experimental: { x: value } },
      { experimental: { x: {}, y: value } },
      { extensions: { x: value } },
      { sampling: { tools: value } },
      { sampling: { context: value } },
      { elicitation: { url: value } },
      { elicitation: { form: value } },
      { elicitation: { form: { applyDefaults: value } } },
      { elicitation: { other: value } },
      { elicitation: { form: {}, url: value } },
      { roots: { listChanged: value } },
      { tasks: { list: value } },
    ]),
  ),
};

const CALL = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "lab_echo" } };
const LIST = { jsonrpc: "2.0", id: 2, method: "tools/list" };
const PING = { jsonrpc: "2.0", id: 3, method: "ping" };
const TOLD = { jsonrpc: "2.0", method: "notifications/initialized" };
const MODERN_LIST = { ...LIST, params: { _meta: ENVELOPE } };
const MODERN_CALL = { ...CALL, params: { name: "lab_echo", _meta: ENVELOPE } };
const GREETED = {
  ...{ jsonrpc: "2.0", id: 9, method: "initialize" },
  params: {
    protocolVersion: "2025-03-26",
    capabilities: {},
    clientInfo: { name: "x", version: "1" },
  },
};

/**
 * Bodies that are no message, or several; and texts that are no JSON, or odd JSON. Length, time and
 * encoding of a body are judged before the two ways part: each gets what one `JSON.parse` gave.
 */
export const WHOLE: Axis = [
  ...body(
    ...ODD,
    ...[[LIST], [LIST, CALL, PING], [TOLD], [TOLD, LIST], [LIST, LIST], [LIST, {
      ...LIST,
      id: "2",
    }]],
    ...[[CALL, 1], [null], [[LIST]], [MODERN_LIST], [LIST, MODERN_LIST]],
    ...[[{ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 2 } }, LIST]],
    ...[[{ jsonrpc: "2.0", id: 1, result: {} }, LIST], Array.from({ length: 21 }, () => TOLD)],
    ...[[CALL], [CALL, { ...CALL, id: 2 }], [{ ...CALL, id: null }], [{ ...CALL, id: 1.5 }]],
    ...[[GREETED], [GREETED, LIST], [{ ...CALL, id: undefined }], [TOLD, TOLD], [MODERN_CALL]],
    // A call that wants no answer, and a notification that wants one.
    ...[{ ...CALL, id: undefined }, { ...TOLD, id: 1 }, { ...GREETED, id: undefined }],
    { jsonrpc: "2.0", id: 1, result: {} },
    { jsonrpc: "2.0", id: "question-x", result: {} },
    { jsonrpc: "2.0", id: 1, error: { code: 1, message: "x" } },
    { jsonrpc: "2.0", error: { code: 1, message: "x" } },
    { jsonrpc: "2.0", id: 1, result: {}, error: { code: 1, message: "x" } },
    { jsonrpc: "2.0", id: 1, method: "elicitation/create", params: {} },
    { jsonrpc: "2.0", id: 1, result: { action: "accept", content: {} }, method: "ping" },
    { jsonrpc: "2.0", id: null, method: "ping" },
    { jsonrpc: "2.0", id: 1 },
    { id: 1, method: "ping" },
  ),
  ...written(
    (text) => ` \n${text}\t`,
    (text) => `\ufeff${text}`,
    (text) => text.slice(1),
    (text) => text.slice(0, -1),
    (text) => `${text}x`,
    () => "",
    () => "nul",
    (text) => text.replace(/^\{/, '{"id":"first",'),
    (text) => text.replace(/\}$/, ',"id":"last"}'),
    (text) => text.replace(/\}$/, ',"method":"ping"}'),
    (text) => text.replace(/\}$/, ',"jsonrpc":"1.0"}'),
    (text) => text.replace(/\}$/, ',"params":{}}'),
    (text) => text.replace(/"id":[^,}]*/, '"id":1e400'),
    // What no `JSON.stringify` writes, within what a client says that it can do.
    ...['"experimental":{"x":{"y":1e400}}', '"extensions":{"x":{"y":{"z":[1e400]}}}']
      .concat('"elicitation":{"url":{"x":1e400}}', '"elicitation":{"x":[{"y":1e400}]}')
      .concat(
        '"sampling":{"tools":{"x":1e400}}',
        '"x":1e400',
        '"experimental":{"x":{"y":[1,1e400]}}',
        '"roots":{"x":1e400}',
      )
      .map((said) => (text: string) => text.replace(/apabilities":\{(?=\})/, `$&${said}`)),
    (text) => text.replace(/"id":[^,}]*/, '"id":-0'),
    (text) => text.replace(/"id":[^,}]*/, '"id":1.0'),
    (text) => text.replace(/"id":[^,}]*/, '"id":9007199254740993'),
    (text) => text.replace(/"id":[^,}]*/, '"id":"\\ud800\\u0000"'),
    (text) => text.replace(/\}$/, `,"x":${"[".repeat(70)}${"]".repeat(70)}}`),
  ),
];

/** What can be different of every request. */
const EVERYWHERE: Axis[] = [
  ...Object.values(HEADERS),
  ...Object.values(ANY),
  at("/mcp", "/mcp?tools=", "/mcp?services=nothing", "/mcp?read_only=true&voice=true"),
  WHOLE,
];
const OF_METHOD: Record<string, Record<string, Axis>> = {
  initialize: GREETINGS,
  "tools/call": CALLS,
};

/** Every place where something can be different. */
const AXES: Axis[] = [
  ...EVERYWHERE,
  at(...PATHS, ...WRONG_PATHS),
  ...[ENVELOPES, CALLS, GREETINGS].flatMap((axes) => Object.values(axes)),
];

/** Those that say anything of a draft. */
function axesOf({ headers, message }: Draft): Axis[] {
  const { method = "" } = message as { method?: string };
  return [
    ...EVERYWHERE,
    ...Object.values(Object.hasOwn(OF_METHOD, method) ? OF_METHOD[method]! : {}),
    ...(headers["Mcp-Protocol-Version"] === MODERN ? Object.values(ENVELOPES) : []),
  ];
}

/** A draft as it is sent; `more`: the headers that say who calls. */
export function askedOf(draft: Draft, more: Record<string, string>): Asked {
  const headers = Object.entries({ ...draft.headers, ...more }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const text = JSON.stringify(draft.message) ?? "";
  const { path, hangsUp, meanwhile, alongside, write = (text: string) => text } = draft;
  const body = write(text).replaceAll(RAW, "$1");
  const asked = { path, headers: Object.fromEntries(headers), body, hangsUp };
  if (meanwhile === undefined && alongside === undefined) return asked;
  return {
    ...asked,
    meanwhile: meanwhile?.map((other) => askedOf(other, more)),
    alongside: alongside?.map((other) => askedOf(other, more)),
  };
}

/** Each draft with each single difference, each once. */
export function* single(drafts: Draft[]): Generator<Draft> {
  const seen = new Set<string>();
  for (const draft of drafts) {
    for (const axis of axesOf(draft)) {
      for (const change of axis) {
        const changed = change(draft);
        const key = JSON.stringify(askedOf(changed, {}));
        if (!seen.has(key)) yield changed;
        seen.add(key);
      }
    }
  }
}

/** Drafts with several differences, by dice. */
export function* mixed(drafts: Draft[], count: number, seed: number): Generator<Draft> {
  const dice = new Dice(seed);
  for (let made = 0; made < count; made++) {
    let draft = dice.pick(drafts);
    for (let changes = 1 + dice.int(4); changes > 0; changes--) {
      draft = dice.pick(dice.pick(AXES))(draft);
    }
    yield draft;
  }
}

export const TYPE = { "Content-Type": "application/json" };
export const FULL = { ...TYPE, Accept: BOTH, "Mcp-Protocol-Version": "2025-11-25" };

export function request(method: string, params?: Members, more: Members = { id: 1 }): Members {
  return { jsonrpc: "2.0", method, ...(params && { params }), ...more };
}

export const GREETING = {
  protocolVersion: "2025-11-25",
  capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: { url: {} } },
  clientInfo: { name: "claude-code", title: "Claude Code", version: "2.0.0" },
};

export const draft = (
  message: Members,
  headers: Draft["headers"] = FULL,
  path = "/mcp/lab",
): Draft => ({
  path,
  headers,
  message,
});

/** What real clients until 2025-11-25 send often: the thin dispatch answers all of it. */
export const HOT_2025: Draft[] = [
  draft(request("initialize", GREETING), { ...TYPE, Accept: BOTH }),
  draft(request("ping"), FULL),
  draft(request("tools/list"), TYPE),
  draft(request("tools/list", {}), FULL),
  draft(request("tools/call", { name: "lab_echo", arguments: { text: "a" } }), TYPE),
  draft(
    request("tools/call", {
      name: "lab_echo",
      arguments: { text: "a" },
      _meta: { progressToken: 1, "claudecode/toolUseId": "x" },
    }),
    { ...FULL, "Mcp-Session-Id": "form+url-elicitation.x" },
  ),
  draft(request("notifications/initialized", undefined, {}), FULL),
  draft(request("notifications/cancelled", { requestId: 1, reason: "x" }, {}), FULL),
];

export const modern = (method: string, params: Members = {}, more: Members = { id: 1 }): Draft => {
  const { name } = params;
  const { _meta = {} } = params as { _meta?: Members };
  return draft(
    request(method, { ...params, _meta: { ...ENVELOPE, ..._meta } }, more),
    {
      ...TYPE,
      Accept: BOTH,
      "Mcp-Protocol-Version": MODERN,
      "Mcp-Method": method,
      "Mcp-Name": name as string | undefined,
    },
  );
};

/** The same of clients of 2026-07-28. */
export const HOT_2026: Draft[] = [
  modern("server/discover"),
  modern("tools/list"),
  modern("tools/call", { name: "lab_echo", arguments: { text: "a" } }),
  modern("tools/call", {
    name: "lab_connect",
    _meta: {
      progressToken: "p",
      "vendor/x": 1,
      [`${META}clientCapabilities`]: { elicitation: { form: {}, url: {} }, roots: {} },
    },
  }),
  modern("notifications/cancelled", { requestId: 1 }, {}),
];

/** Of both. */
export const HOT = [...HOT_2025, ...HOT_2026];

/** Calls of an upstream's tools, of which nobody hears before the answer. */
export const UPSTREAM_CALLS: Draft[] = [
  draft(request("tools/call", { name: "up_say" }), TYPE, "/mcp"),
  draft(request("tools/call", { name: "up_shape", arguments: {} }), FULL, "/mcp"),
  draft(
    request("tools/call", { name: "up_odd", _meta: { "claudecode/toolUseId": "x" } }),
    { ...FULL, "Mcp-Session-Id": "url-elicitation.x" },
    "/mcp",
  ),
  draft(request("tools/call", { name: "up_nothing" }), FULL, "/mcp"),
];

/** What is left to the SDKs, though it is right. */
export const OTHERS: Draft[] = [
  draft([request("ping")] as unknown as Members, TYPE),
  draft(request("prompts/list"), FULL),
  draft(request("logging/setLevel", { level: "info" }), FULL),
  draft(request("tools/call", { name: "up_say", _meta: { progressToken: 1 } }), FULL, "/mcp"),
  draft(
    request("tools/call", { name: "up_say" }),
    { ...FULL, "Mcp-Session-Id": "form-elicitation.x" },
    "/mcp",
  ),
  draft(request("tools/call", { name: "lab_echo", task: { ttl: 1 } }), FULL),
  draft(request("tools/list", { _meta: { [TASK]: { taskId: "t" } } }), FULL),
  draft(request("tools/list"), { ...FULL, "Mcp-Protocol-Version": "2099-01-01" }),
  draft(request("tools/list"), { ...FULL, "Content-Type": "application/json;x" }),
  draft(request("initialize", { ...GREETING, protocolVersion: 1 }), FULL),
  { ...modern("tools/call", { name: "up_say" }), path: "/mcp" },
  modern("tools/call", { name: "lab_echo", requestState: "state" }),
  modern("tools/list", { _meta: { [`${META}logLevel`]: "debug" } }),
  modern("ping"),
  modern("subscriptions/listen"),
];

/** Calls of every tool, in either revision. */
export function calls(path: string, more: Members = {}, names = NAMES): Draft[] {
  return names.flatMap((name) => {
    const params = { name, arguments: name === "lab_echo" ? { text: "a" } : {}, ...more };
    const isAscii = /^[!-~]*$/.test(name);
    return [
      draft(request("tools/call", params), FULL, path),
      draft(
        request("tools/call", params),
        { ...TYPE, "Mcp-Session-Id": "url-elicitation.x" },
        path,
      ),
      ...(isAscii ? [{ ...modern("tools/call", params), path }] : []),
    ];
  });
}
