/** What is ended, what is taken back, and what is said of it to whom. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { appActor } from "../../../broker/core/actor.ts";
import type { Handoff } from "../../../broker/core/connection.ts";
import type { Reach } from "../../../broker/core/reach.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { Store } from "../../../broker/core/store.ts";
import { StoreError, VaultError } from "../../../broker/core/store_errors.ts";
import { disconnect, type DisconnectDeps } from "../../../broker/connect/disconnect.ts";
import { patiently, takenBack } from "../../../broker/connect/take_back.ts";
import { endUnclaimed, UNCLAIMED_LIMIT } from "../../../broker/connect/unclaimed.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

async function start() {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  return { world, store: createStore(memoryRecords(), ring, world) };
}

Deno.test("a key hears of no account that is for other services alone, when several could be meant", async () => {
  const { world } = await start();
  const survey = () =>
    Promise.resolve({
      opened: [storedOf("1", ["mail"]), storedOf("2", ["calendar"])],
      unopened: [{
        ref: { subject: "voice:u", provider: "acme", account: "3" } as const,
        version: "1",
        updatedAt: 0,
      }],
    });
  const deps = { servers: serversOf(serverOf()), connections: { survey }, world };
  const heard = async (reach: Reach) => {
    const choice = {
      subject: "voice:u",
      actor: appActor("voice"),
      service: "mail",
      reach,
    } as const;
    const end = () => disconnect(deps as unknown as DisconnectDeps, choice);
    const { reason } = await assertRejects(end, Refusal);
    return reason.code === "unknown_account" ? reason.accounts : reason.code;
  };
  assertEquals(await heard(undefined), ["1@example.com", "2@example.com", "3"]);
  assertEquals(await heard(["mail"]), ["1@example.com", "3"]);
});

Deno.test("only what a store may do later is tried again", async () => {
  const { world } = await start();
  for (const error of [new TypeError("a fault"), new StoreError("put", new Error("x"), true)]) {
    let tries = 0;
    const write = () => {
      tries += 1;
      return Promise.reject(error);
    };
    assertEquals(await assertRejects(() => patiently(world, write)), error);
    assertEquals(tries, 1);
  }
});

Deno.test("what is taken back is refused in words by what kept it from being kept", async () => {
  const { world, store } = await start();
  const { value: { subject, tokens } } = storedOf("1", ["mail"]);
  const given = { server: serverOf(), subject, tokens, account: "1" };
  const codeOf = async (error: unknown) => {
    const told = await takenBack({ store, world }, given, error);
    return told instanceof Refusal ? told.reason.code : told;
  };
  assertEquals(await codeOf(new StoreError("put", new Error("x"))), "not_stored");
  assertEquals(await codeOf(new VaultError("retired_key", "x")), "not_stored");
  assertEquals(await codeOf(new StoreError("put", new Error("x"), true)), "not_keepable");
  const fault = new TypeError("a fault");
  assertEquals(await codeOf(fault), fault);

  const lives = (error: Error) => ({
    ...store,
    connections: { ...store.connections, lives: () => Promise.reject(error) },
  } as Store);
  const out = lives(new StoreError("lives", new Error("out of order")));
  assert(await takenBack({ store: out, world }, given, fault) === fault);
  const broken = { store: lives(new RangeError("another fault")), world };
  await assertRejects(() => takenBack(broken, given, fault), RangeError);
});

Deno.test("of what nobody has claimed a run ends so much, and leaves what no provider is known of", async () => {
  const { world, store } = await start();
  const { value: { subject, provider, tokens } } = storedOf("1", ["mail"]);
  const expiresAt = world.now() + 3_600_000;
  const handoff = (provider: string, n: number): Handoff => ({
    subject,
    provider,
    tokens,
    services: [],
    account: { id: String(n), label: "one" },
    usableUntil: world.now() - 1,
    expiresAt,
  });
  await store.handoffs.put("gone", handoff("gone", 0));
  const deps = { store, servers: serversOf(serverOf()), world };
  assertEquals(await endUnclaimed(deps), 1);
  assertEquals((await store.handoffs.peek("gone"))?.value.usableUntil, world.now() - 1);
  assertEquals(world.events, []);
  for (let n = 0; n < UNCLAIMED_LIMIT; n++) await store.handoffs.put(`d${n}`, handoff(provider, n));
  assertEquals(await endUnclaimed(deps), UNCLAIMED_LIMIT);
});
