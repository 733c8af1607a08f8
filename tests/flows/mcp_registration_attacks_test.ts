import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { REGISTRATION_LIMIT, UNUSED_CLIENT_MS } from "../../gateway/clients.ts";
import { assertRefused, assertWorks, obtainTokens, openGateway, send } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import type { Store } from "../../broker/core/store.ts";
import type { Gateway } from "../support/gateway.ts";
import {
  authorizeUrl,
  newClient,
  pkce,
  post,
  REDIRECT_URI,
  refresh,
  register,
  type TestClient,
} from "../support/mcp_client.ts";

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

/** Away from the end of an hour, where a window of the limits may end too. */
function toMidHour({ world }: Gateway): void {
  world.skew += HOUR_MS - (world.now() % HOUR_MS) + HOUR_MS / 2;
}

async function entries({ kv }: Gateway): Promise<number> {
  return (await Array.fromAsync(kv.list({ prefix: [] }))).length;
}

/** Registers from an address of this machine other than the usual one. */
async function registerFrom(gateway: Gateway, localAddress: string): Promise<number> {
  using client = Deno.createHttpClient({ localAddress });
  const response = await fetch(`${gateway.url.replace("localhost", "127.0.0.1")}/oauth/register`, {
    client,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ redirect_uris: [REDIRECT_URI] }),
  });
  await response.body?.cancel();
  return response.status;
}

Deno.test("registration flood: one address has a limit, and writes nothing beyond", async () => {
  await using gateway = await openGateway();
  toMidHour(gateway);
  const client = await newClient(gateway);
  const bad = { redirect_uris: [] };
  for (let n = 1; n < REGISTRATION_LIMIT.perAddress; n++) {
    assertEquals((await register(gateway)).status, 201);
    // What is refused is not counted: a mistake locks nobody out.
    if (n % 10 === 0) assertEquals((await register(gateway, bad)).status, 400);
  }
  const before = await entries(gateway);
  for (const more of [{}, { client_name: "Another" }]) {
    const headers = { "X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.8" };
    const body = { redirect_uris: [REDIRECT_URI], ...more };
    const answer = await gateway.api("/oauth/register", { key: null, body, headers });
    assertEquals([answer.status, answer.json.error], [429, "rate_limited"]);
    assert(Number(answer.headers.get("Retry-After")) > 0);
    assertEquals(answer.json.client_id, undefined);
  }
  assertEquals(await entries(gateway), before);
  await assertWorks(gateway, (await obtainTokens(gateway, client)).access_token);
  // Other systems have only the one loopback address.
  if (Deno.build.os === "linux") assertEquals(await registerFrom(gateway, "127.0.0.2"), 201);
  gateway.world.skew += HOUR_MS;
  assertEquals((await register(gateway)).status, 201);
});

/** Every registration seems to come from an address of its own. */
function manyAddresses(store: Store): Store {
  let address = 0;
  const hit: Store["limits"]["hit"] = (key, ...more) =>
    store.limits.hit(key.startsWith("register:") ? `${key}${address++}` : key, ...more);
  return { ...store, limits: { hit } };
}

Deno.test("registration flood: all addresses together have a limit", async () => {
  await using gateway = await openGateway({ store: manyAddresses });
  toMidHour(gateway);
  const statuses: number[] = [];
  while (statuses.length < REGISTRATION_LIMIT.all) {
    const tries = Array.from({ length: 10 }, () => register(gateway));
    statuses.push(...(await Promise.all(tries)).map(({ status }) => status));
  }
  assertEquals(statuses, Array(REGISTRATION_LIMIT.all).fill(201));
  const [refused, another] = [await register(gateway), await register(gateway)];
  assertEquals([refused.status, another.status], [429, 429]);
  assert(Number(refused.headers.get("Retry-After")) > 0);
});

Deno.test("registration flood: many at the same time do not slip through", async () => {
  await using gateway = await openGateway();
  toMidHour(gateway);
  const tries = Array.from({ length: 3 * REGISTRATION_LIMIT.perAddress }, () => register(gateway));
  const accepted = (await Promise.all(tries)).filter(({ status }) => status === 201);
  assertEquals(accepted.length, REGISTRATION_LIMIT.perAddress);
});

async function isKnown(gateway: Gateway, client: TestClient): Promise<boolean> {
  const { status, text } = await send(authorizeUrl(gateway, client));
  if (status === 303) return true;
  assertEquals(status, 400);
  assertStringIncludes(text, "not known here");
  return false;
}

