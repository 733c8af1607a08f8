/**
 * Who might want to hear what an app's page hears, or to say something in its
 * pop-up: other origins, other apps, whoever changes a link, whoever gives a
 * service or an account its name. In a real browser: `tests/browser/`.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { cookieOf, send } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";
import { keepsOpener, popupOn } from "../support/popup.ts";
import { snapshot } from "../support/snapshot.ts";

const ORIGIN = "https://app.example.com";
const BACK = `${ORIGIN}/connected`;
const isCallback = (url: string) => url.includes("/callback/");

const link = (gateway: Gateway, more: Record<string, unknown> = {}, key?: string) => {
  const body = { user_id: USER, service: "calendar", origin: ORIGIN, ...more };
  return gateway.api("/links", { body, ...(key === undefined ? {} : { key }) });
};

async function upToCallback(browser: Browser, url: string): Promise<string> {
  const signIn = await browser.submit(await browser.open(url));
  return (await browser.submit(signIn, { form: signInForm(signIn), until: isCallback })).url;
}

Deno.test("POST /links takes no origin that no return address has, and keeps nothing", async () => {
  await using gateway = await startGateway({
    env: { RETURN_URLS: BACK, RETURN_TO: "voice=https://own.example/x" },
  });
  const before = await snapshot(gateway.kv);
  for (
    const origin of [
      "https://evil.example",
      `${ORIGIN}/`,
      `${ORIGIN}:443`,
      "https://app.example.com.evil.example",
      "http://app.example.com",
      "null",
      "*",
      "",
      `https://${"x".repeat(400)}.example`,
    ]
  ) {
    const { status, json } = await link(gateway, { origin });
    assertEquals([status, json.error], [400, "invalid_request"], origin);
    assertMatch(json.error_description, /^origin\b/);
  }
  for (const origin of [["https://evil.example"], { a: 1 }, 1, true]) {
    assertEquals((await link(gateway, { origin })).status, 400);
  }
  const { json } = await link(gateway, { origin: "https://evil.example" });
  assertStringIncludes(json.error_description, "RETURN_URLS must have an address there");
  // One app's own default allows nothing to another.
  const own = { origin: "https://own.example" };
  assertEquals((await link(gateway, own, OTHER_API_KEY)).status, 400);
  assertEquals(await snapshot(gateway.kv), before);
  assertEquals((await link(gateway, own)).status, 200);
});

Deno.test("nothing in an address or a form says who is told", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  const { url } = (await link(gateway)).json;
  const evil = { origin: "https://evil.example", return_to: "https://evil.example/", popup: "1" };
  const browser = new Browser();
  const page = await browser.open(`${url}&${new URLSearchParams(evil)}`);
  assertEquals(popupOn(page)!.origin, ORIGIN);
  const signIn = await browser.submit(page, { fields: evil });
  const callback = await browser.submit(signIn, { form: signInForm(signIn), until: isCallback });
  const end = popupOn(await browser.open(`${callback.url}&${new URLSearchParams(evil)}`))!;
  assertEquals([end.origin, end.redirectTo], [ORIGIN, undefined]);
  // A link without one gets none.
  const plain = (await link(gateway, { origin: undefined })).json.url;
  const without = await browser.open(`${plain}&${new URLSearchParams(evil)}`);
  assertEquals([popupOn(without), keepsOpener(without)], [undefined, false]);
});

Deno.test("a form that is not our page's own leaves nobody together", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  const { url } = (await link(gateway, { origin: undefined })).json;
  const page = await new Browser().open(url);
  const cookie = cookieOf(page, "sb_browser");
  const address = `${gateway.url}/auth/calendar`;
  const { fields } = page.forms[0]!;
  for (
    const [form, headers] of [
      [{ ...fields, popup: "1" }, { "Origin": "https://evil.example" }],
      [{ ...fields, popup: "1", form_token: "x" }, {}],
      [{ popup: "1" }, {}],
    ] as const
  ) {
    const answer = await send(address, { form, cookie, headers });
    assertEquals([answer.status, keepsOpener(answer)], [403, false]);
  }
});

Deno.test("an origin that was taken out of the rules hears of nothing any more", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  const browser = new Browser();
  const { url } = (await link(gateway)).json;
  const other = new Browser();
  const callback = await upToCallback(browser, url);
  const second = (await link(gateway, { expires_in: 30 })).json.url;
  const confirm = await other.open(second);
  await gateway.restart({ RETURN_URLS: "https://new.example.com/" });
  const before = await snapshot(gateway.kv, ["handoffs"]);
  for (
    const page of [
      await browser.open(callback),
      await other.open(second),
      await other.submit(confirm),
    ]
  ) {
    assertEquals(page.status, 403);
    assertStringIncludes(page.html, "may not be used any more");
    assertEquals(popupOn(page), undefined);
  }
  gateway.world.skew = 31_000;
  assertEquals(popupOn(await other.open(second)), undefined, "not that it is too old, either");
  assertEquals(await snapshot(gateway.kv, ["handoffs"]), before);
  const why = gateway.world.events.filter(({ event }) => event === "link_withdrawn")
    .map(({ why }) => why);
  assertEquals(new Set(why), new Set(["origin_not_allowed"]));
  await gateway.restart({ RETURN_URLS: BACK });
  gateway.world.skew = 0;
  assert("code" in popupOn(await browser.open(callback))!.told!, "nothing was used up by it");
});

Deno.test("nobody else's browser is shown what the page is told", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  const callback = await upToCallback(new Browser(), (await link(gateway)).json.url);
  for (const browser of [new Browser(), await visiting(gateway)]) {
    const page = await browser.open(callback);
    assertEquals([page.status, popupOn(page), keepsOpener(page)], [403, undefined, false]);
  }
  const state = new URL(callback);
  state.searchParams.set("state", "A".repeat(43));
  const unknown = await new Browser().open(state.href);
  assertEquals([unknown.status, popupOn(unknown)], [400, undefined]);
});

async function visiting(gateway: Gateway): Promise<Browser> {
  const browser = new Browser();
  await browser.open((await link(gateway)).json.url);
  return browser;
}

Deno.test("the code is worth nothing to another user, and nothing to another app", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  // Mallory's own link, opened by Alice: the page of the app is told, in Alice's browser.
  const { url } = (await link(gateway, { user_id: "mallory" })).json;
  const browser = new Browser();
  const { told } = popupOn(await browser.open(await upToCallback(browser, url)))!;
  const claim = (user_id: string, key?: string) =>
    gateway.api("/links/claim", {
      body: { user_id, code: told!.code },
      ...(key === undefined ? {} : { key }),
    });
  assertEquals((await claim("alice")).json.error, "invalid_grant");
  assertEquals((await claim("mallory", OTHER_API_KEY)).json.error, "invalid_grant");
  assertEquals((await gateway.api("/connections?user_id=mallory")).json.connections, []);
});

/** How a policy names an inline script (CSP 3, §2.3.1). */
function sourceOf(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}

