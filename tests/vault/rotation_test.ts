/**
 * When a key can be destroyed. The orders in which a process that seals and a
 * rekey can meet are gone through one by one: every operation on the database
 * waits for its turn, and every way to give out the turns is taken.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { StoreError, VaultError } from "../../broker/core/store_errors.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { importKeyRing, type KeySpec } from "../../vault/key_ring.ts";
import { sealedKinds } from "../../vault/keys.ts";
import type { RecordKey, Records } from "../../vault/records.ts";
import { countByKey } from "../../vault/rekey.ts";
import {
  listRetired,
  refuseRetired,
  RetiredKeyError,
  retireKey,
} from "../../vault/retired_keys.ts";
import { rotate } from "../../vault/rotation.ts";
import { ANNOUNCE_AGAIN_MS, ANNOUNCED_MS, createSealer, listSealers } from "../../vault/sealers.ts";
import { createStore } from "../../vault/store.ts";
import { CHECK_AGAIN_MS, openVault } from "../../vault/vault.ts";
import { storedOf } from "../broker/fixtures.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testWorld } from "../support/world.ts";
import { testAll } from "./databases.ts";

const CLOCK = { now: () => 1000 };
const LONG_MS = 60 * 60_000;
const LINK = { userId: "u", expiresAt: LONG_MS } as never;
const { value: connection } = storedOf("1", ["mail"]);

function specsOf(...ids: string[]): KeySpec[] {
  return ids.map((id) => ({ id, bytes: new Uint8Array(32).fill(id.charCodeAt(1)) }));
}

const ringOf = (...ids: string[]) => importKeyRing(specsOf(...ids));

/** Whether the rekey of `k2` over `k1` says that `k1` can be destroyed. */
async function canGo(records: Records, clock = CLOCK): Promise<boolean> {
  const { oldKeys } = await rotate(records, await ringOf("k2", "k1"), clock);
  return oldKeys.every(({ canGo }) => canGo) && oldKeys.length > 0;
}

/** Actors whose operations on one database are let through one at a time. */
class Turns {
  readonly #kinds: string[];
  readonly #waiting = new Map<string, () => void>();
  readonly #arrived = new Map<string, () => void>();
  readonly #over = new Set<string>();

  /** Operations on other kinds do not meet: they go through when they come. */
  constructor(kinds: string[]) {
    this.#kinds = kinds;
  }

