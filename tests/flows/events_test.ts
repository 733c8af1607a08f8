/**
 * Events to backends: what each app is told of its own users' connections, in
 * which order, and that nothing is lost while its receiver is down.
 */

import { assert, assertEquals } from "@std/assert";
import { newEventSecret, startReceiver } from "../support/event_receiver.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { API_KEY, type Gateway, OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const typesOf = (all: { body: { type: string } }[]) => all.map(({ body }) => body.type);
const listed = async (gateway: Gateway, query = "", key = API_KEY) =>
  (await gateway.api(`/events${query}`, { key })).json;

Deno.test("an app is told of what happens to its users' connections, signed, and no other app is", async () => {
  await using voice = startReceiver();
  await using other = startReceiver();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config, other: other.config }) },
  });
  await gateway.connect("github");
  await gateway.eventsSent();
  await gateway.api(`/connections/github?user_id=${USER}`, { method: "DELETE" });
  await gateway.eventsSent();

  assertEquals(typesOf(voice.taken), ["connection.created", "connection.deleted"]);
  const [created, deleted] = voice.taken;
  assertEquals(created!.body.data.user_id, USER);
  assertEquals(created!.body.data.provider, "github");
  assertEquals(created!.body.data.services, ["github"]);
  assertEquals(deleted!.body.data.reason, "app");
  assertEquals([other.tried, other.unsigned, voice.unsigned], [[], 0, 0]);
  // What can be read is what was sent.
  const { events } = await listed(gateway);
  assertEquals(events.map(({ id }: { id: string }) => id), voice.taken.map(({ id }) => id));
  assertEquals(events[0].data, created!.body.data);
  assertEquals((await listed(gateway, "", OTHER_API_KEY)).events, []);
  const { headers } = await gateway.api("/events");
  assertEquals(headers.get("cache-control"), "no-store");
  // No token of the provider's is in any of it.
  assert(!/gho_|ghr_|access_token/.test(JSON.stringify(voice.tried)));
});

Deno.test("while a receiver is down nothing is lost, and then each is told in order, once", async () => {
  await using voice = startReceiver();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }) },
  });
  const { world } = gateway;
  voice.answer = () => new Response(null, { status: 503 });
  const users = ["a", "b", "c"];
  for (const userId of users) await gateway.connect("github", { userId });
  for (const userId of users) {
    await gateway.api(`/connections/github?user_id=${userId}`, { method: "DELETE" });
  }
  await gateway.eventsSent();
  for (let minute = 0; minute < 60; minute++) {
    world.skew += 60_000;
    await gateway.sendEvents();
  }
  // A receiver that is down is seldom asked.
  assert(voice.tried.length > 12 && voice.tried.length < 200, `${voice.tried.length} tries`);
  assertEquals(voice.taken, []);
  assert(world.events.some(({ event }) => event === "receiver_failing"));

  voice.answer = undefined;
  for (let minute = 0; minute < 6; minute++) {
    world.skew += 60_000;
    await gateway.sendEvents();
  }
  for (const userId of users) {
    const mine = voice.taken.filter(({ body }) => body.data.user_id === userId);
    assertEquals(typesOf(mine), ["connection.created", "connection.deleted"], userId);
  }
  assertEquals(voice.taken.length, 2 * users.length);
  assert(world.events.some(({ event }) => event === "receiver_recovered"));
});

Deno.test("an event that fails holds back the later ones of the same person, and nobody else's", async () => {
  await using voice = startReceiver();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }) },
  });
  voice.answer = ({ body }) =>
    new Response(null, { status: body.data.user_id === "stuck" ? 422 : 200 });
  await gateway.connect("github", { userId: "stuck" });
  await gateway.eventsSent();
  await gateway.api("/connections/github?user_id=stuck", { method: "DELETE" });
  await gateway.connect("github", { userId: "free" });
  await gateway.eventsSent();
  const stuck = () => voice.tried.filter(({ body }) => body.data.user_id === "stuck");
  assertEquals(typesOf(stuck()), ["connection.created"]);
  assertEquals(typesOf(voice.taken), ["connection.created"]);

  // For three days, and no longer; then the next one is told.
  for (let hour = 0; hour < 75; hour++) {
    gateway.world.skew += HOUR_MS * 1.3;
    await gateway.sendEvents();
  }
  assert(gateway.world.events.some(({ event }) => event === "event_given_up"));
  assertEquals(stuck().at(-1)!.body.type, "connection.deleted");
});

Deno.test("410 switches a receiver off, and what happens meanwhile is sent when it is on again", async () => {
  await using voice = startReceiver();
  const env = { EVENTS: JSON.stringify({ voice: voice.config }) };
  await using gateway = await startGateway({ env });
  voice.answer = () => new Response(null, { status: 410 });
  await gateway.connect("github");
  await gateway.eventsSent();
  await gateway.connect("google");
  gateway.world.skew += DAY_MS;
  await gateway.sendEvents();
  assertEquals(voice.tried.length, 1);
  assert(gateway.world.events.some(({ event }) => event === "receiver_switched_off"));

  // At another address it is another receiver.
  voice.answer = undefined;
  const url = `${voice.url}?moved`;
  await gateway.restart({ EVENTS: JSON.stringify({ voice: { ...voice.config, url } }) });
  await gateway.sendEvents();
  assertEquals(typesOf(voice.taken), ["connection.created", "connection.created"]);
});

