/**
 * A deletion that is cut off after any of its steps, beside any other work: done
 * again it leaves nothing, and at no time is something open at a provider of
 * which nobody here knows any more.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Revocation } from "../../broker/core/authorization_server.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import { CLOSED_MS } from "../../broker/core/person_store.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { StoreError } from "../../broker/core/store_errors.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { erase } from "../../broker/connect/erase.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import type { Records } from "../../vault/records.ts";
import { createStore } from "../../vault/store.ts";
import { serverOf, serversOf } from "../broker/fixtures.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { connectionOf, plantPerson, SECRET, walk } from "../support/planted_person.ts";
import { testWorld } from "../support/world.ts";

const ANA: Subject = "voice:ana-7f3c";
const ASKING = { subject: ANA, actor: { kind: "app", id: "voice" } } as const;
const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32).fill(7) }]);
const world = testWorld();

/** A provider that notes which access tokens it was told to end. */
function provider(told: Set<string>, answer: Revocation = { kind: "revoked" }) {
  const revoke = (tokens: TokenSet) => {
    told.add(tokens.accessToken);
    return Promise.resolve(answer);
  };
  const { credential } = serverOf();
  return serversOf(
    serverOf({ credential: { ...credential, revoke, revokeAlone: revoke } as typeof credential }),
  );
}

function depsOn(records: Records, told: Set<string>, answer?: Revocation) {
  return { servers: provider(told, answer), store: createStore(records, ring, world), world };
}

/** It is killed before the commit of that number, or after it was done and before it was told. */
function killedAt(records: Records, step: number, when: "before" | "after") {
  let left = step;
  const unlessDead = () => {
    if (left < 0) throw new Error("killed");
  };
  const killed: Records = {
    ...records,
    async get(key) {
      unlessDead();
      return await records.get(key);
    },
    async *list(range) {
      unlessDead();
      yield* records.list(range);
    },
    async commit(change) {
      left -= 1;
      if (when === "before") unlessDead();
      const version = await records.commit(change);
      unlessDead();
      return version;
    },
  };
  return { killed, isOver: () => left < 0 };
}

