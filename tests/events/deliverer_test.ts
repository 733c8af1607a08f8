/** Sending: what a receiver that is slow, or never answers, does to all others, and to the end of the program. */

import { assert, assertEquals } from "@std/assert";
import type { KeptEvent, Receiver } from "../../broker/core/events.ts";
import { Deliverer, type PostEvent } from "../../events/deliverer.ts";
import { ATTEMPT_MS, LANES_AT_ONCE, type Outcome } from "../../events/rules.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { newEventSecret } from "../support/event_receiver.ts";
import { connectionOf } from "../support/planted_person.ts";
import { testWorld } from "../support/world.ts";

const TAKEN: Outcome = { kind: "answered", status: 204 };

/** One attempt, as the receiver sees it. */
interface Tried {
  to: string;
  user: string;
  id: string;
  /** Seconds. */
  signedFor: number;
}

async function start(answer: (tried: Tried, signal: AbortSignal) => Promise<Outcome> | Outcome) {
  const world = testWorld();
  const records = memoryRecords();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32).fill(1) }]);
  const { events, connections } = createStore(records, ring, world);
  const receivers: Receiver[] = ["bad", "good"].map((name) => (
    { name, url: `https://${name}.example/`, secrets: [newEventSecret()], isPrivate: false }
  ));
  const tried: Tried[] = [];
  const post: PostEvent = async ({ url }, { headers, body }, signal) => {
    const one = {
      to: new URL(url).hostname.split(".")[0]!,
      user: JSON.parse(body).data.user_id,
      id: headers["webhook-id"]!,
      signedFor: Number(headers["webhook-timestamp"]),
    };
    tried.push(one);
    return await answer(one, signal);
  };
  const shown = (event: KeptEvent) => event;
  const create = () => new Deliverer({ events, world, receivers, post, shown });
  let deliverer = create();
  await events.listen({
    receiverOf: (realm) => realm,
    isRead: () => true,
    written: (name) => deliverer.kick(name),
  });
  return {
    world,
    records,
    tried,
    get deliverer() {
      return deliverer;
    },
    restart: () => void (deliverer = create()),
    /** An event. */
    async happens(realm: string, user: string, account = "1") {
      const subject = `${realm}:${user}` as const;
      const connection = { ...connectionOf({ subject, now: world.now() }), account };
      await connections.put(connection, null, { signedIn: true });
    },
  };
}

/** As a receiver that does not answer: until the sender has enough. */
function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

Deno.test("somebody whose event is not answered holds up nobody else's, of this receiver or another", async () => {
  const all = Promise.withResolvers<void>();
  let taken = 0;
  const { tried, deliverer, happens } = await start(({ user }, signal) => {
    if (user === "stuck") return silence(signal);
    if (++taken === 2) all.resolve();
    return TAKEN;
  });
  await happens("bad", "stuck");
  await happens("bad", "later");
  await happens("good", "other");
  await all.promise;
  assertEquals(tried.map(({ user }) => user).toSorted(), ["later", "other", "stuck"]);
  await deliverer.close();
});

Deno.test("a run ends with what it began, whatever is sent meanwhile", async () => {
  const [first, began] = [Promise.withResolvers<Outcome>(), Promise.withResolvers<void>()];
  const { deliverer, happens } = await start(({ to }, signal) => {
    if (to === "bad") return first.promise;
    began.resolve();
    return silence(signal);
  });
  await happens("bad", "a");
  const run = deliverer.run();
  await happens("good", "b");
  await began.promise;
  first.resolve(TAKEN);
  await run;
  await deliverer.close();
});

Deno.test("who never answers is waited for so long, fails, and is left alone in time", async () => {
  const { world, tried, deliverer, happens } = await start((_, signal) => silence(signal));
  world.speed = 20_000;
  const began = world.now();
  for (let user = 0; user < 3 * LANES_AT_ONCE; user++) await happens("bad", `u${user}`);
  await deliverer.idle();
  assert(world.events.some(({ event }) => event === "receiver_failing"));
  assert(world.now() - began >= ATTEMPT_MS);
  // Once it is known, no new one is begun: those that ran then, and as many again at most.
  assert(tried.length < 3 * LANES_AT_ONCE, `${tried.length} tries`);
});

Deno.test("the end of the program cuts off what is being sent; the next one sends it under the same id, signed anew", async () => {
  let isBack = false;
  const t = await start((_, signal) => isBack ? TAKEN : silence(signal));
  const { world, tried, happens } = t;
  await happens("bad", "a");
  await happens("bad", "b");
  while (tried.length < 2) await new Promise((resolve) => setTimeout(resolve));
  await t.deliverer.close();
  isBack = true;
  world.skew += 2 * 60 * 60_000;
  t.restart();
  await t.deliverer.run();
  const [before, again] = [tried.slice(0, 2), tried.slice(2)];
  const a = before.find(({ user }) => user === "a")!;
  assertEquals(again.map(({ user }) => user).toSorted(), ["a", "b"]);
  const second = again.find(({ user }) => user === "a")!;
  assertEquals(second.id, a.id);
  // A receiver takes what is five minutes old at most.
  assertEquals(second.signedFor, Math.floor(world.now() / 1000));
});

Deno.test("a program that ends waits for no receiver for long, and what was not answered still waits", async () => {
  const { world, records, tried, deliverer, happens } = await start((_, signal) => silence(signal));
  await happens("bad", "a");
  while (tried.length < 1) await new Promise((resolve) => setTimeout(resolve));
  world.speed = 100;
  deliverer.stop();
  await deliverer.idle();
  // Nobody has waited for the time that an answer has: it would have failed.
  assert(!world.events.some(({ event }) => event === "receiver_failing"));
  assertEquals((await Array.fromAsync(records.list({ prefix: ["outbox"] }))).length, 1);
});

Deno.test("what a flood of one person leaves behind is cleared away with it, and not page by page", async () => {
  const open = Promise.withResolvers<void>();
  const { world, records, tried, deliverer, happens } = await start(async () => {
    await open.promise;
    return TAKEN;
  });
  const flood = 130;
  for (let n = 0; n < flood; n++) {
    world.skew += 1;
    await happens("bad", "a", `a${n}`);
  }
  open.resolve();
  await deliverer.idle();
  assertEquals(new Set(tried.map(({ id }) => id)).size, flood);
  assertEquals(tried.length, flood);
  for (const kind of ["wakes", "lanes", "outbox"]) {
    assertEquals((await Array.fromAsync(records.list({ prefix: [kind] }))).length, 0, kind);
  }
});
