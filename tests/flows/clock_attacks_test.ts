/** What was made while the clock ran ahead, after it was set right. */

import { assert, assertEquals } from "@std/assert";
import { MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import { REFRESH_MARGIN_MS } from "../../broker/tokens/freshness.ts";
import { GRANT_DAYS } from "../../broker/core/grant.ts";
import {
  assertDead,
  assertRefused,
  assertWorks,
  LIST,
  obtainTokens,
  openGateway,
  personalToken,
  send,
  signedIn,
} from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, startGateway, USER } from "../support/gateway.ts";
import { authorizeUrl, exchange, newClient, obtainCode, refresh } from "../support/mcp_client.ts";
import { startUpstream } from "../support/upstream_double.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const YEAR_MS = 365 * DAY_MS;
const TOKEN_ENDPOINT = "/oauth2/token";
const RETURN_TO = "https://app.example.com/connected";

Deno.test("a provider token of a day ahead is no fresh one", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  const token = async () => {
    const { json } = await gateway.api("/token/calendar", { body: { user_id: USER } });
    return json as { access_token: string; expires_in: number };
  };
  for (const ahead of [DAY_MS, YEAR_MS, 2 * MAX_CLOCK_SKEW_MS]) {
    gateway.world.skew = ahead;
    await gateway.connect("calendar");
    const early = await token();
    faults.reset();
    gateway.world.skew = 0;
    const late = await token();
    assert(late.access_token !== early.access_token, `${ahead}`);
    assert(late.expires_in <= 3600, `${late.expires_in}`);
    await token();
    assertEquals(faults.count(TOKEN_ENDPOINT), 1, "asked once, and fresh from then on");
  }
});

Deno.test("a provider token of a day behind is refreshed once, and fresh from then on", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  gateway.world.skew = -DAY_MS;
  await gateway.connect("calendar");
  faults.reset();
  gateway.world.skew = 0;
  for (let i = 0; i < 3; i++) {
    assertEquals((await gateway.api("/token/calendar", { body: { user_id: USER } })).status, 200);
  }
  assertEquals(faults.count(TOKEN_ENDPOINT), 1);
});

Deno.test("clocks that differ by no more than two processes' cost nothing", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch, env: { SIGN_IN_ALLOW: "*" } });
  // The end of a provider's token is not ours to be generous with.
  gateway.world.skew = REFRESH_MARGIN_MS - MINUTE_MS;
  await gateway.connect("calendar");
  gateway.world.skew = MAX_CLOCK_SKEW_MS - MINUTE_MS;
  const person = await signedIn(gateway, "google");
  const personal = await personalToken(person);
  const { access_token } = await obtainTokens(gateway, await newClient(gateway), person);
  faults.reset();
  gateway.world.skew = 0;
  assertEquals((await gateway.api("/token/calendar", { body: { user_id: USER } })).status, 200);
  assertEquals(faults.count(TOKEN_ENDPOINT), 0);
  for (const token of [personal, access_token]) await assertWorks(gateway, token);
  assertEquals((await send(gateway.url, { cookie: person.cookie })).status, 200);
});

Deno.test("a hold-off of a day ahead holds nobody off", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  await gateway.connect("calendar");
  gateway.world.skew = DAY_MS;
  faults.on(TOKEN_ENDPOINT, () => new Response(null, { status: 503 }));
  const body = { user_id: USER };
  assertEquals((await gateway.api("/token/calendar", { body })).status, 503);
  faults.reset();
  gateway.world.skew = 2 * 60 * MINUTE_MS;
  assertEquals((await gateway.api("/token/calendar", { body })).status, 200);
});

Deno.test("a session, a grant and a personal token of a year ahead are nobody's", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  gateway.world.skew = YEAR_MS;
  const person = await signedIn(gateway, "google");
  const late = await newClient(gateway);
  const personal = await personalToken(person);
  const tokens = await obtainTokens(gateway, late, person);
  gateway.world.skew = 0;
  for (const token of [personal, tokens.access_token]) await assertDead(gateway, token);
  assertRefused(await refresh(gateway, late, tokens.refresh_token));
  assertEquals((await send(gateway.url, { cookie: person.cookie })).location, "/sign-in");
  const { location } = await send(authorizeUrl(gateway, client), { cookie: person.cookie });
  assert(location?.startsWith("/sign-in"));
});

Deno.test("an access token of a day ahead is dead, and its grant of before lives on", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const first = await obtainTokens(gateway, client);
  gateway.world.skew = DAY_MS;
  const { json: ahead } = await refresh(gateway, client, first.refresh_token);
  gateway.world.skew = 0;
  await assertDead(gateway, ahead.access_token);
  const { status, json } = await refresh(gateway, client, ahead.refresh_token);
  assertEquals(status, 200);
  await assertWorks(gateway, json.access_token);
});

