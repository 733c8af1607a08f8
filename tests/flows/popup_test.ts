/**
 * Links that an app's page opens in a pop-up: each end is told to that page, in
 * the words of the redirect, and each answer on the way leaves the two together.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { LINK_LIFETIME_MS } from "../../broker/core/link_bounds.ts";
import { HANDOFF_LIFETIME_MS } from "../../broker/tokens/held.ts";
import { MAX_SCRIPT_BYTES } from "../../routes/people/connect_script.ts";
import { SCRIPT_SECONDS } from "../../routes/people/script.ts";
import { send } from "../support/attacks.ts";
import { Browser, type Page } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { failing, type Faults } from "../support/failing_store.ts";
import { type Fault, faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";
import { ADAS, startKeyServer } from "../support/key_server.ts";
import { keepsOpener, popupOn } from "../support/popup.ts";

const ORIGIN = "https://app.example.com";
const BACK = `${ORIGIN}/connected`;
const ENV = { RETURN_URLS: BACK };
const isCallback = (url: string) => url.includes("/callback/");

async function linkOf(gateway: Gateway, more: Record<string, unknown> = {}): Promise<string> {
  const body = { user_id: USER, service: "calendar", origin: ORIGIN, ...more };
  const { status, json, text } = await gateway.api("/links", { body });
  assertEquals(status, 200, text);
  return json.url;
}

/** As far as the provider's answer, which is not opened. */
async function upToCallback(browser: Browser, link: string): Promise<URL> {
  const signIn = await browser.submit(await browser.open(link));
  const page = await browser.submit(signIn, { form: signInForm(signIn), until: isCallback });
  return new URL(page.url);
}

function answered(callback: URL, params: Record<string, string>): string {
  const url = new URL(callback);
  url.searchParams.delete("code");
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}

const claim = (gateway: Gateway, code: string | undefined, user_id = USER) =>
  gateway.api("/links/claim", { body: { user_id, code } });

const connections = async (gateway: Gateway) =>
  (await gateway.api(`/connections?user_id=${USER}`)).json.connections;

Deno.test("a page is told the code in its pop-up, and nothing is connected until it is claimed", async () => {
  await using gateway = await startGateway({ env: ENV });
  const browser = new Browser();
  const link = await linkOf(gateway);
  assertEquals([...new URL(link).searchParams.keys()], ["user_id", "link"]);
  const confirm = await browser.open(link);
  const { trip } = popupOn(confirm)!;
  assertEquals(popupOn(confirm), { origin: ORIGIN, trip });
  const end = await browser.open((await upToCallback(browser, link)).href);
  const said = popupOn(end)!;
  const { code, ...rest } = said.told!;
  assertEquals([said.origin, said.trip, said.redirectTo], [ORIGIN, trip, undefined]);
  assertEquals(rest, { service: "calendar" });
  assertStringIncludes(end.html, "✓ Google Calendar connected");
  assertEquals([end.status, end.headers.get("Cache-Control")], [200, "no-store"]);
  assertEquals(await connections(gateway), []);
  assertEquals((await claim(gateway, code, "somebody_else")).json.error, "invalid_grant");
  assertEquals((await claim(gateway, code)).json.services, ["calendar"]);
  assertEquals((await claim(gateway, code)).json.error, "invalid_grant", "it is good once");
  assertEquals((await connections(gateway)).length, 1);
});

Deno.test("where there is a return_to, the pop-up may go there with what the page was told", async () => {
  for (
    const [env, more] of [
      [ENV, { return_to: `${BACK}` }],
      [{ RETURN_TO: `voice=${BACK}` }, {}],
    ] as const
  ) {
    await using gateway = await startGateway({ env });
    const browser = new Browser();
    const callback = await upToCallback(browser, await linkOf(gateway, more));
    const { told, redirectTo } = popupOn(await browser.open(callback.href))!;
    const url = new URL(redirectTo!);
    assertEquals(url.origin + url.pathname, BACK);
    assertEquals(Object.fromEntries(url.searchParams), told);
    assertEquals((await claim(gateway, told!.code)).status, 200);
  }
});

