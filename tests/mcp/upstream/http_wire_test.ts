/** What a server's status, redirect and session mean, and whether anything may have been done. */

import { assertEquals, assertRejects } from "@std/assert";
import type { RemoteUpstream } from "../../../broker/core/upstream.ts";
import { UpstreamFault } from "../../../mcp/upstream/fault.ts";
import { HttpWire, MAX_ERROR_BYTES, retryAfterOf } from "../../../mcp/upstream/http_wire.ts";
import { testWorld } from "../../support/world.ts";

const URL_OF = "https://mcp.example/mcp";
const SPEC: RemoteUpstream = {
  kind: "http",
  name: "notes",
  title: "Notes",
  timeoutMs: 1_000,
  url: URL_OF,
  headers: {},
};

type Answer = (url: string, init: RequestInit) => Response | Promise<Response>;

/** A wire whose requests are answered so. */
function wireOf(...answers: Answer[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = (target: URL | string | Request, init: RequestInit = {}) => {
    const url = String(target);
    asked.push({ url, init });
    return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1]!(url, init));
  };
  const wire = new HttpWire(SPEC, { fetch: fetch as typeof globalThis.fetch, world: testWorld() });
  const going = { signal: new AbortController().signal, token: "t" };
  const post = () => wire.post({ jsonrpc: "2.0", id: 1, method: "tools/call" }, {}, going);
  return { wire, asked, going, post };
}

async function faultOf(run: () => Promise<unknown>) {
  const fault = await assertRejects(run, UpstreamFault);
  return [fault.why.kind, fault.mayBeDone];
}

const refused = (status: number, body: unknown, headers: Record<string, string> = {}) => () =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
const ERROR = { jsonrpc: "2.0", id: 1, error: { code: -32603, message: "no" } };

Deno.test("of a status that is no answer it is known whether something may have been done", async () => {
  const insufficient = 'Bearer error="insufficient_scope", scope="notes:write"';
  const cases: [Answer, string, boolean][] = [
    [refused(401, undefined), "unauthorized", false],
    [refused(403, undefined), "forbidden", false],
    [refused(403, undefined, { "WWW-Authenticate": insufficient }), "insufficient_scope", false],
    // A challenge is one where its status says so.
    [refused(400, undefined, { "WWW-Authenticate": insufficient }), "status", false],
    [refused(429, undefined), "rate_limited", false],
    [refused(404, undefined), "status", false],
    [refused(400, ERROR), "answered_error", false],
    [refused(400, { error: "invalid_request" }), "status", false],
    [refused(400, { jsonrpc: "2.0", error: "no" }), "status", false],
    [refused(400, { jsonrpc: "2.0", id: 1, result: {} }), "status", false],
    [refused(400, { ...ERROR, method: "tools/call" }), "status", false],
    [refused(400, [ERROR]), "status", false],
    // It may have come as far as the work.
    [refused(408, undefined), "status", true],
    [refused(500, ERROR), "answered_error", true],
    [refused(503, undefined), "status", true],
    [refused(500, { ...ERROR, note: "x".repeat(MAX_ERROR_BYTES) }), "status", true],
  ];
  for (const [answer, kind, mayBeDone] of cases) {
    const { post } = wireOf(answer);
    assertEquals(await faultOf(post), [kind, mayBeDone]);
  }
});

Deno.test("what a server asks for in its challenge is known", async () => {
  const scoped = (scope: string) => `Bearer error="insufficient_scope"${scope}`;
  const cases: [number, string | undefined, Record<string, unknown>][] = [
    [401, "Bearer realm=x", { kind: "unauthorized", challenge: "Bearer realm=x" }],
    [401, undefined, { kind: "unauthorized", challenge: undefined }],
    [403, scoped(', scope="a b"'), { kind: "insufficient_scope", scopes: ["a", "b"] }],
    [403, scoped(""), { kind: "insufficient_scope", scopes: [] }],
  ];
  for (const [status, challenge, why] of cases) {
    const headers = challenge === undefined ? {} : { "WWW-Authenticate": challenge };
    const { post } = wireOf(refused(status, undefined, headers));
    assertEquals((await assertRejects(post, UpstreamFault)).why, why);
  }
});

