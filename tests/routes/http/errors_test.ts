import { assert, assertEquals, assertMatch } from "@std/assert";
import { Callers } from "../../../broker/core/callers.ts";
import { inOwnWords } from "../../../broker/core/own_words.ts";
import { type Reason, Refusal } from "../../../broker/core/refusal.ts";
import { StoreError, VaultError } from "../../../broker/core/store_errors.ts";
import { traceOf } from "../../../broker/core/trace_of.ts";
import { HttpRefusal, wireOf } from "../../../routes/http/errors.ts";
import { testWorld } from "../../support/world.ts";

const request = () => new Callers(() => 0).request();

Deno.test("wireOf() keeps the statuses that callers rely on", () => {
  const world = testWorld();
  const named = { service: "gmail", title: "Gmail" };
  const expected: [status: number, reason: Reason][] = [
    [400, { code: "invalid_request", detail: "x is missing" }],
    [401, { code: "invalid_client" }],
    [403, { code: "insufficient_scope", ...named, scope: "s", allows: ["s"] }],
    [404, { code: "not_connected", ...named }],
    [404, { code: "unknown_service", service: "x", known: [] }],
    [409, { code: "reauthorization_required", ...named }],
    [429, { code: "rate_limited", retryAfter: 60 }],
    [503, { code: "provider_unavailable", title: "Google", retryAfter: 30 }],
  ];
  for (const [status, reason] of expected) {
    const wire = wireOf(new Refusal(reason), world, request());
    assertEquals([wire.status, wire.error], [status, reason.code]);
  }
  assertEquals(world.events, [], "a refusal is nothing for the log");
});

Deno.test("traceOf() has no words for what is no error", () => {
  for (const thrown of ["a secret", { message: "a secret" }, null, undefined, 7]) {
    assertEquals(traceOf(thrown), { name: "unknown", at: "" });
  }
});

Deno.test("traceOf() looks for the place of a fault near the top of its stack", () => {
  const placed = (lines: number) => {
    const error = new Error("a secret");
    const library = "    at node:internal\n".repeat(lines);
    error.stack = `Error: a secret\n${library}    at file:///x/routes/api/links.ts:7:1`;
    return traceOf(error).at;
  };
  assertEquals([placed(10), placed(10_000)], ["api/links.ts:7", ""]);
});

Deno.test("traceOf() takes no line of a message for a place, whatever became of the message", () => {
  const error = new Error("what it was is not there any more");
  error.stack =
    "Error: of\nsecret-token/x.ts:1\nand more\n    at file:///x/routes/api/links.ts:7:1";
  assertEquals(traceOf(error), { name: "Error", at: "api/links.ts:7" });
});

Deno.test("wireOf() tells the methods that work", () => {
  const refusal = new HttpRefusal({ code: "method_not_allowed", allow: "GET, POST" });
  const { status, allow } = wireOf(refusal, testWorld(), request());
  assertEquals([status, allow], [405, "GET, POST"]);
});

Deno.test("wireOf() tells the caller that the store is out, and the operator why", () => {
  for (
    const error of [
      new StoreError("put connections", inOwnWords(new Error("disk I/O error"))),
      new VaultError("unknown_key", "Cannot open x: disk I/O error"),
    ]
  ) {
    const world = testWorld();
    const { status, description } = wireOf(error, world, request());
    assertEquals(status, 503);
    assert(!description.includes("disk"));
    assertEquals(world.events.map(({ detail }) => detail), [error.message]);
    assert(error.message.includes("disk I/O error"));
  }
});

Deno.test("wireOf() shows nothing of what was not foreseen", () => {
  for (const message of ["secret-token", "secret-token/x.ts:1", "x\n    at secret-token/x.ts:1"]) {
    const world = testWorld();
    const wire = wireOf(new TypeError(message), world, request());
    assertEquals([wire.status, wire.error], [500, "server_error"]);
    assertEquals(world.events.map(({ name }) => name), ["TypeError"]);
    assertMatch(String(world.events[0]!.at), /^http\/errors_test\.ts:\d+$/);
    assert(!JSON.stringify([wire, world.events]).includes("secret-token"));
  }
});
