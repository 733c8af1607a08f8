import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { inOwnWords } from "../../broker/core/own_words.ts";
import { StoreError, VaultError } from "../../broker/core/store_errors.ts";
import type { Due, Store } from "../../broker/core/store.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { definitionKey } from "../../vault/keys.ts";
import type { Records } from "../../vault/records.ts";
import { createStore } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testAll } from "./databases.ts";

const CLOCK = { now: () => 1000 };
/** So long that no database forgets anything while a test runs, on any machine. */
const LONG_MS = 60 * 60_000;
const { value: connection } = storedOf("1", ["mail"]);
const LINK = { userId: "u", expiresAt: LONG_MS } as Parameters<Store["links"]["put"]>[1];

function ringOf(...ids: string[]) {
  const bytes = () => crypto.getRandomValues(new Uint8Array(32));
  return importKeyRing(ids.map((id) => ({ id, bytes: bytes() })));
}

testAll("a connection is stored, changed under its version, and deleted", async (records) => {
  const { connections } = createStore(records, await ringOf("k1"), CLOCK);
  const first = await connections.put(connection, null);
  assert(first !== null);
  assertEquals(await connections.put(connection, null), null);
  assertEquals(await connections.get(connection), { value: connection, version: first });
  const moved = { ...connection, updatedAt: 5 };
  const second = await connections.put(moved, first);
  assertEquals(await connections.put(connection, first), null);
  assertEquals(await connections.list("voice:u"), [{ value: moved, version: second! }]);
  assertEquals(await connections.delete(connection, first), false);
  assertEquals(await connections.delete(connection, second!), true);
  assertEquals(await connections.list("voice:u"), []);
});

testAll(
  "an account's grant lives as long as anybody's connection does, here or where it was moved",
  async (records) => {
    const { connections } = createStore(records, await ringOf("k1"), CLOCK);
    const { provider, account } = connection;
    let version: string | null = null;
    const lives = async (status: typeof connection.status) => {
      version = await connections.put({ ...connection, status }, version);
      return await connections.lives(provider, account);
    };
    assertEquals(await connections.lives(provider, account), false);
    assertEquals(await lives("active"), true);
    assertEquals(await lives("moved"), true);
    assertEquals(await lives("reauthorization_required"), false);
  },
);

testAll("a lease is taken for a connection as it was seen, and for no other", async (records) => {
  const { connections, leases } = createStore(records, await ringOf("k1"), CLOCK);
  const take = (version: string | null, owner = "me") =>
    leases.takeFor({ value: connection, version: version! }, owner, 1);
  assertEquals(await take("00000000000000000001"), null, "there is none");
  const first = await connections.put(connection, null);
  const lease = await take(first);
  const { subject, provider, account } = connection;
  assertEquals(lease, await leases.read({ subject, provider, account }));
  assertEquals(await take(first, "other"), null, "it is taken");
  await leases.release(lease!);
  const second = await connections.put({ ...connection, updatedAt: 5 }, first);
  assertEquals(await take(first), null, "it was changed since");
  assertEquals((await take(second))?.owner, "me");
});

testAll("a lease is taken once, and taken over as it was seen", async (records) => {
  const { leases } = createStore(records, await ringOf("k1"), CLOCK);
  const mine = await leases.take(connection, "me", 1);
  assert(mine !== null);
  assertEquals(await leases.take(connection, "another", 1), null);
  assert(await leases.take(connection, "another", 2, mine) !== null);
  assertEquals(await leases.take(connection, "a third", 3, mine), null);
  assertEquals((await leases.read(connection))?.owner, "another");
});

testAll("a grant is changed under its version", async (records) => {
  const { grants } = createStore(records, await ringOf("k1"), CLOCK);
  const grant = { subject: "github:1", id: "g", scopes: [], resource: "https://x/", createdAt: 1 };
  const put = (name: string, version: string | null) =>
    grants.put({ ...grant, name } as Parameters<typeof grants.put>[0], version);
  assertEquals(await put("one", null), true);
  const { version } = (await grants.get("github:1", "g"))!;
  assertEquals(await put("another", null), false, "it is there");
  assertEquals(await put("two", version), true);
  assertEquals(await put("three", version), false, "it was changed");
  assertEquals((await grants.get("github:1", "g"))?.value.name, "two");
});

testAll("a record that expires is added once, and again when its time is over", async (records) => {
  const { calls } = createStore(records, await ringOf("k1"), CLOCK);
  const call = (name: string, expiresAt: number) => ({ call: name, expiresAt });
  const first = await calls.add("digest", call("1", LONG_MS), 1000);
  assertEquals(await calls.add("digest", call("2", LONG_MS), 1000), null);
  assertEquals(await calls.peek("digest"), { value: call("1", LONG_MS), version: first! });
  const later = await calls.add("digest", call("3", 2 * LONG_MS), LONG_MS);
  assertEquals(await calls.peek("digest"), { value: call("3", 2 * LONG_MS), version: later! });
  assertEquals(await calls.replace("digest", call("4", LONG_MS), first!), null);
  const replaced = await calls.replace("digest", call("4", LONG_MS), later!);
  assertEquals((await calls.peek("digest"))?.version, replaced);
  assertEquals(await calls.take("digest", replaced!), true);
});

