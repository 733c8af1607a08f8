/** That a connection is about to end, however often it is refreshed: its app is warned once, ahead. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connectOwn, signedIn } from "../support/attacks.ts";
import { startReceiver } from "../support/event_receiver.ts";
import { API_KEY, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAY = DAY_MS / 1000;

/** A gateway whose Google says in each answer how long its refresh tokens live, or is out. */
async function start(env: Record<string, string> = {}) {
  const says: { seconds: unknown; access: number; isOut: boolean; asked: number } = {
    ...{ seconds: undefined, access: 3600, isOut: false, asked: 0 },
  };
  const voice = startReceiver();
  const gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }), SIGN_IN_ALLOW: "*", ...env },
    async fetch(input, init) {
      const { url } = new Request(input, init);
      if (!url.includes("/oauth2/token")) return await fetch(input, init);
      says.asked += 1;
      if (says.isOut) return new Response(null, { status: 503 });
      const response = await fetch(input, init);
      if (!response.ok) return response;
      const own = { expires_in: says.access, refresh_token_expires_in: says.seconds };
      return Response.json({ ...await response.json(), ...own });
    },
  });
  const { world } = gateway;
  return {
    ...{ gateway, voice, says },
    /** So much later, with housekeeping, and the backend's use, every twelve hours. */
    async after(days: number, use = true) {
      for (let half = 0; half < days * 2; half++) {
        world.skew += DAY_MS / 2;
        if (use) await gateway.api("/token/google", { body: { user_id: USER } });
        await this.sweep();
      }
      return told(voice.taken);
    },
    /** After a leap of so many days in which the program did nothing. */
    async leap(days: number) {
      world.skew += days * DAY_MS;
      await this.sweep();
      return told(voice.taken);
    },
    async sweep() {
      await gateway.broker.sweep();
      // A leap of the clock ends the run that it meets: what it has not sent waits for the next.
      await gateway.eventsSent();
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await voice[Symbol.asyncDispose]();
    },
  };
}

type Told = { user_id: string; ends_at: string; reason: string };
const told = (all: { body: { type: string; data: Told } }[]) =>
  all.filter(({ body }) => body.type === "connection.expiring").map(({ body }) => body.data);

const endOf = async (gateway: Gateway) =>
  (await gateway.api(`/connections?user_id=${USER}`)).json.connections[0].ends_at;

Deno.test("an app is warned once, a day before a short life ends, and again of another end", async () => {
  await using t = await start();
  const { gateway, says } = t;
  // As Google says it of a client that is being tested. Refreshes say nothing.
  says.seconds = 7 * DAY - 1;
  const begun = gateway.world.now();
  await gateway.connect("google");
  says.seconds = undefined;
  const end = begun + (7 * DAY - 1) * 1000;
  assertEquals(await endOf(gateway), end);
  assertEquals(await t.after(5.5), []);
  const [warning, ...more] = await t.after(1);
  assertEquals(more, []);
  const { user_id, provider, ends_at, reason } = warning as unknown as Record<string, string>;
  assertEquals([user_id, provider, reason], [USER, "google", "refresh_token_expires"]);
  assertEquals(ends_at, new Date(end).toISOString());
  const { events } = (await gateway.api("/events", { key: API_KEY })).json;
  assertEquals(events.at(-1).data.ends_at, ends_at);

  // Connected again, it has another end.
  says.seconds = 7 * DAY - 1;
  await gateway.connect("google");
  says.seconds = undefined;
  assertEquals((await t.after(5)).length, 1);
  assertEquals((await t.after(1.5)).length, 2);
});