  /** The same database, each operation of which waits for its actor's turn. */
  of(actor: string, records: Records): Records {
    const turn = async (...keys: RecordKey[]) => {
      if (!keys.some(([kind]) => this.#kinds.includes(String(kind)))) return;
      await new Promise<void>((resolve) => {
        this.#waiting.set(actor, resolve);
        this.#arrived.get(actor)?.();
      });
    };
    return {
      ...records,
      get: (key) => turn(key).then(() => records.get(key)),
      commit: (change) =>
        turn(...(change.sets ?? []).map(({ key }) => key)).then(() => records.commit(change)),
      async *list(range) {
        await turn(range.prefix);
        yield* records.list(range);
      },
    };
  }

  /** Resolves when the actor waits for its turn, or has ended. */
  arrived(actor: string): Promise<void> {
    if (this.#over.has(actor) || this.#waiting.has(actor)) return Promise.resolve();
    return new Promise((resolve) => this.#arrived.set(actor, resolve));
  }

  isOver(actor: string): boolean {
    return this.#over.has(actor);
  }

  end(actor: string): void {
    this.#over.add(actor);
    this.#arrived.get(actor)?.();
  }

  async let(actor: string): Promise<void> {
    const go = this.#waiting.get(actor)!;
    this.#waiting.delete(actor);
    go();
    await this.arrived(actor);
  }
}

type Actors<T> = { [Name in keyof T]: (records: Records) => Promise<T[Name]> };

/** Runs the actors in every order of their operations on these kinds; `check` sees each end. */
async function everyOrder<T extends object>(
  kinds: string[],
  build: () => Promise<{ records: Records; actors: Actors<T> }>,
  check: (records: Records, ended: T) => Promise<void>,
): Promise<number> {
  const way: { taken: number; of: number }[] = [];
  let orders = 0;
  do {
    const { records, actors } = await build();
    const turns = new Turns(kinds);
    const names = Object.keys(actors) as (keyof T & string)[];
    const ended: Partial<T> = {};
    const running = names.map(async (name) => {
      try {
        ended[name] = await actors[name](turns.of(name, records));
      } finally {
        turns.end(name);
      }
    });
    await Promise.all(names.map((name) => turns.arrived(name)));
    for (let step = 0;; step++) {
      const ready = names.filter((name) => !turns.isOver(name));
      if (ready.length === 0) break;
      const fork = way[step] ??= { taken: 0, of: ready.length };
      await turns.let(ready[fork.taken]!);
    }
    await Promise.all(running);
    await check(records, ended as T);
    orders += 1;
    while (way.length > 0 && ++way.at(-1)!.taken >= way.at(-1)!.of) way.pop();
  } while (way.length > 0);
  return orders;
}

/** A database in which one connection is sealed with `k1`. */
async function databaseUnderK1(): Promise<Records> {
  const records = memoryRecords();
  const { connections } = createStore(records, await ringOf("k1"), CLOCK, { records });
  await connections.put(connection, null);
  return records;
}

/** Every order in which a process stores and another one rekeys. Returns how many there are. */
function besideRekey(
  kinds: string[],
  stored: (records: Records) => Promise<boolean>,
  check: (records: Records, ended: { stored: boolean; isFree: boolean }) => Promise<void>,
): Promise<number> {
  return everyOrder(
    kinds,
    async () => {
      const actors = { stored, isFree: (records: Records) => canGo(records) };
      return { records: await databaseUnderK1(), actors };
    },
    check,
  );
}

/** What can be read when `k1` was destroyed, if it could be. */
async function openedAfter(records: Records, isFree: boolean) {
  const ring = await (isFree ? ringOf("k2") : ringOf("k2", "k1"));
  return createStore(records, ring, CLOCK);
}

Deno.test("in no order of their operations does rekey free a key with which a process seals", async () => {
  let freed = 0;
  const orders = await besideRekey(
    ["links", "sealers", "retired"],
    // It knows k2, and seals with k1: it was not restarted for the last step.
    async (records) => {
      const { links } = createStore(records, await ringOf("k1", "k2"), CLOCK);
      await links.put("digest", LINK);
      return true;
    },
    async (records, { isFree, stored }) => {
      assert(stored);
      freed += Number(isFree);
      const keys = [...(await countByKey(records)).keys()];
      if (isFree) assertEquals(keys, ["k2"]);
      const { links, connections } = await openedAfter(records, isFree);
      assertEquals((await links.peek("digest"))?.value, LINK);
      assert(await connections.get(connection) !== null);
    },
  );
  assert(freed > 0 && freed < orders, `${freed} of ${orders}`);
});

Deno.test("in no order does a process change a record that rekey moves, and lose it with the key", async () => {
  let freed = 0;
  const changed = { ...connection, updatedAt: 7 };
  const orders = await besideRekey(
    ["connections", "retired"],
    async (records) => {
      const { connections } = createStore(records, await ringOf("k1", "k2"), CLOCK);
      for (;;) {
        const stored = await connections.get(connection);
        if (await connections.put(changed, stored!.version) !== null) return true;
      }
    },
    async (records, { isFree }) => {
      freed += Number(isFree);
      const { connections } = await openedAfter(records, isFree);
      assertEquals((await connections.get(connection))?.value, changed);
    },
  );
  assert(freed > 0 && freed < orders, `${freed} of ${orders}`);
});

Deno.test("in no order does a process that has only the old key store what the new one cannot open", async () => {
  const ends = new Set<string>();
  await besideRekey(
    ["links", "sealers", "retired"],
    async (records) => {
      const { links } = createStore(records, await ringOf("k1"), CLOCK);
      try {
        await links.put("digest", LINK);
        return true;
      } catch (error) {
        if (error instanceof VaultError && error.code === "retired_key") return false;
        throw error;
      }
    },
    async (records, { isFree, stored }) => {
      ends.add(`${stored ? "stored" : "refused"} ${isFree ? "free" : "kept"}`);
      const { links } = await openedAfter(records, isFree);
      assertEquals(await links.peek("digest") !== null, stored);
    },
  );
  // Refused loudly, or stored where the new key opens it, or the old key is kept.
  assertEquals([...ends].sort(), ["refused free", "stored free", "stored kept"]);
});

Deno.test("in no order do two rekeys with opposite rings retire both keys", async () => {
  const ends = new Set<string>();
  const retire = (first: string, other: string) => async (records: Records) => {
    try {
      await rotate(records, await ringOf(first, other), CLOCK);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
  };
  await everyOrder<{ one: void; other: void }>(
    ["retired"],
    () =>
      Promise.resolve({
        records: memoryRecords(),
        actors: { one: retire("k1", "k2"), other: retire("k2", "k1") },
      }),
    async (records) => {
      const retired = await Array.fromAsync(records.list({ prefix: ["retired"] }));
      ends.add(retired.map(({ key }) => key[1]).join());
    },
  );
  assertEquals([...ends].sort(), ["k1", "k2"]);
});

testAll(
  "a process that announces the old key keeps it, until it leaves or is long gone",
  async (records) => {
    const clock = { now: () => 1000 };
    const sealer = createSealer(records, await ringOf("k1", "k2"), clock);
    await sealer.begin();
    assertEquals(await canGo(records, clock), false);
    await sealer.leave();
    assertEquals(await canGo(records, clock), true);

    const killed = createSealer(records, await ringOf("k2", "k1"), clock);
    await killed.begin();
    const onTheWay = async (now: number) => {
      const ring = await ringOf("k3", "k2");
      return await rotate(records, ring, { now: () => now });
    };
    assertEquals((await onTheWay(1000)).unready.map(({ opens }) => opens), [["k2", "k1"]]);
    assertEquals((await onTheWay(999 + ANNOUNCED_MS)).oldKeys, []);
    const [old] = (await onTheWay(1000 + ANNOUNCED_MS)).oldKeys;
    assertEquals([old?.id, old?.canGo], ["k2", true]);
  },
);

testAll("a process that seals with one old key keeps that one, and no other", async (records) => {
  const sealer = createSealer(records, await ringOf("k1", "k2", "k3"), CLOCK);
  await sealer.begin();
  const { oldKeys } = await rotate(records, await ringOf("k3", "k2", "k1"), CLOCK);
  assertEquals(oldKeys.map(({ id, sealers, canGo }) => [id, sealers.length, canGo]), [
    ["k2", 0, true],
    ["k1", 1, false],
  ]);
});

testAll(
  "where a process cannot open what the new key seals, nothing is sealed with it",
  async (records) => {
    await createStore(records, await ringOf("k1"), CLOCK).connections.put(connection, null);
    const before = await countByKey(records);
    const { unready, oldKeys } = await rotate(records, await ringOf("k2", "k1"), CLOCK);
    assertEquals(unready.map(({ key, opens }) => [key, opens]), [["k1", ["k1"]]]);
    assertEquals([await countByKey(records), oldKeys], [before, []]);
  },
);

testAll(
  "a process announces itself again when its keys change, and every few minutes",
  async (records) => {
    let [now, specs] = [1000, specsOf("k1")];
    const ring = await importKeyRing(specs, {
      reload: () => Promise.resolve(specs),
      now: () => now,
    });
    const sealer = createSealer(records, ring, { now: () => now });
    const store = createStore(records, ring, { now: () => now }, sealer);
    const version = async () => {
      await store.epochs.get("voice:u");
      await store.links.put("a", LINK);
      const [said, ...others] = await Array.fromAsync(records.list({ prefix: ["sealers"] }));
      assertEquals(others, []);
      return said!.version;
    };
    const first = await version();
    now += ANNOUNCE_AGAIN_MS - 1;
    assertEquals(await version(), first, "one write in five minutes");
    now += 1;
    const second = await version();
    assert(second !== first);
    specs = specsOf("k2", "k1");
    now += 1000;
    assert(await version() !== second);
  },
);

testAll(
  "what was sealed late, before the old key was retired, is found by the next run",
  async (records) => {
    const old = createSealer(records, await ringOf("k1", "k2"), CLOCK);
    const { connections } = createStore(records, await ringOf("k1", "k2"), CLOCK, old);
    await old.begin();
    assertEquals(await canGo(records), false);
    await connections.put(connection, null);
    await old.leave();
    assertEquals(await canGo(records), true);
    assertEquals([...await countByKey(records)], [["k2", 1]]);
  },
);

testAll(
  "a process that starts with retired keys only is stopped, and says why",
  async (records) => {
    assertEquals(await canGo(records), true);
    const old = createSealer(records, await ringOf("k1"), CLOCK);
    await assertRejects(() => old.begin(), VaultError, '"k1"');
    assertEquals(await listSealers(records, 0), []);
  },
);

Deno.test("a program whose keys were all retired does not start", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const kvPath = `${folder}/kv.sqlite`;
  const records = await openRecords(kvPath);
  assertEquals(await canGo(records), true);
  records.close();
  const open = () => openVault({ kvPath, keys: specsOf("k1") }, testWorld());
  const error = await assertRejects(open, VaultError, '"k1"');
  assertEquals(error.code, "retired_key");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("keys are tried again once an hour where all is well, and each time where one is missing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const world = testWorld();
  const spec = { kvPath: `${folder}/kv.sqlite`, keys: specsOf("k1") };
  const vault = await openVault(spec, world);
  const { value } = storedOf("1", ["mail"]);
  await vault.store.connections.put(value, null);
  const [entry] = await Array.fromAsync(
    vault.records.list<{ key: string }>({ prefix: ["connections"] }),
  );
  const seal = (key: string) =>
    vault.records.commit({ sets: [{ key: entry!.key, value: { ...entry!.value, key } }] });
  const lacks = async () => {
    await vault.check();
    return vault.lacksKeys();
  };
  assertEquals(await lacks(), false);
  await seal("lost");
  world.skew += CHECK_AGAIN_MS - 1;
  assertEquals(await lacks(), false, "it was well within the hour");
  world.skew += 1;
  assertEquals(await lacks(), true);
  await seal("k1");
  assertEquals(await lacks(), false, "it is back, and known to be at once");
  await vault.close();
  await Deno.remove(folder, { recursive: true });
});

testAll(
  "a key goes neither before nor after it was retired while a record of it is left",
  async (records) => {
    const left = { key: ["links", "digest"], value: { v: 1, key: "k1", box: new Uint8Array(64) } };
    const rotated = async () => {
      await records.commit({ sets: [left] });
      const { failed, oldKeys } = await rotate(records, await ringOf("k2", "k1"), CLOCK);
      assertEquals(failed.length, 1);
      return oldKeys.map(({ left, canGo }) => [left, canGo]);
    };
    assertEquals(await rotated(), [[1, false]]);
    assertEquals(await listRetired(records), [], "it may seal what comes late");
    await records.commit({ deletes: [left.key] });
    assertEquals(await canGo(records), true);
    assertEquals(await rotated(), [[1, false]], "out of a copy");
  },
);

testAll("a key is not retired in favour of one that was retired itself", async (records) => {
  const retire = (id: string, successor: string) => retireKey(records, { id, successor, now: 1 });
  assertEquals(await retire("k1", "k2"), true);
  assertEquals(await retire("k2", "k1"), false);
  assertEquals(await listRetired(records), ["k1"]);
});

testAll("what a process cannot announce it does not seal", async (records) => {
  const isAnnouncement = (change: Parameters<Records["commit"]>[0]) =>
    change.sets?.some(({ key }) => key[0] === "sealers") ?? false;
  let isOut = true;
  const failing: Records = {
    ...records,
    commit: (change) =>
      isOut && isAnnouncement(change)
        ? Promise.reject(new Error("out of order"))
        : records.commit(change),
  };
  const sealer = createSealer(failing, await ringOf("k1"), CLOCK);
  const { connections } = createStore(failing, await ringOf("k1"), CLOCK, sealer);
  await assertRejects(() => sealer.begin(), Error, "out of order");
  await assertRejects(() => connections.put(connection, null), StoreError);
  assertEquals([...await countByKey(records)], []);
  isOut = false;
  assert(await connections.put(connection, null) !== null);
  assertEquals((await listSealers(records, 1000)).length, 1);
});

testAll("a key that was retired is refused for every kind of sealed record", async (records) => {
  assertEquals(await canGo(records), true);
  const bare = refuseRetired(records, { retire: () => {} });
  const value = { key: "k1", box: new Uint8Array() };
  for (const kind of sealedKinds) {
    await assertRejects(
      () => bare.commit({ sets: [{ key: [kind, "x"], value }] }),
      RetiredKeyError,
    );
  }
  assertEquals(await countByKey(records), new Map());
});
