import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MOST_ACCOUNTS } from "../../broker/moving/import.ts";
import { UNDER_WAY_MS } from "../../broker/moving/import_owner.ts";
import type { LogEvent } from "../../broker/core/world.ts";
import { LONGEST_LIFETIME_MS } from "../../broker/tokens/freshness.ts";
import { MAX_IMPORT_LINE } from "../../routes/api/import_stream.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { API_KEY, type Gateway, OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";
import { startZoo } from "../support/zoo.ts";
import { startZooGateway } from "../support/zoo_gateway.ts";

type Line = Record<string, unknown>;

const GOOD = {
  service: "zoo",
  user_id: USER,
  account: { id: "lion" },
  access_token: "held-access",
  refresh_token: "held-refresh",
  expires_in: 3600,
};

async function lines(gateway: Gateway, body: BodyInit, key = API_KEY): Promise<Line[]> {
  const response = await fetch(`${gateway.url}/connections/import?verify=none`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${key}`, "Content-Type": "application/x-ndjson" },
    body,
  });
  assertEquals(response.status, 200);
  return (await response.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** What became of one item, in one line. */
async function fateOf(gateway: Gateway, item: unknown): Promise<Line> {
  const [line] = await lines(gateway, typeof item === "string" ? item : JSON.stringify(item));
  return line!;
}

async function stored({ kv }: Gateway): Promise<number> {
  return (await Array.fromAsync(kv.list({ prefix: ["connections"] }))).length;
}

const REFUSED: Record<string, unknown> = {
  "a token that ends a header's line": { ...GOOD, access_token: "x\r\nX-Evil: 1" },
  "a refresh token with a line's end": { ...GOOD, refresh_token: "x\ny" },
  "an empty token": { ...GOOD, access_token: "" },
  "a token that is no ASCII": { ...GOOD, access_token: "tökén" },
  "a token type that ends a header's line": { ...GOOD, token_type: "Bearer\r\nX-Evil: 1" },
  "no token": { ...GOOD, access_token: null, refresh_token: null },
  "a scope with a quote": { ...GOOD, scopes: ['a"b'] },
  "a user id of another realm": { ...GOOD, user_id: "other:user_1" },
  "a user id with a line's end": { ...GOOD, user_id: "user\n1" },
  "an account without an id": { ...GOOD, account: { id: "" } },
  "an account whose id fills a key": { ...GOOD, account: { id: "x".repeat(3000) } },
  "half a character as an id": JSON.stringify({ ...GOOD, account: { id: "x" } })
    .replace('"x"', '"\\ud800"'),
  "no account": { ...GOOD, account: null },
  "an end in the year 1970": { ...GOOD, expires_at: 12 },
  "an end that is no number": JSON.stringify({ ...GOOD, expires_in: 7 }).replace("7", "1e999"),
  "an end that is no date": { ...GOOD, expires_at: "2026-99-99T00:00:00Z" },
  "a member that nobody knows": { ...GOOD, refreshToken: "held-refresh" },
  "a service that is not there": { ...GOOD, service: "no-such" },
  "a prototype's member as a service": { ...GOOD, service: "__proto__" },
  "text": "text",
  "a list": [GOOD],
  "deep JSON": "[".repeat(100_000),
  "deep JSON in a member": JSON.stringify({ ...GOOD, extra: 1 })
    .replace("1}", `${"[".repeat(100)}${"]".repeat(100)}}`),
  "a token set that is too large": { ...GOOD, access_token: "x".repeat(265_000) },
};

Deno.test("an import refuses what no connection can be, stores nothing of it, and repeats no token", async (t) => {
  await using both = await startZooGateway({ connected: false });
  for (const [what, item] of Object.entries(REFUSED)) {
    await t.step(what, async () => {
      const line = await fateOf(both.gateway, item);
      assertEquals(line.status, "refused", JSON.stringify(line));
      const faults = ["invalid_request", "unknown_service", "too_large"];
      assert(faults.includes(String(line.error)), JSON.stringify(line));
      assertEquals(await stored(both.gateway), 0);
      assert(!/held-|X-Evil|xxx/.test(JSON.stringify(line)), JSON.stringify(line));
    });
  }
  assertEquals(both.zoo.asked, []);
});

Deno.test("an absurd end is cut to the longest that is believed, and one of the past is over", async () => {
  await using both = await startZooGateway({ connected: false });
  const { gateway } = both;
  await fateOf(gateway, { ...GOOD, expires_in: Number.MAX_SAFE_INTEGER });
  await fateOf(gateway, { ...GOOD, user_id: "past", expires_in: -1e15, refresh_token: null });
  const { json } = await both.token();
  assertEquals(json.expires_at - gateway.world.now(), LONGEST_LIFETIME_MS);
  assertEquals((await both.token("past")).json.error, "reauthorization_required");
});

Deno.test("a line of 10 MB is passed over, and the lines around it are imported", async () => {
  await using both = await startZooGateway({ connected: false });
  const item = (user_id: string) => JSON.stringify({ ...GOOD, user_id, refresh_token: user_id });
  const body = [item("before"), `"${"x".repeat(10_000_000)}"`, item("after")].join("\n");
  const all = await lines(both.gateway, body);
  const end = all.pop()!;
  assertEquals([end.done, end.imported, end.refused], [true, 2, 1]);
  const long = all.find(({ index }) => index === 1)!;
  assertStringIncludes(String(long.error_description), String(MAX_IMPORT_LINE));
});

Deno.test("who hangs up in the middle of a line has imported what was whole by then, and no more", async () => {
  await using both = await startZooGateway({ connected: false });
  const { world } = both.gateway;
  const over = Promise.withResolvers<LogEvent>();
  const log = world.log;
  world.log = (event) => {
    log(event);
    if (event.event === "connections_imported") over.resolve(event);
  };
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const hangUp = new AbortController();
  const answer = fetch(`${both.gateway.url}/connections/import?verify=none`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${API_KEY}`, "Content-Type": "application/x-ndjson" },
    body: readable,
    signal: hangUp.signal,
  });
  const half = JSON.stringify({ ...GOOD, user_id: "half" }).slice(0, -9);
  await writer.write(new TextEncoder().encode(`${JSON.stringify(GOOD)}\n${half}`));
  const reader = (await answer).body!.pipeThrough(new TextDecoderStream()).getReader();
  assertStringIncludes((await reader.read()).value!, '"imported"');
  hangUp.abort();
  // Both sides of the connection say what they think of it.
  await Promise.allSettled([reader.read(), writer.closed]);
  const { imported, done } = await over.promise;
  assertEquals([imported, done], [1, false]);
  assertEquals(await stored(both.gateway), 1);
});

