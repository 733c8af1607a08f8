import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { JUST_ISSUED_MS } from "../../broker/tokens/freshness.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { type FaultyFetch, faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";

const MINUTE_MS = 60_000;
/** What the emulator's tokens live. */
const HOUR_MS = 60 * MINUTE_MS;
const TOKEN_ENDPOINT = "/oauth2/token";

interface FaultyGateway extends Gateway {
  faults: FaultyFetch;
}

/** A gateway with Google's calendar connected, and faults at hand. */
async function startConnected(service = "calendar"): Promise<FaultyGateway> {
  const faults = faultyFetch();
  const gateway = await startGateway({ fetch: faults.fetch });
  const page = await gateway.connect(service);
  assertEquals(page.status, 200, page.html);
  faults.reset();
  return Object.assign(gateway, { faults });
}

function token(gateway: Gateway, body: Record<string, unknown> = {}, service = "google") {
  return gateway.api(`/token/${service}`, { body: { user_id: USER, ...body } });
}

Deno.test("POST /token gives the provider token of a user", async () => {
  await using gateway = await startConnected();
  const { status, headers, json } = await token(gateway);
  assertEquals(status, 200);
  assertEquals(headers.get("Cache-Control"), "no-store");
  assertEquals(json.token_type, "Bearer");
  assert(json.access_token.startsWith("google_"));
  assertEquals([json.expires_in, json.expires_at], [3600, gateway.world.now() + HOUR_MS]);
  assertStringIncludes(json.scope, "https://www.googleapis.com/auth/calendar");
  assertEquals(json.label, "testuser@gmail.com");
  const profile = await fetch(`${gateway.emulators.google}/oauth2/v2/userinfo`, {
    headers: { Authorization: `Bearer ${json.access_token}` },
  });
  assertEquals((await profile.json()).email, "testuser@gmail.com");
});

Deno.test("a token that does not expire has no expiry in the answer", async () => {
  await using gateway = await startConnected("github");
  const { json } = await token(gateway, {}, "github");
  assertEquals(Object.keys(json).sort(), [
    "access_token",
    "account",
    "label",
    "scope",
    "token_type",
  ]);
});

Deno.test("what is missing is said with a link that cures it", async () => {
  await using gateway = await startConnected();
  const github = await token(gateway, {}, "github");
  assertEquals([github.status, github.json.error], [404, "not_connected"]);
  assert(github.json.connect_url.startsWith(`${gateway.url}/auth/github?`));

  const gmail = await token(gateway, {}, "gmail");
  assertEquals([gmail.status, gmail.json.error], [404, "not_connected"]);

  const more = await token(gateway, { scope: "calendar gmail.readonly" });
  assertEquals([more.status, more.json.error], [403, "insufficient_scope"]);
  const browser = new Browser();
  const confirm = await browser.open(more.json.connect_url);
  assertStringIncludes(confirm.html, "Read your mail");
  // Asked for again, so that it is not lost.
  assertStringIncludes(confirm.html, "See and change the events of your calendars");
  const signIn = await browser.submit(confirm);
  await browser.submit(signIn, { form: signInForm(signIn) });
  const { status, json } = await token(gateway, { scope: "calendar gmail.readonly" });
  assertEquals(status, 200);
  assertStringIncludes(json.scope, "gmail.readonly");
});

Deno.test("an account is chosen by id or by label", async () => {
  await using gateway = await startConnected();
  const { json } = await token(gateway);
  assertEquals((await token(gateway, { account: json.account })).status, 200);
  assertEquals((await token(gateway, { account: "TestUser@gmail.com" })).status, 200);
  const other = await token(gateway, { account: "somebody@else.example" });
  assertEquals([other.status, other.json.error], [404, "unknown_account"]);
});

Deno.test("a stale token set is refreshed once for all callers", async () => {
  await using gateway = await startConnected();
  const before = await token(gateway);
  gateway.world.skew = HOUR_MS - 4 * MINUTE_MS;
  const answers = await Promise.all(Array.from({ length: 100 }, () => token(gateway)));
  const tokens = new Set(answers.map(({ json }) => json.access_token));
  assertEquals(tokens.size, 1);
  assertNotEquals([...tokens][0], before.json.access_token);
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
  assert(answers[0]!.json.expires_in > 3500);
});

Deno.test("min_ttl asks for a token that lives longer", async () => {
  await using gateway = await startConnected();
  const before = await token(gateway);
  gateway.world.skew = 30 * MINUTE_MS;
  assertEquals((await token(gateway)).json.access_token, before.json.access_token);
  const longer = await token(gateway, { min_ttl: 2400 });
  assertNotEquals(longer.json.access_token, before.json.access_token);
  assertEquals((await token(gateway, { min_ttl: -1 })).status, 400);
  assertEquals((await token(gateway, { min_ttl: "60" })).status, 400);
});

Deno.test("the refresh token outlives a refresh that sends none", async () => {
  await using gateway = await startConnected();
  const seen = new Set<string>();
  for (const hours of [1, 2, 3]) {
    gateway.world.skew = hours * HOUR_MS;
    seen.add((await token(gateway)).json.access_token);
  }
  assertEquals(seen.size, 3);
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 3);
});

