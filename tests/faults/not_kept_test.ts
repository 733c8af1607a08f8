/** What a provider gave and what cannot be kept: after the exchange of a code, in a claim, in a refresh. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MAX_ACCOUNT_ID } from "../../broker/connect/account.ts";
import { CONNECT_PATIENCE_MS, TAKE_BACK_MS } from "../../broker/connect/take_back.ts";
import { STORE_PATIENCE_MS } from "../../broker/tokens/refresh_rules.ts";
import { MAX_SCOPE_CHARACTERS, MAX_TOKEN_SET_BYTES } from "../../broker/tokens/size.ts";
import { LONGEST_NAME } from "../../broker/core/shown_name.ts";
import { Browser, type Page } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { failing, type Faults } from "../support/failing_store.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { startGateway, USER } from "../support/gateway.ts";

const APP = "https://app.example.com/";
const TOKEN_ENDPOINT = "/oauth2/token";
const USERINFO = "/oauth2/v2/userinfo";
const REVOKE = "/oauth2/revoke";
const HOUR_MS = 60 * 60_000;
/** More often than anybody tries. */
const ALWAYS = 1_000_000;

async function start() {
  const points: Faults = new Map();
  const faults = faultyFetch();
  const gateway = await startGateway({
    env: { RETURN_URLS: APP, SIGN_IN_ALLOW: "*" },
    fetch: faults.fetch,
    store: (store) => failing(store, points),
  });
  gateway.world.speed = 100;
  const revoked: string[] = [];
  /** Google, as far as it issues, tells and revokes. */
  const google = (issued: Record<string, unknown>, account: Record<string, unknown> = {}) => {
    faults.on(TOKEN_ENDPOINT, () =>
      Response.json({
        access_token: "google_new",
        refresh_token: "refresh_new",
        token_type: "Bearer",
        expires_in: 3600,
        ...issued,
      }));
    faults.on(
      USERINFO,
      () => Response.json({ id: "1", email: "me@gmail.com", verified_email: true, ...account }),
    );
    faults.on(REVOKE, async (request) => {
      revoked.push((await request.formData()).get("token") as string);
      return new Response();
    });
  };
  google({});
  const token = () => gateway.api("/token/google", { body: { user_id: USER } });
  /** Goes to Google and back by a link with `return_to`; the address the app is called at, or a page. */
  const handOff = async (): Promise<Page> => {
    const body = { user_id: USER, service: "calendar", return_to: APP };
    const { json } = await gateway.api("/links", { body });
    const browser = new Browser();
    const signIn = await browser.submit(await browser.open(json.url));
    return await browser.submit(signIn, {
      form: signInForm(signIn),
      until: (url) => url.startsWith(APP),
    });
  };
  const claim = ({ url }: Page) => {
    const code = new URL(url).searchParams.get("code");
    return gateway.api("/links/claim", { body: { user_id: USER, code } });
  };
  const connections = async () => {
    const { json } = await gateway.api(`/connections?user_id=${USER}`);
    return json.connections as Record<string, unknown>[];
  };
  const logged = (event: string) =>
    gateway.world.events.filter((entry) => entry.event === event).length;
  return Object.assign(gateway, {
    points,
    faults,
    google,
    revoked,
    token,
    handOff,
    claim,
    connections,
    logged,
  });
}

const LARGE = "t".repeat(200_000);
const TAKEN_BACK = "The access that was just given has been taken back.";

Deno.test("a token set of 200 KB is connected, served, refreshed, handed off and disconnected", async () => {
  await using gateway = await start();
  gateway.google({ access_token: LARGE });
  assertStringIncludes((await gateway.connect("calendar")).html, "✓ Google Calendar connected");
  assertEquals((await gateway.token()).json.access_token, LARGE);
  gateway.google({ access_token: `${LARGE}2`, refresh_token: "refresh_2" });
  gateway.world.skew = HOUR_MS;
  assertEquals((await gateway.token()).json.access_token, `${LARGE}2`);
  const claimed = await gateway.claim(await gateway.handOff());
  assertEquals(claimed.status, 200, claimed.text);
  const path = `/connections/google?user_id=${USER}`;
  assertEquals((await gateway.api(path, { method: "DELETE" })).json.revoked, true);
  const left = await Array.fromAsync(gateway.records.list({ prefix: ["pieces"] }));
  assertEquals(left, []);
});

