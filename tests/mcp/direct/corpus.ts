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
  hangsUp?: boolean | undefined;
}

/** Something that can be different. */
type Change = (draft: Draft) => Draft;

/** What is in a place of a request, one of these. */
export type Axis = Change[];

const header = (name: string, ...values: (string | undefined)[]): Axis =>
  values.map((value) => (draft) => ({ ...draft, headers: { ...draft.headers, [name]: value } }));

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

/** Values of every kind, most of them wrong wherever they stand. */
const ODD = [null, true, false, 0, -1, 1.5, "", "x", [], [1], {}, { x: 1 }, PROTO];

/** Tools by their names, and what is none. */
export const NAMES = [
  ...["lab_echo", "echo", "lab_say", "lab_count", "lab_set", "lab_refuse", "lab_page", "lab_break"],
  ...["lab_connect", "lab_wait", "lab_keep", "github_list_issues", "create_issue"],
  ...["up_say", "up_steps", "up_shape", "up_ask", "up_fail", "up_nothing", "up_odd"],
  ...["nothing", "", "__proto__", "constructor", "toString", "LAB_ECHO", "lab_echo ", "\ud800"],
  ...["=?base64?bGFiX2VjaG8=?=", "=?x", "find_tools", "call_tool", "call_read_tool"],
  ..."Unknown tool: x|MCP error -32602: x|ÄÖ 😀|a\nb".split("|"),
];

/** Headers. */
export const HEADERS: Record<string, Axis> = {
  accept: header(
    "Accept",
    ...[undefined, BOTH, "application/json", "text/event-stream", "*/*", "text/html", ""],
    ...["application/json;q=0, text/event-stream;q=0.5", "text/event-stream, application/json"],
    ...["APPLICATION/JSON, TEXT/EVENT-STREAM", "text/*"],
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
  ),
  method: header(
    "Mcp-Method",
    ...[undefined, "tools/list", "tools/call", "initialize", "ping", "server/discover", "", "x"],
    ...["TOOLS/LIST", " tools/call "],
  ),
  name: header(
    "Mcp-Name",
    ...[undefined, "lab_echo", "lab_count", "", "x", "=?base64?bGFiX2VjaG8=?=", "=?base64?x?="],
    ...[" lab_echo ", "Lab_echo", "=?base64?bGFiX2VjaG8?=", "=?BASE64?bGFiX2VjaG8=?="],
  ),
  session: header(
    "Mcp-Session-Id",
    ...[undefined, "", "x", "no-elicitation.x", "url-elicitation.x", "form-elicitation.x"],
    ...["form+url-elicitation.x", "+url-elicitation.x", "url-elicitation", "Url-elicitation.x"],
  ),
  event: header("Last-Event-ID", undefined, "1", "x_1", ""),
  once: header("Idempotency-Key", undefined, "k1", "k2"),
};

/** Addresses, and what they leave. */
export const PATHS = [
  ...["/mcp", "/mcp/", "/sse", "/mcp/lab", "/mcp/sse", "/mcp?services=lab", "/mcp/up"],
  ...["/mcp?services=github", "/mcp?tools=lab_echo,lab_say,up_say", "/mcp?read_only=true"],
  ...["/mcp?voice=true", "/mcp?timeout_ms=500", "/mcp?voice=true&timeout_ms=900"],
  ...["/mcp?services=nothing", "/mcp?tools=", "/mcp?services=lab,up&read_only=true&voice=true"],
  ...["/mcp?output_schemas=true", "/mcp/lab?mode=search", "/mcp?mode=list"],
];

const RECORDS = [...ODD, undefined];

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
    ...["\ud800", '"quoted"\\', "\u2028", "x".repeat(300), "__proto__", " "],
  ),
  method: member(
    "method",
    ...[undefined, ...ODD, "initialize", "ping", "tools/list", "tools/call", "server/discover"],
    ...["notifications/initialized", "notifications/cancelled", "notifications/progress"],
    ...["notifications/x", "prompts/list", "prompts/get", "resources/list", "resources/read"],
    ...["logging/setLevel", "completion/complete", "tasks/list", "tasks/get", "Tools/list"],
    ...["tools/list ", "subscriptions/listen", "__proto__", "resources/templates/list"],
  ),
  params: member("params", ...RECORDS),
  meta: inParams("_meta", ...RECORDS, { progressToken: 1 }, { "claudecode/toolUseId": "x" }),
  token: inMeta("progressToken", ...RECORDS, 2 ** 53, "p"),
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
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
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

/** Bodies that are no message, or several; and texts that are no JSON, or odd JSON. */
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
    { jsonrpc: "2.0", id: 1, result: {} },
    { jsonrpc: "2.0", id: "question-x", result: {} },
    { jsonrpc: "2.0", id: 1, error: { code: 1, message: "x" } },
    { jsonrpc: "2.0", error: { code: 1, message: "x" } },
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
  at(...PATHS),
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
  const { path, hangsUp, write = (text: string) => text } = draft;
  return { path, headers: Object.fromEntries(headers), body: write(text), hangsUp };
}

/** Each draft with each single difference. */
export function* single(drafts: Draft[]): Generator<Draft> {
  for (const draft of drafts) {
    for (const axis of axesOf(draft)) for (const change of axis) yield change(draft);
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

const GREETING = {
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
export function calls(path: string, more: Members = {}): Draft[] {
  return NAMES.flatMap((name) => {
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