Deno.test("without an origin nothing is as it is in a pop-up", async () => {
  await using gateway = await startGateway({ env: ENV });
  for (const more of [{ origin: undefined }, { origin: undefined, return_to: BACK }]) {
    const browser = new Browser();
    const confirm = await browser.open(await linkOf(gateway, more));
    assertEquals([popupOn(confirm), keepsOpener(confirm)], [undefined, false]);
    assertEquals(confirm.forms[0]!.fields.popup, undefined);
    const signIn = await browser.submit(confirm, { until: () => true });
    assertEquals(keepsOpener(signIn), false);
    const callback = await upToCallback(browser, await linkOf(gateway, more));
    const until = (url: string) => url.startsWith(ORIGIN);
    const end = await browser.open(callback.href, until);
    assertEquals([keepsOpener(end), until(end.url)], [false, "return_to" in more]);
  }
});

/** What an end is made of, and what the page hears. */
const ENDS: Record<
  string,
  { answer?: Record<string, string>; fault?: [string, Fault]; error: string }
> = {
  "the person says no": { answer: { error: "access_denied" }, error: "access_denied" },
  "the provider has a fault": { answer: { error: "server_error" }, error: "provider_error" },
  "the code is refused": { answer: { code: "made-up" }, error: "provider_error" },
  "the provider does not say whose account it is": {
    fault: ["/oauth2/v2/userinfo", () => Response.json({})],
    error: "provider_error",
  },
};

for (const [end, { answer, fault, error }] of Object.entries(ENDS)) {
  Deno.test(`the page hears that ${end}, in the words of the redirect`, async () => {
    const faults = faultyFetch();
    await using gateway = await startGateway({ env: ENV, fetch: faults.fetch });
    const ends = [];
    for (const more of [{}, { return_to: BACK }]) {
      faults.reset();
      const browser = new Browser();
      const link = await linkOf(gateway, more);
      const callback = await upToCallback(browser, link);
      if (fault !== undefined) faults.on(...fault);
      const page = await browser.open(
        answer === undefined ? callback.href : answered(callback, answer),
      );
      assertEquals([page.status, keepsOpener(page)], [200, true]);
      const { told, redirectTo } = popupOn(page)!;
      ends.push(told);
      assertEquals([told!.error, told!.service, told!.code], [error, "calendar", undefined]);
      if (redirectTo !== undefined) {
        assertEquals(Object.fromEntries(new URL(redirectTo).searchParams), told);
      }
      assertEquals("return_to" in more, redirectTo !== undefined);
      assertEquals(await connections(gateway), []);
      // The link that it came to nothing with is as good as before.
      faults.reset();
      const again = await browser.open((await upToCallback(browser, link)).href);
      assertEquals((await claim(gateway, popupOn(again)!.told!.code)).status, 200);
      await gateway.api(`/connections/google?user_id=${USER}`, { method: "DELETE" });
    }
    assertEquals(ends[0], ends[1]);
  });
}

Deno.test("the page hears of a no that is said before anything is asked of the provider", async () => {
  await using gateway = await startGateway({ env: ENV });
  for (const more of [{}, { return_to: BACK }]) {
    const browser = new Browser();
    const link = await linkOf(gateway, more);
    const confirm = await browser.open(link);
    const page = await browser.submit(confirm, { fields: { decision: "cancel" } });
    const { trip, told, redirectTo } = popupOn(page)!;
    assertEquals(told, { error: "access_denied", service: "calendar" });
    assertEquals([trip, redirectTo !== undefined], [popupOn(confirm)!.trip, "return_to" in more]);
    assertEquals([page.status, keepsOpener(page)], [200, true]);
    const again = await browser.open((await upToCallback(browser, link)).href);
    assert("code" in popupOn(again)!.told!, "the link is as good as before");
  }
});

Deno.test("the page hears that it could not be stored, and what became of the access", async () => {
  const points: Faults = new Map();
  const faults = faultyFetch();
  await using gateway = await startGateway({
    env: ENV,
    fetch: faults.fetch,
    store: (store) => failing(store, points),
  });
  faults.on("/oauth2/revoke", () => new Response());
  gateway.world.speed = 100;
  const browser = new Browser();
  const callback = await upToCallback(browser, await linkOf(gateway));
  points.set("handoffs.put", 1000);
  const { told } = popupOn(await browser.open(callback.href))!;
  assertEquals(told, {
    error: "temporarily_unavailable",
    service: "calendar",
    access: "taken_back",
  });
});

