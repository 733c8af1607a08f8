import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { digestHex } from "../../tasks/key.ts";
import { cookieOf, openGateway, send, signedIn } from "../support/attacks.ts";
import { Browser, type Page } from "../support/browser.ts";
import { API_KEY, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { ADAS, ADAS_NEXT, GRACES, type KeyServer, startKeyServer } from "../support/key_server.ts";

const APP = "https://app.example.com/connected";
const WRONG = "key_nobodys_0123456789";

async function start(acme: KeyServer, more: Record<string, string> = {}): Promise<Gateway> {
  const env = { PROVIDERS: JSON.stringify([acme.spec]), RETURN_URLS: APP, ...more };
  return await startGateway({ env });
}

async function linkOf(gateway: Gateway, more: Record<string, unknown> = {}): Promise<string> {
  const body = { user_id: USER, service: "acme", ...more };
  return (await gateway.api("/links", { body })).json.url;
}

const paste = (browser: Browser, page: Page, key: string, until?: (url: string) => boolean) =>
  browser.submit(page, until === undefined ? { fields: { key } } : { fields: { key }, until });

const tokenOf = (gateway: Gateway) => gateway.api("/token/acme", { body: { user_id: USER } });

/** The form of the page behind a link, sent as somebody likes. */
function sent(
  gateway: Gateway,
  fields: Record<string, string>,
  headers: Record<string, string>,
): Promise<Response> {
  const body = new URLSearchParams(fields);
  return fetch(`${gateway.url}/auth/acme`, { method: "POST", body, headers, redirect: "manual" });
}

Deno.test("a person pastes a key on the page behind a link, and it is connected", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  assertStringIncludes(page.html, "Connect Acme?");
  assertStringIncludes(page.html, "<strong>voice</strong>");
  assertStringIncludes(page.html, 'href="https://acme.example/keys"');
  assertMatch(page.html, /<input type="password" name="key" [^>]*autocomplete="off"/);
  assertMatch(page.headers.get("Content-Security-Policy")!, /default-src 'none'/);
  assertEquals(page.headers.get("Cache-Control"), "no-store");
  const done = await paste(browser, page, ` ${ADAS}\n`);
  assertStringIncludes(done.html, "✓ Acme connected");
  assertStringIncludes(done.html, "ada@acme.example");
  assertEquals(acme.asked.map(({ path }) => path), ["/me"]);
  assertEquals((await tokenOf(gateway)).json.header.value, ADAS);
});

Deno.test("a wrong key uses nothing up: the page says so, and leads back to the link", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const url = await linkOf(gateway);
  const page = await browser.open(url);
  for (const [key, words] of [[WRONG, "does not accept this API key"], ["?", "no API key of"]]) {
    const refused = await paste(browser, page, key!);
    assertEquals(refused.status, 400);
    assertStringIncludes(refused.html, words!);
    assertStringIncludes(refused.html, "Nothing was changed");
    assert(!refused.html.includes(WRONG));
    assertStringIncludes(refused.html, `href="${url.replaceAll("&", "&amp;")}"`);
  }
  acme.answer = () => new Response("down", { status: 502 });
  const down = await paste(browser, page, ADAS);
  assertEquals([down.status, down.headers.get("Retry-After")], [503, "30"]);
  acme.answer = undefined;
  assertStringIncludes((await paste(browser, await browser.open(url), ADAS)).html, "✓ Acme");
});

Deno.test("a link is good for one key: what is pasted after it was kept is refused", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  await paste(browser, page, ADAS);
  assertEquals((await paste(browser, page, GRACES)).status, 410);
  assertEquals((await tokenOf(gateway)).json.account, "a-1");
});

Deno.test("of two keys that are pasted at once with one link, one is kept", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  const pages = await Promise.all([ADAS, GRACES].map((key) => paste(browser, page, key)));
  assertEquals(pages.filter(({ status }) => status === 200).length, 1);
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections.length, 1);
});