Deno.test("a refresh token whose successor was used a day ahead has no day of branches", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const first = await obtainTokens(gateway, client);
  gateway.world.skew = DAY_MS;
  const { json: second } = await refresh(gateway, client, first.refresh_token);
  const { json: third } = await refresh(gateway, client, second.refresh_token);
  gateway.world.skew = 0;
  assertRefused(await refresh(gateway, client, first.refresh_token));
  assertEquals((await refresh(gateway, client, third.refresh_token)).status, 200);
});

Deno.test("a use of days ahead does not keep a token in use", async () => {
  await using gateway = await openGateway();
  const personal = await personalToken(await signedIn(gateway, "google"));
  gateway.world.skew = 20 * DAY_MS;
  await assertWorks(gateway, personal);
  gateway.world.skew = 0;
  await assertWorks(gateway, personal);
  gateway.world.skew = GRANT_DAYS.idle * DAY_MS;
  await assertDead(gateway, personal);
});

Deno.test("a code, a link, a trip and a claim of a day ahead are too old", async () => {
  await using gateway = await openGateway({ env: { RETURN_URLS: RETURN_TO } });
  gateway.world.skew = DAY_MS;
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  const body = { user_id: USER, service: "github", return_to: RETURN_TO };
  const link = async () => (await gateway.api("/links", { body })).json.url as string;
  const unopened = await link();
  const setOut = async (browser: Browser, to: string) => {
    const atProvider = await browser.submit(await browser.open(await link()));
    const until = (url: string) => url.startsWith(to);
    return (await browser.submit(atProvider, { form: signInForm(atProvider), until })).url;
  };
  const traveller = new Browser();
  const callback = await setOut(traveller, `${gateway.url}/callback/`);
  const claim = new URL(await setOut(new Browser(), RETURN_TO)).searchParams.get("code");
  gateway.world.skew = 0;
  assertRefused(await exchange(gateway, client, code));
  assertEquals((await new Browser().open(unopened)).status, 410);
  assertEquals((await traveller.open(callback)).status, 400);
  const claimed = await gateway.api("/links/claim", { body: { user_id: USER, code: claim } });
  assertEquals([claimed.status, claimed.json.error], [400, "invalid_grant"]);
});

Deno.test("a client's document of a day ahead is fetched again", async () => {
  const id = "https://client.example.com/oauth.json";
  const redirectUri = "http://127.0.0.1:33418/callback";
  let fetched = 0;
  await using gateway = await openGateway({
    fetchDocument: () => {
      fetched++;
      return Promise.resolve({ client_id: id, redirect_uris: [redirectUri] });
    },
  });
  const client = { ...await newClient(gateway), id, redirectUri };
  gateway.world.skew = DAY_MS;
  await send(authorizeUrl(gateway, client));
  await send(authorizeUrl(gateway, client));
  assertEquals(fetched, 1);
  gateway.world.skew = 0;
  await send(authorizeUrl(gateway, client));
  await send(authorizeUrl(gateway, client));
  assertEquals(fetched, 2);
});

Deno.test("an upstream's list of a day ahead is asked for again", async () => {
  await using upstream = startUpstream();
  const UPSTREAMS = JSON.stringify([{ name: "notes", url: upstream.url }]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  const lists = () => upstream.heard.filter(({ method }) => method === "tools/list").length;
  gateway.world.skew = DAY_MS;
  for (let i = 0; i < 2; i++) await gateway.mcp(LIST);
  assertEquals(lists(), 1);
  gateway.world.skew = 0;
  for (let i = 0; i < 2; i++) await gateway.mcp(LIST);
  assertEquals(lists(), 2);
});

Deno.test("a default account that was chosen a day ahead gives way to a later choice", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github", { account: "octocat" });
  await gateway.connect("github", { account: "admin" });
  const choose = (account: string) =>
    gateway.api("/connections/github/default", { body: { user_id: USER, account } });
  const usual = async () => {
    const { json } = await gateway.api("/token/github", { body: { user_id: USER } });
    return json.label;
  };
  gateway.world.skew = DAY_MS;
  await choose("admin");
  gateway.world.skew = 0;
  for (const account of ["octocat", "admin", "octocat"]) {
    await choose(account);
    assertEquals(await usual(), account);
  }
});

Deno.test("a call that is done is not done again, whichever way the clock is set", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const create = () =>
    gateway.mcp(call("create_issue", { repo: "octocat/hello-world", title: "Once" }), {
      headers: { "Idempotency-Key": "k" },
    });
  gateway.world.skew = DAY_MS;
  const first = (await create()).json.result.content[0].text;
  gateway.world.skew = 0;
  assertEquals((await create()).json.result.content[0].text, first);
  gateway.world.skew = -DAY_MS;
  assertEquals((await create()).json.result.content[0].text, first);
});
