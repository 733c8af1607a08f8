/** How long an upstream's prompts and resources are kept, for whom, and who asks for them. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { Subject } from "../../../broker/core/subject.ts";
import type { UpstreamSpec } from "../../../broker/core/upstream.ts";
import { OFFER_TTL_MS } from "../../../mcp/abilities.ts";
import type { Sender, UpstreamClients } from "../../../mcp/upstream/client.ts";
import { MAX_OFFERS, MAX_OFFERS_BYTES, UpstreamFeatures } from "../../../mcp/upstream/features.ts";
import { mayBeDone } from "../../../mcp/upstream/fault.ts";
import { LIST_PATIENCE_MS, RETRY_MS } from "../../../mcp/upstream/lists.ts";
import type { UpstreamSession } from "../../../mcp/upstream/session.ts";
import { handWorld } from "../../support/hand_world.ts";

const SPEC = { name: "demo", title: "Demo", prefix: "demo_", timeoutMs: 20_000 } as UpstreamSpec;
const down = mayBeDone({ kind: "dropped" });

/** Features of a server that offers a prompt by the mark of whoever asks. */
function start() {
  const world = handWorld(() => false);
  const state = {
    mark: "1" as string | undefined,
    /** Before it answers. */
    before: (): Promise<void> => Promise.resolve(),
    prompts: (name: string): unknown[] => [{ name }],
  };
  const asked: { subject: string; unlinked: boolean; signal: AbortSignal }[] = [];
  const clients = {
    async with({ subject, unlinked = false }: Sender, signal, use) {
      asked.push({ subject, unlinked, signal });
      const name = `of_${state.mark}`;
      await state.before();
      const session = {
        capabilities: { prompts: {} },
        request: (method: string) =>
          Promise.resolve(method === "prompts/list" ? { prompts: state.prompts(name) } : {}),
      };
      return await use(session as unknown as UpstreamSession);
    },
  } as Pick<UpstreamClients, "with">;
  const markOf = () => Promise.resolve(state.mark);
  const features = new UpstreamFeatures(SPEC, { world, clients, secrets: [], markOf });
  const visit = (subject: Subject) => ({ subject, actor: { kind: "app", id: "voice" } as const });
  const offer = async (subject: Subject = "a:ana") =>
    (await features.offer(visit(subject))).prompts.map(({ id }) => id);
  const whole = async (subject: Subject = "a:ana") =>
    (await features.wholeOffer(visit(subject))).prompts.map(({ id }) => id);
  return { world, state, asked, features, visit, offer, whole };
}

Deno.test("an offer is kept for a while, and asked for once by all who come at the same time", async () => {
  const { world, asked, offer, whole, state } = start();
  await Promise.all([whole(), whole(), offer()]);
  await world.pass(OFFER_TTL_MS - 1);
  assertEquals(await offer(), ["of_1"]);
  assertEquals(asked.map(({ unlinked }) => unlinked), [false]);
  await world.pass(1);
  // Who may be led to connect does not join who may not.
  const answered = Promise.withResolvers<void>();
  state.before = () => answered.promise;
  const all = [offer(), offer()];
  await world.pass(0);
  all.push(whole());
  await world.pass(0);
  answered.resolve();
  await Promise.all(all);
  assertEquals(asked.map(({ unlinked }) => unlinked), [false, true, false]);
});

Deno.test("what was offered with one connection is not offered with another, also where its server is out", async () => {
  const { state, offer, whole } = start();
  assertEquals(await whole(), ["of_1"]);
  state.mark = "2";
  assertEquals(await whole(), ["of_2"]);
  for (const get of [offer, () => whole().catch(() => []), offer]) {
    state.mark += "+";
    state.before = () => Promise.reject(down);
    assertEquals(await get(), []);
    assertEquals(await offer(), []);
    state.before = () => Promise.resolve();
  }
});

Deno.test("what one connection still waits for does not end what another one has asked", async () => {
  const { state, asked, whole, world } = start();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  state.before = () => first.promise;
  const old = whole();
  await world.pass(0);
  state.mark = "2";
  state.before = () => second.promise;
  const running = whole();
  await world.pass(0);
  first.resolve();
  assertEquals(await old, ["of_1"]);
  const joined = whole();
  await world.pass(0);
  second.resolve();
  assertEquals([await running, await joined, asked.length], [["of_2"], ["of_2"], 2]);
});