Deno.test("an end that each refresh moves on is warned of by nobody, as long as it is used", async () => {
  await using t = await start();
  const { gateway, says } = t;
  says.seconds = 30 * DAY;
  await gateway.connect("google");
  assertEquals(await t.after(26), []);
  // One entry for the next refresh, one for the warning, whatever the refreshes said.
  assert((await snapshot(gateway.kv, ["due"])).length <= 2);
  // Nobody uses it any more: it is refreshed once, a week before its end, which moves that on.
  const moved = await endOf(gateway);
  says.asked = 0;
  assertEquals(await t.leap(22), []);
  assertEquals(await t.leap(0.5), []);
  assertEquals(await t.leap(2), []);
  assertEquals(says.asked, 1);
  assert(await endOf(gateway) > moved);
  assert((await snapshot(gateway.kv, ["due"])).length <= 2);

  // The provider is out when that is due: it is tried again, and then its app is told.
  says.isOut = true;
  assertEquals(await t.leap(23.1), []);
  assertEquals(await t.leap(1), []);
  assertEquals(says.asked, 3);
  const [warning, ...more] = await t.leap(3);
  assertEquals(more, []);
  assertEquals(warning!.reason, "refresh_token_expires");
  assertEquals(Date.parse(warning!.ends_at), await endOf(gateway));
  // It is back before the end, and so is the connection: nobody is told of what is not so any more.
  says.isOut = false;
  await t.leap(1);
  assert(await endOf(gateway) > Date.parse(warning!.ends_at));
  assertEquals((await t.leap(3)).length, 1);
});

Deno.test("of Google's test mode, which the operator says, an app is told a day ahead", async () => {
  await using t = await start({ GOOGLE_TESTING: "on" });
  const { gateway } = t;
  const begun = gateway.world.now();
  await gateway.connect("google");
  const end = await endOf(gateway);
  assert(Math.abs(end - begun - 7 * DAY_MS) < HOUR_MS);

  // Refreshes leave it where it is.
  assertEquals(await t.after(5.5), []);
  assertEquals(await endOf(gateway), end);
  const [warning, ...more] = await t.after(1);
  assertEquals(more, []);
  assertEquals([warning!.user_id, warning!.reason], [USER, "test_mode"]);
  assertEquals(Date.parse(warning!.ends_at), end);

  // The app is published: who connects again is not told any more.
  await gateway.restart({ GOOGLE_TESTING: "" });
  await gateway.connect("google");
  assertEquals(await endOf(gateway), undefined);
  assertEquals((await t.leap(6.5)).length, 1);
});

Deno.test("what nobody uses is refreshed once before its provider would end it for that", async () => {
  await using t = await start();
  const { gateway, says } = t;
  // It is refreshed though its access token is good for longer.
  says.access = 200 * DAY;
  await gateway.connect("google");
  // What is shown is an end that nobody puts off.
  assertEquals(await endOf(gateway), undefined);
  says.asked = 0;
  assertEquals(await t.leap(100), []);
  assertEquals(says.asked, 0);
  assertEquals(await t.leap(74), []);
  assertEquals(says.asked, 1);
  assertEquals(await t.leap(170), []);
  assertEquals(await t.leap(4), []);
  assertEquals(says.asked, 2);
  assertEquals((await gateway.api("/token/google", { body: { user_id: USER } })).status, 200);
});

Deno.test("what nobody has used for two years is left to end, and its app is told before", async () => {
  await using t = await start();
  const { gateway, says } = t;
  await gateway.connect("google");
  for (let times = 0; times < 4; times++) assertEquals(await t.leap(174), []);
  says.asked = 0;
  const [warning, ...more] = await t.leap(174);
  assertEquals([warning!.reason, more, says.asked], ["unused", [], 0]);
  assertEquals(Date.parse(warning!.ends_at), await endOf(gateway));
  // Who is told has a week to use it.
  await gateway.api("/token/google", { body: { user_id: USER } });
  assertEquals(await endOf(gateway), undefined);
  assertEquals((await t.leap(7)).length, 1);
});

Deno.test("a connection that is disconnected leaves nothing on the list", async () => {
  await using t = await start();
  await t.gateway.connect("google");
  assert((await snapshot(t.gateway.kv, ["due"])).length > 0);
  await t.gateway.api(`/connections/google?user_id=${USER}`, { method: "DELETE" });
  // The place of the next refresh is left to whoever comes by it, within the hour.
  const left = (await snapshot(t.gateway.kv, ["due"])).map((key) => Number(key.split("/")[1]));
  assert(left.every((at) => at < t.gateway.world.now() + DAY_MS), String(left));
});