Deno.test("while the provider is out the old token is served as long as it lives", async () => {
  await using gateway = await startConnected();
  const before = await token(gateway);
  gateway.faults.on(TOKEN_ENDPOINT, () => new Response("oops", { status: 500 }));
  gateway.world.skew = HOUR_MS - 4 * MINUTE_MS;
  assertEquals((await token(gateway)).json.access_token, before.json.access_token);
  assertEquals((await token(gateway)).json.access_token, before.json.access_token);
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1, "30 seconds of peace after a failure");

  gateway.world.skew = HOUR_MS + MINUTE_MS;
  const out = await token(gateway);
  assertEquals([out.status, out.json.error], [503, "provider_unavailable"]);
  assertEquals(out.headers.get("Retry-After"), String(out.json.retry_after));
  assert(out.json.retry_after > 0 && out.json.retry_after <= 30);

  gateway.faults.reset();
  gateway.world.skew += MINUTE_MS;
  assertEquals((await token(gateway)).status, 200);
});

Deno.test("invalid_grant ends in a reconnect, is not asked again, and the record heals", async () => {
  await using gateway = await startConnected();
  gateway.faults.on(
    TOKEN_ENDPOINT,
    () => Response.json({ error: "invalid_grant" }, { status: 400 }),
  );
  gateway.world.skew = HOUR_MS;
  const first = await token(gateway);
  assertEquals([first.status, first.json.error], [409, "reauthorization_required"]);
  const second = await token(gateway);
  assertEquals(second.status, 409);
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
  const dead = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(dead.json.connections[0].status, "reauthorization_required");

  gateway.faults.reset();
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open(second.json.connect_url));
  await browser.submit(signIn, { form: signInForm(signIn) });
  assertEquals((await token(gateway)).status, 200);
  const healed = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(healed.json.connections.length, 1);
  assertEquals(healed.json.connections[0].connected_at, dead.json.connections[0].connected_at);
  assertEquals(healed.json.connections[0].status, "active");
});

Deno.test("a tool call that the API refuses with 401 refreshes once and goes on", async () => {
  await using gateway = await startConnected();
  let refusals = 0;
  gateway.faults.on("/calendar/v3", () => {
    refusals += 1;
    return refusals === 1 ? Response.json({ error: {} }, { status: 401 }) : undefined;
  });
  gateway.world.skew += JUST_ISSUED_MS;
  const { json } = await gateway.mcp(call("calendar_list_events"));
  assert(!json.result.isError, JSON.stringify(json));
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);

  gateway.faults.on("/calendar/v3", () => Response.json({ error: {} }, { status: 401 }));
  const again = await gateway.mcp(call("calendar_list_events"));
  assertEquals(again.json.result.isError, true);
  assertEquals(again.json.result.structuredContent.error, "reauthorization_required");
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1, "that token was only just issued");
});

Deno.test("disconnect revokes at Google and deletes", async () => {
  await using gateway = await startConnected();
  await gateway.connect("gmail");
  const gone = await gateway.api(`/connections/calendar?user_id=${USER}`, { method: "DELETE" });
  assertEquals(gone.status, 200);
  assertEquals(gone.json.deleted, true);
  assertEquals(gone.json.revoked, true);
  assertEquals(gone.json.services, ["gmail", "calendar"]);
  assertEquals(gateway.faults.count("/oauth2/revoke"), 1);
  assertEquals(await snapshot(gateway.kv, ["connections"]), []);
  assertEquals((await token(gateway)).status, 404);
  const again = await gateway.api(`/connections/calendar?user_id=${USER}`, { method: "DELETE" });
  assertEquals([again.status, again.json.error], [404, "not_connected"]);
});

Deno.test("disconnect says when the provider could not be told", async () => {
  await using gateway = await startConnected("github");
  gateway.faults.on("/applications/", () => new Response(null, { status: 500 }));
  const gone = await gateway.api(`/connections/github?user_id=${USER}`, { method: "DELETE" });
  assertEquals(gone.json.deleted, true);
  assertEquals(gone.json.revoked, false);
  assertEquals(gone.json.revocation_error, "GitHub answered with status 500");
  assertEquals(await snapshot(gateway.kv, ["connections"]), []);
});

Deno.test("GitHub is told to end the whole grant, with the app's own credentials", async () => {
  await using gateway = await startConnected("github");
  let told: { method: string; path: string; auth: string | null; body: unknown } | undefined;
  const { json } = await token(gateway, {}, "github");
  gateway.faults.on("/applications/", async (request) => {
    const auth = request.headers.get("Authorization");
    const path = new URL(request.url).pathname;
    told = { method: request.method, path, auth, body: await request.json() };
    return new Response(null, { status: 204 });
  });
  const gone = await gateway.api(`/connections/github?user_id=${USER}`, { method: "DELETE" });
  assertEquals(gone.json.revoked, true);
  assertEquals(told, {
    method: "DELETE",
    path: "/applications/github-client/grant",
    auth: `Basic ${btoa("github-client:github-secret")}`,
    body: { access_token: json.access_token },
  });
});
