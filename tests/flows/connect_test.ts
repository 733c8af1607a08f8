import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { Browser, NAVIGATION, type Page } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { type Gateway, OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";

const MINUTE_MS = 60_000;
const isCallback = (url: string) => url.includes("/callback/");

async function link(gateway: Gateway, body: Record<string, unknown> = {}): Promise<string> {
  const answer = await gateway.api("/links", {
    body: { user_id: USER, service: "github", ...body },
  });
  assertEquals(answer.status, 200, answer.text);
  return answer.json.url;
}

/** Goes as far as the provider's redirect, and does not follow it. */
async function upToCallback(
  gateway: Gateway,
  browser: Browser,
  body: Record<string, unknown> = {},
): Promise<URL> {
  const confirm = await browser.open(await link(gateway, body));
  const signIn = await browser.submit(confirm);
  const back = await browser.submit(signIn, { form: signInForm(signIn), until: isCallback });
  return new URL(back.url);
}

/** Expects a plain page that says why, and an unchanged store. */
async function assertRefused(
  gateway: Gateway,
  attempt: () => Promise<Page>,
  { status, says }: { status: number; says: string },
): Promise<void> {
  const before = await snapshot(gateway.kv);
  const page = await attempt();
  assertEquals(page.status, status, page.html);
  assertStringIncludes(page.html, "Nothing new was connected. Nothing was changed.");
  assertStringIncludes(page.html, "ask your app for a new link");
  assertStringIncludes(page.html, says);
  assertEquals(await snapshot(gateway.kv), before);
}

Deno.test("a person connects GitHub by a link, the confirm page and GitHub's sign-in", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const confirm = await browser.open(await link(gateway));
  for (const words of ["Connect GitHub?", "voice", USER, "private ones too"]) {
    assertStringIncludes(confirm.html, words);
  }
  const signIn = await browser.submit(confirm);
  assert(signIn.url.startsWith(gateway.emulators.github), signIn.url);
  const done = await browser.submit(signIn, { form: signInForm(signIn) });
  assertEquals(done.status, 200);
  assertStringIncludes(done.html, "✓ GitHub connected");
  assertStringIncludes(done.html, "octocat");
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections.length, 1);
  assertEquals(json.connections[0].services, ["github"]);
});

Deno.test("the link has the shape /auth/{service}?user_id=…&scope=…", async () => {
  await using gateway = await startGateway();
  const url = new URL(await link(gateway, { service: "google", scope: "calendar" }));
  assertEquals(url.origin, gateway.url);
  assertEquals(url.pathname, "/auth/google");
  assertEquals(url.searchParams.get("user_id"), USER);
  assertEquals(url.searchParams.get("scope"), "calendar");
  const page = await new Browser().open(url.href);
  assertStringIncludes(page.html, "Connect Google Calendar?");
  assertStringIncludes(page.html, "See and change the events of your calendars");
});

Deno.test("the authorization request carries a random state and an S256 challenge", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const confirm = await browser.open(await link(gateway, { service: "calendar" }));
  const { url } = await browser.submit(confirm);
  const { searchParams } = new URL(url);
  assertEquals(searchParams.get("code_challenge_method"), "S256");
  assertEquals(searchParams.get("code_challenge")?.length, 43);
  assertEquals(searchParams.get("state")?.length, 43);
  assertEquals(searchParams.get("access_type"), "offline");
  assertEquals(searchParams.get("redirect_uri"), `${gateway.url}/callback/google`);
  assert(!url.includes(USER), "the provider must not learn the user id");
});

Deno.test("an address without a valid link is refused", async () => {
  await using gateway = await startGateway();
  const made = new URL(await link(gateway, { scope: "repo" }));
  const changed = (name: string, value: string) => {
    const url = new URL(made);
    url.searchParams.set(name, value);
    return url.href;
  };
  const bare = `${gateway.url}/auth/github?user_id=${USER}&scope=repo`;
  const cases: [url: string, says: string][] = [
    [bare, "not valid"],
    [changed("link", "A".repeat(43)), "not valid"],
    [changed("link", "short"), "not valid"],
    [changed("user_id", "user_456"), "was changed"],
    [changed("scope", "user"), "was changed"],
    [made.href.replace("/auth/github", "/auth/google"), "was changed"],
  ];
  for (const [url, says] of cases) {
    await assertRefused(gateway, () => new Browser().open(url), { status: 403, says });
  }
  const twice = `${made.href}&link=${made.searchParams.get("link")}`;
  const says = "more than once";
  await assertRefused(gateway, () => new Browser().open(twice), { status: 400, says });
});

