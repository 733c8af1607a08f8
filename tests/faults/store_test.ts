import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import type { Store } from "../../broker/core/store.ts";
import { LEASE_MS } from "../../broker/tokens/refresh_rules.ts";
import { failing, type Faults } from "../support/failing_store.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, repeated, startGateway, USER } from "../support/gateway.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Whatever lease ended then is over by every clock. */
const LONG_AGO_MS = MAX_CLOCK_SKEW_MS + LEASE_MS;
const TOKEN_ENDPOINT = "/oauth2/token";

async function startFailing() {
  const points: Faults = new Map();
  const faults = faultyFetch();
  let real!: Store;
  const gateway = await startGateway({
    fetch: faults.fetch,
    store: (store) => failing(real = store, points),
  });
  await gateway.connect("calendar");
  /** A process took the lease of the connection, and was never heard of again. */
  const die = async () => {
    const [connection] = await real.connections.list(`voice:${USER}`);
    await real.leases.takeFor(connection!, "dead", gateway.world.now() - LONG_AGO_MS);
  };
  faults.reset();
  gateway.world.speed = 100;
  const token = () => gateway.api("/token/google", { body: { user_id: USER } });
  const first: string = (await token()).json.access_token;
  return Object.assign(gateway, { faults, points, token, first, die });
}

async function status(gateway: Gateway): Promise<string> {
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  return json.connections[0].status;
}

/** What fails, and whether a process has died with the lease: else nobody reads it. */
const REFRESH_POINTS: { points: [point: string, ...also: string[]]; besideDead: boolean }[] = [
  { points: ["leases.takeFor"], besideDead: false },
  { points: ["connections.put"], besideDead: false },
  { points: ["leases.read"], besideDead: true },
  { points: ["leases.take"], besideDead: true },
  { points: ["connections.get"], besideDead: true },
  // Given back by itself only where nothing is stored.
  { points: ["leases.release", "connections.get"], besideDead: true },
];

for (const { points: [point, ...also], besideDead } of REFRESH_POINTS) {
  Deno.test(`${point} failing once during a refresh loses nothing`, async () => {
    await using gateway = await startFailing();
    gateway.world.skew = HOUR_MS - 4 * MINUTE_MS;
    if (besideDead) await gateway.die();
    for (const each of [point, ...also]) gateway.points.set(each, 1);
    const during = await gateway.token();
    assertEquals(during.status, 200, "the old token lives still");
    await gateway.broker.idle();
    // One that could not be given back has lapsed by then.
    gateway.world.skew += LONG_AGO_MS;
    gateway.world.speed = 1;
    // Whoever has a living token does not wait long for the next one.
    await gateway.token();
    await gateway.broker.idle();
    const next = await gateway.token();
    assertEquals(next.status, 200);
    assert(next.json.access_token !== gateway.first);
    assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
    assertEquals(await status(gateway), "active");
    assert(gateway.points.get(point)! <= 0, "It was asked for");
  });

  Deno.test(`${point} failing at an expired token is told as 503, and heals`, async () => {
    await using gateway = await startFailing();
    gateway.world.skew = HOUR_MS + MINUTE_MS;
    // Only a dead one's lease is waited for.
    gateway.world.speed = besideDead ? 20 : 1;
    if (besideDead) await gateway.die();
    for (const each of [point, ...also]) {
      gateway.points.set(each, each === "connections.put" ? 3 : 1);
    }
    const during = await gateway.token();
    if (during.status !== 200) {
      assertEquals([during.status, during.json.error], [503, "store_unavailable"]);
      assertEquals(during.headers.get("Retry-After"), "5");
    }
    await gateway.broker.idle();
    gateway.world.skew += LONG_AGO_MS;
    // A caller's patience is as long as it is, however busy the machine.
    gateway.world.speed = 1;
    assertEquals((await gateway.token()).status, 200);
    assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
  });
}