Deno.test("the page hears at once that its link is of no use, as far as it is known whose it is", async () => {
  await using gateway = await startGateway({ env: ENV });
  const used = await linkOf(gateway);
  const browser = new Browser();
  await browser.open((await upToCallback(browser, used)).href);
  const begun = await linkOf(gateway);
  const elsewhere = new Browser();
  await elsewhere.submit(await elsewhere.open(begun));
  const changed = `${await linkOf(gateway)}&scope=calendar.full`;
  const old = await linkOf(gateway, { expires_in: 30 });
  const strict = await linkOf(gateway, { expires_in: 30, origin: undefined });
  gateway.world.skew = 31_000;
  const told = async (url: string): Promise<unknown> => {
    const page = await browser.open(url);
    assert(page.status >= 400);
    assertEquals(keepsOpener(page), popupOn(page) !== undefined);
    return popupOn(page)?.told;
  };
  assertEquals(await told(old), { error: "expired_link", service: "calendar" });
  assertEquals(await told(begun), { error: "invalid_link", service: "calendar" });
  assertEquals(await told(changed), { error: "invalid_link", service: "calendar" });
  // Nobody knows any more whose these were, or nobody's page is waiting.
  assertEquals(await told(used), { error: "invalid_link", service: "calendar" });
  for (const url of [strict, old.replace(/link=.*/, `link=${"A".repeat(43)}`)]) {
    assertEquals(await told(url), undefined, url);
  }
});

Deno.test("a link that ends under the person's hands is told to the page as well", async () => {
  await using gateway = await startGateway({ env: ENV });
  const browser = new Browser();
  const confirm = await browser.open(await linkOf(gateway, { expires_in: 30 }));
  gateway.world.skew = 31_000;
  const page = await browser.submit(confirm);
  assertEquals([page.status, popupOn(page)!.told!.error], [410, "expired_link"]);
});

Deno.test("a person who takes too long at the provider is an end of which the page hears", async () => {
  await using gateway = await startGateway({ env: ENV });
  const browser = new Browser();
  const callback = await upToCallback(browser, await linkOf(gateway));
  gateway.world.skew = LINK_LIFETIME_MS + 1;
  const page = await browser.open(callback.href);
  assertEquals(popupOn(page)!.told, { error: "expired_state", service: "calendar" });
  assertEquals(keepsOpener(page), true);
});

Deno.test("every answer on the way leaves the pop-up with its page, redirects and errors too", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: ENV, fetch: faults.fetch });
  const browser = new Browser();
  const link = await linkOf(gateway);
  const confirm = await browser.open(link);
  assertEquals([keepsOpener(confirm), confirm.forms[0]!.fields.popup], [true, "1"]);
  const off = await browser.submit(confirm, { until: () => true });
  assertEquals([off.status, keepsOpener(off)], [303, true]);
  // Neither an end, nor the place to part: the right answer may come yet.
  const callback = await upToCallback(browser, link);
  const both = new URL(callback);
  both.searchParams.set("error", "access_denied");
  const refused = await browser.open(both.href);
  assertEquals([refused.status, keepsOpener(refused), popupOn(refused)], [400, true, undefined]);
  const done = await browser.open(callback.href);
  assertEquals(keepsOpener(done), true);
  // It was told, once.
  const again = await browser.open(callback.href);
  assertStringIncludes(again.html, "This is done already");
  assertEquals([keepsOpener(again), popupOn(again)], [false, undefined]);
});

Deno.test("an answer that comes as a form stays with the page", async () => {
  await using gateway = await startGateway({ env: ENV });
  const browser = new Browser();
  const callback = await upToCallback(browser, await linkOf(gateway));
  const form = Object.fromEntries(callback.searchParams);
  const headers = { "Origin": "https://provider.example", "Sec-Fetch-Site": "cross-site" };
  const relay = await send(callback.origin + callback.pathname, { form, headers });
  assertEquals([relay.status, keepsOpener(relay)], [200, true]);
  assertEquals(popupOn({ html: relay.text }), undefined);
});

Deno.test("a pasted key ends as a sign-in does, and a wrong one is no end", async () => {
  await using acme = startKeyServer();
  const env = { ...ENV, PROVIDERS: JSON.stringify([acme.spec]) };
  await using gateway = await startGateway({ env });
  const browser = new Browser();
  const link = await linkOf(gateway, { service: "acme" });
  const page = await browser.open(link);
  const wrong = await browser.submit(page, { fields: { key: "key_nobodys_0123456789" } });
  assertEquals([wrong.status, keepsOpener(wrong), popupOn(wrong)], [400, true, undefined]);
  const done = await browser.submit(page, { fields: { key: ADAS } });
  const { trip, told } = popupOn(done)!;
  assertEquals([trip, told!.service], [popupOn(page)!.trip, "acme"]);
  assertEquals((await connections(gateway)).length, 0);
  assertEquals((await claim(gateway, told!.code)).json.account, "a-1");
});