Deno.test("the same account twice in one import is one connection, and no later run changes it", async () => {
  await using both = await startZooGateway({ connected: false });
  const { gateway } = both;
  const one = { ...GOOD, replace: true };
  const two = { ...one, access_token: "held-access-2", refresh_token: "held-refresh-2" };
  const body = JSON.stringify([one, two, one]);
  const run = () => gateway.api("/connections/import?verify=none", { body });
  await run();
  const { json } = await both.token();
  const again = (await run()).json.results.map(({ status }: Line) => status);
  assertEquals(again, ["unchanged", "unchanged", "unchanged"]);
  assertEquals((await both.token()).json.access_token, json.access_token);
  assertEquals(await stored(gateway), 1);
});

Deno.test("a refresh token is one user's, whoever else brings it, as long as the first one has it", async () => {
  await using both = await startZooGateway({ connected: false });
  const { gateway, zoo } = both;
  const { access_token, refresh_token } = zoo.issue();
  const users = ["ana", "ben", "cid", "dan"];
  const items = users.map((user_id) => ({ ...GOOD, user_id, access_token, refresh_token }));
  for (const verify of ["none", "refresh"]) {
    const body = items.map((item) => JSON.stringify({ ...item, verify })).join("\n");
    const [end] = (await lines(gateway, body)).slice(-1);
    assertEquals(Number(end!.imported) + Number(end!.unchanged), 1);
    assertEquals(end!.refused, 3);
  }
  const other = await gateway.api("/connections/import?verify=none", {
    body: [items[0]],
    key: OTHER_API_KEY,
  });
  assertEquals(other.json.results[0].status, "refused");
  assertEquals([await stored(gateway), zoo.asked.length], [1, 0]);
  const has = async (user: string) => (await both.token(user)).status === 200;
  const owner = await Promise.all(users.map(has)).then((all) => users[all.indexOf(true)]!);
  await gateway.api(`/connections/zoo?user_id=${owner}`, { method: "DELETE" });
  const next = items.find(({ user_id }) => user_id !== owner)!;
  // Another process may be about the first one still.
  const soon = await fateOf(gateway, next);
  assertEquals([soon.status, soon.error], ["refused", "provider_unavailable"]);
  gateway.world.skew += UNDER_WAY_MS;
  assertEquals((await fateOf(gateway, next)).status, "imported");
});

