/**
 * When a key can be destroyed. The orders in which a process that seals and a
 * rekey can meet are gone through one by one: every operation on the database
 * waits for its turn, and every way to give out the turns is taken.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { VaultError } from "../../broker/core/store_errors.ts";
import { importKeyRing, type KeySpec } from "../../vault/key_ring.ts";
import type { Records } from "../../vault/records.ts";
import { countByKey } from "../../vault/rekey.ts";
import { rotate } from "../../vault/rotation.ts";
import { ANNOUNCE_AGAIN_MS, ANNOUNCED_MS, createSealer } from "../../vault/sealers.ts";
import { createStore } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { memoryRecords } from "../support/memory_records.ts";
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
  #waiting = new Map<string, () => void>();
  #arrived = new Map<string, () => void>();
  #over = new Set<string>();

  /** The same database, each operation of which waits for its actor's turn. */
  of(actor: string, records: Records): Records {
    const turn = () =>
      new Promise<void>((resolve) => {
        this.#waiting.set(actor, resolve);
        this.#arrived.get(actor)?.();
      });
    return {
      ...records,
      get: (key) => turn().then(() => records.get(key)),
      commit: (change) => turn().then(() => records.commit(change)),
      async *list(range) {
        await turn();
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
    this.#arrived.delete(actor);
    go();
    await this.arrived(actor);
  }
}

type Actors<T> = { [Name in keyof T]: (records: Records) => Promise<T[Name]> };

/** Runs two actors in every order of their operations; `check` sees each end. */
async function everyOrder<T extends object>(
  build: () => Promise<{ records: Records; actors: Actors<T> }>,
  check: (ended: { records: Records } & T) => Promise<void>,
): Promise<number> {
  const way: { taken: number; of: number }[] = [];
  let orders = 0;
  do {
    const { records, actors } = await build();
    const turns = new Turns();
    const names = Object.keys(actors) as (keyof T & string)[];
    const ended: Partial<T> = {};
    const running = names.map((name) =>
      actors[name](turns.of(name, records)).then((result) => {
        ended[name] = result;
      }).finally(() => turns.end(name))
    );
    await Promise.all(names.map((name) => turns.arrived(name)));
    for (let step = 0;; step++) {
      const ready = names.filter((name) => !turns.isOver(name));
      if (ready.length === 0) break;
      way[step] ??= { taken: 0, of: ready.length };
      await turns.let(ready[way[step]!.taken]!);
    }
    await Promise.all(running);
    await check({ records, ...ended as T });
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

/** What is in the database once `k1` is destroyed. */
async function openedWithK2(records: Records) {
  return createStore(records, await ringOf("k2"), CLOCK);
}

Deno.test("in no order of their operations does rekey free a key with which a process seals", async () => {
  let freed = 0;
  const orders = await everyOrder(async () => {
    const records = await databaseUnderK1();
    return {
      records,
      actors: {
        // It knows k2, and was not told yet that this one seals.
        async stored(records) {
          const { links } = createStore(records, await ringOf("k1", "k2"), CLOCK);
          await links.put("digest", LINK);
          return true;
        },
        freed: (records) => canGo(records),
      },
    };
  }, async ({ records, freed: isFree, stored }) => {
    assert(stored);
    if (!isFree) return;
    freed += 1;
    assertEquals([...(await countByKey(records)).keys()], ["k2"]);
    const { links, connections } = await openedWithK2(records);
    assertEquals((await links.peek("digest"))?.value, LINK);
    assert(await connections.get(connection) !== null);
  });
  assert(orders > 100 && freed > 0 && freed < orders, `${freed} of ${orders}`);
});

Deno.test("in no order does a process change a record that rekey moves, and lose it with the key", async () => {
  let freed = 0;
  const changed = { ...connection, updatedAt: 7 };
  await everyOrder(async () => {
    const records = await databaseUnderK1();
    return {
      records,
      actors: {
        async stored(records) {
          const { connections } = createStore(records, await ringOf("k1", "k2"), CLOCK);
          for (;;) {
            const stored = await connections.get(connection);
            if (await connections.put(changed, stored!.version) !== null) return true;
          }
        },
        freed: (records) => canGo(records),
      },
    };
  }, async ({ records, freed: isFree }) => {
    freed += Number(isFree);
    const { connections } = isFree
      ? await openedWithK2(records)
      : createStore(records, await ringOf("k2", "k1"), CLOCK);
    assertEquals((await connections.get(connection))?.value, changed);
  });
  assert(freed > 0);
});

Deno.test("in no order do two rekeys with opposite rings retire both keys", async () => {
  const ends = new Set<string>();
  await everyOrder(async () => {
    const records = memoryRecords();
    await createStore(records, await ringOf("k3"), CLOCK, { records }).links.put("a", LINK);
    // Nothing is left to move: only the retiring is looked at.
    await records.commit({ deletes: [["links", "a"]] });
    const retire = (first: string, other: string) => async (records: Records) => {
      try {
        const { oldKeys } = await rotate(records, await ringOf(first, other), CLOCK);
        return oldKeys.some(({ canGo }) => canGo);
      } catch (error) {
        if (error instanceof VaultError) return false;
        throw error;
      }
    };
    // The longer half of a rotation has no choice in it: two short rings are enough.
    return { records, actors: { one: briefly(retire("k2", "k1")), two: briefly(retire("k1", "k2")) } };
  }, async ({ records }) => {
    const retired = await Array.fromAsync(records.list({ prefix: ["retired"] }));
    ends.add(retired.map(({ key }) => key[1]).join());
    assert(retired.length <= 1);
  });
  assertEquals([...ends].sort(), ["k1", "k2"]);
});
