import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { GRANT_DAYS } from "../../broker/core/grant.ts";
import type { Store } from "../../broker/core/store.ts";
import {
  assertDead,
  assertRefused,
  assertWorks,
  obtainTokens,
  openGateway,
  personalToken,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { PERSON } from "../support/emulators.ts";
import type { Gateway } from "../support/gateway.ts";
import {
  authorizeUrl,
  decide,
  exchange,
  newClient,
  obtainCode,
  refresh,
  signIn,
  type TestClient,
} from "../support/mcp_client.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Everything that a sign-in with Google gave, and how its holder would use it now. */
interface Given {
  cookie: string;
  browser: Browser;
  client: TestClient;
  code: string;
  accessToken: string;
  refreshToken: string;
  personal: string;
}

async function givenTo(gateway: Gateway): Promise<Given> {
  const person = await signedIn(gateway, "google");
  const { browser, cookie } = person;
  const client = await newClient(gateway);
  const tokens = await obtainTokens(gateway, client, { browser });
  return {
    cookie,
    browser,
    client,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    personal: await personalToken(person),
    code: await obtainCode(gateway, client, { browser }),
  };
}

/** Nothing of it works, whichever way it is tried. */
async function assertOver(gateway: Gateway, given: Given): Promise<void> {
  const { cookie, client, code, accessToken, refreshToken, personal } = given;
  for (const token of [accessToken, personal]) {
    await assertDead(gateway, token);
    const { headers } = await withToken(gateway, token);
    assertStringIncludes(headers.get("WWW-Authenticate")!, "resource_metadata=");
  }
  assertRefused(await refresh(gateway, client, refreshToken));
  assertRefused(await exchange(gateway, client, code));
  const home = await send(gateway.url, { cookie });
  assertEquals([home.status, home.location], [303, "/sign-in"]);
  const asked = await send(authorizeUrl(gateway, client), { cookie });
  assert(asked.location?.startsWith("/sign-in?"), String(asked.location));
}

/** All of it works again: nothing was deleted. */
async function assertBack(gateway: Gateway, given: Given): Promise<void> {
  const { cookie, client, code, accessToken, refreshToken, personal } = given;
  for (const token of [accessToken, personal]) await assertWorks(gateway, token);
  assertEquals((await refresh(gateway, client, refreshToken)).status, 200);
  assertEquals((await exchange(gateway, client, code)).status, 200);
  assertEquals((await send(gateway.url, { cookie })).status, 200);
}

Deno.test("an address that leaves SIGN_IN_ALLOW takes all that its person was given along", async () => {
  const env = { SIGN_IN_ALLOW: `${PERSON.email},*@example.com` };
  await using gateway = await openGateway({ env });
  const given = await givenTo(gateway);
  for (const SIGN_IN_ALLOW of ["*@example.com", `x${PERSON.email}`, "", "*@gmail.com.example"]) {
    await gateway.restart({ SIGN_IN_ALLOW });
    await assertOver(gateway, given);
  }
  // They are told at the next sign-in, and what they have stays.
  const again = new Browser();
  const page = await signIn(again, await again.open(gateway.url), { provider: "google" });
  assertEquals(page.status, 403);
  assertStringIncludes(page.html, "may not sign in here");
  for (const SIGN_IN_ALLOW of ["*@GMAIL.com", "*"]) {
    await gateway.restart({ SIGN_IN_ALLOW });
    await assertWorks(gateway, given.personal);
  }
  await gateway.restart(env);
  await assertBack(gateway, given);
});

Deno.test("a form that was open when its person was taken out does nothing", async () => {
  await using gateway = await openGateway();
  const { browser, home, cookie } = await signedIn(gateway, "google");
  const client = await newClient(gateway);
  const consent = await browser.open(authorizeUrl(gateway, client));
  await gateway.restart({ SIGN_IN_ALLOW: "*@example.com" });
  const refused = await decide(browser, consent);
  assertEquals(refused.searchParams.get("code"), null);
  for (const { action, fields } of home.forms) {
    const { status, text } = await send(gateway.url + action, { cookie, form: fields });
    assertEquals(status, 401, action);
    assert(!text.includes("sb_pat_"));
  }
});

Deno.test("a use that the rule ends is logged once, and says whose account it was to nobody", async () => {
  await using gateway = await openGateway();
  const given = await givenTo(gateway);
  await gateway.restart({ SIGN_IN_ALLOW: "*@example.com" });
  gateway.world.events.length = 0;
  await withToken(gateway, given.personal);
  await send(gateway.url, { cookie: given.cookie });
  // Said by each program at its first request.
  const said = gateway.world.events.filter(({ event }) => event !== "caller_address_unknown");
  assertEquals(said, [
    { level: "warn", event: "sign_in_refused", provider: "google", what: "grant" },
    { level: "warn", event: "sign_in_refused", provider: "google", what: "session" },
  ]);
  await assertOver(gateway, given);
  assert(!JSON.stringify(gateway.world.events).includes(PERSON.email));
});

Deno.test("a provider that leaves the configuration takes its people's sign-ins along", async () => {
  await using gateway = await openGateway();
  const given = await givenTo(gateway);
  const other = await personalToken(await signedIn(gateway, "github"));
  await gateway.restart({ GOOGLE_CLIENT_ID: "", GOOGLE_CLIENT_SECRET: "" });
  await assertOver(gateway, given);
  await assertWorks(gateway, other);
  await gateway.restart({});
  await assertBack(gateway, given);
});

Deno.test("what was given before addresses were kept holds for as long as everybody may sign in", async () => {
  /** As versions before 0.2 stored it. */
  const older = (store: Store): Store => ({
    ...store,
    sessions: {
      ...store.sessions,
      put: (digest, { email: _, ...session }) => store.sessions.put(digest, session),
    },
    grants: {
      ...store.grants,
      put: ({ email: _, ...grant }, version) => store.grants.put(grant, version),
    },
  });
  await using gateway = await openGateway({ store: older });
  const { cookie, ...person } = await signedIn(gateway, "google");
  const token = await personalToken(person);
  await gateway.restart({});
  await assertWorks(gateway, token);
  await gateway.restart({ SIGN_IN_ALLOW: "*@gmail.com" });
  await assertDead(gateway, token);
  assertEquals((await send(gateway.url, { cookie })).location, "/sign-in");
  const again = await signedIn(gateway, "google").catch((error: Error) => error);
  assert(!(again instanceof Error), "they sign in again");
});

Deno.test("a grant and a personal token end without use, and live while they are used", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway, "google");
  const [used, unused] = [await personalToken(person, "a"), await personalToken(person, "b")];
  const client = await newClient(gateway);
  let tokens = await obtainTokens(gateway, client, person);
  const idle = await obtainTokens(gateway, await newClient(gateway), person);
  // It asks for nothing but new tokens, and so is in use.
  const quiet = await newClient(gateway);
  let quietTokens = await obtainTokens(gateway, quiet, person);
  for (let day = 0; day < GRANT_DAYS.idle; day += 15) {
    gateway.world.skew += 15 * DAY_MS;
    tokens = (await refresh(gateway, client, tokens.refresh_token)).json;
    quietTokens = (await refresh(gateway, quiet, quietTokens.refresh_token)).json;
    for (const token of [tokens.access_token, used]) await assertWorks(gateway, token);
  }
  await assertWorks(gateway, quietTokens.access_token);
  await assertDead(gateway, unused);
  await assertDead(gateway, idle.access_token);
  for (const token of [tokens.access_token, used]) await assertWorks(gateway, token);
});

