/** What an operator sees of receivers of events, switches on, and has sent again. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openGateway, ownToken, send, signedIn } from "../support/attacks.ts";
import { PERSON } from "../support/emulators.ts";
import { startReceiver } from "../support/event_receiver.ts";
import type { Gateway } from "../support/gateway.ts";
import { API_KEY } from "../support/gateway.ts";

const OPERATORS = `github:${PERSON.email}`;
const DAY_MS = 24 * 3_600_000;

const usersOf = (all: { body: { data: { user_id: string } } }[]) =>
  all.map(({ body }) => body.data.user_id);

/** An operator's browser at the page of events. */
async function operatorAt(gateway: Gateway) {
  const { cookie, home } = await signedIn(gateway);
  const token = ownToken(home);
  return {
    page: async (path = "") =>
      (await send(`${gateway.url}/console/events${path}`, { cookie })).text,
    press: (path: string, fields: Record<string, string>) =>
      send(`${gateway.url}/console/events${path}`, {
        cookie,
        form: { form_token: token, sure: "yes", ...fields },
      }),
    record: async () => {
      // What is noted is written by then.
      await gateway.broker.idle();
      const { text } = await send(`${gateway.url}/console`, { cookie });
      return text.slice(text.indexOf("<main"));
    },
  };
}

const isoOf = (at: number) => new Date(at).toISOString().slice(0, 16);

Deno.test("a receiver that answered 410 is switched on again in the console, and then told what waited", async () => {
  await using voice = startReceiver();
  const env = { OPERATORS, EVENTS: JSON.stringify({ voice: voice.config }) };
  await using gateway = await openGateway({ env });
  voice.answer = () => new Response(null, { status: 410 });
  for (const userId of ["a", "b"]) await gateway.connect("github", { userId });
  await gateway.eventsSent();
  const me = await operatorAt(gateway);
  const page = await me.page();
  assertStringIncludes(page, "Switched off since");
  assertStringIncludes(page, "2 events wait for it.");
  // Of its address no more than where it is: the rest may be a secret.
  assertStringIncludes(page, new URL(voice.url).origin);
  assert(!page.includes('/events"') || !page.includes(voice.url));
  assert(!page.includes(voice.secret));
  assertStringIncludes(await me.record(), "A receiver of events is switched off");

  voice.answer = undefined;
  const { status, location } = await me.press("/on", { receiver: "voice" });
  assertEquals([status, location], [303, "/console/events#voice"]);
  await gateway.eventsSent();
  assertEquals(usersOf(voice.taken).toSorted(), ["a", "b"]);
  const after = await me.page();
  assertStringIncludes(after, "Nothing waits for it.");
  assert(!after.includes("Switched off since"));
  const record = await me.record();
  assertStringIncludes(record, "receiver_switched_on voice");
  assert(!record.includes("A receiver of events is switched off"));
});