Deno.test("an offer stays while its server is out, which is left alone for a moment", async () => {
  const { state, asked, offer, whole, world } = start();
  state.before = () => Promise.reject(down);
  assertEquals(await offer(), []);
  state.before = () => Promise.resolve();
  await world.pass(RETRY_MS - 1);
  assertEquals([await offer(), asked.length], [[], 1]);
  await world.pass(1);
  assertEquals([await offer(), asked.length], [["of_1"], 2]);
  await world.pass(OFFER_TTL_MS);
  state.before = () => Promise.reject(down);
  await assertRejects(() => whole());
  assertEquals([await offer(), asked.length], [["of_1"], 3]);
  assertEquals(
    new Set(world.events.map(({ event }) => event)),
    new Set(["upstream_features_unavailable"]),
  );
});

Deno.test("whose person must connect has nothing offered, and is asked about again at once", async () => {
  const { state, asked, offer, whole, world } = start();
  await offer();
  await world.pass(OFFER_TTL_MS);
  const refusal = new Refusal({ code: "not_connected", service: "notes", title: "Notes" });
  state.before = () => Promise.reject(refusal);
  await assertRejects(() => whole(), Refusal);
  assertEquals(await offer(), []);
  assertEquals([asked.length, world.events], [3, []]);
  state.before = () => Promise.resolve();
  assertEquals(await offer(), ["of_1"]);
  state.mark = undefined;
  assertEquals([await offer(), await whole()], [[], ["of_undefined"]]);
});

Deno.test("one caller waits for a slow server, the others take what is known", async () => {
  const { state, asked, offer, world } = start();
  await offer();
  await world.pass(OFFER_TTL_MS);
  state.before = () => new Promise(() => {});
  let isThere = false;
  const waiting = offer().finally(() => isThere = true);
  await world.pass(LIST_PATIENCE_MS - 1);
  assertEquals(isThere, false);
  await world.pass(1);
  assertEquals(await waiting, ["of_1"]);
  assertEquals([await offer(), asked.length], [["of_1"], 2]);
  state.mark = "2";
  const other = offer();
  await world.pass(LIST_PATIENCE_MS);
  assertEquals([await other, await offer(), asked.length], [[], [], 3]);
});

Deno.test("what has changed for one person is asked for anew for that person, or for all", async () => {
  const { asked, features, offer } = start();
  const people = ["a:ana", "a:bo"] as const;
  const all = async () => {
    asked.length = 0;
    for (const subject of people) await offer(subject);
    return asked.map(({ subject }) => subject);
  };
  assertEquals(await all(), [...people]);
  features.changed("a:bo");
  assertEquals(await all(), ["a:bo"]);
  features.changed(undefined);
  assertEquals(await all(), [...people]);
});

Deno.test("offers of many people, and long ones, make way for those that came last", async () => {
  const many = start();
  for (let n = 0; n <= MAX_OFFERS; n++) await many.offer(`a:${n}`);
  const asked = many.asked.length;
  await many.offer("a:1");
  assertEquals(many.asked.length, asked);
  await many.offer("a:0");
  assertEquals(many.asked.length, asked + 1);

  const long = start();
  const description = "x".repeat(400);
  long.state.prompts = () =>
    Array.from({ length: 200 }, (_, n) => ({ name: `p${n}`, description }));
  const { bytes } = await long.features.wholeOffer(long.visit("a:0"));
  // One person's, however often, is counted once.
  const room = Math.floor(MAX_OFFERS_BYTES / bytes);
  assert(room > 1 && room < MAX_OFFERS);
  for (let n = 0; n < room; n++) {
    await long.world.pass(OFFER_TTL_MS);
    await long.offer("a:0");
  }
  for (let n = 1; n < room; n++) await long.offer(`a:${n}`);
  const before = long.asked.length;
  await long.offer("a:0");
  assertEquals(long.asked.length, before);
  await long.offer("a:more");
  await long.offer("a:1");
  assertEquals(long.asked.length, before + 1);
  await long.offer("a:0");
  assertEquals(long.asked.length, before + 2);
});

Deno.test("a request ends with whoever asked, and with its time", async () => {
  for (const isLate of [true, false]) {
    const { asked, features, state, visit, world } = start();
    state.before = () => new Promise(() => {});
    const stop = new AbortController();
    features.request(visit("a:ana"), "prompts/get", {}, stop.signal).catch(() => {});
    await world.pass(0);
    assertEquals(asked[0]!.signal.aborted, false);
    if (isLate) await world.pass(SPEC.timeoutMs);
    else stop.abort();
    assertEquals(asked[0]!.signal.aborted, true);
  }
});