Deno.test("a grant and a personal token end however much they are used", async () => {
  await using gateway = await openGateway({ env: { GRANT_MAX_DAYS: "60" } });
  const person = await signedIn(gateway, "google");
  const personal = await personalToken(person);
  const client = await newClient(gateway);
  let tokens = await obtainTokens(gateway, client, person);
  for (let day = 0; day < 50; day += 10) {
    gateway.world.skew += 10 * DAY_MS;
    tokens = (await refresh(gateway, client, tokens.refresh_token)).json;
    for (const token of [tokens.access_token, personal]) await assertWorks(gateway, token);
  }
  gateway.world.skew += 10 * DAY_MS - 30 * 60_000;
  tokens = (await refresh(gateway, client, tokens.refresh_token)).json;
  for (const token of [tokens.access_token, personal]) await assertWorks(gateway, token);
  // The access token has half an hour left: its grant has none.
  gateway.world.skew += 30 * 60_000;
  for (const token of [tokens.access_token, personal]) await assertDead(gateway, token);
  assertRefused(await refresh(gateway, client, tokens.refresh_token));
});

Deno.test("grants end by today's numbers, and go on where those are raised again", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway, "google");
  const personal = await personalToken(person);
  const client = await newClient(gateway);
  const { access_token, refresh_token } = await obtainTokens(gateway, client, person);
  const now = gateway.world.now();
  gateway.world.skew += 8 * DAY_MS;
  for (const env of [{ GRANT_IDLE_DAYS: "7" }, { GRANT_MAX_DAYS: "7" }]) {
    await gateway.restart(env);
    for (const token of [access_token, personal]) await assertDead(gateway, token);
    assertRefused(await refresh(gateway, client, refresh_token));
  }
  await gateway.restart({ GRANT_IDLE_DAYS: "9" });
  await assertWorks(gateway, personal);
  const { status, json } = await refresh(gateway, client, refresh_token);
  assertEquals(status, 200);
  await assertWorks(gateway, json.access_token);
  assertEquals(gateway.world.now() - now, 8 * DAY_MS);
});

Deno.test("the consent page and a person's own page say when access ends by itself", async () => {
  await using gateway = await openGateway({ env: { GRANT_IDLE_DAYS: "14", GRANT_MAX_DAYS: "90" } });
  const person = await signedIn(gateway, "google");
  const dayIn = (days: number) =>
    new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" })
      .format(gateway.world.now() + days * DAY_MS);
  const consent = await person.browser.open(authorizeUrl(gateway, await newClient(gateway)));
  assertStringIncludes(
    consent.html.replaceAll(/\s+/g, " "),
    `It ends by itself on ${dayIn(90)}, or after 14 days without use.`,
  );
  await personalToken(person);
  const home = await person.browser.open(gateway.url);
  assertStringIncludes(home.html, `Ends on ${dayIn(14)} if it is not used`);
  const ended = `Ended on ${dayIn(14)}`;
  gateway.world.skew += 15 * DAY_MS;
  const later = await signedIn(gateway, "google");
  assertStringIncludes(later.home.html, ended);
});
