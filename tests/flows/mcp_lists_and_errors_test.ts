import { assert, assertEquals, assertMatch } from "@std/assert";
import { ask2025, ask2026 } from "../support/ask.ts";
import { startGateway } from "../support/gateway.ts";

Deno.test("an unknown tool is said once, in either revision", async () => {
  await using gateway = await startGateway();
  for (const era of [ask2025, ask2026]) {
    const { error } = await era(gateway, "tools/call", { name: "no_such_tool", arguments: {} });
    assertEquals([error.code, error.message], [-32602, "Unknown tool: no_such_tool"]);
  }
  // Nor does anything else come with the prefix that clients put there themselves.
  const malformed = await ask2025(gateway, "tools/call", { name: 1 });
  assertMatch(malformed.error.message, /^Invalid tools\/call request/);
});

Deno.test("a list is one person's, and old within the minute", async () => {
  await using gateway = await startGateway();
  const list = await ask2026(gateway, "tools/list");
  assertEquals(list.result.cacheScope, "private");
  assert(list.result.ttlMs > 0 && list.result.ttlMs <= 60_000, String(list.result.ttlMs));
  const { result } = await ask2026(gateway, "server/discover");
  assertEquals([result.cacheScope, result.ttlMs], ["private", 0]);
  // Nobody is promised a word that nobody could give.
  const greeting = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "t", version: "1" },
  };
  const older = await ask2025(gateway, "initialize", greeting);
  for (const { capabilities } of [result, older.result]) {
    assert(!JSON.stringify(capabilities).includes("listChanged"));
  }
});
