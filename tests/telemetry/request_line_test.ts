import { assert, assertEquals } from "@std/assert";
import { Callers } from "../../broker/core/callers.ts";
import type { RequestNotes } from "../../broker/core/request_notes.ts";
import { levelOf, requestLine } from "../../telemetry/request_line.ts";

const ended = { method: "POST", status: 200, ms: 1.23456, at: Date.UTC(2026, 10, 27, 9, 5, 7, 8) };

function request(known: Partial<RequestNotes> = {}): RequestNotes {
  return Object.assign(new Callers(() => 0).request(), known);
}

function lineOf(known: Partial<RequestNotes>, more: Partial<typeof ended> = {}) {
  const notes = request(known);
  const all = { ...ended, ...more };
  return JSON.parse(requestLine(notes, levelOf(notes, all), all));
}

Deno.test("requestLine() says when, what, who, for whom and how it ended", () => {
  const notes = request({
    caller: "app voice",
    subject: "voice:ada",
    route: "/mcp",
    asked: "tools/call",
    tool: "gmail_send",
  });
  assertEquals(JSON.parse(requestLine(notes, "info", ended)), {
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

Deno.test("requestLine() has a code for whatever was refused, and says where nobody is known", () => {
  const refused = lineOf({ error: "not_connected" }, { status: 404 });
  assertEquals([refused.level, refused.error, refused.caller], ["warn", "not_connected", "none"]);
  assertEquals(lineOf({}, { status: 418 }).error, "status_418");
  assertEquals(lineOf({ error: "server_error" }, { status: 500 }).level, "error");
  assertEquals(lineOf({ error: "tool_error" }).level, "warn");
  assertEquals(lineOf({ error: "provider_unavailable" }, { status: 503 }).level, "warn");
  assertEquals(lineOf({ error: "store_unavailable" }, { status: 503 }).level, "error");
});

Deno.test("requestLine() has no e-mail address, and tells those who are called by one apart", () => {
  const line = lineOf({ subject: "voice:ada@example.com", caller: "person acme:bo@example.com" });
  assertEquals(line.subject, "voice:~b5fc85e55755");
  assert(/^person acme:~[0-9a-f]{12}$/.test(line.caller), line.caller);
});

Deno.test("requestLine() is one line of JSON, whatever a method, a tool or a name is called", () => {
  const evil = 'x","level":"error\n{"\u2028\\';
  const line = lineOf({ tool: evil, caller: `client ${evil}` }, { method: "EVIL\n" });
  assertEquals([line.tool, line.caller, line.method], [evil, `client ${evil}`, "_OTHER"]);
  const text = requestLine(request({ tool: evil }), "info", ended);
  assert(!/[^ -~]/.test(text), text);
});