/** What her app is told for three days: that it ended, and of her nothing but the app's own name for her. */
const FAREWELL =
  /^\[\["events","voice:~evt_[\w-]+","evt_[\w-]+"\],\{[^{}]*\},\{"type":"connection.deleted","subject":"voice:ana-7f3c","at":\d+,"provider":"[\w ]+",("services":\[[\w",]*\],)?"reason":"user_deleted"\}\]$/;
const hers = (texts: string[]) =>
  texts.filter((text) => text.includes("ana-7f3c") && !FAREWELL.test(text));
/** The tokens of somebody's accounts, as they stand in a database or were told to a provider. */
const tokensIn = (text: string) =>
  [...text.matchAll(new RegExp(`${SECRET} access [^"\\\\]+`, "g"))].map(([token]) => token);

for (const when of ["before", "after"] as const) {
  Deno.test(`cut off ${when} any step, and done again, it leaves nothing and lets nothing go on`, async () => {
    const planted = memoryRecords();
    const store = createStore(planted, ring, world);
    await plantPerson({ store, subject: ANA, now: world.now(), small: true });
    const tokens = new Set(hers(await walk(planted, ring)).flatMap(tokensIn));
    assertEquals(tokens.size, 4, "two connections, one handed over, one that is held");
    let steps = 0;
    for (;; steps++) {
      const records = planted.copy();
      const told = new Set<string>();
      const { killed, isOver } = killedAt(records, steps, when);
      await erase(depsOn(killed, told), ASKING).catch((error) =>
        assert(error instanceof StoreError)
      );
      const between = hers(await walk(records, ring));
      const known = new Set([...between.flatMap(tokensIn), ...told]);
      for (const token of tokens) assert(known.has(token), `step ${steps}: ${token} lives unknown`);
      // As long as anything is left she is signed in, and can do it again.
      const rest = between.filter((text) =>
        !/^\[\["(sessions|epochs|owned","[^"]+","sessions)"/.test(text)
      );
      if (rest.length > 0) {
        assert(between.some((text) => text.startsWith('[["sessions"')), `step ${steps}`);
      }
      const again = await erase(depsOn(records, told), ASKING);
      assertEquals(hers(await walk(records, ring)), [], `step ${steps}`);
      assertEquals(told, tokens);
      assert(again.connections.every(({ revocation }) => revocation.kind === "revoked"));
      if (!isOver()) break;
    }
    assert(steps > 25, `${steps} steps`);
  });
}

Deno.test("two deletions at once leave nothing, and one tombstone", async () => {
  const records = memoryRecords();
  const told = new Set<string>();
  const deps = depsOn(records, told);
  await plantPerson({ store: deps.store, subject: ANA, now: world.now() });
  const [one, two] = await Promise.all([
    erase(deps, ASKING),
    erase(depsOn(records, told), ASKING),
  ]);
  assertEquals(hers(await walk(records, ring)), []);
  const stones = await Array.fromAsync(
    records.list<{ removed: object }>({ prefix: ["tombstones"] }),
  );
  assertEquals(stones.length, 1);
  const sum = (kind: string) => (one.removed[kind] ?? 0) + (two.removed[kind] ?? 0);
  assertEquals([sum("grants"), sum("sessions"), sum("calls")], [2, 1, 1], "each was counted once");
});

Deno.test("a provider that cannot be told keeps nothing here, and that is said", async () => {
  const records = memoryRecords();
  const told = new Set<string>();
  const deps = depsOn(records, told, { kind: "failed", reason: "no answer" });
  const { store } = deps;
  await plantPerson({ store, subject: ANA, now: world.now() });
  const gone = connectionOf({ subject: ANA, now: world.now() }, { provider: "not set up" });
  await store.connections.put(gone, null);
  const { connections, removed } = await erase(deps, ASKING);
  assertEquals(connections.map(({ revocation }) => revocation.kind), Array(5).fill("failed"));
  assertEquals(connections.map(({ title }) => title).sort(), [
    ...Array(4).fill("Acme"),
    "not set up",
  ]);
  assertEquals(removed.connections, 5);
  assertEquals(hers(await walk(records, ring)), []);
});

Deno.test("whose connections are for more than an API key is for stays as they are", async () => {
  const records = memoryRecords();
  const deps = depsOn(records, new Set());
  await plantPerson({ store: deps.store, subject: ANA, now: world.now() });
  const before = await walk(records, ring);
  const { reason } = await assertRejects(
    () => erase(deps, { ...ASKING, reach: ["mail"] }),
    Refusal,
  );
  assertEquals(reason.code, "connection_not_allowed");
  assertEquals(await walk(records, ring), before);
});

/** Every change of her records that somebody may be about to write when the deletion comes. */
Deno.test("whatever is written at the same time, nothing is left of her", async () => {
  const planted = memoryRecords();
  await plantPerson({ store: createStore(planted, ring, world), subject: ANA, now: world.now() });
  for (let at = 0; at < 100; at++) {
    const records = planted.copy();
    const told = new Set<string>();
    let step = 0;
    let isDone = false;
    const others = createStore(records, ring, world);
    // Just before the deletion's own operation of that number everybody else does what they can.
    const beside: Records = {
      ...records,
      async get(key) {
        if (step++ === at) isDone = await everything(others);
        return await records.get(key);
      },
      async commit(change) {
        if (step++ === at) isDone = await everything(others);
        return await records.commit(change);
      },
    };
    await erase(depsOn(beside, told), ASKING);
    assertEquals(hers(await walk(records, ring)), [], `at step ${at}`);
    if (!isDone && at > 60) return;
  }
});

/** Adds what can be added, changes what is there; who is refused gives up. */
async function everything(store: ReturnType<typeof createStore>): Promise<true> {
  const now = world.now();
  const unlessDeleted = async (run: () => Promise<unknown>) =>
    await run().catch((error) => {
      assert(error instanceof Refusal && error.reason.code === "user_deleted", String(error));
    });
  for (const { value, version } of await store.connections.list(ANA)) {
    // A refresh that answers, a tool call that notes its use.
    const usedAt = { ...value, usedAt: now };
    await store.connections.put(usedAt, version, { dueAt: now + 5, release: true });
    await unlessDeleted(() => store.leases.takeFor({ value, version }, "me", now));
  }
  const due = (await store.connections.due(now + 1e9, 50)).filter(({ ref }) => ref.subject === ANA);
  if (due.length > 0) await store.connections.postpone(due, now + 7);
  for (const grant of await store.grants.list(ANA)) {
    const { version } = (await store.grants.get(ANA, grant.id))!;
    await store.grants.put({ ...grant, usedAt: now }, version);
  }
  for (const kind of ["secrets", "calls", "sessions", "codes"] as const) {
    const name = { secrets: "token", calls: "call", sessions: "cookie", codes: "code" }[kind];
    const digest = `${SECRET} ${name} ${ANA}`;
    const found = await store[kind].peek(digest);
    if (found !== null) await store[kind].replace(digest, found.value as never, found.version);
  }
  await unlessDeleted(() => plantPerson({ store, subject: ANA, now }));
  return true;
}

Deno.test("after it is over she begins anew", async () => {
  const records = memoryRecords();
  const deps = depsOn(records, new Set());
  await plantPerson({ store: deps.store, subject: ANA, now: world.now() });
  const { openAt, at } = await erase(deps, ASKING);
  assertEquals(openAt - at, CLOSED_MS);
  const plant = () => plantPerson({ store: deps.store, subject: ANA, now: world.now() });
  await assertRejects(plant, Refusal);
  world.skew += CLOSED_MS;
  await plant();
  assertEquals((await deps.store.people.count(ANA)).grants, 2);
});