Deno.test("a registration that nobody used is forgotten, and one that was used stays", async () => {
  await using gateway = await openGateway();
  const [used, asked, idle] = [
    await newClient(gateway),
    await newClient(gateway),
    await newClient(gateway),
  ];
  await obtainTokens(gateway, used);
  assert(await isKnown(gateway, asked));
  gateway.world.skew += UNUSED_CLIENT_MS;
  for (const client of [asked, idle]) {
    assert(!await isKnown(gateway, client));
    const form = { grant_type: "refresh_token", client_id: client.id, refresh_token: "x" };
    assertRefused(await post(gateway, "/oauth/token", form), "invalid_client", 401);
  }
  assert(await isKnown(gateway, used));
  gateway.world.skew += 30 * DAY_MS;
  assert(await isKnown(gateway, used));
});

Deno.test("a registration stays for as long as its tokens are refreshed", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  let { refresh_token } = await obtainTokens(gateway, client);
  for (let days = 25; days <= 125; days += 25) {
    gateway.world.skew += 25 * DAY_MS;
    const { status, json } = await refresh(gateway, client, refresh_token);
    assertEquals(status, 200, `after ${days} days`);
    refresh_token = json.refresh_token;
  }
});

Deno.test("a client with bad metadata is not registered", async () => {
  await using gateway = await openGateway();
  toMidHour(gateway);
  const bad: unknown[] = [
    { redirect_uris: undefined },
    { redirect_uris: [] },
    { redirect_uris: REDIRECT_URI },
    { redirect_uris: [1] },
    { redirect_uris: [null] },
    { redirect_uris: Array(21).fill(REDIRECT_URI) },
    { redirect_uris: [`https://client.example/${"x".repeat(2000)}`] },
    { client_name: 1 },
    { client_name: "x".repeat(201) },
    { grant_types: "authorization_code" },
    { token_endpoint_auth_method: ["none"] },
  ];
  for (const metadata of bad) {
    const { status, json } = await register(gateway, metadata as Record<string, unknown>);
    assertEquals([status, json.client_id], [400, undefined], JSON.stringify(metadata));
  }
  for (const body of ["[]", "null", '"x"', "{", "1"]) {
    assertEquals((await gateway.api("/oauth/register", { key: null, body })).status, 400, body);
  }
});

Deno.test("a dangerous redirect is not registered, wherever it stands in the list", async () => {
  await using gateway = await openGateway();
  const bad = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "blob:https://client.example/x",
    "vbscript:x",
    "about:blank",
    "filesystem:https://client.example/x",
    "view-source:https://client.example/",
    "ws://client.example/cb",
    "wss://client.example/cb",
    "ftp://client.example/cb",
    "http://client.example/cb",
    "http://127.0.0.1.evil.example/cb",
    "http://localhost.evil.example/cb",
    "http://10.0.0.1/cb",
    "https://client.example/cb#fragment",
    "https://client.example/cb#",
    "https://user@client.example/cb",
    "https://user:password@client.example/cb",
    "https://client.example\\cb",
    " https://client.example/cb",
    "https://client.example/c b",
    "//client.example/cb",
    "/cb",
    "cb",
    "https://",
    "",
  ];
  for (const uri of bad) {
    toMidHour(gateway);
    for (const redirect_uris of [[uri], [REDIRECT_URI, uri]]) {
      const { status, json } = await register(gateway, { redirect_uris });
      assertEquals([status, json.client_id], [400, undefined], uri);
    }
  }
});

Deno.test("a registered client is public and unverified, whatever it says of itself", async () => {
  await using gateway = await openGateway();
  const { json } = await register(gateway, {
    client_id: "desk",
    client_secret: "mine",
    token_endpoint_auth_method: "client_secret_basic",
    scope: "github gmail",
    kind: "operator",
    used: true,
    expiresAt: 9e15,
  });
  assert(json.client_id !== "desk");
  assertEquals(json.token_endpoint_auth_method, "none");
  assertEquals(json.client_secret, undefined);
  const client = { id: json.client_id, redirectUri: REDIRECT_URI, ...pkce() };
  const browser = new Browser();
  await obtainTokens(gateway, client, { browser });
  const { html } = await browser.open(authorizeUrl(gateway, client));
  assertStringIncludes(html, "Not verified");
  gateway.world.skew += 400 * DAY_MS;
  assert(!await isKnown(gateway, client));
});
