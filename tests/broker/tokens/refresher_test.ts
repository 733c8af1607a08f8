/** How long a caller waits for a refresh, and what it gets where none ends in time. */

import { assertEquals, assertRejects } from "@std/assert";
import type { OAuthFlow, TokenAnswer } from "../../../broker/core/authorization_server.ts";
import type { Connection } from "../../../broker/core/connection.ts";
import { StoreError } from "../../../broker/core/store_errors.ts";
import type { Need } from "../../../broker/tokens/freshness.ts";
import { PATIENCE_MS, Refresher } from "../../../broker/tokens/refresher.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, storedOf } from "../fixtures.ts";

const HOUR_MS = 3_600_000;
const FAILED: TokenAnswer = { kind: "failed", reason: "503" };
const ISSUED: TokenAnswer = {
  kind: "issued",
  tokens: { accessToken: "new", tokenType: "Bearer", expiresIn: 3600 },
};

/** A connection with so much time left, and a provider that answers when the test says so. */
async function start(leftMs: number) {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const store = createStore(memoryRecords(), ring, world);
  const slept: number[] = [];
  const over = Promise.withResolvers<void>();
  // Every wait lasts until it is cut short, or the test says that time is over.
  world.sleep = (ms, signal) => {
    slept.push(ms);
    const cut = new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
    return Promise.race([over.promise, cut]);
  };
  const answer = Promise.withResolvers<TokenAnswer>();
  let asked = 0;
  const { credential } = serverOf();
  const refresh = () => (asked++, answer.promise);
  const server = serverOf({ credential: { ...credential as OAuthFlow, refresh } });
  const { value } = storedOf("1", ["mail"]);
  const now = world.now();
  const times = { issuedAt: now - HOUR_MS, expiresAt: now + leftMs };
  const tokens = { ...value.tokens, ...times, refreshToken: "r" };
  const connection: Connection = { ...value, tokens };
  const version = (await store.connections.put(connection, null))!;
  const stored = { value: connection, version };
  const refresherOn = (on: typeof store) => new Refresher({ store: on, world });
  const refresher = refresherOn(store);
  const ensure = async (waitMs: number, need: Need = {}) => {
    const got = await refresher.ensure(server, stored, need, waitMs);
    return got.kind === "ready" ? got.stored.value.tokens.accessToken : got.kind;
  };
  return {
    ...{ world, store, slept, over, answer, server, stored },
    asked: () => asked,
    refresher,
    refresherOn,
    ensure,
  };
}

/** Those that are no courtesy among processes. */
function waits(slept: number[], ...of: number[]): number[] {
  return slept.filter((ms) => of.includes(ms));
}

Deno.test("whoever has a living token waits a few seconds for a fresh one, and no longer than it likes", async () => {
  for (const [waitMs, waited] of [[20_000, PATIENCE_MS], [1_000, 1_000]] as const) {
    const { slept, over, answer, ensure, refresher } = await start(60_000);
    const got = ensure(waitMs);
    over.resolve();
    assertEquals(await got, "token of 1");
    assertEquals(waits(slept, waitMs, PATIENCE_MS), [waited]);
    answer.resolve(ISSUED);
    await refresher.idle();
  }
});

Deno.test("whoever has no living token waits as long as it likes, and is told to come again", async () => {
  const { slept, over, answer, ensure, refresher, asked } = await start(-1);
  const got = ensure(20_000);
  over.resolve();
  assertEquals(await got, "unavailable");
  assertEquals(waits(slept, 20_000, PATIENCE_MS), [20_000]);
  // What nobody waits for is kept all the same.
  answer.resolve(ISSUED);
  await refresher.idle();
  assertEquals([await ensure(0), asked()], ["unavailable", 1]);
});

Deno.test("a token that an API refused is no living one", async () => {
  const { slept, over, answer, ensure, refresher } = await start(60_000);
  const got = ensure(20_000, { rejected: "token of 1" });
  over.resolve();
  assertEquals(await got, "unavailable");
  assertEquals(waits(slept, 20_000, PATIENCE_MS), [20_000]);
  answer.resolve(ISSUED);
  await refresher.idle();
});

Deno.test("all who wait get what one question brought", async () => {
  const { answer, ensure, asked } = await start(-1);
  const all = [1, 2, 3].map(() => ensure(20_000));
  answer.resolve(ISSUED);
  assertEquals(await Promise.all(all), ["new", "new", "new"]);
  assertEquals(asked(), 1);
});

Deno.test("a refresh that came to nothing serves the token that lives, and asks once", async () => {
  for (const [leftMs, got] of [[60_000, "token of 1"], [-1, "unavailable"]] as const) {
    const { answer, ensure, asked } = await start(leftMs);
    answer.resolve(FAILED);
    assertEquals(await ensure(20_000, { rejected: "another" }), got);
    assertEquals(asked(), 1);
  }
});

Deno.test("where the store is out whoever can be served without it is served", async () => {
  for (const leftMs of [60_000, -1]) {
    const { server, store, stored, refresherOn, asked } = await start(leftMs);
    const down = new StoreError("take leases", new Error("out"), false);
    const leases = { ...store.leases, takeFor: () => Promise.reject(down) };
    const ensured = refresherOn({ ...store, leases }).ensure(server, stored, {}, 20_000);
    if (leftMs > 0) assertEquals(await ensured, { kind: "ready", stored });
    else assertEquals(await assertRejects(() => ensured), down);
    assertEquals(asked(), 0);
  }
});