Deno.test("what no page has claimed is ended at the provider", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: ENV, fetch: faults.fetch });
  const browser = new Browser();
  const callback = await upToCallback(browser, await linkOf(gateway));
  const { told } = popupOn(await browser.open(callback.href))!;
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  assertEquals((await claim(gateway, told!.code)).json.error, "invalid_grant");
  assertEquals(await gateway.broker.endUnclaimed(), 1);
  assertEquals(faults.count("/oauth2/revoke"), 1);
});

Deno.test("an app that connects by hand-off only may do so in a pop-up", async () => {
  await using gateway = await startGateway({ env: { ...ENV, HAND_OFF_ONLY: "voice" } });
  const browser = new Browser();
  const callback = await upToCallback(browser, await linkOf(gateway));
  const { told } = popupOn(await browser.open(callback.href))!;
  assertEquals(await connections(gateway), []);
  assertEquals((await claim(gateway, told!.code)).status, 200);
});

Deno.test("the script may be loaded by every page, is kept for a while, and then asked for anew", async () => {
  await using gateway = await startGateway();
  const url = `${gateway.url}/connect.js`;
  const ask = (headers: Record<string, string> = {}) => fetch(url, { headers });
  const first = await ask({ Origin: "https://anywhere.example" });
  const text = await first.text();
  const of = (name: string) => first.headers.get(name);
  assertEquals(first.status, 200);
  assertEquals(of("Content-Type"), "text/javascript; charset=utf-8");
  assertEquals(of("X-Content-Type-Options"), "nosniff");
  assertEquals(of("Cross-Origin-Resource-Policy"), "cross-origin");
  assertEquals(of("Access-Control-Allow-Origin"), "*");
  assertEquals(of("Cache-Control"), `public, max-age=${SCRIPT_SECONDS}, must-revalidate`);
  assertEquals([of("Set-Cookie"), of("Cross-Origin-Opener-Policy")], [null, "same-origin"]);
  assert(new TextEncoder().encode(text).length < MAX_SCRIPT_BYTES);
  assertStringIncludes(text, JSON.stringify(gateway.url));
  // A server that packs the answer weakens its tag (RFC 9110 §8.8.1), as Deno 2.5 does.
  assertMatch(of("ETag")!, /^(W\/)?"[\w-]{43}"$/);
  const tag = of("ETag")!.replace("W/", "");
  for (const match of [tag, `W/${tag}`, `"other", W/${tag}`]) {
    const same = await ask({ "If-None-Match": match });
    assertEquals([same.status, await same.text()], [304, ""]);
    assertEquals(same.headers.get("Cross-Origin-Resource-Policy"), "cross-origin");
  }
  const other = await ask({ "If-None-Match": '"other"' });
  assertEquals([other.status, await other.text()], [200, text]);
  const head = await fetch(url, { method: "HEAD" });
  assertEquals([head.status, await head.text()], [200, ""]);
  const sent = await fetch(url, { method: "POST", body: "" });
  assertEquals(sent.status, 405);
  await sent.body?.cancel();
});

Deno.test("everything else is cut off from other origins, as before", async () => {
  await using gateway = await startGateway({ env: { ...ENV, SIGN_IN_ALLOW: "*" } });
  const browser = new Browser();
  const pages: Page[] = [];
  for (const path of ["/", "/sign-in", "/nowhere", "/auth/github", "/callback/github"]) {
    pages.push(await browser.open(gateway.url + path));
  }
  pages.push(await browser.open(`${gateway.url}/auth/calendar?user_id=u&link=${"A".repeat(43)}`));
  const plain = [
    "/health",
    "/services",
    "/links",
    "/mcp",
    "/.well-known/oauth-authorization-server",
  ];
  for (const path of plain) {
    const { status, headers, text } = await gateway.api(path);
    pages.push({ url: path, status, headers, html: text, forms: [], links: [] });
  }
  for (const page of pages) {
    assertEquals([keepsOpener(page), popupOn(page)], [false, undefined], page.url);
    assertEquals(page.headers.get("Cross-Origin-Resource-Policy"), "same-origin", page.url);
  }
});