Deno.test("a connection that is over, and one that works again, are told", async () => {
  await using voice = startReceiver();
  const faults = faultyFetch();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }) },
    fetch: faults.fetch,
  });
  await gateway.connect("google");
  faults.on("/oauth2/token", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
  gateway.world.skew += 2 * HOUR_MS;
  const { status } = await gateway.api("/token/google", { body: { user_id: USER } });
  assertEquals(status, 409);
  faults.reset();
  await gateway.connect("google");
  await gateway.connect("google");
  await gateway.eventsSent();
  assertEquals(
    voice.taken.map(({ body }) => [body.type, body.data.reason]),
    [
      ["connection.created", undefined],
      ["connection.reauthorization_required", "grant_over"],
      ["connection.recovered", undefined],
      ["connection.created", "connected_again"],
    ],
  );
});

Deno.test("a session token that is ended is told", async () => {
  await using voice = startReceiver();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }) },
  });
  const body = { user_id: USER, services: ["github"] };
  const { json: { id } } = await gateway.api("/sessions", { body });
  await gateway.api(`/sessions?user_id=${USER}&id=${id}`, { method: "DELETE" });
  await gateway.eventsSent();
  const [told] = voice.taken;
  assertEquals(told!.body.type, "session.revoked");
  assertEquals(told!.body.data.session, { id, kind: "session_token" });
});

Deno.test("of somebody who was deleted the end of each connection is told, and nothing else is kept", async () => {
  await using voice = startReceiver();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }) },
  });
  voice.answer = () => new Response(null, { status: 500 });
  await gateway.connect("github");
  await gateway.eventsSent();
  await gateway.api(`/users/${USER}`, { method: "DELETE" });
  await gateway.eventsSent();
  const { events } = await listed(gateway);
  assertEquals(
    events.map(({ type, data }: { type: string; data: unknown }) => [type, data]),
    [["connection.deleted", {
      user_id: USER,
      provider: "github",
      services: ["github"],
      reason: "user_deleted",
    }]],
  );
  voice.answer = undefined;
  gateway.world.skew += HOUR_MS;
  await gateway.sendEvents();
  assertEquals(typesOf(voice.taken), ["connection.deleted"]);
  // No key of the database names them any more.
  const keys = await Array.fromAsync(gateway.kv.list({ prefix: [] }), ({ key }) => String(key));
  assertEquals(keys.filter((key) => key.includes(`voice:${USER}`)), []);
});

Deno.test("a page is read on from its cursor, and a cursor opens nothing of another app", async () => {
  await using gateway = await startGateway();
  for (const userId of ["a", "b", "c"]) await gateway.connect("github", { userId });
  const first = await listed(gateway, "?limit=2");
  assertEquals([first.events.length, first.has_more], [2, true]);
  const rest = await listed(gateway, `?after=${first.cursor}&limit=2`);
  assertEquals([rest.events.length, rest.has_more, rest.events[0].data.user_id], [1, false, "c"]);
  const none = await listed(gateway, `?after=${rest.cursor}`);
  assertEquals([none.events, none.cursor], [[], rest.cursor]);
  // Of another app's place nothing is read but what is one's own.
  const foreign = await listed(gateway, `?after=${"0".repeat(20)}`, OTHER_API_KEY);
  assertEquals(foreign.events, []);
  for (const after of ["", "x", "../voice", "f".repeat(21), "0".repeat(19)]) {
    const { status } = await gateway.api(`/events?after=${encodeURIComponent(after)}`);
    assertEquals(status, 400, after);
  }
  for (const limit of ["0", "201", "1e3", "-1"]) {
    assertEquals((await gateway.api(`/events?limit=${limit}`)).status, 400, limit);
  }
  assertEquals((await gateway.api("/events", { key: null })).status, 401);
});

Deno.test("a key for some services alone is told of those, and of no others", async () => {
  await using voice = startReceiver();
  const { digestHex } = await import("../../tasks/key.ts");
  await using gateway = await startGateway({
    env: {
      EVENTS: JSON.stringify({ voice: voice.config }),
      API_KEYS: `voice:sha256:${digestHex(API_KEY)}`,
    },
  });
  await gateway.connect("github");
  await gateway.connect("google");
  await gateway.eventsSent();
  assertEquals(voice.taken.length, 2);
  await gateway.restart({ API_KEYS: `voice:sha256:${digestHex(API_KEY)}:github` });
  await gateway.api(`/users/${USER}`, { method: "DELETE" });
  const { events } = await listed(gateway);
  assertEquals(events.map(({ data }: { data: { provider: string } }) => data.provider), ["github"]);
});

Deno.test("two secrets sign while one is being replaced", async () => {
  await using voice = startReceiver();
  const secret = [newEventSecret(), voice.secret];
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: { ...voice.config, secret } }) },
  });
  await gateway.connect("github");
  await gateway.eventsSent();
  assertEquals([voice.taken.length, voice.unsigned], [1, 0]);
});