Deno.test("a rotated token is kept in memory and stored as soon as the store is back", async () => {
  await using gateway = await startFailing();
  gateway.faults.on(TOKEN_ENDPOINT, () =>
    Response.json({
      access_token: "google_rotated",
      refresh_token: "rotated",
      expires_in: 3600,
      token_type: "Bearer",
    }));
  gateway.points.set("connections.put", 8);
  gateway.world.skew = HOUR_MS + MINUTE_MS;
  await gateway.token();
  await gateway.broker.idle();
  assertEquals((await gateway.token()).json.access_token, "google_rotated");
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
  const warned = gateway.world.events.filter(({ event }) => event === "refresh_not_stored_yet");
  assertEquals(warned.length, 8);
});

Deno.test("reads that fail are told as 503 and change nothing", async () => {
  await using gateway = await startFailing();
  for (
    const [point, request] of [
      ["connections.list", gateway.token],
      ["connections.survey", () => gateway.api(`/connections?user_id=${USER}`)],
      ["links.put", () => gateway.api("/links", { body: { user_id: USER, service: "github" } })],
    ] as const
  ) {
    gateway.points.set(point, 1);
    const out = await request();
    assertEquals([out.status, out.json.error], [503, "store_unavailable"], point);
    assertEquals((await request()).status, 200, point);
  }
});

const CREATE = call("create_issue", { repo: "octocat/hello-world", title: "Once" });
const KEY = { headers: { "Idempotency-Key": "k" } };
const POST_ISSUE = "/repos/octocat/hello-world/issues";

async function startCalls() {
  const points: Faults = new Map();
  const faults = faultyFetch();
  const gateway = await startGateway({
    fetch: faults.fetch,
    store: (store) => failing(store, points),
  });
  await gateway.connect("github");
  const create = async () => (await gateway.mcp(CREATE, KEY)).json.result;
  return Object.assign(gateway, { points, faults, create });
}

Deno.test("a call while the store is out is not run, and says so", async () => {
  await using gateway = await startCalls();
  gateway.points.set("calls.add", 1);
  const out = await gateway.create();
  assertEquals([out.isError, out.structuredContent.error], [true, "store_unavailable"]);
  assertStringIncludes(out.content[0].text, "Nothing was done by this call. The store is not");
  assertEquals(out.structuredContent.retry_after, 5);
  assertEquals(gateway.faults.count(POST_ISSUE), 0);
  assertEquals((await gateway.create()).isError, undefined);
  assertEquals(gateway.faults.count(POST_ISSUE), 1);
});

Deno.test("a store that is out right after a call loses neither its outcome nor that it was done", async () => {
  await using gateway = await startCalls();
  gateway.points.set("calls.replace", 3);
  const first = await gateway.create();
  assertStringIncludes(first.content[0].text, "Created issue #1");
  assertEquals(await gateway.create(), repeated(first));
  await gateway.broker.idle();
  assertEquals(await gateway.create(), repeated(first));
  assertEquals(gateway.faults.count(POST_ISSUE), 1);
});

Deno.test("a call that was cut off is told of, and a new key does it", async () => {
  await using gateway = await startCalls();
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  gateway.faults.on(POST_ISSUE, (_request, send) => {
    asked.resolve();
    return answered.promise.then(send);
  });
  const first = gateway.create();
  await asked.promise;
  gateway.world.skew = 61_000;
  const repeat = await gateway.create();
  assertEquals([repeat.isError, repeat.structuredContent.error], [true, "may_have_been_done"]);
  assertStringIncludes(repeat.content[0].text, "GitHub: This may have been done already");
  answered.resolve();
  assertStringIncludes((await first).content[0].text, "Created issue #1");
  gateway.faults.reset();
  const headers = { "Idempotency-Key": "another" };
  const anew = (await gateway.mcp(CREATE, { headers })).json.result;
  assertStringIncludes(anew.content[0].text, "Created issue #2");
});