/** What nothing can keep, by what is wrong with it. */
type Wire = Record<string, unknown>;
const ABSURD: Record<string, { issued?: Wire; account?: Wire; says: string }> = {
  "a token set beyond the limit": {
    issued: { access_token: "t".repeat(MAX_TOKEN_SET_BYTES) },
    says: "too large to keep",
  },
  "scopes beyond the limit": {
    issued: { scope: "scope ".repeat(MAX_SCOPE_CHARACTERS / 5) },
    says: "too large to keep",
  },
  "an account id that fits into no key": {
    account: { id: "9".repeat(MAX_ACCOUNT_ID + 1) },
    says: "whose account it is",
  },
  "half a character as an account id": { account: { id: "\ud800" }, says: "whose account it is" },
  "an empty account id": { account: { id: "" }, says: "whose account it is" },
  "no account": { account: { id: undefined }, says: "whose account it is" },
};

for (const [what, { issued = {}, account = {}, says }] of Object.entries(ABSURD)) {
  Deno.test(`${what} is refused at once, and the access is taken back`, async () => {
    await using gateway = await start();
    gateway.google({ ...issued, refresh_token: "refresh_absurd" }, account);
    const page = await gateway.connect("calendar");
    assertEquals(page.status, 400, page.html);
    assertStringIncludes(page.html, says);
    assertStringIncludes(page.html, TAKEN_BACK);
    assert(!page.html.includes("Nothing was changed"));
    assertEquals(gateway.revoked.splice(0), ["refresh_absurd"]);
    const { url } = await gateway.handOff();
    assertEquals(url, `${APP}?error=provider_error&service=calendar&access=taken_back`);
    assertEquals(gateway.revoked, ["refresh_absurd"]);
    assertEquals(await gateway.connections(), []);
    assertEquals(gateway.logged("connection_not_kept"), 2);
  });
}

Deno.test("a label that is too long is cut, and the account connected", async () => {
  await using gateway = await start();
  gateway.google({}, { email: `${"me".repeat(5_000)}@example.com` });
  assertStringIncludes((await gateway.connect("calendar")).html, "✓ Google Calendar connected");
  const [connection] = await gateway.connections();
  const label = connection!.label as string;
  assertEquals(label, `${"me".repeat(LONGEST_NAME).slice(0, LONGEST_NAME - 1)}…`);
  const body = { user_id: USER, account: label };
  assertEquals((await gateway.api("/token/google", { body })).status, 200);
});

/** Where the store is out after the exchange, for longer than anybody waits. */
const STORE_OUT: Record<string, { points: string[]; hand?: true }> = {
  "the write of a connection": { points: ["connections.put"] },
  "the read before it": { points: ["connections.get"] },
  "everything of connections": {
    points: ["get", "put", "list", "lives", "survey"].map((verb) => `connections.${verb}`),
  },
  "the write of a handoff": { points: ["handoffs.put"], hand: true },
};

for (const [what, { points, hand = false }] of Object.entries(STORE_OUT)) {
  Deno.test(`${what} failing takes the access back, and says so`, async () => {
    await using gateway = await start();
    const back = hand ? gateway.handOff : async () => {
      const { json } = await gateway.api("/links", {
        body: { user_id: USER, service: "calendar" },
      });
      const browser = new Browser();
      const signIn = await browser.submit(await browser.open(json.url));
      points.forEach((point) => gateway.points.set(point, ALWAYS));
      return await browser.submit(signIn, { form: signInForm(signIn) });
    };
    if (hand) points.forEach((point) => gateway.points.set(point, ALWAYS));
    const before = gateway.world.now();
    const page = await back();
    if (hand) {
      const query = "error=temporarily_unavailable&service=calendar&access=taken_back";
      assertEquals(page.url, `${APP}?${query}`);
    } else {
      assertEquals(page.status, 503, page.html);
      assertStringIncludes(page.html, "was not connected: it could not be stored.");
      assertStringIncludes(page.html, TAKEN_BACK);
      assert(!page.html.includes("Nothing was changed"));
    }
    assertEquals(gateway.revoked, ["refresh_new"]);
    assert(gateway.world.now() - before >= CONNECT_PATIENCE_MS, "it was tried for a while");
    gateway.points.clear();
    assertEquals(await gateway.connections(), []);
  });
}

