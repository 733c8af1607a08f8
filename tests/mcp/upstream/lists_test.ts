import { assert, assertEquals } from "@std/assert";
import type { Acting } from "../../../broker/core/actor.ts";
import type { Standing } from "../../../broker/core/call.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { Store } from "../../../broker/core/store.ts";
import type { Subject } from "../../../broker/core/subject.ts";
import { notDone } from "../../../mcp/upstream/fault.ts";
import { LIST_TTL_MS, MAX_HELD_BYTES, MAX_PEOPLE } from "../../../mcp/upstream/lists.ts";
import { remoteTool } from "../../support/upstream_double.ts";
import { newStore, SPEC, startLists } from "../../support/upstream_lists.ts";
import { testWorld } from "../../support/world.ts";

Deno.test("people beyond the limit make way, and come back without the upstream hearing of it", async () => {
  const world = testWorld();
  const upstream = startLists(await newStore(world), world);
  for (let person = 0; person < MAX_PEOPLE; person++) {
    assertEquals(await upstream.names(`a:${person}`), ["notes_read"]);
  }
  // Who has come again is not who came the longest ago.
  for (const subject of ["a:0", "a:one_more"] as const) await upstream.names(subject);
  assertEquals(upstream.all.known(upstream.visit("a:1")), []);
  for (const subject of ["a:0", "a:2"] as const) {
    assertEquals(upstream.all.known(upstream.visit(subject)).length, 1);
  }
  const { length } = upstream.state.asked;
  assertEquals(await upstream.names("a:1"), ["notes_read"]);
  assertEquals(upstream.state.asked.length, length);
});

Deno.test("long lists make way earlier, and one that is longer than all room is shown", async () => {
  const world = testWorld();
  const upstream = startLists(await newStore(world), world);
  const count = 30;
  const tools = Array.from(
    { length: count },
    (_none, at) => remoteTool(`t${at}`, "x".repeat(60_000)),
  );
  upstream.state.list = () => ({ tools });
  const people = Math.ceil(MAX_HELD_BYTES / (count * 60_000)) + 2;
  for (let person = 0; person < people; person++) {
    assertEquals((await upstream.names(`a:${person}`)).length, count);
  }
  const held = Array.from(
    { length: people },
    (_none, person) => upstream.all.known(upstream.visit(`a:${person}`)).length * 60_000,
  )
    .reduce((sum, bytes) => sum + bytes, 0);
  assert(held > MAX_HELD_BYTES / 2 && held <= MAX_HELD_BYTES, String(held));
});

Deno.test("what an upstream says has changed is asked for anew, of one person or of all", async () => {
  const world = testWorld();
  const upstream = startLists(await newStore(world), world);
  const asked = async (...people: Subject[]) => {
    upstream.state.asked = [];
    for (const person of people) await upstream.names(person);
    return upstream.state.asked;
  };
  assertEquals(await asked("a:1", "a:2", "a:1"), ["a:1", "a:2"]);
  await upstream.all.listChanged("a:1");
  assertEquals(await asked("a:1", "a:2", "a:1"), ["a:1"]);
  await upstream.all.listChanged();
  assertEquals(await asked("a:1", "a:2", "a:1"), ["a:1", "a:2"]);
  world.skew += LIST_TTL_MS + 1;
  assertEquals(await asked("a:1", "a:2"), ["a:1", "a:2"]);
});

Deno.test("a server that says without end that it has changed does not keep the store busy", async () => {
  const world = testWorld();
  const store = await newStore(world);
  let looked = 0;
  const peek: Store["lists"]["peek"] = (digest) => (looked++, store.lists.peek(digest));
  const upstream = startLists({ ...store, lists: { ...store.lists, peek } }, world);
  await upstream.names("a:1");
  looked = 0;
  for (let times = 0; times < 100; times++) await upstream.all.listChanged("a:1");
  assertEquals(looked, 1);
  upstream.state.list = () => ({ tools: [remoteTool("new")] });
  assertEquals(await upstream.names("a:1"), ["notes_new"]);
});

Deno.test("everybody's list is asked for anew when the upstream says that it has changed", async () => {
  const world = testWorld();
  const shared = { ...SPEC, provider: undefined };
  const upstream = startLists(await newStore(world), world, shared);
  for (const person of ["a:1", "a:2"] as const) await upstream.names(person);
  assertEquals(upstream.state.asked, ["a:1"]);
  await upstream.all.listChanged("a:1");
  for (const person of ["a:2", "a:1"] as const) await upstream.names(person);
  assertEquals(upstream.state.asked, ["a:1", "a:2"]);
});

