import { assert, assertEquals } from "@std/assert";
import type { Connection, ConnectionRef } from "../../broker/core/connection.ts";
import type { ConnectionStore } from "../../broker/core/store.ts";
import { HELD_MS, MAX_HELD, MAX_PEOPLE, RememberedAccounts } from "../../broker/held_accounts.ts";
import type { ConnectionView } from "../../broker/connect/list.ts";

const ANA = "voice:ana" as const;
const app = { kind: "app", id: "voice" } as const;
const as = (subject: `voice:${string}`, accounts?: string[]) => ({
  subject,
  actor: { ...app, accounts },
});

function view(account: string, services: string[], isDefault = false): ConnectionView {
  const label = `${account}@example.com`;
  return {
    ...{
      provider: "acme",
      kind: "oauth",
      account,
      label,
      services,
      isDefault,
      renews: true,
      status: "active",
    },
    ...{ scopes: [], connectedAt: 0, updatedAt: 0 },
  };
}

/** What is remembered of what `held` says, and what was read and logged for it. */
function start(held: () => ConnectionView[] | Promise<ConnectionView[]>) {
  const read: string[] = [];
  const logged: string[] = [];
  const clock = { at: 0 };
  const world = {
    now: () => clock.at,
    log: ({ event }: { event: string }) => void logged.push(event),
  };
  const memory = new RememberedAccounts(world, async ({ subject }) => {
    read.push(subject);
    return await held();
  });
  const store = {
    put: () => Promise.resolve("2"),
    delete: () => Promise.reject(new Error("out")),
  } as Partial<ConnectionStore> as ConnectionStore;
  return { memory, read, logged, clock, store: memory.watched(store) };
}

Deno.test("of which services there are several accounts is said, of those that an actor may use", async () => {
  const { memory } = start(() => [
    view("b", ["mail"]),
    view("a", ["mail", "calendar"], true),
    { ...view("c", ["calendar"]), status: "reauthorization_required" },
  ]);
  const all = await memory.accounts(as(ANA));
  assertEquals(all?.accounts.map(({ account, works }) => [account, works]), [
    ["a", true],
    ["b", true],
    ["c", false],
  ]);
  assertEquals([...all!.several].sort(), ["calendar", "mail"]);
  const some = await memory.accounts(as(ANA, ["A@EXAMPLE.COM", "b"]));
  assertEquals(some?.accounts.map(({ account }) => account), ["a", "b"]);
  assertEquals([...some!.several], ["mail"]);
  assertEquals((await memory.accounts(as(ANA, [])))?.accounts, []);
});

Deno.test("the vault is read once a minute for one person, and not for another", async () => {
  const { memory, read, clock } = start(() => []);
  for (let times = 0; times < 3; times++) await memory.accounts(as(ANA));
  await memory.accounts(as("voice:bo"));
  assertEquals(read, [ANA, "voice:bo"]);
  clock.at = HELD_MS - 1;
  await memory.accounts(as(ANA));
  assertEquals(read.length, 2);
  clock.at = HELD_MS;
  await memory.accounts(as(ANA));
  assertEquals(read, [ANA, "voice:bo", ANA]);
});

Deno.test("what is written of a person is seen at once, also by who was reading meanwhile", async () => {
  let held = [view("a", ["mail"])];
  let release = () => {};
  const { memory, read, store } = start(async () => {
    const before = held;
    await new Promise<void>((resolve) => release = resolve);
    return before;
  });
  const reading = memory.accounts(as(ANA));
  held = [view("a", ["mail"]), view("b", ["mail"])];
  const ref: ConnectionRef = { subject: ANA, provider: "acme", account: "b" };
  assertEquals(await store.put(ref as Connection, null), "2");
  release();
  assertEquals((await reading)?.several.size, 0);
  const next = memory.accounts(as(ANA));
  release();
  assertEquals([...(await next)!.several], ["mail"]);
  // It is not known whether it was written.
  await store.delete(ref, "2").catch(() => {});
  const last = memory.accounts(as(ANA));
  release();
  await last;
  assertEquals(read.length, 3);
});

Deno.test("where the vault does not answer nothing is known, and it is asked again", async () => {
  let isOut = true;
  const { memory, logged } = start(() => isOut ? Promise.reject(new Error("out")) : []);
  assertEquals(await memory.accounts(as(ANA)), undefined);
  assertEquals(logged, ["accounts_unread"]);
  isOut = false;
  assertEquals((await memory.accounts(as(ANA)))?.accounts, []);
});

Deno.test("nothing grows with people: whoever was not asked for the longest is forgotten", async () => {
  const { memory, read } = start(() => []);
  await memory.accounts(as(ANA));
  for (let person = 1; person < MAX_PEOPLE; person++) await memory.accounts(as(`voice:${person}`));
  await memory.accounts(as(ANA));
  assertEquals(read.length, MAX_PEOPLE, "all are remembered");
  await memory.accounts(as("voice:one_more"));
  await memory.accounts(as(ANA));
  assertEquals(read.length, MAX_PEOPLE + 1, "whoever was asked for lately is");
  await memory.accounts(as("voice:1"));
  assertEquals(read.length, MAX_PEOPLE + 2);
});

Deno.test("a person with very many accounts costs no more than one with some", async () => {
  const many = Array.from({ length: 500 }, (_none, n) => view(`${n}${"x".repeat(999)}`, ["mail"]));
  const { memory } = start(() => many);
  const held = await memory.accounts(as(ANA));
  assert(JSON.stringify(held?.accounts).length < 100_000);
  assertEquals([...held!.several], ["mail"]);
});

Deno.test("of people with many accounts fewer are remembered", async () => {
  const many = Array.from({ length: 20 }, (_none, n) => view(`${n}`, ["mail"]));
  const { memory, read, store } = start(() => many);
  const most = MAX_HELD / many.length;
  await memory.accounts(as(ANA));
  for (let person = 1; person < most; person++) await memory.accounts(as(`voice:${person}`));
  assertEquals(memory.size, { people: most, accounts: MAX_HELD });
  await memory.accounts(as(ANA));
  await memory.accounts(as("voice:one_more"));
  assertEquals(memory.size, { people: most, accounts: MAX_HELD });
  await memory.accounts(as(ANA));
  assertEquals(read.length, most + 1, "whoever was asked for lately is remembered");
  await memory.accounts(as("voice:1"));
  assertEquals(read.length, most + 2);
  const ref: ConnectionRef = { subject: ANA, provider: "acme", account: "b" };
  await store.put(ref as Connection, null);
  assertEquals(memory.size, { people: most - 1, accounts: MAX_HELD - many.length });
});

Deno.test("what is over is not kept until there are too many", async () => {
  const { memory, clock } = start(() => [view("a", ["mail"])]);
  for (let person = 0; person < 100; person++) await memory.accounts(as(`voice:${person}`));
  clock.at = HELD_MS;
  await memory.accounts(as(ANA));
  assertEquals(memory.size, { people: 1, accounts: 1 });
});

Deno.test("what was remembered by a clock that ran ahead is read again", async () => {
  const { memory, read, clock } = start(() => []);
  clock.at = 24 * 60 * HELD_MS;
  await memory.accounts(as(ANA));
  clock.at = 0;
  await memory.accounts(as(ANA));
  assertEquals(read.length, 2);
});
