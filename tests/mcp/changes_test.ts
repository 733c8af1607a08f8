import { assertEquals } from "@std/assert";
import type { AnyEntry } from "../../mcp/catalogue.ts";
import { mayChange } from "../../mcp/changes.ts";
import { call } from "../support/gateway.ts";

const entry = (readOnly: boolean) =>
  ({
    kind: "upstream",
    upstream: { spec: { title: "Acme" } },
    tool: { listed: { name: "x" }, readOnly, idempotent: true },
  }) as unknown as AnyEntry;

const CALLED = new Map([["read", entry(true)], ["write", entry(false)], ["none", undefined]]);

Deno.test("a call changes something unless its tool says that it reads", () => {
  assertEquals(mayChange(call("read"), CALLED), false);
  assertEquals(mayChange(call("write"), CALLED), true);
  // Nothing is called by it.
  assertEquals(mayChange(call("none"), CALLED), false);
  assertEquals(mayChange([call("read"), call("write", {}, 2)], CALLED), true);
  assertEquals(mayChange([call("read"), call("read", {}, 2)], CALLED), false);
});

Deno.test("of the other messages those read that are known to", () => {
  const method = (method: unknown) => mayChange({ jsonrpc: "2.0", method, id: 1 }, CALLED);
  const reading = ["initialize", "ping", "tools/list", "resources/read", "prompts/get"];
  assertEquals(reading.map(method), reading.map(() => false));
  const others = ["tasks/cancel", "notifications/cancelled", "", undefined, null, "constructor"];
  assertEquals(others.map(method), others.map(() => true));
  // The answer to a question of an upstream's.
  assertEquals(mayChange({ jsonrpc: "2.0", id: "question-1", result: {} }, CALLED), true);
  for (const body of [null, "x", 1, {}, [null]]) assertEquals(mayChange(body, CALLED), true);
});
