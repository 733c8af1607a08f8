/** That a connection is about to end, however often it is refreshed: its app is warned once, ahead. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connectOwn, signedIn } from "../support/attacks.ts";
import { startReceiver } from "../support/event_receiver.ts";
import { API_KEY, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAY = DAY_MS / 1000;

/** A gateway whose Google says in each answer how long its refresh tokens live. */
async function start() {
  const says: { seconds: unknown } = { seconds: undefined };
  const voice = startReceiver();
  const gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }), SIGN_IN_ALLOW: "*" },
    async fetch(input, init) {
      const response = await fetch(input, init);
      const { url } = new Request(input, init);
      if (!url.includes("/oauth2/token") || !response.ok) return response;
      return Response.json({ ...await response.json(), refresh_token_expires_in: says.seconds });
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
        await gateway.broker.sweep();
        // A leap of the clock ends the run that it meets: what it has not sent waits for the next.
        await gateway.eventsSent();
      }
      return told(voice.taken);
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await voice[Symbol.asyncDispose]();
    },
  };
}

const told = (all: { body: { type: string; data: { ends_at: string } } }[]) =>
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
  // Nobody uses it any more: a week before its end somebody should.
  const moved = await endOf(gateway);
  assertEquals(await t.after(20, false), []);
  const [warning] = await t.after(12, false);
  const end = Date.parse(warning!.ends_at);
  assert(end >= moved && end - gateway.world.now() <= 7 * DAY_MS, warning!.ends_at);
});

Deno.test("what says no end, or one that is no number or too near, warns nobody", async () => {
  for (const seconds of [undefined, 0, -5, "soon", 1800, 1e300]) {
    await using t = await start();
    t.says.seconds = seconds;
    await t.gateway.connect("google");
    assertEquals(await t.after(3), [], String(seconds));
  }
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
