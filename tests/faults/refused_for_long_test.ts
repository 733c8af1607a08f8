/**
 * Refusals that no dialect knows, and refusals of the client itself: what is
 * the person's to mend, what the operator's, and what heals by itself.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Bend } from "../support/zoo.ts";
import { startZooGateway, type ZooGateway } from "../support/zoo_gateway.ts";
import { API_KEY, USER } from "../support/gateway.ts";

const HOUR_MS = 3_600_000;
const OTHER = "somebody_else";

/** Words of nobody: no code, no dialect. */
const REFUSED: Bend = { status: 400, body: { message: "That is not possible." } };

/** The first person is refused from now on, however often they come; the other is refreshed. */
async function startRefused(bend: Bend = REFUSED): Promise<ZooGateway> {
  const all = await startZooGateway();
  await all.connect(OTHER);
  all.zoo.bend("refresh", bend, "zoo-refresh-1");
  return all;
}

/** Two hours at a time, as long as they last; `others`: whether the other person comes, too. */
async function hours(all: ZooGateway, count: number, others = true) {
  let last = await all.token();
  for (let hour = 0; hour < count; hour += 2) {
    all.later(2 * HOUR_MS);
    if (others) assertEquals((await all.token(OTHER)).status, 200);
    last = await all.token();
  }
  return last;
}

Deno.test("what is refused for a day while others refresh asks the person, and is tried once a day", async () => {
  await using all = await startRefused();
  const before = await hours(all, 24);
  assertEquals([before.status, before.json.error], [503, "provider_unavailable"]);
  const out = await hours(all, 2);
  assertEquals([out.status, out.json.error], [409, "reauthorization_required"]);
  assert(out.json.connect_url.startsWith(all.gateway.url));
  const list = await all.gateway.api(`/connections?user_id=${USER}`);
  assertEquals(list.json.connections[0].status, "reauthorization_required");

  const mine = () =>
    all.zoo.asked.filter(({ form }) => form.refresh_token === "zoo-refresh-1").length;
  const asked = mine();
  assertEquals((await hours(all, 22)).status, 409);
  assertEquals(mine(), asked, "not within the day");
  assertEquals((await hours(all, 4)).status, 409);
  assertEquals(mine(), asked + 1, "once a day");

  all.zoo.bend("refresh", undefined, "zoo-refresh-1");
  const healed = await hours(all, 26);
  assertEquals(healed.status, 200, "it heals by itself");
  const after = await all.gateway.api(`/connections?user_id=${USER}`);
  assertEquals(after.json.connections[0].status, "active");
});

Deno.test("what everybody is refused is the provider's fault, for however long", async () => {
  await using all = await startRefused();
  assertEquals((await hours(all, 60, false)).status, 503);
});

Deno.test("a connection that works again is not given up for what was before", async () => {
  await using all = await startRefused();
  await hours(all, 20);
  all.zoo.bend("refresh", undefined, "zoo-refresh-1");
  all.later(2 * HOUR_MS);
  assertEquals((await all.token()).status, 200);
  all.zoo.bend("refresh", REFUSED);
  all.later(2 * HOUR_MS);
  assertEquals((await hours(all, 6, false)).status, 503);
});

Deno.test("a person who connects again is refreshed again", async () => {
  await using all = await startRefused();
  assertEquals((await hours(all, 26)).status, 409);
  const link = (await all.token()).json.connect_url;
  assert(link.includes("/auth/zoo"));
  await all.connect();
  assertEquals((await all.token()).status, 200);
});

const NEVER_THE_PERSON: Record<string, Bend> = {
  "429": { status: 429, body: { error: "invalid_request" } },
  "503": { status: 503, body: { error: "invalid_request" } },
  "a firewall's page": { status: 403, type: "text/html", text: "<p>Blocked</p>" },
  "invalid_client": { status: 401, body: { error: "invalid_client" } },
  "unauthorized_client": { status: 400, body: { error: "unauthorized_client" } },
  "a word for later": { status: 400, body: { error: "temporarily_unavailable" } },
};

for (const [name, bend] of Object.entries(NEVER_THE_PERSON)) {
  Deno.test(`${name} is never told to the person as theirs, for however long`, async () => {
    await using all = await startRefused(bend);
    assertEquals((await hours(all, 50)).status, 503);
  });
}

Deno.test("a client that is refused is the operator's to mend: log, health and words say so", async () => {
  await using all = await startZooGateway();
  const deep = (key: string | null) => all.gateway.api("/health?deep", { key });
  assertEquals((await deep(API_KEY)).json.providers, {});
  all.zoo.bend("refresh", { status: 401, body: { error: "invalid_client" } });
  all.later();
  const out = await all.token();
  assertEquals([out.status, out.json.error], [503, "provider_unavailable"]);
  assertStringIncludes(out.json.error_description, "operator must act");
  assertEquals(out.json.connect_url, undefined);
  const events = () => all.gateway.world.events.filter(({ event }) => event === "client_refused");
  assertEquals(events(), [{
    level: "error",
    event: "client_refused",
    provider: "zoo",
    check: "ZOO_CLIENT_ID, ZOO_CLIENT_SECRET",
  }]);
  all.later(60_000);
  assertStringIncludes((await all.token()).json.error_description, "operator must act");
  assertEquals([events().length, all.zoo.count("refresh")], [1, 2], "once per some minutes");
  all.later(5 * 60_000);
  await all.token();
  assertEquals(events().length, 2);

  assertEquals((await deep(API_KEY)).json.providers, { zoo: "client_refused" });
  assertEquals((await deep(null)).status, 401);
  const plain = await all.gateway.api("/health", { key: null });
  assertEquals([plain.status, plain.json.providers], [200, undefined]);

  all.zoo.bend("refresh", undefined);
  all.later(60_000);
  assertEquals((await all.token()).status, 200);
  assertEquals((await deep(API_KEY)).json.providers, {});
});

Deno.test("a sign-in that fails by the client's fault says whose that is", async () => {
  await using all = await startZooGateway({ connected: false });
  all.zoo.bend("exchange", { status: 401, body: { error: "invalid_client" } });
  const page = await all.connect();
  assertStringIncludes(page, "operator must act");
  assert(!page.includes("refused to finish"));
  // And the operator hears of it, though there is nothing yet that could be refreshed.
  const [event] = all.gateway.world.events.filter(({ event }) => event === "client_refused");
  assertEquals(event?.level, "error");
  const deep = async () => (await all.gateway.api("/health?deep", { key: API_KEY })).json.providers;
  assertEquals(await deep(), { zoo: "client_refused" });
  all.zoo.bend("exchange", undefined);
  all.later(1_000);
  assertStringIncludes(await all.connect(), "connected");
  assertEquals(await deep(), {});
});
