/** Which session tokens are good, and which are listed and ended. */

import { assertEquals, assertRejects } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import type { ApiKey } from "../../broker/core/api_key.ts";
import { SESSION_TOKEN_SECONDS } from "../../broker/core/grant.ts";
import { passingDigest } from "../../broker/core/secrets.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { createDoors, DOORS } from "../../gateway/doors.ts";
import {
  createSessionToken,
  endSessionTokens,
  livingSessionTokens,
  readSessionToken,
  type SessionTokenDeps,
} from "../../gateway/session_tokens.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testWorld } from "../support/world.ts";

const key = (realm: string, text: string) =>
  ({ realm, sha256: passingDigest(text).slice() }) as unknown as ApiKey;
const VOICE = key("voice", "one");
const HOUR_MS = 60 * 60_000;

async function start() {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const store = createStore(memoryRecords(), ring, world);
  const deps = (apiKeys: ApiKey[] = [VOICE]): SessionTokenDeps => ({
    store,
    world,
    publicUrl: "https://sb.example",
    signingKeys: ring,
    apiKeys,
    doors: createDoors(world),
    identified: { caller: () => {} },
  });
  const make = (lifetimeMs = HOUR_MS) =>
    createSessionToken(deps(), VOICE, {
      subject: "voice:u",
      readOnly: false,
      voice: false,
      lifetimeMs,
    });
  const isGood = async (token: string, apiKeys?: ApiKey[]) =>
    await readSessionToken(deps(apiKeys), token) !== undefined;
  return { world, store, deps, make, isGood };
}

Deno.test("a session token is good for its time, with the key that made it, and while it is kept", async () => {
  const { world, store, make, isGood } = await start();
  const { token, record } = await make();
  assertEquals(await isGood(token), true);
  // Another key of the same app, and the same key as another app's.
  assertEquals(await isGood(token, [key("voice", "two")]), false);
  assertEquals(await isGood(token, [key("other", "one")]), false);
  assertEquals(await isGood(token, []), false);
  for (const bad of ["", "sb_st_", token.slice(0, -2), `${token}x`, token.replace("sb_st_", "")]) {
    assertEquals(await isGood(bad), false);
  }
  world.skew += HOUR_MS - 1;
  assertEquals(await isGood(token), true);
  world.skew += 1;
  assertEquals(await isGood(token), false);
  world.skew -= HOUR_MS;
  // Its record says longer than any may: it was written by a clock that ran ahead.
  const { value, version } = (await store.sessionTokens.get(record.subject, record.id))!;
  const expiresAt = world.now() + SESSION_TOKEN_SECONDS.max * 1000 + HOUR_MS;
  await store.sessionTokens.put({ ...value, expiresAt }, version);
  assertEquals(await isGood(token), false);
});

Deno.test("those that are over are not listed, the newest is first, and one or all are ended", async () => {
  const { world, deps, make, isGood } = await start();
  const short = await make(1_000);
  world.skew += 500;
  const one = await make();
  world.skew += 1;
  const two = await make();
  world.skew += 1;
  const three = await make();
  const listed = async () =>
    (await livingSessionTokens(deps(), "voice:u")).map(({ expiresAt }) => expiresAt).length;
  assertEquals(await listed(), 4);
  world.skew += 500;
  assertEquals(await listed(), 3);
  const newestFirst = (await livingSessionTokens(deps(), "voice:u")).map(({ id }) => id);
  assertEquals(newestFirst, [three, two, one].map(({ record }) => record.id));
  assertEquals(await livingSessionTokens(deps(), "voice:other"), []);
  const end = (id?: string) => endSessionTokens(deps(), "voice:u", id);
  assertEquals([await end("nonsense"), await end(one.record.id)], [0, 1]);
  assertEquals([await isGood(one.token), await isGood(two.token)], [false, true]);
  assertEquals(await isGood(short.token), false);
  await end();
  assertEquals([await isGood(two.token), await isGood(three.token), await listed()], [
    false,
    false,
    0,
  ]);
});

Deno.test("a session token has turns of its own, and a user so many tokens", async () => {
  const { deps, make, isGood } = await start();
  const { token, record } = await make();
  const callers: string[] = [];
  const doors = createDoors(deps().world);
  const counted = {
    ...deps(),
    doors,
    identified: { caller: (name: string) => void callers.push(name) },
  };
  await readSessionToken(counted, token);
  assertEquals(callers, [`client ${record.id}`]);
  const request = { readOnly: false, voice: false, lifetimeMs: HOUR_MS };
  const makeFor = (subject: "voice:u" | "voice:other") =>
    createSessionToken(counted, VOICE, { ...request, subject });
  for (let n = 1; n < DOORS.session_token.limit; n++) doors.enter("session_token", "voice:u");
  assertEquals(await isGood((await makeFor("voice:u")).token), true);
  const { reason } = await assertRejects(() => makeFor("voice:u"), Refusal);
  assertEquals(reason.code, "rate_limited");
  assertEquals(await isGood((await makeFor("voice:other")).token), true);
});