Deno.test("two processes that are brought one refresh token for two users at once give it to one", async () => {
  await using zoo = startZoo();
  const env = {
    ENCRYPTION_KEYS: newKeyLine("k1"),
    PROVIDERS: JSON.stringify([zoo.spec]),
    ZOO_CLIENT_ID: "zoo-client",
    ZOO_CLIENT_SECRET: "zoo-secret",
  };
  await using one = await startGateway({ env });
  await using other = await startGateway({ env, kvPath: one.kvPath });
  const tokens = Array.from({ length: 30 }, () => zoo.issue());
  for (const verify of ["none", "refresh"]) {
    const fates = await Promise.all(tokens.map(async ({ access_token, refresh_token }, n) => {
      const item = { ...GOOD, access_token, refresh_token, verify };
      const all = await Promise.all([
        fateOf(one, { ...item, user_id: `ana${n}` }),
        fateOf(other, { ...item, user_id: `ben${n}` }),
      ]);
      return all.map(({ status }) => status).sort();
    }));
    const taken = verify === "none" ? ["imported", "refused"] : ["refused", "unchanged"];
    assertEquals(fates, tokens.map(() => taken));
    assertEquals(await stored(one), tokens.length);
  }
});

Deno.test("a user who has too many accounts gets no more of them by an import", async () => {
  await using both = await startZooGateway({ connected: false });
  const items = Array.from({ length: MOST_ACCOUNTS + 20 }, (_none, n) => ({
    ...GOOD,
    account: { id: `lion ${n}` },
    access_token: `a${n}`,
    refresh_token: `r${n}`,
  }));
  const all = await lines(both.gateway, items.map((item) => JSON.stringify(item)).join("\n"));
  const { imported } = all.at(-1)!;
  // As many as were under way at the same time may come on top.
  assert(Number(imported) >= MOST_ACCOUNTS && Number(imported) < MOST_ACCOUNTS + 10);
});

Deno.test("a key imports only what it is for, scope by scope", async () => {
  const key = "calendar-only";
  await using gateway = await startGateway({
    env: { API_KEYS: `cal:sha256:${digestHex(key)}:calendar` },
  });
  const scope = (name: string) => `https://www.googleapis.com/auth/${name}`;
  const item = { ...GOOD, service: "calendar" };
  const body = [
    { ...item, service: "gmail" },
    { ...item, service: "google" },
    { ...item, service: "github" },
    // It says that it opens nothing.
    { ...item, service: "gmail", scopes: [] },
    { ...item, scopes: [scope("calendar.events"), scope("gmail.readonly")] },
    { ...item, scopes: [scope("calendar.events")] },
  ].map((each) => JSON.stringify(each)).join("\n");
  const all = await lines(gateway, body, key);
  const byIndex = all.slice(0, -1).sort((a, b) => Number(a.index) - Number(b.index));
  assertEquals(byIndex.map(({ error, status }) => error ?? status), [
    "access_denied",
    "access_denied",
    "access_denied",
    "access_denied",
    "access_denied",
    "imported",
  ]);
});

Deno.test("without a key, with a form's type or with a list that is none nothing is imported", async () => {
  await using both = await startZooGateway({ connected: false });
  const { gateway } = both;
  const path = "/connections/import";
  assertEquals((await gateway.api(path, { body: [GOOD], key: null })).status, 401);
  assertEquals((await gateway.api(path, { body: GOOD })).status, 400);
  assertEquals((await gateway.api(`${path}?verify=maybe`, { body: [GOOD] })).status, 400);
  const headers = { "Content-Type": "text/plain" };
  assertEquals((await gateway.api(path, { body: [GOOD], headers })).status, 415);
  assertEquals((await gateway.api(path)).status, 405);
  const lists = { body: `[${"1,".repeat(200_000)}1]` };
  assertEquals((await gateway.api(path, lists)).status, 413);
});