Deno.test("a link is refused after its ten minutes", async () => {
  await using gateway = await startGateway();
  const url = await link(gateway);
  gateway.world.skew = 10 * MINUTE_MS + 1000;
  await assertRefused(gateway, () => new Browser().open(url), { status: 410, says: "too old" });
});

Deno.test("looking at a link does not use it up, for any other browser confirming it does", async () => {
  await using gateway = await startGateway();
  const url = await link(gateway);
  const other = new Browser();
  const seenBefore = await other.open(url);
  const browser = new Browser();
  await browser.submit(await browser.open(url));
  for (const again of [() => other.open(url), () => other.submit(seenBefore)]) {
    await assertRefused(gateway, again, { status: 403, says: "used already" });
  }
});

Deno.test("a confirm form that another site submits is refused", async () => {
  await using gateway = await startGateway();
  const url = await link(gateway);
  const browser = new Browser();
  const confirm = await browser.open(url);
  const fields = confirm.forms[0]!.fields;
  const post = async (headers: Record<string, string>): Promise<Page> => {
    const response = await fetch(`${gateway.url}/auth/github`, {
      method: "POST",
      headers: { Accept: NAVIGATION, ...headers },
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
    const html = await response.text();
    return { url, status: response.status, headers: response.headers, html, forms: [], links: [] };
  };
  const cookie = confirm.headers.getSetCookie()[0]!.split(";")[0]!;
  const says = "another site";
  await assertRefused(gateway, () => post({}), { status: 403, says });
  const crossSite = { "Cookie": cookie, "Sec-Fetch-Site": "cross-site" };
  await assertRefused(gateway, () => post(crossSite), { status: 403, says });
  const otherBrowser = new Browser();
  await otherBrowser.open(url);
  const stolen = () => otherBrowser.submit(confirm);
  await assertRefused(gateway, stolen, { status: 403, says });
  const setOut = await post({ Cookie: cookie, Origin: gateway.url });
  assertEquals(setOut.status, 303);
  // The cookie lives on from here: the way through the provider has its time, too.
  assert(setOut.headers.getSetCookie().some((set) => set.startsWith(`${cookie};`)));
});

Deno.test("a callback is refused in another browser", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const back = await upToCallback(gateway, browser);
  const victim = new Browser();
  const stranger = () => victim.open(back.href);
  await assertRefused(gateway, stranger, { status: 403, says: "another browser" });
  await victim.open(await link(gateway));
  await assertRefused(gateway, stranger, { status: 403, says: "another browser" });
  const done = await browser.open(back.href);
  assertStringIncludes(done.html, "✓ GitHub connected");
});

Deno.test("a callback that comes a second time is told that it is done, and changes nothing", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const back = await upToCallback(gateway, browser);
  await browser.open(back.href);
  const before = await snapshot(gateway.kv);
  for (let reload = 0; reload < 3; reload++) {
    const { status, html } = await browser.open(back.href);
    assertEquals(status, 200);
    assertStringIncludes(html, "This is done already");
    assertStringIncludes(html, "GitHub was connected as <strong>octocat</strong>");
  }
  const other = new Browser();
  await other.open(await link(gateway));
  const { kv } = gateway;
  const theirs = await snapshot(kv);
  const { status, html } = await other.open(back.href);
  assertEquals([status, html.includes("octocat"), html.includes("is done")], [403, false, false]);
  assertEquals(await snapshot(kv), theirs);
  const kinds = theirs.filter((entry) => !before.includes(entry)).map((key) => key.split("/")[0]);
  // Their own link, when it ends, whose it is, and nothing else.
  assertEquals(kinds, ["ends", "links", "owned"]);
});

