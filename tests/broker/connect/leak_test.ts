/** A leak is answered beside everything else that goes on: what changes meanwhile is seen. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  answerLeak,
  isAnswered,
  type LeakReport,
  REVOCATION_TRIES,
} from "../../../broker/connect/leak.ts";
import type { OAuthFlow, Revocation } from "../../../broker/core/authorization_server.ts";
import { type Connection, UNNAMED_ACCOUNT } from "../../../broker/core/connection.ts";
import type { ConnectionLedger, Store } from "../../../broker/core/store.ts";
import { StoreError } from "../../../broker/core/store_errors.ts";
import { LONGEST_HOLD_OFF_MS } from "../../../broker/tokens/freshness.ts";
import { createConnectionLedger } from "../../../vault/connection_ledger.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, storedOf } from "../fixtures.ts";

const { credential } = serverOf();

function ringOf(id: string) {
  return importKeyRing([{ id, bytes: crypto.getRandomValues(new Uint8Array(32)) }]);
}

/** A store that a leak is answered on; everything was issued before it, unless it says otherwise. */
async function start(revoke: (token: string) => Revocation | Promise<Revocation> = revoked) {
  const world = testWorld();
  // Nobody waits: when all that is ready is done, the clock goes on to the next who sleeps.
  const slept: number[] = [];
  const sleepers: { until: number; wake: () => void }[] = [];
  world.sleep = (ms) =>
    new Promise((wake) => {
      slept.push(ms);
      sleepers.push({ until: world.now() + ms, wake });
      setTimeout(() => {
        const [next] = sleepers.sort((a, b) => a.until - b.until).splice(0, 1);
        world.skew += Math.max(0, next!.until - world.now());
        next!.wake();
      });
    });
  const before = world.now() + 1000;
  const records = memoryRecords();
  const ring = await ringOf("k1");
  const store = createStore(records, ring, world);
  const ledger = createConnectionLedger(records);
  const told: string[] = [];
  const flow: OAuthFlow = {
    ...credential as OAuthFlow,
    revoke: async ({ accessToken }) => {
      told.push(accessToken);
      return await revoke(accessToken);
    },
  };
  const server = serverOf({ credential: flow });
  const connection = (account: string, more: Partial<Connection> = {}): Connection =>
    storedOf(account, ["mail"], { updatedAt: world.now(), ...more }).value;
  return {
    world,
    before,
    records,
    store,
    told,
    slept,
    ledger,
    server,
    connection,
    connect: async (account: string, more: Partial<Connection> = {}) => {
      const value = connection(account, more);
      await store.connections.put(value, null);
      return value;
    },
    handOff: async () => {
      const { subject, provider, tokens } = connection("1");
      const of = { subject, provider, services: [], tokens, account: { id: "1", label: "one" } };
      await store.handoffs.put("digest", { ...of, expiresAt: world.now() + 60_000 });
    },
    answer: (
      { around = {}, book = {}, onProgress }: {
        around?: Partial<Store>;
        book?: Partial<ConnectionLedger>;
        onProgress?: () => void;
      } = {},
    ) => {
      world.skew += 2000;
      const deps = { store: { ...store, ...around }, ledger: { ...ledger, ...book }, world };
      return answerLeak(deps, { provider: "acme", before, server }, onProgress);
    },
  };
}

function revoked(): Revocation {
  return { kind: "revoked" };
}

/** What a report says that is not nothing. */
function said(report: LeakReport): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(report).filter(([, value]) => typeof value === "number" && value > 0),
  );
}

Deno.test("a hand-off that changes while it is given up is given up as it is then", async () => {
  const { store, handOff, answer, world } = await start();
  await handOff();
  let changes = 0;
  const { handoffs } = store;
  const report = await answer({
    around: {
      handoffs: {
        ...handoffs,
        async replace(digest, value, version) {
          changes += 1;
          if (changes > 1) return await handoffs.replace(digest, value, version);
          const kept = (await handoffs.peek(digest))!;
          await handoffs.replace(digest, { ...kept.value, missing: ["x"] }, kept.version);
          return await handoffs.replace(digest, value, version);
        },
        take: () => Promise.resolve(false),
      },
    },
  });
  assertEquals([changes, report.handoffs], [2, 1]);
  const kept = (await handoffs.peek("digest"))!.value;
  assertEquals([kept.usableUntil, kept.missing], [0, ["x"]]);
  assert(kept.expiresAt > world.now());
});