Deno.test("what says no end, or one that is no number or too near, warns nobody", async () => {
  await using t = await start();
  for (const [at, seconds] of [undefined, 0, -5, "soon", 1800, 1e300].entries()) {
    t.says.seconds = seconds;
    await t.gateway.connect("google", { userId: `user${at}` });
  }
  t.says.seconds = undefined;
  assertEquals(await t.after(3), []);
});

Deno.test("a connection that is gone or was deleted with its person is not warned of", async () => {
  await using t = await start();
  t.says.seconds = 7 * DAY - 1;
  await t.gateway.connect("google");
  await t.gateway.api(`/users/${USER}`, { method: "DELETE" });
  assertEquals(await snapshot(t.gateway.kv, ["due"]), []);
  assertEquals(await t.after(7, false), []);
});

Deno.test("a person sees on their page when a connection ends", async () => {
  await using t = await start();
  const { gateway, says } = t;
  says.seconds = 90 * DAY;
  const me = await signedIn(gateway);
  const page = await connectOwn(gateway, me, "calendar");
  const day = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });
  assertStringIncludes(page.html, `Ends on ${day.format(gateway.world.now() + 90 * DAY_MS)}`);
});

Deno.test("the operator is told once of a secret that ends, and nobody else", async () => {
  await using operator = startReceiver();
  await using voice = startReceiver();
  const dayIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  const [first, second] = [dayIn(20), dayIn(60)];
  const events = { voice: voice.config, operator: operator.config };
  await using gateway = await startGateway({
    env: {
      ...{ EVENTS: JSON.stringify(events), SIGN_IN_ALLOW: "*" },
      GOOGLE_CLIENT_SECRET_EXPIRES: first,
    },
  });
  const { world } = gateway;
  const tell = async () => {
    await gateway.broker.tellSecretEnds();
    await gateway.sendEvents();
    await gateway.eventsSent();
  };
  await tell();
  world.skew = 11.9 * DAY_MS;
  await tell();
  assertEquals(operator.taken, []);
  world.skew = 14 * DAY_MS;
  await Promise.all([tell(), tell()]);
  // Another process, and the same end.
  await gateway.restart({});
  await tell();
  const [{ body }] = operator.taken as [typeof operator.taken[number]];
  assertEquals(operator.taken.length, 1);
  assertEquals(body.type, "connection.expiring");
  assertEquals(body.data, {
    ...{ provider: "google", reason: "client_secret_expires" },
    ends_at: `${first}T00:00:00.000Z`,
  });
  assertEquals(voice.taken, []);
  assertEquals((await gateway.api("/events")).json.events, []);

  // The secret was replaced, and its end noted.
  await gateway.restart({ GOOGLE_CLIENT_SECRET_EXPIRES: second });
  await tell();
  world.skew = 55 * DAY_MS;
  await tell();
  assertEquals(operator.taken.map(({ body }) => body.data.ends_at.slice(0, 10)), [first, second]);
  // What is over is no end to come.
  world.skew = 61 * DAY_MS;
  await gateway.restart({ GOOGLE_CLIENT_SECRET_EXPIRES: dayIn(61) });
  await tell();
  assertEquals(operator.taken.length, 2);
});

Deno.test("where the operator has no receiver nothing of a secret's end is kept", async () => {
  const day = new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10);
  await using gateway = await startGateway({ env: { GOOGLE_CLIENT_SECRET_EXPIRES: day } });
  const before = await snapshot(gateway.kv);
  await gateway.broker.tellSecretEnds();
  await gateway.broker.tellSecretEnds();
  assertEquals(await snapshot(gateway.kv), before);
  const said = gateway.world.events.filter(({ event }) => event === "client_secret_ends");
  assertEquals(said.map(({ check }) => check), ["GOOGLE_CLIENT_SECRET_EXPIRES"]);
});