Deno.test("a store that is back in time costs the person nothing", async () => {
  await using gateway = await start();
  gateway.points.set("connections.put", 3);
  assertStringIncludes((await gateway.connect("calendar")).html, "✓ Google Calendar connected");
  gateway.points.set("handoffs.put", 3);
  assertEquals((await gateway.claim(await gateway.handOff())).status, 200);
  assertEquals(gateway.revoked, []);
});

Deno.test("a write whose answer is lost is a write: nothing is taken back", async () => {
  await using gateway = await start();
  gateway.points.set("connections.put lost", ALWAYS);
  assertStringIncludes((await gateway.connect("calendar")).html, "✓ Google Calendar connected");
  assertEquals(gateway.revoked, []);
  assertEquals((await gateway.token()).json.access_token, "google_new");
  const claimed = await gateway.claim(await gateway.handOff());
  assertEquals([claimed.status, gateway.revoked], [200, []]);
});

Deno.test("a reconnect that fails leaves the connection that works, and its grant", async () => {
  await using gateway = await start();
  await gateway.connect("calendar");
  gateway.google({ access_token: "t".repeat(MAX_TOKEN_SET_BYTES), refresh_token: "second" });
  const large = await gateway.connect("gmail");
  assertStringIncludes(large.html, "too large to keep");
  assertStringIncludes(large.html, "The connection that was there before is as it was.");
  // Nor where the provider does not say whose it is: it may be the same account.
  gateway.google({ refresh_token: "third" }, { id: undefined });
  assertStringIncludes((await gateway.connect("gmail")).html, "is as it was.");
  gateway.google({ refresh_token: "fourth" });
  gateway.points.set("connections.put", ALWAYS);
  assertStringIncludes((await gateway.connect("gmail")).html, "is as it was.");
  gateway.points.clear();
  assertEquals(gateway.revoked, []);
  assertEquals((await gateway.token()).json.access_token, "google_new");
  // What another account has given is not what the first one hangs on.
  gateway.google({ refresh_token: "fifth" }, { id: "2" });
  gateway.points.set("connections.put", ALWAYS);
  assertStringIncludes((await gateway.connect("gmail")).html, TAKEN_BACK);
  assertEquals(gateway.revoked, ["fifth"]);
});

/** A provider that does not take it back, in every way. */
const STUBBORN: Record<string, () => Response | Promise<Response>> = {
  "refuses": () => new Response(null, { status: 503 }),
  "is gone": () => Promise.reject(new TypeError("connection refused")),
  "never answers": () => new Promise(() => {}),
};

for (const [how, answer] of Object.entries(STUBBORN)) {
  Deno.test(`where the provider ${how}, the person is told where to remove the access`, async () => {
    await using gateway = await start();
    gateway.google({ access_token: "t".repeat(MAX_TOKEN_SET_BYTES) });
    gateway.faults.on(REVOKE, answer);
    const before = gateway.world.now();
    const page = await gateway.connect("calendar");
    assertStringIncludes(page.html, "could not be taken back");
    assertStringIncludes(page.html, "it can be removed in your account at Google.");
    assert(gateway.world.now() - before <= TAKE_BACK_MS + 1_000);
  });
}

Deno.test("a sign-in that fails takes nothing back: connections may hang on the same grant", async () => {
  await using gateway = await start();
  gateway.google({}, { id: undefined });
  const browser = new Browser();
  const form = await browser.open(`${gateway.url}/sign-in`);
  const google = form.forms.find(({ action }) => action.endsWith("/google"));
  const signIn = await browser.submit(form, { form: google! });
  const page = await browser.submit(signIn, { form: signInForm(signIn) });
  assertStringIncludes(page.html, "refused to finish the sign-in.");
  assertStringIncludes(page.html, "Reason: account unknown");
  assertEquals(gateway.revoked, []);
});

Deno.test("a claim while the store is out leaves the code good", async () => {
  await using gateway = await start();
  for (const point of ["connections.get", "connections.put", "handoffs.peek"]) {
    const page = await gateway.handOff();
    gateway.points.set(point, 2);
    const out = await gateway.claim(page);
    assertEquals([out.status, out.json.error], [503, "store_unavailable"], point);
    gateway.points.clear();
    assertEquals((await gateway.claim(page)).status, 200, point);
    assertEquals((await gateway.claim(page)).json.error, "invalid_grant", "and once only");
  }
  assertEquals(gateway.revoked, []);
});