Deno.test("of a server that asks who calls while it is listed, nobody is shown what came for nobody", async () => {
  const world = testWorld();
  const spec = { ...SPEC, provider: undefined as string | undefined };
  const upstream = startLists(await newStore(world), world, spec);
  upstream.state.standing = () => ({ kind: "not_connected" });
  upstream.state.list = () => {
    spec.provider = "notes";
    return { tools: [remoteTool("read")] };
  };
  assertEquals(await upstream.names("a:1"), ["notes_connect"]);
  assertEquals(await upstream.names("a:2"), ["notes_connect"]);
  assertEquals(upstream.all.known(upstream.visit("a:1")), []);
});

Deno.test("a list that was asked for before a change is not taken for the latest", async () => {
  const world = testWorld();
  const upstream = startLists(await newStore(world), world);
  const [asking, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
  upstream.state.list = () => (asking.resolve(), answer.promise);
  const listing = upstream.names("a:1");
  await asking.promise;
  await upstream.all.listChanged("a:1");
  answer.resolve({ tools: [remoteTool("old")] });
  assertEquals(await listing, ["notes_old"]);
  upstream.state.list = () => ({ tools: [remoteTool("new")] });
  assertEquals(await upstream.names("a:1"), ["notes_new"]);
});

Deno.test("a list that is read from the vault while it changes is not taken for the latest either", async () => {
  const world = testWorld();
  const store = await newStore(world);
  await startLists(store, world).names("a:1");
  const [reading, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const peek: Store["lists"]["peek"] = async (digest) => {
    const found = await store.lists.peek(digest);
    reading.resolve();
    await go.promise;
    return found;
  };
  const second = startLists({ ...store, lists: { ...store.lists, peek } }, world);
  second.state.list = () => ({ tools: [remoteTool("new")] });
  const listing = second.names("a:1");
  await reading.promise;
  const changed = second.all.listChanged("a:1");
  go.resolve();
  await changed;
  assertEquals(await listing, ["notes_read"]);
  assertEquals(await second.names("a:1"), ["notes_new"]);
});

Deno.test("whom the server lets in no more sees nothing of before, and nobody else minds", async () => {
  const world = testWorld();
  const upstream = startLists(await newStore(world), world);
  for (const person of ["a:1", "a:2"] as const) await upstream.names(person);
  const refusals: [unknown, string[]][] = [
    [notDone({ kind: "unauthorized" }), []],
    [notDone({ kind: "forbidden" }), []],
    [new Refusal({ code: "reauthorization_required", service: "notes", title: "Notes" }), [
      "notes_connect",
    ]],
    [new Refusal({ code: "not_connected", service: "notes", title: "Notes" }), ["notes_connect"]],
  ];
  for (const [error, expected] of refusals) {
    upstream.state.list = (subject) => {
      if (subject === "a:1") throw error;
      return { tools: [remoteTool("read")] };
    };
    world.skew += LIST_TTL_MS + 1;
    upstream.state.asked = [];
    assertEquals(await upstream.names("a:1"), expected);
    assertEquals(await upstream.names("a:2"), ["notes_read"]);
    // Neither in memory nor in the vault.
    assertEquals(await upstream.names("a:1"), expected);
    assertEquals(upstream.state.asked, ["a:1", "a:2"]);
  }
  upstream.state.list = () => ({ tools: [remoteTool("read")] });
  // Who connects the same account again waits for nothing.
  upstream.state.standing = () => ({ kind: "connected", mark: "1", version: "2" });
  assertEquals(await upstream.names("a:1"), ["notes_read"]);
});

Deno.test("a list of one account is not the other account's, in whichever process it was listed", async () => {
  const world = testWorld();
  const store = await newStore(world);
  const [one, other] = [startLists(store, world), startLists(store, world)];
  one.state.list = () => ({ tools: [remoteTool("of_the_first")] });
  other.state.list = () => ({ tools: [remoteTool("of_the_second")] });
  assertEquals(await one.names("a:1"), ["notes_of_the_first"]);
  assertEquals(await other.names("a:1"), ["notes_of_the_first"]);
  for (const { state } of [one, other]) {
    state.standing = () => ({ kind: "connected", mark: "2", version: "1" });
  }
  assertEquals(await other.names("a:1"), ["notes_of_the_second"]);
  assertEquals(await one.names("a:1"), ["notes_of_the_second"]);
});

Deno.test("where nobody knows whether somebody is connected, nothing is shown", async () => {
  const world = testWorld();
  const upstream = startLists(await newStore(world), world);
  assertEquals(await upstream.names("a:1"), ["notes_read"]);
  upstream.state.standing = () => {
    throw new Error("the vault is out");
  };
  assertEquals(await upstream.names("a:1"), []);
  assertEquals(await upstream.all.find("notes_read", upstream.visit("a:1")), undefined);
});

Deno.test("a store that keeps no lists takes none away", async () => {
  const world = testWorld();
  const store = await newStore(world);
  const fail = () => Promise.reject(new Error("the disk is full"));
  const lists = { ...store.lists, put: fail, peek: fail };
  const upstream = startLists({ ...store, lists }, world);
  assertEquals(await upstream.names("a:1"), ["notes_read"]);
  assert(world.events.some(({ event }) => event === "upstream_list_not_kept"));
});

Deno.test("a page that is gone, a clock that ran ahead: the list is asked for anew", async () => {
  const world = testWorld();
  const store = await newStore(world);
  const long = Array.from({ length: 40 }, (_none, at) => remoteTool(`t${at}`, "é".repeat(10_000)));
  const kept: string[] = [];
  const lists: Store["lists"] = {
    ...store.lists,
    put: (digest, value) => (kept.push(digest), store.lists.put(digest, value)),
  };
  const first = startLists({ ...store, lists }, world);
  first.state.list = () => ({ tools: long });
  assertEquals((await first.names("a:1")).length, long.length);
  assert(kept.length > 3, "it has several pages");
  const second = () => {
    const upstream = startLists(store, world);
    upstream.state.list = () => ({ tools: [remoteTool("new")] });
    return upstream;
  };
  assertEquals((await second().names("a:1")).length, long.length);
  world.skew -= 60_000;
  assertEquals(await second().names("a:1"), ["notes_new"]);
  world.skew += 60_000;
  assertEquals((await first.names("a:1")).length, long.length);
  const again = startLists({ ...store, lists }, world);
  kept.length = 0;
  again.state.list = () => ({ tools: long });
  await again.all.listChanged("a:1");
  assertEquals((await again.names("a:1")).length, long.length);
  const page = await store.lists.peek(kept[1]!);
  assert(await store.lists.take(kept[1]!, page!.version));
  assertEquals(await second().names("a:1"), ["notes_new"]);
});

Deno.test("what was listed before a page did not come, or was none, is listed, and that is said", async () => {
  const world = testWorld();
  // A page's time is over at once, and no other.
  world.sleep = (ms, signal) =>
    ms === SPEC.timeoutMs
      ? Promise.resolve()
      : new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
  const upstream = startLists(await newStore(world), world);
  const never = (signal: AbortSignal) =>
    new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const seconds: [(signal: AbortSignal) => unknown, string][] = [
    [never, "out of time, after 1 pages and 1 tools"],
    [() => ({ tools: null }), "a page was none, after 1 pages and 1 tools"],
  ];
  for (const [second, said] of seconds) {
    upstream.state.list = (_subject, cursor, signal) =>
      cursor === undefined ? { tools: [remoteTool("first")], nextCursor: "2" } : second(signal!);
    assertEquals(await upstream.names("a:1"), ["notes_first"]);
    assertEquals(world.events.at(-1)!.detail, said);
    world.skew += LIST_TTL_MS + 1;
  }
  // Of a list of which nothing came nothing is known: what was there before stays.
  upstream.state.list = (_subject, _cursor, signal) => never(signal!);
  assertEquals(await upstream.names("a:1"), ["notes_first"]);
  assertEquals(world.events.at(-1)!.event, "upstream_unavailable");
});

Deno.test("who may act with some of a person's accounts takes no list away from who acts with others", async () => {
  const world = testWorld();
  const { state, all } = startLists(await newStore(world), world);
  const visit = (...accounts: string[]): Acting => ({
    subject: "a:1",
    actor: { kind: "client", id: accounts.join(), ...(accounts.length > 0 && { accounts }) },
  });
  const whole = visit();
  const one = visit("one");
  const nobody = visit("gone");
  const standings: Record<string, Standing> = {
    "": { kind: "connected", mark: "1", version: "1" },
    one: { kind: "connected", mark: "2", version: "1" },
    gone: { kind: "not_connected" },
  };
  state.standing = (_subject, { id }) => standings[id]!;
  const names = async (visitor: Acting) =>
    (await all.tools(visitor)).map(({ listed }) => listed.name);
  for (let turn = 0; turn < 3; turn++) {
    assertEquals(await names(whole), ["notes_read"]);
    assertEquals(await names(one), ["notes_read"]);
    assertEquals(await names(nobody), ["notes_connect"]);
  }
  assertEquals(state.asked.length, 2);
  // What was listed before stays where its server is out.
  world.skew += LIST_TTL_MS + 1;
  state.list = () => {
    throw notDone({ kind: "unreachable" });
  };
  for (let turn = 0; turn < 2; turn++) {
    for (const visitor of [whole, one]) assertEquals(await names(visitor), ["notes_read"]);
  }
  state.list = () => ({ tools: [remoteTool("write")] });
  await all.listChanged("a:1");
  for (const visitor of [whole, one]) assertEquals(await names(visitor), ["notes_write"]);
});