Deno.test("no frame shows what a pop-up does, and no name of anybody's is taken for a script", async () => {
  const hostile = `"'></div></script><script>alert(1)</script>&quot;{"told":1}`;
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK }, fetch: faults.fetch });
  faults.on("/user", () => Response.json({ id: 1, login: hostile, name: hostile }));
  const browser = new Browser();
  const { url } = (await link(gateway, { service: "github" })).json;
  const confirm = await browser.open(url);
  const end = await browser.open(await upToCallback(browser, url));
  for (const page of [confirm, end]) {
    const policy = page.headers.get("Content-Security-Policy")!.split("; ");
    assert(policy.includes("default-src 'none'") && policy.includes("frame-ancestors 'none'"));
    const [, ...sources] = policy.find((each) => each.startsWith("script-src"))!.split(" ");
    assert(!policy.join().includes("unsafe"));
    assertEquals(page.headers.get("X-Frame-Options"), "DENY");
    const scripts = [...page.html.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text]) => text!);
    assertEquals(new Set(sources), new Set(scripts.map(sourceOf)), "these run, and no others");
    assertEquals([...page.html.matchAll(/<\/?script/gi)].length, 2 * scripts.length);
    assert(!/\son\w+=/i.test(page.html), "no inline handler");
  }
  const { told } = popupOn(end)!;
  assertEquals(Object.keys(told!), ["code", "service"]);
  assert(end.html.includes("&lt;script&gt;alert(1)"), "the name is shown, and as a name");
});

Deno.test("the service that a page hears of is the link's, whatever a provider answers", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  const browser = new Browser();
  const url = new URL(
    await upToCallback(browser, (await link(gateway, { return_to: BACK })).json.url),
  );
  url.searchParams.delete("code");
  const text = `access_denied"}</script><script>`;
  for (const name of ["error", "error_description", "service", "access", "origin"]) {
    url.searchParams.set(name, text);
  }
  const { told, redirectTo } = popupOn(await browser.open(url.href))!;
  assertEquals(told, { error: "provider_error", service: "calendar" });
  assertEquals(redirectTo, `${BACK}?error=provider_error&service=calendar`);
});

Deno.test("neither code nor nonce nor link gets into a log line", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  const browser = new Browser();
  const { url } = (await link(gateway)).json;
  const { told } = popupOn(await browser.open(await upToCallback(browser, url)))!;
  await browser.open(url);
  const log = JSON.stringify(gateway.world.events);
  for (const secret of [told!.code!, new URL(url).searchParams.get("link")!]) {
    assert(!log.includes(secret));
  }
});