Deno.test("a request whose connection never came about was not done, and one that broke may have been", async () => {
  const connect = new Error("client error (Connect): tcp connect error");
  const absent = wireOf(() => Promise.reject(new TypeError("no", { cause: connect })));
  assertEquals(await faultOf(absent.post), ["unreachable", false]);
  const dropped = wireOf(() => Promise.reject(new TypeError("connection reset")));
  assertEquals(await faultOf(dropped.post), ["dropped", true]);
  const { wire, asked } = wireOf(() => new Response("{}"));
  const stop = new AbortController();
  stop.abort(new DOMException("Too late", "TimeoutError"));
  const late = () => wire.post({}, {}, { signal: stop.signal, token: undefined });
  // Nobody was waiting any more before it was sent.
  assertEquals(await faultOf(late), ["timeout", false]);
  assertEquals(asked, []);
});

Deno.test("a redirect is followed once, on the server's own origin and with its method, and the token goes nowhere else", async () => {
  const to = (location: string, status = 307): Answer => () =>
    new Response(null, { status, headers: { Location: location } });
  const ok: Answer = () => new Response("{}");
  const { asked, post } = wireOf(to("/v2"), ok, ok);
  await (await post()).body?.cancel();
  await (await post()).body?.cancel();
  const at = "https://mcp.example/v2";
  assertEquals(asked.map(({ url }) => url), [URL_OF, at, at]);
  assertEquals(asked.map(({ init }) => init.method), ["POST", "POST", "POST"]);
  for (
    const elsewhere of [
      to("https://evil.example/mcp"),
      to("http://mcp.example/mcp"),
      to("https://mcp.example:8443/mcp"),
      to("https://me@mcp.example/v2"),
      to("//evil.example/mcp"),
      to("https://"),
      to(URL_OF),
      to("/v2", 301),
      to("/v2", 302),
      to("/v2", 303),
      () => new Response(null, { status: 308 }),
    ]
  ) {
    const away = wireOf(elsewhere, ok);
    assertEquals(await faultOf(away.post), ["redirected", false]);
    assertEquals(away.asked.length, 1);
  }
  const kept = wireOf(to("/v2", 308), ok);
  await (await kept.post()).body?.cancel();
  assertEquals(kept.asked.map(({ url }) => url), [URL_OF, at]);
  const round = wireOf(to("/v2"), to("/v3"), ok);
  assertEquals(await faultOf(round.post), ["redirected", false]);
});

Deno.test("an answer that nobody reads is let go, so that its connection is free", async () => {
  let isLetGo: boolean;
  const held = (init: ResponseInit): Answer => () => {
    isLetGo = false;
    const cancel = () => void (isLetGo = true);
    return new Response(new ReadableStream({ cancel }, { highWaterMark: 0 }), init);
  };
  const moved = held({ status: 307, headers: { Location: "/v2" } });
  const { post } = wireOf(moved, () => {
    assertEquals(isLetGo, true);
    return new Response("{}");
  });
  await (await post()).body?.cancel();
  const { wire, going } = wireOf(held({ status: 200 }));
  assertEquals(await faultOf(() => wire.open("7", going)), ["unreadable", true]);
  assertEquals(isLetGo!, true);
});

