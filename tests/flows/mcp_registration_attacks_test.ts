import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { UNUSED_CLIENT_MS } from "../../gateway/clients/clients.ts";
import { DOORS } from "../../gateway/doors.ts";
import { assertRefused, obtainTokens, openGateway, send } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { memoryRecords } from "../support/memory_records.ts";
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

async function entries({ records }: Gateway): Promise<number> {
  return (await Array.fromAsync(records.list({ prefix: [] }))).length;
}

const LIMIT = DOORS.registration.limit;

/** A gateway behind a proxy on this machine, which says who calls. */
function behindProxy(): Promise<Gateway> {
  return openGateway({ env: { TRUSTED_PROXIES: "127.0.0.1" }, records: memoryRecords() });
}

/** Registers from an address, as the proxy says. */
function registerFrom(gateway: Gateway, address: string, redirect_uris = [REDIRECT_URI]) {
  const headers = { "X-Forwarded-For": address };
  return gateway.api("/oauth/register", { key: null, body: { redirect_uris }, headers });
}

Deno.test("registration flood: one address has a limit, and writes nothing beyond", async () => {
  await using gateway = await behindProxy();
  for (let n = 0; n < LIMIT; n++) {
    // All of a /64 is one subscriber's.
    const { status } = await registerFrom(gateway, `2001:db8:1:2::${n.toString(16)}`);
    assertEquals(status, 201);
    // What is refused is not counted: a mistake locks nobody out.
    if (n % 10 === 0) {
      assertEquals((await registerFrom(gateway, "2001:db8:1:2::1", [])).status, 400);
    }
  }
  const before = await entries(gateway);
  gateway.world.skew += 600_000;
  const answer = await registerFrom(gateway, "2001:db8:1:2:ffff::1");
  assertEquals([answer.status, answer.json.error], [429, "rate_limited"]);
  assertEquals([answer.headers.get("Retry-After"), answer.json.retry_after], ["3000", 3000]);
  assertEquals(answer.json.client_id, undefined);
  assertEquals(await entries(gateway), before);
  assertEquals((await registerFrom(gateway, "2001:db8:1:3::1")).status, 201);
  gateway.world.skew += HOUR_MS - 600_000;
  assertEquals((await registerFrom(gateway, "2001:db8:1:2::1")).status, 201);
});

Deno.test("registration flood: many at the same time do not slip through", async () => {
  await using gateway = await behindProxy();
  const tries = Array.from({ length: 3 * LIMIT }, () => registerFrom(gateway, "203.0.113.7"));
  const accepted = (await Promise.all(tries)).filter(({ status }) => status === 201);
  assertEquals(accepted.length, LIMIT);
});

Deno.test("registration flood: a header of a stranger's own makes no new address", async () => {
  await using gateway = await behindProxy();
  for (let n = 0; n < LIMIT; n++) {
    assertEquals((await registerFrom(gateway, `198.51.100.${n}, 203.0.113.7`)).status, 201);
  }
  assertEquals((await registerFrom(gateway, "198.51.100.200, 203.0.113.7")).status, 429);
});

Deno.test("where every caller has the proxy's address, no address has a limit", async () => {
  await using gateway = await openGateway({ records: memoryRecords() });
  for (let n = 0; n <= LIMIT; n++) assertEquals((await register(gateway)).status, 201);
  const said = gateway.world.events.filter(({ event }) => event === "caller_address_unknown");
  assertEquals(said.length, 1);
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
    { grant_types: Array(21).fill("authorization_code") },
    { response_types: Array(21).fill("code") },
    { token_endpoint_auth_method: ["none"] },
    { token_endpoint_auth_method: "x".repeat(101) },
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