Deno.test("of two callbacks at once one connects", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const back = await upToCallback(gateway, browser);
  const pages = await Promise.all([1, 2, 3, 4].map(() => browser.open(back.href)));
  const connected = pages.filter(({ html }) => html.includes("✓ GitHub connected"));
  assertEquals(connected.length, 1);
  for (const { html } of pages.filter((page) => page !== connected[0])) {
    assert(/finished already|done already/.test(html), html);
  }
});

Deno.test("a callback is refused when it is wrong or late", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const back = await upToCallback(gateway, browser);
  const changed = (change: (url: URL) => void) => {
    const url = new URL(back);
    change(url);
    return () => browser.open(url.href);
  };
  const setState = changed((url) => url.searchParams.set("state", "B".repeat(43)));
  await assertRefused(gateway, setState, { status: 400, says: "unknown" });
  const noState = changed((url) => url.searchParams.delete("state"));
  await assertRefused(gateway, noState, { status: 400, says: "unknown" });
  const twoStates = changed((url) => url.searchParams.append("state", "x"));
  await assertRefused(gateway, twoStates, { status: 400, says: "more than once" });
  const otherService = changed((url) => url.pathname = "/callback/google");
  await assertRefused(gateway, otherService, { status: 400, says: "another service" });
  const issuer = changed((url) => url.searchParams.set("iss", "https://evil.example"));
  await assertRefused(gateway, issuer, { status: 400, says: "another sign-in server" });
  const noCode = changed((url) => url.searchParams.delete("code"));
  await assertRefused(gateway, noCode, { status: 400, says: "no code" });
  gateway.world.skew = 10 * MINUTE_MS + 1000;
  const late = changed(() => {});
  await assertRefused(gateway, late, { status: 400, says: "too long" });
});

Deno.test("the right issuer is accepted", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const back = await upToCallback(gateway, browser);
  back.searchParams.set("iss", `${gateway.emulators.github}/login/oauth`);
  assertStringIncludes((await browser.open(back.href)).html, "✓ GitHub connected");
});

Deno.test("a person who says no at the provider is not connected", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const back = await upToCallback(gateway, browser);
  back.searchParams.delete("code");
  back.searchParams.set("error", "access_denied");
  const page = await browser.open(back.href);
  assertEquals(page.status, 403);
  assertStringIncludes(page.html, "as you chose");
  assertEquals(await snapshot(gateway.kv, ["connections"]), []);
  assertEquals(await snapshot(gateway.kv, ["pending"]), []);
});

Deno.test("a provider's error text does not reach the page", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const back = await upToCallback(gateway, browser);
  back.searchParams.delete("code");
  back.searchParams.set("error", "<script>alert(1)</script>");
  const page = await browser.open(back.href);
  assertEquals(page.status, 400);
  assertStringIncludes(page.html, "unknown error");
  assert(!page.html.includes("alert"));
});

Deno.test("a code that the provider rejects connects nothing", async () => {
  await using gateway = await startGateway();
  for (const service of ["github", "calendar"]) {
    const browser = new Browser();
    const back = await upToCallback(gateway, browser, { service });
    back.searchParams.set("code", "made-up");
    const page = await browser.open(back.href);
    assertEquals(page.status, 400);
    assertStringIncludes(page.html, "invalid_grant");
    assertEquals(await snapshot(gateway.kv, ["connections"]), []);
    assertEquals(await snapshot(gateway.kv, ["pending"]), []);
  }
});

Deno.test("the services of Google share one connection whose scopes grow", async () => {
  await using gateway = await startGateway();
  await gateway.connect("calendar");
  const first = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(first.json.connections[0].services, ["calendar"]);
  const page = await gateway.connect("gmail");
  assertStringIncludes(page.html, "✓ Gmail connected");
  await gateway.connect("google", { scope: "drive.readonly" });
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections.length, 1);
  assertEquals(json.connections[0].services, ["gmail", "calendar", "drive"]);
  assertEquals(json.connections[0].account, first.json.connections[0].account);
  assertEquals(json.connections[0].connected_at, first.json.connections[0].connected_at);
});