Deno.test("when a server may be asked again is a number of seconds or a date, and at most a day away", () => {
  const now = Date.parse("Thu, 26 Nov 2026 12:00:00 GMT");
  const said: [string | null, number | undefined][] = [
    [null, undefined],
    ["7", 7],
    [" 7 ", 7],
    ["0", 0],
    ["86401", 86_400],
    ["9999999999", undefined],
    ["-7", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["2027", 2_027],
    ["2027-01-01", undefined],
    ["Thu, 26 Nov 2026 12:00:30 GMT", 30],
    ["Thursday, 26-Nov-26 12:00:30 GMT", 30],
    ["Thu, 26 Nov 2026 11:00:00 GMT", 0],
    ["Sat, 26 Dec 2026 12:00:00 GMT", 86_400],
    ["Thu, never", undefined],
  ];
  for (const [header, seconds] of said) assertEquals(retryAfterOf(header, now), seconds, header!);
});

Deno.test("a session that is gone is told apart from a tool's own refusal", async () => {
  const gone: [Answer, boolean][] = [
    [refused(404, undefined), true],
    [refused(404, ERROR), true],
    [refused(400, { ...ERROR, error: { code: -32000, message: "No valid session ID" } }), true],
    [refused(400, { ...ERROR, error: { code: -32000, message: "Server not initialized" } }), true],
    [refused(400, ERROR), false],
    [refused(400, undefined), false],
    [refused(500, { ...ERROR, error: { code: -32000, message: "session store" } }), false],
  ];
  for (const [answer, isGone] of gone) {
    const { wire, post } = wireOf(answer);
    wire.headers = { "Mcp-Session-Id": "s" };
    assertEquals((await faultOf(post))[0] === "no_session", isGone);
    // Where there is no session none can be gone.
    wire.headers = {};
    assertEquals((await faultOf(post))[0] === "no_session", false);
  }
});

Deno.test("a session's id is kept where it can be said again", async () => {
  const longest = "s".repeat(2_000);
  for (
    const [id, offered] of [
      ["a-1", "a-1"],
      [longest, longest],
      [`${longest}s`, undefined],
      ["a b", undefined],
      ["é", undefined],
      [undefined, undefined],
    ]
  ) {
    const headers = id === undefined ? {} : { "Mcp-Session-Id": id };
    const { wire, post } = wireOf(() => new Response("{}", { headers }));
    wire.offered = "of before";
    await (await post()).body?.cancel();
    assertEquals(wire.offered, offered);
  }
});

Deno.test("a stream that is asked for is a stream, or nothing that can be read", async () => {
  const stream = { "Content-Type": "Text/Event-Stream; charset=utf-8" };
  const { wire, asked, going } = wireOf(() => new Response("", { headers: stream }));
  assertEquals((await wire.open("7", going)).status, 200);
  await wire.open(undefined, going);
  assertEquals(asked.map(({ init }) => new Headers(init.headers).get("Last-Event-ID")), [
    "7",
    null,
  ]);
  const json = wireOf(() => Response.json({}));
  assertEquals(await faultOf(() => json.wire.open(undefined, json.going)), ["unreadable", true]);
  const none = wireOf(refused(405, undefined, stream));
  assertEquals(await faultOf(() => none.wire.open(undefined, none.going)), ["status", false]);
});

Deno.test("a request that was cut short while it was on its way may have been done, and says why it was cut", async () => {
  const ends: [unknown, string][] = [
    [new DOMException("Too late", "TimeoutError"), "timeout"],
    [new Error("hung up"), "dropped"],
  ];
  for (const [reason, kind] of ends) {
    const stop = new AbortController();
    const { wire } = wireOf(() => {
      stop.abort(reason);
      return Promise.reject(new TypeError("cut"));
    });
    const going = { signal: stop.signal, token: undefined };
    assertEquals(await faultOf(() => wire.post({}, {}, going)), [kind, true]);
  }
});

Deno.test("a request carries the token that is its caller's, and none where there is none", async () => {
  const answers: Answer[] = [() => Response.json({})];
  const { wire, asked, post } = wireOf(...answers);
  await post();
  await wire.post({}, {}, { signal: new AbortController().signal, token: undefined });
  const said = asked.map(({ init }) => new Headers(init.headers).get("Authorization"));
  assertEquals(said, ["Bearer t", null]);
  // Where a redirect leads is judged before anything goes there.
  assertEquals(asked.map(({ init }) => init.redirect), ["manual", "manual"]);
});
