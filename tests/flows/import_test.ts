import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Gateway } from "../support/gateway.ts";
import { API_KEY, OTHER_API_KEY, USER } from "../support/gateway.ts";
import { startZooGateway, type ZooGateway } from "../support/zoo_gateway.ts";

type Item = Record<string, unknown>;
type Line = Record<string, unknown> & { index: number; status: string };

const start = () => startZooGateway({ connected: false });

/** One that another server held: its refresh token is one that the zoo knows. */
function held({ zoo }: ZooGateway, more: Item = {}): Item {
  const { access_token, refresh_token } = zoo.issue();
  return { service: "zoo", user_id: USER, access_token, refresh_token, ...more };
}

async function imported(
  gateway: Gateway,
  items: unknown,
  { query = "", key = API_KEY }: { query?: string; key?: string } = {},
): Promise<Line[]> {
  const { status, json, text } = await gateway.api(`/connections/import${query}`, {
    body: items,
    key,
  });
  assertEquals(status, 200, text);
  return json.results;
}

/** Line by line, as one text. */
async function lines(gateway: Gateway, body: BodyInit, query = ""): Promise<Line[]> {
  const response = await fetch(`${gateway.url}/connections/import${query}`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${API_KEY}`, "Content-Type": "application/x-ndjson" },
    body,
  });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("Content-Type"), "application/x-ndjson");
  return (await response.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
}

const ACCOUNT = { id: "lion", label: "Leo" };

Deno.test("what another server held is imported as it was said, and served", async () => {
  await using both = await start();
  const item = held(both, { account: ACCOUNT, expires_in: 3600, scope: "read" });
  const [line] = await imported(both.gateway, [item], { query: "?verify=none" });
  assertEquals(line, { index: 0, status: "imported", provider: "zoo", account: "lion" });
  assertEquals((await both.token()).json.access_token, item.access_token);
  assertEquals((await both.token()).json.label, "Leo");
  assertEquals(both.zoo.asked, []);
});

Deno.test("one whose end nobody says is refreshed before it is used", async () => {
  await using both = await start();
  const item = held(both, { account: ACCOUNT });
  await imported(both.gateway, [item], { query: "?verify=none" });
  const { json } = await both.token();
  assert(json.access_token !== item.access_token);
  assertEquals(both.zoo.count("refresh"), 1);
});

Deno.test("a refresh token alone can be imported, and nothing else is ever handed out for it", async () => {
  await using both = await start();
  const { access_token: _none, ...item } = held(both, { account: ACCOUNT });
  await imported(both.gateway, [item], { query: "?verify=none" });
  both.zoo.bend("refresh", { status: 500 });
  assertEquals((await both.token()).status, 503);
  both.zoo.bend("refresh", undefined);
  both.gateway.world.skew += 60_000;
  assertEquals((await both.token()).json.access_token, "zoo-access-2");
});

Deno.test("an end that is said of a refresh token alone makes no access token of it", async () => {
  await using both = await start();
  for (const end of [{ expires_in: 3600 }, { expires_at: Date.now() + 3_600_000 }]) {
    const { access_token: _none, ...item } = held(both, { ...end, account: ACCOUNT });
    const query = "?verify=none";
    const [line] = await imported(both.gateway, [{ ...item, replace: true }], { query });
    assertEquals(line!.status, "imported");
    both.zoo.bend("refresh", { status: 500 });
    assertEquals((await both.token()).status, 503, "nothing is handed out");
    both.zoo.bend("refresh", undefined);
    both.gateway.world.skew += 60_000;
    assertEquals((await both.token()).json.access_token.startsWith("zoo-access-"), true);
  }
});

Deno.test("verify=identify asks whose account it is, and refuses another one than was said", async () => {
  await using both = await start();
  both.zoo.person = "tiger";
  const mine = held(both, { expires_in: 3600 });
  const other = held(both, { expires_in: 3600, account: ACCOUNT });
  const unknown = held(both);
  const results = await imported(both.gateway, [mine, other, unknown]);
  assertEquals(results.map(({ status }) => status), ["imported", "refused", "refused"]);
  assertEquals(results[0]!.account, "tiger");
  assertStringIncludes(String(results[1]!.error_description), "another account");
  assertStringIncludes(String(results[2]!.error_description), "verify=refresh");
});

Deno.test("verify=refresh refreshes once, however often and by however many it is imported", async () => {
  await using both = await start();
  const item = held(both);
  const query = "?verify=refresh";
  const all = await Promise.all(
    Array.from({ length: 8 }, () => imported(both.gateway, [item, item], { query })),
  );
  const statuses = all.flat().map(({ status }) => status).sort();
  assertEquals(statuses, ["imported", ...Array(15).fill("unchanged")]);
  assertEquals(both.zoo.count("refresh"), 1);
  assertEquals((await both.token()).json.access_token, "zoo-access-2");
  assertEquals(await recordsOf(both.gateway), 1);
});

Deno.test("an import that runs again after a refresh never puts the older token set back", async () => {
  await using both = await start();
  const item = held(both, { account: ACCOUNT, expires_in: 3600 });
  await imported(both.gateway, [item], { query: "?verify=none" });
  both.later();
  const { json } = await both.token();
  for (const query of ["?verify=none", "?verify=refresh", "?verify=none&replace=true"]) {
    const [line] = await imported(both.gateway, [item], { query });
    assertEquals(line!.status, "unchanged", query);
  }
  assertEquals((await both.token()).json.access_token, json.access_token);
  assertEquals(both.zoo.count("refresh"), 1);
});

Deno.test("nor after the person has connected again", async () => {
  await using both = await start();
  const item = held(both, { account: { id: `animal of ${USER}` }, expires_in: 3600 });
  await imported(both.gateway, [item], { query: "?verify=none" });
  await both.connect();
  const { json } = await both.token();
  const [line] = await imported(both.gateway, [item], { query: "?verify=none&replace=true" });
  assertEquals(line!.status, "unchanged");
  assertEquals((await both.token()).json.access_token, json.access_token);
});

Deno.test("a living connection is replaced only where that was asked", async () => {
  await using both = await start();
  await both.connect();
  const { json } = await both.token();
  const item = held(both, {
    account: { id: `animal of ${USER}` },
    expires_in: 3600,
    verify: "none",
  });
  const [kept] = await imported(both.gateway, [item]);
  assertEquals(kept!.status, "exists");
  assertEquals((await both.token()).json.access_token, json.access_token);
  const [replaced] = await imported(both.gateway, [{ ...item, replace: true }]);
  assertEquals(replaced!.status, "imported");
  assertEquals((await both.token()).json.access_token, item.access_token);
});

Deno.test("what a refresh gave is kept where the account turns out to be connected", async () => {
  await using both = await start();
  await both.connect();
  const { json: before } = await both.token();
  const item = held(both, { verify: "refresh" });
  const [line] = await imported(both.gateway, [item]);
  assertEquals([line!.status, line!.kept], ["exists", true]);
  assertEquals((await both.token()).json.access_token, before.access_token);
  const [again] = await imported(both.gateway, [{ ...item, replace: true }]);
  assertEquals(again!.status, "imported");
  assertEquals(both.zoo.count("refresh"), 1);
  assert((await both.token()).json.access_token !== before.access_token);
});

Deno.test("where the provider does not say whose it is, the refreshed token set waits for the next try", async () => {
  await using both = await start();
  const item = held(both, { verify: "refresh" });
  const { person } = both.zoo;
  both.zoo.person = "";
  const [line] = await imported(both.gateway, [item]);
  assertEquals(line!.status, "refused");
  both.zoo.person = person;
  const [again] = await imported(both.gateway, [item]);
  assertEquals(again!.status, "imported");
  assertEquals(both.zoo.count("refresh"), 1);
  assertEquals((await both.token()).status, 200);
  assertEquals(await recordsOf(both.gateway), 1);
});

Deno.test("a grant that is over is refused, and leaves nothing", async () => {
  await using both = await start();
  const item = { ...held(both, { verify: "refresh" }), refresh_token: "nobody-knows-it" };
  const [line] = await imported(both.gateway, [item]);
  assertEquals([line!.status, line!.error], ["refused", "reauthorization_required"]);
  assertEquals(await recordsOf(both.gateway), 0);
});

Deno.test("lines are answered one by one, and the last one counts them", async () => {
  await using both = await start();
  const items = Array.from(
    { length: 30 },
    (_none, n) => held(both, { user_id: `user_${n}`, account: ACCOUNT, expires_in: 3600 }),
  );
  const body = items.map((item) => JSON.stringify(item)).join("\r\n\r\n");
  const all = await lines(both.gateway, body, "?verify=none");
  const { status: _none, ...end } = all.pop()!;
  assertEquals(end as unknown, { done: true, imported: 30, unchanged: 0, exists: 0, refused: 0 });
  assertEquals(all.map(({ index }) => index).sort((a, b) => a - b), items.map((_, n) => 2 * n));
  assert(
    both.gateway.world.events.some(({ event, imported }) =>
      event === "connections_imported" && imported === 30
    ),
  );
});

Deno.test("an import may replace what lives, all of it or an item, and names its service or its provider", async () => {
  await using both = await start();
  const { service, ...item } = held(both, { account: ACCOUNT, expires_in: 3600 });
  const bring = async (more: Item, query = "") => {
    const items = [{ ...item, provider: service, ...more }];
    const [line] = await imported(both.gateway, items, { query: `?verify=none${query}` });
    return line!.status;
  };
  const next = () => held(both);
  assertEquals(await bring({}), "imported");
  assertEquals(await bring(next()), "exists");
  assertEquals(await bring(next(), "&replace=true"), "imported");
  assertEquals(await bring({ ...next(), replace: false }, "&replace=true"), "exists");
  assertEquals(await bring({ ...next(), replace: true }), "imported");
});

Deno.test("another app imports into its own realm alone", async () => {
  await using both = await start();
  const item = held(both, { account: ACCOUNT, expires_in: 3600, verify: "none" });
  await imported(both.gateway, [item], { key: OTHER_API_KEY });
  assertEquals((await both.token()).status, 404);
  const [foreign] = await imported(both.gateway, [{ ...item, user_id: `other:${USER}` }]);
  assertEquals([foreign!.status, foreign!.error], ["refused", "invalid_request"]);
  const [held_] = await imported(both.gateway, [{ ...item, user_id: `~import:${USER}` }]);
  assertEquals(held_!.error, "invalid_request");
});

async function recordsOf({ kv }: Gateway): Promise<number> {
  return (await Array.fromAsync(kv.list({ prefix: ["connections"] }))).length;
}