Deno.test("of two claims at once one connects, whatever is connected beside them", async () => {
  await using gateway = await start();
  const page = await gateway.handOff();
  const claims = await Promise.all([gateway.claim(page), gateway.claim(page), gateway.claim(page)]);
  assertEquals(claims.map(({ status }) => status).sort(), [200, 400, 400]);
  assertEquals((await gateway.connections()).length, 1);
});

Deno.test("a rotated token set that cannot be stored ends the connection in time, and is taken back", async () => {
  await using gateway = await start();
  await gateway.connect("calendar");
  gateway.google({ access_token: "t".repeat(MAX_TOKEN_SET_BYTES), refresh_token: "rotated" });
  gateway.world.skew = HOUR_MS + 60_000;
  const before = gateway.world.now();
  const answer = await gateway.token();
  assertEquals([answer.status, answer.json.error], [409, "reauthorization_required"]);
  await gateway.broker.idle();
  assert(gateway.world.now() - before < STORE_PATIENCE_MS, "nobody insisted");
  assertEquals(gateway.revoked, ["rotated"]);
  assertEquals((await gateway.connections())[0]!.status, "reauthorization_required");
  assertEquals(gateway.logged("refresh_not_storable"), 1);
  gateway.google({});
  await gateway.connect("calendar");
  assertEquals((await gateway.token()).status, 200, "and a reconnect mends it");
});

Deno.test("one that is not stored because the store is out for long is no reason to end the access", async () => {
  await using gateway = await start();
  await gateway.connect("calendar");
  gateway.google({ refresh_token: "rotated" });
  gateway.world.skew = HOUR_MS + 60_000;
  gateway.points.set("connections.put", ALWAYS);
  const before = gateway.world.now();
  assertEquals((await gateway.token()).status, 503);
  await gateway.broker.idle();
  assert(gateway.world.now() - before >= STORE_PATIENCE_MS, "it was insisted on");
  assertEquals([gateway.revoked, gateway.logged("refresh_not_storable")], [[], 0]);
  gateway.points.set("connections.put", 0);
  assertEquals((await gateway.connections())[0]!.status, "active");
});

Deno.test("one that was not rotated is held off, and its refresh token stays", async () => {
  await using gateway = await start();
  await gateway.connect("calendar");
  const large = { access_token: "t".repeat(MAX_TOKEN_SET_BYTES), refresh_token: undefined };
  gateway.google(large);
  gateway.world.skew = HOUR_MS + 60_000;
  const answer = await gateway.token();
  assertEquals([answer.status, answer.json.error], [503, "provider_unavailable"]);
  await gateway.broker.idle();
  assertEquals(gateway.revoked, []);
  assertEquals((await gateway.connections())[0]!.status, "active");
  gateway.google({ access_token: "google_small", refresh_token: undefined });
  gateway.world.skew += 31_000;
  assertEquals((await gateway.token()).json.access_token, "google_small");
});

Deno.test("what the store itself refuses for good is refused at once, wherever it is found out", async () => {
  await using gateway = await start();
  const before = gateway.world.now();
  gateway.points.set("connections.put permanent", 1);
  assertStringIncludes((await gateway.connect("calendar")).html, TAKEN_BACK);
  const page = await gateway.handOff();
  gateway.points.set("connections.put permanent", 1);
  const claimed = await gateway.claim(page);
  assertEquals([claimed.status, claimed.json.error], [400, "provider_refused"]);
  assertStringIncludes(claimed.json.error_description, TAKEN_BACK);
  assertEquals((await gateway.claim(page)).json.error, "invalid_grant");
  assertEquals(gateway.revoked, ["refresh_new", "refresh_new"]);
  assert(gateway.world.now() - before < CONNECT_PATIENCE_MS);
  await gateway.connect("calendar");
  gateway.google({ refresh_token: "rotated" });
  gateway.world.skew = HOUR_MS + 60_000;
  gateway.points.set("connections.put permanent", 1);
  const late = gateway.world.now();
  assertEquals((await gateway.token()).json.error, "reauthorization_required");
  await gateway.broker.idle();
  assertEquals(gateway.revoked.at(-1), "rotated");
  assertEquals(gateway.logged("refresh_not_stored_yet"), 0);
  assert(gateway.world.now() - late < STORE_PATIENCE_MS);
});