testAll("refreshes to come are listed by their time", async (records) => {
  const { connections } = createStore(records, await ringOf("k1"), CLOCK);
  const times: [account: string, dueAt: number][] = [["a", 1000], ["b", 200], ["c", 30]];
  for (const [account, dueAt] of times) {
    await connections.put({ ...connection, account }, null, { dueAt });
  }
  const accounts = async (now: number, limit: number) =>
    (await connections.due(now, limit)).map(({ ref }) => ref.account).join("");
  assertEquals(await accounts(1000, 9), "cba");
  assertEquals(await accounts(999, 9), "cb");
  assertEquals(await accounts(1000, 1), "c");
  const [first] = await connections.due(1000, 1);
  await connections.settle([first!]);
  assertEquals(await accounts(1000, 9), "ba");
});

testAll(
  "refreshes to come are listed from one on, and whoever moves them has them",
  async (records) => {
    const { connections } = createStore(records, await ringOf("k1"), CLOCK);
    for (const account of ["a", "b", "c", "d"]) {
      await connections.put({ ...connection, account }, null, { dueAt: 100 });
    }
    const due = (now = 1000, limit = 9, after?: Due) => connections.due(now, limit, after);
    const named = (some: Due[]) => some.map(({ ref }) => ref.account).join("");
    const [a, b, c, d] = await due();
    assertEquals(named(await due(1000, 2, a)), "bc");
    assertEquals(named(await due(1000, 9, d)), "");
    await connections.settle([b!]);
    assertEquals(named(await due(1000, 9, b)), "cd", "also after one that is gone");

    const mine = await connections.postpone([a!, c!], 2000);
    assertEquals(named(await due()), "d");
    assertEquals(named(await due(2000)), "dac");
    assertEquals(await connections.postpone([c!, d!], 3000), null, "one of them was taken");
    assertEquals(named(await due()), "d", "and none was moved");
    // To where it is: it is not lost.
    assertEquals(named((await connections.postpone(mine!, 2000))!), "ac");
    assertEquals(await connections.postpone(mine!, 4000), null, "as it was read");
    assertEquals(named(await due(2000)), "dac");
    await connections.settle(await due(2000));
    assertEquals(await due(9000), []);
  },
);

testAll("who waits for a connection hears of its change", async (records) => {
  const { connections } = createStore(records, await ringOf("k1"), CLOCK);
  const version = await connections.put(connection, null);
  const leaving = new AbortController();
  const heard = connections.changed(connection, version!, leaving.signal).then(() => "heard");
  await connections.put(connection, version);
  assertEquals(await heard, "heard");
  // An old version has changed already.
  await connections.changed(connection, version!, leaving.signal);
});

testAll("a record of single use is used once", async (records) => {
  const { links } = createStore(records, await ringOf("k1"), CLOCK);
  await links.put("digest", LINK);
  const { value, version } = (await links.peek("digest"))!;
  assertEquals(value, LINK);
  const takes = await Promise.all([links.take("digest", version), links.take("digest", version)]);
  assertEquals(takes.toSorted(), [false, true]);
  assertEquals(await links.peek("digest"), null);
});

testAll("a sign-out everywhere is counted", async (records) => {
  const { epochs } = createStore(records, await ringOf("k1"), CLOCK);
  assertEquals(await epochs.get("github:1"), 0);
  await Promise.all([epochs.raise("github:1"), epochs.raise("github:1")]);
  assertEquals([await epochs.get("github:1"), await epochs.get("github:2")], [2, 0]);
});

/** One operation on everything that is kept. */
const OPERATIONS: Record<string, (store: Store) => Promise<unknown>> = {
  "get connections": ({ connections }) => connections.get(connection),
  "list connections": ({ connections }) => connections.list("voice:u"),
  "put connections": ({ connections }) => connections.put(connection, null),
  "changed connections": ({ connections }) =>
    connections.changed(connection, "1", new AbortController().signal),
  "due connections": ({ connections }) => connections.due(0, 1),
  "take leases": ({ leases }) => leases.take(connection, "me", 1),
  "takeFor leases": ({ leases }) => leases.takeFor({ value: connection, version: "1" }, "me", 1),
  "last providers": ({ providers }) => providers.last("acme", "refreshed"),
  "note providers": ({ providers }) => providers.note("acme", "refreshed", 1),
  "peek links": ({ links }) => links.peek("digest"),
  "put links": ({ links }) => links.put("digest", LINK),
  "list grants": ({ grants }) => grants.list("github:1"),
  "get upstreams": ({ upstreams }) => upstreams.get("notes"),
  "list upstreams": ({ upstreams }) => upstreams.list("notes"),
  "raise epochs": ({ epochs }) => epochs.raise("github:1"),
};

