import { assert, assertEquals } from "@std/assert";
import { Callers } from "../../broker/core/callers.ts";
import type { RequestNotes } from "../../broker/core/request_notes.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { levelOf, RequestLine } from "../../telemetry/request_line.ts";

const ended = { method: "POST", status: 200, ms: 1.23456, at: Date.UTC(2026, 10, 27, 9, 5, 7, 8) };

function request(known: Partial<RequestNotes> = {}): RequestNotes {
  return Object.assign(new Callers(() => 0).request(), known);
}

function lineOf(known: Partial<RequestNotes>, more: Partial<typeof ended> = {}) {
  const notes = request(known);
  const all = { ...ended, ...more };
  return JSON.parse(`${new RequestLine(notes, levelOf(notes, all), all)}`);
}

Deno.test("a request's line says when, what, who, for whom and how it ended", () => {
  const notes = request({
    caller: "app voice",
    subject: "voice:ada",
    route: "/mcp",
    asked: "tools/call",
    tool: "gmail_send",
  });
  assertEquals(JSON.parse(`${new RequestLine(notes, "info", ended)}`), {
    time: "2026-11-27T09:05:07.008Z",
    level: "info",
    event: "request",
    request_id: notes.id,
    method: "POST",
    route: "/mcp",
    status: 200,
    ms: 1.23,
    caller: "app voice",
    subject: "voice:ada",
    asked: "tools/call",
    tool: "gmail_send",
  });
});

Deno.test("a request's line says of each request what is true of it, whatever the one before was", () => {
  const usual = { caller: "app voice", subject: "voice:ada", route: "/mcp", asked: "tools/call" };
  const others: [Partial<RequestNotes>, Partial<typeof ended>?][] = [
    [{}, { method: "GET" }],
    [{}, { status: 404 }],
    [{ route: "/token/:service" }],
    [{ caller: "app other" }],
    [{ subject: "voice:bo" as Subject }],
    [{ asked: "tools/list" }],
    [{ tool: "gmail_send" }],
    [{ error: "timeout" }],
    [{ error: "tool_error" }],
    [{ providerRequestId: "abc" }],
    [{}, { status: 499 }],
    [{ isHandedOn: true }, { status: 499 }],
  ];
  const plain = ({ time: _, request_id: _id, ...said }: Record<string, unknown>) => said;
  const line = (known: Partial<RequestNotes>, more?: Partial<typeof ended>) =>
    plain(lineOf({ ...usual, ...known } as Partial<RequestNotes>, more));
  const first = line({});
  // Each for itself, after another one.
  const alone = others.map(([known, more]) => (line({}, { method: "PUT" }), line(known, more)));
  assertEquals(new Set([first, ...alone].map((said) => JSON.stringify(said))).size, 13);
  for (const before of others) {
    for (const [at, [known, more]] of others.entries()) {
      line(...before);
      assertEquals(line(known, more), alone[at]);
      assertEquals(line(known, more), alone[at], "the same again");
      assertEquals(line({}), first);
    }
  }
});

Deno.test("a request's line has nothing that is not known", () => {
  assertEquals(Object.keys(lineOf({})), [
    ...["time", "level", "event", "request_id", "method", "route", "status", "ms", "caller"],
  ]);
});

Deno.test("a request's line says what was known when its answer began, whenever it is written", () => {
  const notes = request({ caller: "app voice", error: "timeout" });
  const line = new RequestLine(notes, "warn", ended);
  notes.error = "provider_unavailable";
  assertEquals([JSON.parse(`${line}`).error, JSON.parse(`${line}`).error], ["timeout", "timeout"]);
  assertEquals(lineOf({ caller: "app voice", error: "provider_unavailable" }).error, notes.error);
});

Deno.test("a request's line has a code for whatever was refused, and says where nobody is known", () => {
  const refused = lineOf({ error: "not_connected" }, { status: 404 });
  assertEquals([refused.level, refused.error, refused.caller], ["warn", "not_connected", "none"]);
  assertEquals(lineOf({}, { status: 418 }).error, "status_418");
  assertEquals(lineOf({ error: "server_error" }, { status: 500 }).level, "error");
  assertEquals(lineOf({ error: "tool_error" }).level, "warn");
  assertEquals(lineOf({ error: "provider_unavailable" }, { status: 503 }).level, "warn");
  assertEquals(lineOf({ error: "store_unavailable" }, { status: 503 }).level, "error");
});

Deno.test("a request's line says of a caller that has gone the same, whatever its work has come to by then", () => {
  for (const known of [{}, { error: "timeout" }, { error: "server_error" }]) {
    const { level, error } = lineOf(known, { status: 499 });
    assertEquals([level, error], ["warn", "caller_gone"]);
  }
});

Deno.test("a request's line has no e-mail address, and tells those who are called by one apart", () => {
  const line = lineOf({ subject: "voice:ada@example.com", caller: "person acme:bo@example.com" });
  assertEquals(line.subject, "voice:~b5fc85e55755");
  assert(/^person acme:~[0-9a-f]{12}$/.test(line.caller), line.caller);
});

Deno.test("a request's line is one line of JSON, whatever a method, a tool or a name is called", () => {
  const evil = 'x","level":"error\n{"\u2028\\';
  const line = lineOf({ tool: evil, caller: `client ${evil}` }, { method: "EVIL\n" });
  assertEquals([line.tool, line.caller, line.method], [evil, `client ${evil}`, "_OTHER"]);
  const text = `${new RequestLine(request({ tool: evil }), "info", ended)}`;
  assert(!/[^ -~]/.test(text), text);
});

Deno.test("a request's line writes what JSON.stringify() would, of any word, at any time", () => {
  const words = ["plain", "", '"', "\\", "[\\]", "\n", "\u007f", "é", "\u2028", "\ud800", "~ !#"];
  for (const word of words) {
    const line = lineOf({ tool: word, error: word, subject: `voice:${word}`, caller: word });
    assertEquals([line.tool, line.error, line.subject], [word, word, `voice:${word}`]);
    assertEquals(line.caller, word);
  }
  const second = ended.at - ended.at % 1000;
  for (const ms of [0, 9, 10, 11, 99, 100, 101, 999, 999.5, 1000, 86_400_000]) {
    const at = second + ms;
    assertEquals(lineOf({}, { at }).time, new Date(at).toISOString());
  }
  for (const method of ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]) {
    assertEquals(lineOf({}, { method }).method, method);
  }
  const { route, provider_request_id } = lineOf({ providerRequestId: "a:1" });
  assertEquals([route, provider_request_id], ["none", "a:1"]);
});

Deno.test("levelOf() tells faults of ours from refusals, and both from what went well", () => {
  const levels = (status: number, error?: string) => lineOf({ error }, { status });
  assertEquals([levels(200).level, levels(399).level, levels(399).error], [
    "info",
    "info",
    undefined,
  ]);
  assertEquals([levels(400).level, levels(400).error], ["warn", "status_400"]);
  assertEquals([levels(500).level, levels(501).level], ["error", "warn"]);
  for (const error of ["server_error", "store_unavailable", "vault_unavailable"]) {
    assertEquals(levels(200, error).level, "error", error);
  }
});