Deno.test("what the operator is told of a secret's end is about nobody, and is sent again", async () => {
  await using operator = startReceiver();
  const day = new Date(Date.now() + 5 * DAY_MS).toISOString().slice(0, 10);
  const env = {
    ...{ OPERATORS, EVENTS: JSON.stringify({ operator: operator.config }) },
    GOOGLE_CLIENT_SECRET_EXPIRES: day,
  };
  await using gateway = await openGateway({ env });
  const me = await operatorAt(gateway);
  await gateway.broker.tellSecretEnds();
  await gateway.eventsSent();
  const page = await me.page();
  assert(!page.includes("id=log"));
  const [, realm, stamp] = page.match(/again\?realm=([^&"]+)&(?:amp;)?stamp=(\w+)/) ?? [];
  const event = { realm: decodeURIComponent(realm!), stamp: stamp! };
  assertEquals(event.realm, "~deployment");
  await me.press("/again", event);
  await gateway.eventsSent();
  const ids = operator.taken.map(({ id }) => id);
  assertEquals([ids.length, new Set(ids).size], [2, 1]);
});

Deno.test("one event is sent again, with its id, and all since a time or a cursor, in their order", async () => {
  await using voice = startReceiver();
  await using other = startReceiver();
  const receivers = { voice: voice.config, other: other.config };
  const env = { OPERATORS, EVENTS: JSON.stringify(receivers) };
  await using gateway = await openGateway({ env });
  const times: number[] = [];
  for (const userId of ["a", "b", "c", "a"]) {
    gateway.world.skew += DAY_MS;
    times.push(gateway.world.now());
    await gateway.connect("github", { userId });
    await gateway.eventsSent();
  }
  assertEquals(usersOf(voice.taken), ["a", "b", "c", "a"]);
  const me = await operatorAt(gateway);
  const sent = async (path: string, fields: Record<string, string>) => {
    const before = voice.taken.length;
    const { status, location } = await me.press(path, fields);
    await gateway.eventsSent();
    return { status, location, came: voice.taken.slice(before) };
  };

  const links = [...(await me.page()).matchAll(/stamp=([0-9a-f]{20})/g)].map(([, stamp]) => stamp!);
  const again = await sent("/again", { realm: "voice", stamp: links.at(-1)! });
  assertEquals(again.came.map(({ id }) => id), [voice.taken[0]!.id]);
  const gone = await sent("/again", { realm: "other", stamp: links.at(-1)! });
  assertEquals([gone.status, gone.came], [303, []]);
  assertStringIncludes(await me.page(), "Not");

  // From the second on: each person's in their order.
  const since = await sent("/replay", { receiver: "voice", since: isoOf(times[1]!) });
  assertEquals(usersOf(since.came).toSorted(), ["a", "b", "c"]);
  const { cursor } = (await gateway.api("/events?limit=3", { key: API_KEY })).json;
  const after = await sent("/replay", { receiver: "voice", since: "", after: cursor });
  assertEquals(after.came.map(({ id }) => id), [voice.taken[3]!.id]);
  const all = await sent("/replay", { receiver: "voice", since: isoOf(times[0]! - DAY_MS) });
  const ofA = all.came.filter(({ body }) => body.data.user_id === "a");
  assertEquals([all.came.length, ofA.map(({ id }) => id)], [4, [
    voice.taken[0]!.id,
    voice.taken[3]!.id,
  ]]);
  const none = await sent("/replay", { receiver: "voice", since: isoOf(times[3]! + DAY_MS) });
  assertEquals(none.came, []);
  assertEquals(other.tried, []);
  assertMatch(await me.record(), /events_replayed voice 3[\s\S]*event_sent_again voice/);

  for (
    const wrong of [
      { since: "" },
      { since: "yesterday" },
      { since: "2026-99-99T00:00" },
      { since: "", after: "../voice" },
    ]
  ) {
    assertEquals((await sent("/replay", { receiver: "voice", ...wrong })).status, 400);
  }
  const nobody = await sent("/replay", { receiver: "nobody", since: isoOf(0) });
  assertEquals([nobody.location, nobody.came], ["/console/events", []]);
});

Deno.test("what waits already comes once, however often it is sent again", async () => {
  await using voice = startReceiver();
  const env = { OPERATORS, EVENTS: JSON.stringify({ voice: voice.config }) };
  await using gateway = await openGateway({ env });
  voice.answer = () => new Response(null, { status: 503 });
  await gateway.connect("github", { userId: "a" });
  await gateway.eventsSent();
  const me = await operatorAt(gateway);
  for (let press = 0; press < 3; press++) {
    await me.press("/replay", { receiver: "voice", since: "2000-01-01T00:00" });
    await gateway.eventsSent();
  }
  assertStringIncludes(await me.page(), "1 event waits for it.");
  voice.answer = undefined;
  // Nobody waits for its turn to come again.
  await me.press("/replay", { receiver: "voice", since: "2000-01-01T00:00" });
  await gateway.eventsSent();
  assertEquals(usersOf(voice.taken), ["a"]);
});