/** A database that fails at everything, in the same words. */
function broken(error: unknown): Records {
  const fail = () => Promise.reject(error);
  const failing = { [Symbol.asyncIterator]: () => ({ next: fail }) };
  return {
    get: fail,
    near: fail,
    commit: fail,
    list: () => failing,
    watch: () => failing,
    close: () => {},
  };
}

for (const [name, run] of Object.entries(OPERATIONS)) {
  Deno.test(`${name}: what the database threw is the cause of a StoreError`, async () => {
    const cause = inOwnWords(new TypeError("disk on fire"));
    const store = createStore(broken(cause), await ringOf("k1"), CLOCK);
    const error = await assertRejects(() => run(store), StoreError);
    assertEquals(error.message, `Cannot ${name}: disk on fire`);
    assertStrictEquals(error.cause, cause);
  });
}

Deno.test("a StoreError keeps its cause, and repeats none but our own words", async () => {
  const causes = [["secret", "unknown"], [new TypeError("secret"), "TypeError"]] as const;
  for (const [cause, said] of causes) {
    const store = createStore(broken(cause), await ringOf("k1"), CLOCK);
    const error = await assertRejects(() => store.epochs.get("github:1"), StoreError);
    assertEquals([error.message, error.cause], [`Cannot get epochs: ${said}`, cause]);
  }
});

Deno.test("a VaultError comes through as it is, with its own cause", async () => {
  const records = memoryRecords();
  await createStore(records, await ringOf("k1"), CLOCK).connections.put(connection, null);
  const wrong = createStore(records, await ringOf("k1"), CLOCK);
  const cannotOpen = await assertRejects(() => wrong.connections.get(connection), VaultError);
  assertEquals(cannotOpen.code, "cannot_open");
  // What the cipher said: it holds no key and no text.
  assert(cannotOpen.cause instanceof Error && !(cannotOpen.cause instanceof StoreError));
  const missing = createStore(records, await ringOf("k2"), CLOCK);
  const unknown = await assertRejects(() => missing.connections.list("voice:u"), VaultError);
  assertEquals([unknown.code, unknown.cause], ["unknown_key", undefined]);
});

testAll("a grant is taken by one alone, and by nobody who saw an earlier one", async (records) => {
  const { grants } = createStore(records, await ringOf("k1"), CLOCK);
  const grant = { subject: "github:1", id: "g", name: "Desk", scopes: [] } as const;
  const more = { scopes: [], resource: "https://sb.example/mcp", createdAt: 0 };
  await grants.put({ ...grant, ...more }, null);
  const { version: earlier } = (await grants.get("github:1", "g"))!;
  await grants.put({ ...grant, ...more, usedAt: 7 }, earlier);
  assertEquals(await grants.take("github:1", "g", earlier), false);
  const { version } = (await grants.get("github:1", "g"))!;
  const taken = [grants.take("github:1", "g", version), grants.take("github:1", "g", version)];
  assertEquals((await Promise.all(taken)).sort(), [false, true]);
  assertEquals(await grants.get("github:1", "g"), null);
  await grants.delete("github:1", "g");
});

testAll("a record that expires can be stored at its very end", async (records) => {
  const { sessionTokens, links } = createStore(records, await ringOf("k1"), CLOCK);
  const session = { subject: "voice:u", id: "s", madeBy: "k", createdAt: 0 } as const;
  for (const expiresAt of [CLOCK.now(), 0, 0.5]) {
    const { version } = await sessionTokens.get("voice:u", "s") ?? { version: null };
    const token = { ...session, readOnly: false, voice: false, expiresAt };
    assertEquals(await sessionTokens.put(token, version), true);
    await links.put("l", { ...LINK, expiresAt });
  }
});

testAll(
  "what an earlier version kept of an upstream's tool is read as it was meant",
  async (records) => {
    const { upstreams } = createStore(records, await ringOf("k1"), CLOCK);
    const one = { digest: "d", text: "t", rest: "r" };
    const kept = { digest: "d", kept: { text: "t", rest: "r" } };
    const older: [object, object][] = [
      [{}, { accepted: [], waiting: [] }],
      [{ waiting: one }, { accepted: [], waiting: [kept] }],
      [{ approved: one }, { accepted: [{ ...kept, areHintsBelieved: false }], waiting: [] }],
      [{ approved: one, areHintsBelieved: true, waiting: one }, {
        accepted: [{ ...kept, areHintsBelieved: true }],
        waiting: [kept],
      }],
    ];
    for (const [value, expected] of older) {
      const key = definitionKey({ upstream: "notes", tool: "read" });
      await records.commit({
        sets: [{ key, value: { upstream: "notes", tool: "read", ...value } }],
      });
      const { accepted, waiting } = (await upstreams.get("notes", "read"))!.value;
      assertEquals<unknown>({ accepted, waiting }, expected);
    }
  },
);