Deno.test("a pasted key goes back to the app by a code, and is nobody's until it is claimed", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway, { return_to: APP }));
  const back = new URL((await paste(browser, page, ADAS, (url) => url.startsWith(APP))).url);
  assertEquals([...back.searchParams.keys()], ["code"]);
  assertEquals((await tokenOf(gateway)).status, 404);
  const code = back.searchParams.get("code");
  const claim = (user_id: string) => gateway.api("/links/claim", { body: { user_id, code } });
  assertEquals((await claim("somebody_else")).json.error, "invalid_grant");
  assertEquals((await claim(USER)).json.account, "a-1");
  assertEquals((await tokenOf(gateway)).json.header.value, ADAS);
});

Deno.test("a pasted key that no app claims is dropped", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway, { return_to: APP }));
  await paste(browser, page, ADAS, (url) => url.startsWith(APP));
  gateway.world.skew = 10 * 60_000;
  assertEquals(await gateway.broker.endUnclaimed(), 1);
  assertEquals(await gateway.broker.endUnclaimed(), 0);
});

Deno.test("an app that may connect by hand-off only gets no key in another way from a page", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme, { RETURN_TO: `voice=${APP}`, HAND_OFF_ONLY: "voice" });
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  const back = await paste(browser, page, ADAS, (url) => url.startsWith(APP));
  assertStringIncludes(back.url, "?code=");
  assertEquals((await tokenOf(gateway)).status, 404);
});

Deno.test("a key of another account than was meant is said to be one, and the link stays good", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  await gateway.api("/connections", { body: { user_id: USER, service: "acme", key: ADAS } });
  const browser = new Browser();
  const url = await linkOf(gateway, { account: "a-1" });
  const page = await browser.open(url);
  assertStringIncludes(page.html, "paste a key of that one");
  const other = await paste(browser, page, GRACES);
  assertStringIncludes(other.html, "This is a key of <strong>grace@acme.example</strong>, and not");
  assertStringIncludes((await paste(browser, page, ADAS_NEXT)).html, "✓ Acme connected");
});

Deno.test("a foreign page, another browser and a form without its token get no key kept or asked about", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  const fields = { ...page.forms[0]!.fields, key: ADAS };
  const Cookie = `sb_browser=${browser.cookies.at(-1)!}`;
  const attacks: [Record<string, string>, Record<string, string>][] = [
    [fields, { Cookie, Origin: "https://evil.example" }],
    [fields, { Cookie, Origin: "null" }],
    [fields, { Cookie, "Sec-Fetch-Site": "cross-site" }],
    [fields, { Cookie, "Sec-Fetch-Site": "same-site" }],
    [fields, {}],
    [fields, { Cookie: `sb_browser=${"A".repeat(43)}` }],
    [{ ...fields, form_token: "x" }, { Cookie }],
  ];
  for (const [form, headers] of attacks) {
    const response = await sent(gateway, form, headers);
    const html = await response.text();
    assertEquals(response.status, 403, JSON.stringify(headers));
    assert(!html.includes(ADAS));
  }
  assertEquals(acme.asked, []);
  assertEquals((await tokenOf(gateway)).status, 404);
  const own = await sent(gateway, fields, { Cookie, Origin: gateway.url });
  assertEquals([own.status, (await own.text()).includes(ADAS)], [200, false]);
});

Deno.test("a link that was forwarded is the first browser's alone, be its key right or wrong", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const url = await linkOf(gateway);
  const [owner, other] = [new Browser(), new Browser()];
  const [own, theirs] = [await owner.open(url), await other.open(url)];
  await paste(owner, own, WRONG);
  acme.asked.length = 0;
  assertEquals((await paste(other, theirs, GRACES)).status, 403);
  assertEquals(acme.asked, []);
  assertStringIncludes((await paste(owner, own, ADAS)).html, "✓ Acme connected");
});