Deno.test("the same user id under two API keys is two people", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const other = { key: OTHER_API_KEY };
  const list = await gateway.api(`/connections?user_id=${USER}`, other);
  assertEquals(list.json.connections, []);
  const token = await gateway.api("/token/github", { ...other, body: { user_id: USER } });
  assertEquals(token.status, 404);
  assertEquals(token.json.error, "not_connected");
});

Deno.test("with return_to the connection is usable after the app has claimed it", async () => {
  const RETURN_URL = "https://app.example.com/connected";
  await using gateway = await startGateway({ env: { RETURN_URLS: RETURN_URL } });
  const browser = new Browser();
  const confirm = await browser.open(await link(gateway, { return_to: RETURN_URL }));
  const signIn = await browser.submit(confirm);
  const until = (url: string) => url.startsWith(RETURN_URL);
  const back = await browser.submit(signIn, { form: signInForm(signIn), until });
  const code = new URL(back.url).searchParams.get("code")!;
  const token = () => gateway.api("/token/github", { body: { user_id: USER } });
  assertEquals((await token()).status, 404);

  const claim = (body: unknown, key?: string) =>
    gateway.api("/links/claim", { body, ...(key === undefined ? {} : { key }) });
  const asOther = await claim({ user_id: "mallory", code });
  assertEquals([asOther.status, asOther.json.error], [400, "invalid_grant"]);
  assertEquals((await claim({ user_id: USER, code }, OTHER_API_KEY)).status, 400);
  assertEquals((await token()).status, 404);

  const claimed = await claim({ user_id: USER, code });
  assertEquals(claimed.status, 200, claimed.text);
  assertEquals(claimed.json.services, ["github"]);
  assertEquals((await token()).status, 200);
  assertEquals((await claim({ user_id: USER, code })).status, 400);
});

Deno.test("return_to must be allowed", async () => {
  await using gateway = await startGateway({
    env: { RETURN_URLS: "https://app.example.com/connected,https://app.example.com/deep/" },
  });
  const answer = (return_to: string) =>
    gateway.api("/links", { body: { user_id: USER, service: "github", return_to } });
  for (
    const bad of [
      "https://evil.example/",
      "https://app.example.com/connected/more",
      "https://app.example.com/connected?x=1",
      "https://app.example.com/deep/../connected2",
      "https://app.example.com.evil.example/deep/",
      "https://app.example.com@evil.example/deep/",
      "https://me@app.example.com/deep/x",
      "https://app.example.com/deep/x#y",
      "HTTPS://APP.EXAMPLE.COM/connected",
      "javascript:alert(1)",
      "/connected",
    ]
  ) {
    const { status, json } = await answer(bad);
    assertEquals([status, json.error], [400, "invalid_request"], bad);
  }
  assertEquals((await answer("https://app.example.com/connected")).status, 200);
  assertEquals((await answer("https://app.example.com/deep/x?y=1")).status, 200);
});

Deno.test("two sign-ins in one browser do not disturb each other", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const first = await upToCallback(gateway, browser);
  const second = await upToCallback(gateway, browser, { service: "gmail" });
  assertNotEquals(first.searchParams.get("state"), second.searchParams.get("state"));
  assertStringIncludes((await browser.open(first.href)).html, "✓ GitHub connected");
  assertStringIncludes((await browser.open(second.href)).html, "✓ Gmail connected");
});

Deno.test("pages cannot be framed, run no script and are not cached", async () => {
  await using gateway = await startGateway();
  const page = await new Browser().open(await link(gateway));
  const policy = page.headers.get("Content-Security-Policy") ?? "";
  assertStringIncludes(policy, "default-src 'none'");
  assertStringIncludes(policy, "frame-ancestors 'none'");
  assertEquals(page.headers.get("X-Frame-Options"), "DENY");
  assertEquals(page.headers.get("Cache-Control"), "no-store");
  assertEquals(page.headers.get("Referrer-Policy"), "same-origin");
  const [cookie = ""] = page.headers.getSetCookie();
  assertStringIncludes(cookie, "HttpOnly");
  assertStringIncludes(cookie, "SameSite=Lax");
});