Deno.test("a hand-off that housekeeping has taken by then is not told of", async () => {
  const { store: { handoffs }, handOff, answer, told } = await start();
  await handOff();
  const around = {
    handoffs: {
      ...handoffs,
      async replace(digest: string, value: never, version: string) {
        const replaced = await handoffs.replace(digest, value, version);
        await handoffs.take(digest, replaced!);
        return replaced;
      },
    },
  };
  assertEquals(said(await answer({ around })), { handoffs: 1 });
  assertEquals(told, []);
});

Deno.test("a connection that is gone by then is nobody's", async () => {
  for (const goneAt of [1, 2]) {
    const { store: { connections }, connect, answer, told } = await start();
    await connect("1");
    let looks = 0;
    const around = {
      connections: {
        ...connections,
        get: (ref: Connection) => ++looks >= goneAt ? Promise.resolve(null) : connections.get(ref),
      },
    };
    const report = said(await answer({ around }));
    assertEquals(report, goneAt === 1 ? { seen: 1 } : { seen: 1, laidDown: 1 });
    assertEquals(told, []);
  }
});

Deno.test("the provider is not told of what a person has connected anew, or ended since", async () => {
  const { store: { connections }, connect, answer, told, before } = await start();
  const old = await connect("1");
  const issued = { ...old.tokens, issuedAt: before, accessToken: "newer" };
  // It was ended here, and its end is the affair of whoever ended it.
  await connect("2", { tokens: issued, connectedAt: before, endedAt: before });
  let looks = 0;
  const around = {
    connections: {
      ...connections,
      async get(ref: Connection) {
        const found = await connections.get(ref);
        if (found === null || ref.account !== "1" || ++looks < 2) return found;
        const { endedAt: _ended, ...value } = found.value;
        return { ...found, value };
      },
    },
  };
  assertEquals(said(await answer({ around })), { seen: 2, newer: 1, laidDown: 1 });
  assertEquals(told, []);
});

Deno.test("what hangs on the grant of a newer connection is not said to have ended", async () => {
  const { store: { connections }, connect, answer, told, before } = await start();
  const old = await connect("1");
  const issued = { ...old.tokens, issuedAt: before, accessToken: "newer" };
  await connect("1", { subject: "voice:v", tokens: issued, connectedAt: before });
  assertEquals(said(await answer()), { seen: 2, newer: 1, laidDown: 1, held: 1 });
  assertEquals([told, (await connections.get(old))?.value.revokedAt], [[], undefined]);
});

Deno.test("what cannot be ended is neither said to have ended nor taken from who may claim it", async () => {
  const ends: [Revocation, object][] = [
    [{ kind: "unsupported" }, { unsupported: 2 }],
    [{ kind: "failed", reason: "no" }, {}],
  ];
  for (const [revocation, counted] of ends) {
    const { store, connect, handOff, answer } = await start(() => revocation);
    const old = await connect("1");
    await handOff();
    const report = await answer();
    assertEquals(said(report), { seen: 1, laidDown: 1, handoffs: 1, ...counted });
    assertEquals([...report.failed], revocation.kind === "failed" ? [["no", 2]] : []);
    assertEquals((await store.connections.get(old))?.value.revokedAt, undefined);
    assert(await store.handoffs.peek("digest") !== null);
  }
});

Deno.test("what cannot be opened is laid down as it is by then, and once", async () => {
  const started = await start();
  const { records, ledger, answer, world, connection } = started;
  const lost = createStore(records, await ringOf("lost"), world);
  const old = connection("1");
  await lost.connections.put(old, null);
  const ended = connection("2", { updatedAt: started.before, endedAt: started.before });
  await lost.connections.put(ended, null);
  let tries = 0;
  const book = {
    async layDown(entry: Parameters<typeof ledger.layDown>[0], at: number) {
      tries += 1;
      if (tries === 1) await lost.connections.put({ ...old, label: "one" }, entry.version);
      return await ledger.layDown(entry, at);
    },
  };
  assertEquals(said(await answer({ book })), { seen: 2, unopened: 2 });
  assertEquals(tries, 2);
  assert((await ledger.look(old))?.endedAt !== undefined);
});

Deno.test("nobody waits for the end of an account that has no name", async () => {
  const both = Promise.withResolvers<void>();
  const { connect, answer, told } = await start(async () => {
    if (told.length === 2) both.resolve();
    await both.promise;
    return { kind: "revoked" };
  });
  await connect(UNNAMED_ACCOUNT);
  await connect(UNNAMED_ACCOUNT, { subject: "voice:v" });
  assertEquals(said(await answer()), { seen: 2, laidDown: 2, revoked: 2 });
});