Deno.test("a link for another service, user or app takes no key, and its key goes nowhere", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const github = await browser.open(await linkOf(gateway, { service: "github" }));
  const pasted = await browser.submit(github, { fields: { key: ADAS } });
  assertStringIncludes(pasted.html, "GitHub is not connected by an API key.");
  const page = await browser.open(await linkOf(gateway));
  const fields = { ...page.forms[0]!.fields, user_id: "somebody_else", key: ADAS };
  const changed = await browser.submit(page, { fields });
  assertEquals(changed.status, 403);
  // Its app may not use the service any more.
  await gateway.restart({ API_KEYS: `voice:sha256:${digestHex(API_KEY)}:github` });
  assertEquals((await paste(browser, page, ADAS)).status, 403);
  assertEquals(acme.asked, []);
});

Deno.test("a key of 100 KB, and one that is there twice, are refused before anybody is asked", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  assertEquals((await paste(browser, page, "k".repeat(100_000))).status, 413);
  // Though its form would do.
  const spec = { ...acme.spec, key_pattern: "[^]*" };
  await gateway.restart({ PROVIDERS: JSON.stringify([spec]) });
  assertEquals((await paste(browser, page, "k".repeat(2001))).status, 400);
  const Cookie = `sb_browser=${browser.cookies.at(-1)!}`;
  const body = `${new URLSearchParams({ ...page.forms[0]!.fields, key: ADAS })}&key=${GRACES}`;
  const headers = { Cookie, "Content-Type": "application/x-www-form-urlencoded" };
  const twice = await fetch(`${gateway.url}/auth/acme`, { method: "POST", body, headers });
  assertEquals([twice.status, (await twice.text()).includes(ADAS)], [400, false]);
  assertEquals(acme.asked, []);
});

Deno.test("a pasted key stands in no address, page or log line, be it right or wrong", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  const pages = [await paste(browser, page, WRONG), await paste(browser, page, `${ADAS}\r\nX: 1`)];
  acme.answer = () => new Response(`broken ${ADAS}`, { headers: { "X-Key": ADAS } });
  pages.push(await paste(browser, page, ADAS));
  acme.answer = undefined;
  pages.push(await paste(browser, page, ADAS));
  const said = [
    ...pages.map(({ html, headers }) => html + JSON.stringify([...headers])),
    ...browser.visited,
    ...acme.asked.map(({ path }) => path),
    JSON.stringify(gateway.world.events),
  ];
  for (const key of [ADAS, WRONG]) {
    assertEquals(said.filter((text) => text.includes(key)), []);
  }
});

Deno.test("a signed-in person pastes a key from their own page, and nobody else does with that link", async () => {
  await using acme = startKeyServer();
  const env = { PROVIDERS: JSON.stringify([acme.spec]) };
  await using gateway = await openGateway({ env });
  const [alice, bob] = [await signedIn(gateway), await signedIn(gateway, "google")];
  const { fields: form } = alice.home.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "acme"
  )!;
  const { location } = await send(`${gateway.url}/dashboard/connect`, {
    cookie: alice.cookie,
    form,
  });
  const page = await send(location!, { cookie: alice.cookie });
  assertStringIncludes(page.text, "You are signed in as <strong>octocat</strong>");
  const browser = cookieOf(page, "sb_browser");
  const { searchParams } = new URL(location!);
  const [, token = ""] = /name="form_token" value="([^"]+)"/.exec(page.text) ?? [];
  const pasted = { ...Object.fromEntries(searchParams), form_token: token, key: ADAS };
  const pasteAs = (person: string) =>
    send(`${gateway.url}/auth/acme`, { cookie: `${browser}; ${person}`, form: pasted });
  assertEquals((await send(location!, { cookie: bob.cookie })).status, 403);
  assertEquals((await pasteAs(bob.cookie)).status, 403);
  assertEquals((await pasteAs("x=y")).status, 401);
  assertEquals(acme.asked, []);
  assertStringIncludes((await pasteAs(alice.cookie)).text, "✓ Acme connected");
});

Deno.test("a key in a link's address is not looked at", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(`${await linkOf(gateway)}&key=${ADAS}`);
  assertEquals([page.status, page.html.includes(ADAS)], [200, false]);
  assertEquals(acme.asked, []);
});
