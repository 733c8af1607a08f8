import { assertEquals } from "@std/assert";
import { moveOf, moveOut } from "../../../broker/moving/move_out.ts";
import type { Connection, TokenSet } from "../../../broker/core/connection.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { storedOf } from "../fixtures.ts";

const NOW = 1_000_000;
const { value } = storedOf("1", [], {});
const tokens = { ...value.tokens, refreshToken: undefined, expiresAt: NOW - 1 };

const renewal = { id: "client", secret: "secret", scopes: [] };
const via = { url: "https://up.example/mcp" } as unknown as TokenSet["via"];

Deno.test("moveOf() moves what lives, and once more only to the key that it went to", () => {
  const away: Partial<Connection> = { status: "moved", moved: { to: "key", at: NOW } };
  const cases: [Partial<Connection>, again: boolean, to: string, kind: string][] = [
    [{}, false, "key", "moved"],
    [away, false, "key", "moved_before"],
    [away, true, "key", "moved"],
    [away, true, "other", "moved_before"],
    [{ status: "reauthorization_required" }, true, "key", "over"],
    [{ tokens }, false, "key", "over"],
    [{ tokens: { ...tokens, expiresAt: NOW + 1 } }, false, "key", "moved"],
    [{ tokens: { ...tokens, refreshToken: "r" } }, false, "key", "moved"],
    [{ tokens: { ...tokens, refreshToken: "r", renewal } }, false, "key", "key"],
    [{ tokens: { ...tokens, refreshToken: "r", via } }, false, "key", "found"],
    [{ tokens: { ...value.tokens, tokenType: "ApiKey" } }, false, "key", "key"],
  ];
  for (const [more, again, to, kind] of cases) {
    const connection = { ...value, tokens: { ...value.tokens, refreshToken: "r" }, ...more };
    assertEquals(moveOf(connection, { to, again }, NOW).kind, kind, JSON.stringify([more, again]));
  }
});

Deno.test("moveOut() goes by what stands there when nobody refreshes it any more, and writes nothing else", async () => {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const { connections, leases } = createStore(memoryRecords(), ring, world);
  const deps = { connections, leases, world };
  const lives = { ...value, tokens: { ...value.tokens, refreshToken: "r" } };
  const away = { to: "other", at: world.now() };
  const found: [Partial<Connection>, kind: string][] = [
    [{ account: "over", status: "reauthorization_required" }, "over"],
    [{ account: "away", status: "moved", moved: away }, "moved_before"],
    [{ account: "key", tokens: { ...lives.tokens, tokenType: "ApiKey" } }, "key"],
  ];
  for (const [more, kind] of found) {
    const connection = { ...lives, ...more };
    const version = await connections.put(connection, null);
    for (const again of [true, false]) {
      assertEquals((await moveOut(deps, connection, { to: "here", again })).kind, kind);
    }
    assertEquals((await connections.get(connection))!.version, version, kind);
  }
  assertEquals((await moveOut(deps, lives, { to: "here", again: true })).kind, "gone");
  assertEquals(await connections.get(lives), null);

  await connections.put(lives, null);
  assertEquals((await moveOut(deps, lives, { to: "here", again: false })).kind, "moved");
  const moved = (await connections.get(lives))!;
  assertEquals([moved.value.status, moved.value.moved?.to], ["moved", "here"]);
  world.skew += 1000;
  const once = await moveOut(deps, lives, { to: "here", again: true });
  assertEquals(once, { kind: "moved", connection: moved.value });
  assertEquals((await connections.get(lives))!.version, moved.version, "when it left stays known");
});