Deno.test("what has ended at the provider is said to have, and of a hand-off nothing is left", async () => {
  const { store, connect, handOff, answer, world } = await start();
  const old = await connect("2");
  await handOff();
  let looked = 0;
  assertEquals((await answer({ onProgress: () => looked++ })).revoked, 2);
  assertEquals([await store.handoffs.peek("digest"), looked], [null, 1]);
  assert((await store.connections.get(old))!.value.revokedAt! <= world.now());
});

Deno.test("what changes while the provider is told is said to have ended as long as it is the same", async () => {
  type Change = (old: Connection, version: string) => Promise<unknown>;
  /** What is left of one that is changed before its end at the provider is noted. */
  const leftOf = async (changeOf: (started: Awaited<ReturnType<typeof start>>) => Change) => {
    const started = await start();
    const { store: { connections }, connect, answer } = started;
    const old = await connect("1");
    const change = changeOf(started);
    let isChanged = false;
    const around = {
      connections: {
        ...connections,
        async put(value: Connection, version: string | null) {
          if (value.revokedAt !== undefined && !isChanged) {
            isChanged = true;
            const { value: then, version: now } = (await connections.get(old))!;
            await change(then, now);
          }
          return await connections.put(value, version);
        },
      },
    };
    assertEquals((await answer({ around })).revoked, 1);
    return (await connections.get(old))?.value;
  };
  const renamed = await leftOf(({ store }) => (then, version) =>
    store.connections.put({ ...then, label: "one" }, version)
  );
  assertEquals([renamed?.label, renamed?.revokedAt !== undefined], ["one", true]);
  const anew = await leftOf(({ store, before }) => ({ endedAt: _ended, ...then }, version) => {
    const tokens = { ...then.tokens, issuedAt: before, accessToken: "newer" };
    return store.connections.put({ ...then, tokens, connectedAt: before }, version);
  });
  assertEquals([anew?.tokens.accessToken, anew?.revokedAt], ["newer", undefined]);
  const gone = await leftOf(({ store }) => (then, version) =>
    store.connections.delete(then, version)
  );
  assertEquals(gone, undefined);
});

Deno.test("a store that is out is not taken for one that cannot open what it has", async () => {
  const { store: { connections }, ledger, connect, answer } = await start();
  const old = await connect("1");
  const get = () => Promise.reject(new StoreError("get", new Error("out of order")));
  await assertRejects(
    () => answer({ around: { connections: { ...connections, get } } }),
    StoreError,
  );
  assertEquals((await ledger.look(old))?.endedAt, undefined);
});

Deno.test("of what cannot be opened the provider is not told, and that is left to do where it is to be", async () => {
  const { answer, server } = await start();
  const report = await answer();
  assert(isAnswered(report, { server }));
  assert(isAnswered({ ...report, unopened: 1 }, { server: undefined }));
  assert(!isAnswered({ ...report, unopened: 1 }, { server }));
});

for (const [one, other] of [[100, 1], [1, 100]] as const) {
  Deno.test(`of a provider's pauses of ${one} and ${other} seconds the longer one holds for all`, async () => {
    await pausing(one, other);
  });
}

async function pausing(one: number, other: number): Promise<void> {
  const asked: number[] = [];
  const wait: Record<string, number> = { "token of 1": one, "token of 2": other };
  const both = Promise.withResolvers<void>();
  const { world, connect, answer } = await start(async (token) => {
    asked.push(world.now());
    // Nobody hears of a pause before both are asked: else one may be over when the other is told.
    if (asked.length === 2) both.resolve();
    await both.promise;
    const retryAfter = wait[token];
    delete wait[token];
    return retryAfter === undefined
      ? { kind: "revoked" }
      : { kind: "failed", reason: "busy", retryAfter };
  });
  await connect("1");
  await connect("2");
  const began = world.now() + 2000;
  assertEquals((await answer()).revoked, 2);
  const later = asked.slice(2).map((at) => at - began);
  assert(later.length === 2, String(later));
  assert(later.every((ms) => ms >= 100_000 && ms < 200_000), String(later));
}

Deno.test("a provider's pause is not for ever, nor is it asked for ever", async () => {
  const endless = await start(() => ({ kind: "failed", reason: "busy", retryAfter: 1e9 }));
  await endless.connect("1");
  const { failed } = await endless.answer();
  assertEquals([...failed], [["busy", 1]]);
  assertEquals([endless.told.length, Math.max(...endless.slept)], [
    REVOCATION_TRIES,
    LONGEST_HOLD_OFF_MS,
  ]);
});
