import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { digest, randomSecret } from "../../broker/secrets.ts";
import { formToken } from "../../routes/browser.ts";
import {
  assertWorks,
  callbackOf,
  cookieOf,
  obtainTokens,
  openGateway,
  type Person,
  personalToken,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { Browser, type Form, type Page } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { call, type Gateway } from "../support/gateway.ts";
import { authorizeUrl, decide, newClient } from "../support/mcp_client.ts";

const ALLOW = { decision: "allow", access: "full", service: "github" };

/** A person before the consent page of a client. */
async function atConsent(gateway: Gateway) {
  const person = await signedIn(gateway);
  const client = await newClient(gateway);
  const url = authorizeUrl(gateway, client);
  const page = await person.browser.open(url);
  return { ...person, client, url, page, fields: page.forms[0]!.fields };
}

/** Nobody was sent to the client, and nobody has a new grant. */
async function assertNoConsent(
  gateway: Gateway,
  { browser, cookie }: Pick<Person, "browser" | "cookie">,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<void> {
  const url = `${gateway.url}/oauth/authorize`;
  const answer = await send(url, { cookie, form: { ...ALLOW, ...form }, headers });
  assertEquals([answer.status, answer.location], [403, null], JSON.stringify([form, headers]));
  assertStringIncludes((await browser.open(gateway.url)).html, "None yet.");
}

/** The page still works for the person who was asked. */
async function assertConsentWorks(browser: Browser, page: Page): Promise<void> {
  assert((await decide(browser, page)).searchParams.has("code"));
}

Deno.test("CSRF on consent: no form token, or a guessed one", async () => {
  await using gateway = await openGateway();
  const { fields: { request = "" }, ...person } = await atConsent(gateway);
  const guesses = ["", "undefined", digest(`${request}:`), digest(`${request}:undefined`)];
  await assertNoConsent(gateway, person, { request });
  for (const form_token of [...guesses, randomSecret()]) {
    await assertNoConsent(gateway, person, { request, form_token });
  }
  await assertConsentWorks(person.browser, person.page);
});

Deno.test("CSRF on consent: a form from another site, even with the right token", async () => {
  await using gateway = await openGateway();
  const { fields, ...person } = await atConsent(gateway);
  const foreign = [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: "http://localhost:1" },
    { Origin: `${gateway.url}.evil.example` },
    { Origin: gateway.url.replace("http:", "https:") },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "none" },
    { Origin: gateway.url, "Sec-Fetch-Site": "cross-site" },
  ] as unknown as Record<string, string>[];
  for (const headers of foreign) await assertNoConsent(gateway, person, fields, headers);
  await assertConsentWorks(person.browser, person.page);
});

Deno.test("CSRF on consent: the token of another session", async () => {
  await using gateway = await openGateway();
  const { fields, url, ...victim } = await atConsent(gateway);
  const attacker = await signedIn(gateway, "google");
  const { fields: theirs } = (await attacker.browser.open(url)).forms[0]!;
  assertEquals(theirs.request, fields.request);
  assert(theirs.form_token !== fields.form_token);
  await assertNoConsent(gateway, victim, theirs as Record<string, string>);
  await assertNoConsent(gateway, attacker, fields);
  const noCookie = await send(`${gateway.url}/oauth/authorize`, { form: { ...ALLOW, ...fields } });
  assertEquals([noCookie.status, noCookie.location], [401, null]);
  await assertConsentWorks(victim.browser, victim.page);
});

Deno.test("CSRF on consent: the token of another request, or of another page", async () => {
  await using gateway = await openGateway();
  const { fields, home, ...person } = await atConsent(gateway);
  const other = await person.browser.open(authorizeUrl(gateway, await newClient(gateway)));
  const { form_token = "" } = other.forms[0]!.fields;
  const dashboard = home.forms.find(({ action }) => action === "/sign-out")!.fields.form_token!;
  await assertNoConsent(gateway, person, { ...fields, form_token });
  await assertNoConsent(gateway, person, { ...fields, form_token: dashboard });
  await assertConsentWorks(person.browser, person.page);
});

Deno.test("consent: a hidden request field that was changed is refused", async () => {
  await using gateway = await openGateway();
  const { fields, ...person } = await atConsent(gateway);
  const attacker = await newClient(gateway, "https://evil.example/cb");
  const changes: Record<string, string>[] = [
    { client_id: attacker.id, redirect_uri: attacker.redirectUri },
    { redirect_uri: "http://127.0.0.1:1/callback" },
    { code_challenge: attacker.challenge },
    { state: "another" },
    { scope: "github" },
    { resource: `${gateway.url}/mcp/github` },
  ];
  for (const change of changes) {
    const request = new URLSearchParams(fields.request);
    for (const [name, value] of Object.entries(change)) request.set(name, value);
    await assertNoConsent(gateway, person, { ...fields, request: `${request}` });
  }
  await assertNoConsent(gateway, person, { ...fields, request: `${fields.request}&x=1` });
  await assertConsentWorks(person.browser, person.page);
});

Deno.test("consent: a page that another person in the same browser was shown is over", async () => {
  await using gateway = await openGateway();
  const { page, browser } = await atConsent(gateway);
  const signIn = await browser.open(`${gateway.url}/sign-in`);
  const callback = await callbackOf(gateway, browser, signIn, "google");
  await browser.open(callback);
  assertEquals((await browser.submit(page, { fields: { decision: "allow" } })).status, 403);
});

Deno.test("scope escalation: editing the consent form widens nothing", async () => {
  await using gateway = await openGateway();
  const { browser, cookie } = await signedIn(gateway);
  const client = await newClient(gateway);
  const page = await browser.open(authorizeUrl(gateway, client, { scope: "github:read" }));
  const { fields } = page.forms[0]!;
  const wide = ["github", "gmail", "calendar", "github:read", "*"].map((s) => ["service", s]);
  const form = [...Object.entries({ ...fields, decision: "allow", access: "full" }), ...wide];
  const { location } = await send(`${gateway.url}/oauth/authorize`, { cookie, form });
  const code = new URL(location!).searchParams.get("code")!;
  const { exchange } = await import("../support/mcp_client.ts");
  const { json } = await exchange(gateway, client, code);
  assertEquals(json.scope, "github:read");
  const { status } = await withToken(gateway, json.access_token, call("github_create_issue"));
  assertEquals(status, 403);
});

Deno.test("scope escalation: who agrees to nothing gives nothing", async () => {
  await using gateway = await openGateway();
  const { browser, cookie } = await signedIn(gateway);
  const client = await newClient(gateway);
  const { fields } = (await browser.open(authorizeUrl(gateway, client, { scope: "github" })))
    .forms[0]!;
  const forms = [
    { access: "full", service: "github" },
    { access: "full", service: "github", decision: "deny" },
    { access: "full", decision: "allow" },
    { access: "full", service: "gmail", decision: "allow" },
  ];
  for (const form of forms) {
    const answer = await send(`${gateway.url}/oauth/authorize`, {
      cookie,
      form: { ...fields, ...form },
    });
    const { searchParams } = new URL(answer.location!);
    assertEquals(searchParams.get("error"), "access_denied", JSON.stringify(form));
    assertEquals(searchParams.get("code"), null);
  }
});

Deno.test("clickjacking: no page lets itself be framed", async () => {
  await using gateway = await openGateway();
  const { browser, page, home } = await atConsent(gateway);
  const body = { user_id: "user_123", service: "github" };
  const link = await gateway.api("/links", { body });
  const pages = [
    page,
    home,
    await browser.open(`${gateway.url}/sign-in`),
    await browser.open(link.json.url),
    await browser.open(`${gateway.url}/oauth/authorize`),
  ];
  assertEquals(pages.map(({ status }) => status), [200, 200, 200, 200, 400]);
  for (const { headers, url } of pages) {
    assertEquals(headers.get("X-Frame-Options"), "DENY", url);
    const policy = headers.get("Content-Security-Policy")!;
    for (const rule of ["frame-ancestors 'none'", "default-src 'none'", "base-uri 'none'"]) {
      assertStringIncludes(policy, rule);
    }
    assertEquals(headers.get("Cache-Control"), "no-store", url);
    assertEquals(headers.get("X-Content-Type-Options"), "nosniff");
  }
});

Deno.test("a client's name is text on the consent page, whatever it holds", async () => {
  await using gateway = await openGateway();
  const { browser } = await signedIn(gateway);
  const { register } = await import("../support/mcp_client.ts");
  const name = `"><script>alert(1)</script><form action="https://evil.example">`;
  const { json } = await register(gateway, { client_name: name });
  const client = { ...await newClient(gateway), id: json.client_id };
  const url = authorizeUrl(gateway, client, { state: `"><script>alert(2)</script>` });
  const page = await browser.open(url);
  assert(!page.html.includes("<script"));
  assertEquals(page.forms.map(({ action }) => action), ["/oauth/authorize"]);
});

Deno.test("an app's own scheme does not pass for a web site on the consent page", async () => {
  await using gateway = await openGateway();
  const { browser } = await signedIn(gateway);
  const client = await newClient(gateway, "com.evil.app://claude.ai/callback");
  const { html } = await browser.open(authorizeUrl(gateway, client));
  const [, shown = ""] = /You will be sent to <strong>(.*?)<\/strong>/.exec(html)!;
  assertStringIncludes(shown, "com.evil.app:");
});

/** Signs in with a `return_to`; nothing is opened that is neither the gateway nor its provider. */
async function landing(gateway: Gateway, returnTo: string): Promise<string> {
  const browser = new Browser();
  const known = [gateway.url, ...Object.values(gateway.emulators)];
  const until = (url: string) => !known.includes(new URL(url).origin);
  const query = new URLSearchParams({ return_to: returnTo });
  const page = await browser.open(`${gateway.url}/sign-in?${query}`, until);
  const form = page.forms.find(({ action }) => action === "/sign-in/github")!;
  const atProvider = await browser.submit(page, { form, until });
  return (await browser.submit(atProvider, { form: signInForm(atProvider), until })).url;
}

Deno.test("open redirect: return_to never leaves this site", async () => {
  await using gateway = await openGateway();
  const { host } = new URL(gateway.url);
  const targets = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS://evil.example",
    "%2f%2fevil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "//evil.example/%2f..",
    "/.//evil.example",
    "/%2e//evil.example",
    "/x/..//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    `//${host}@evil.example`,
    `//${host}.evil.example`,
    `${gateway.url}@evil.example`,
    `//evil.example\\@${host}`,
    "//evil.example#/",
    "",
    " //evil.example",
    `/${"x".repeat(9000)}`,
  ];
  for (const target of targets) {
    const { origin, pathname } = new URL(await landing(gateway, target));
    assertEquals(origin, gateway.url, target);
    assert(!pathname.startsWith("//"), target);
  }
  assertEquals(await landing(gateway, "/sign-in?x=1"), `${gateway.url}/sign-in?x=1`);
});

Deno.test("open redirect: this very host before another host is no way out", async () => {
  await using gateway = await openGateway();
  const { host } = new URL(gateway.url);
  for (let depth = 1; depth <= 5; depth++) {
    for (const start of [`//${host}`, `/.//${host}`, `//${host}/.`]) {
      const target = `${start}${`//${host}`.repeat(depth - 1)}//evil.example/`;
      assertEquals(new URL(await landing(gateway, target)).origin, gateway.url, target);
    }
  }
});

Deno.test("open redirect: a return_to that was changed in the form stays here too", async () => {
  await using gateway = await openGateway();
  const browser = new Browser();
  const page = await browser.open(`${gateway.url}/sign-in`);
  const form = page.forms.find(({ action }) => action === "/sign-in/github")!;
  const fields = { return_to: "https://evil.example" };
  const atProvider = await browser.submit(page, { form, fields });
  const done = await browser.submit(atProvider, { form: signInForm(atProvider) });
  assertEquals(done.url, `${gateway.url}/`);
});

/** Signs in with a cookie that an attacker has planted; the cookies that the browser has then. */
async function signInWithPlanted(gateway: Gateway, planted: string) {
  const page = await send(`${gateway.url}/sign-in`, { cookie: planted });
  const own = cookieOf(page, "sb_browser");
  const cookie = `${planted}; ${own}`;
  const token = formToken(own.split("=")[1]!, "sign-in");
  const form = { return_to: "/", form_token: token };
  const { location } = await send(`${gateway.url}/sign-in/github`, { cookie, form });
  const provider = new Browser();
  const atProvider = await provider.open(location!);
  const until = (url: string) => url.startsWith(gateway.url);
  const back = await provider.submit(atProvider, { form: signInForm(atProvider), until });
  return cookieOf(await send(back.url, { cookie }), "sb_session");
}

Deno.test("session fixation: a planted session cookie is never kept", async () => {
  await using gateway = await openGateway();
  const attacker = await signedIn(gateway, "google");
  for (const planted of [`sb_session=${randomSecret()}`, attacker.cookie]) {
    const given = await signInWithPlanted(gateway, planted);
    assert(given !== planted);
    const victims = await send(gateway.url, { cookie: given });
    assertStringIncludes(victims.text, "Signed in as octocat");
    const { text } = await send(gateway.url, { cookie: planted });
    assert(!text.includes("octocat"));
  }
});

Deno.test("session fixation: on https both cookies are __Host-, and others do not count", async () => {
  const env = { PUBLIC_URL: "https://sb.example", ALLOWED_HOSTS: "localhost" };
  await using gateway = await openGateway({ env });
  const secret = randomSecret();
  const planted = `sb_browser=${secret}; sb_session=${secret}`;
  const page = await send(`${gateway.url}/sign-in`, { cookie: planted });
  const cookie = cookieOf(page, "__Host-sb_browser");
  assert(!cookie.includes(secret));
  const form = { return_to: "/", form_token: formToken(secret, "sign-in") };
  const url = `${gateway.url}/sign-in/github`;
  assertEquals((await send(url, { cookie: planted, form })).status, 403);
  const own = { ...form, form_token: formToken(cookie.split("=")[1]!, "sign-in") };
  const { location } = await send(url, { cookie: `${planted}; ${cookie}`, form: own });
  const provider = new Browser();
  const atProvider = await provider.open(location!);
  const until = (to: string) => to.startsWith(gateway.url);
  const back = await provider.submit(atProvider, { form: signInForm(atProvider), until });
  const done = await send(back.url, { cookie });
  const [set] = done.headers.getSetCookie().filter((text) => text.includes("sb_session"));
  assert(set!.startsWith("__Host-sb_session="));
  for (const flag of ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"]) {
    assertStringIncludes(set!, flag);
  }
  assert(!/domain/i.test(set!));
});

Deno.test("login CSRF: a callback is worth nothing in another browser", async () => {
  await using gateway = await openGateway();
  const attacker = new Browser();
  const page = await attacker.open(`${gateway.url}/sign-in`);
  const callback = await callbackOf(gateway, attacker, page, "google");
  const victim = await signedIn(gateway);
  for (const browser of [new Browser(), victim.browser]) {
    const refused = await browser.open(callback);
    assertEquals([refused.status, refused.url], [403, callback]);
    assertEquals(refused.headers.getSetCookie().filter((c) => c.startsWith("sb_session")), []);
  }
  assertStringIncludes((await victim.browser.open(gateway.url)).html, "Signed in as octocat");
  assertStringIncludes((await attacker.open(callback)).html, "Signed in as testuser@gmail.com");
  assertEquals((await attacker.open(callback)).status, 400);
});

Deno.test("login CSRF: another site cannot start a sign-in, nor end a session", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const page = await send(`${gateway.url}/sign-in`);
  const browser = cookieOf(page, "sb_browser");
  const cookie = `${browser}; ${person.cookie}`;
  const form_token = formToken(browser.split("=")[1]!, "sign-in");
  const attempts: [Record<string, string>, Record<string, string>][] = [
    [{}, {}],
    [{ form_token }, { Origin: "https://evil.example" }],
    [{ form_token }, { "Sec-Fetch-Site": "cross-site" }],
  ];
  for (const [form, headers] of attempts) {
    for (const path of ["/sign-in/github", "/sign-out"]) {
      const answer = await send(gateway.url + path, { cookie, form, headers });
      assertEquals([answer.status, answer.location], [403, null]);
    }
  }
  const home = await send(gateway.url, { cookie: person.cookie });
  assertStringIncludes(home.text, "Signed in as octocat");
});

Deno.test("CSRF on the dashboard: no button works from elsewhere", async () => {
  await using gateway = await openGateway();
  const victim = await signedIn(gateway);
  const token = await personalToken(victim);
  const attacker = await signedIn(gateway, "google");
  const theirs = attacker.home.forms[0]!.fields.form_token!;
  const page = await victim.browser.open(gateway.url);
  const bodies = page.forms.map(({ action, fields }: Form) => ({ action, fields }));
  assert(new Set(bodies.map(({ action }) => action)).size >= 4);
  for (const { action, fields } of bodies) {
    const { form_token: _, ...bare } = fields;
    const forms = [bare, { ...bare, form_token: "" }, { ...bare, form_token: theirs }];
    for (const form of forms) {
      const answer = await send(gateway.url + action, { cookie: victim.cookie, form });
      assertEquals([answer.status, answer.location], [403, null], action);
    }
    const headers = { "Sec-Fetch-Site": "cross-site" };
    const crossSite = { cookie: victim.cookie, form: fields, headers };
    assertEquals((await send(gateway.url + action, crossSite)).status, 403, action);
  }
  await assertWorks(gateway, token);
});

Deno.test("a person cannot end another person's grant, nor see it", async () => {
  await using gateway = await openGateway();
  const victim = await signedIn(gateway);
  const token = await personalToken(victim, "Kitchen of the victim");
  const { access_token } = await obtainTokens(gateway, await newClient(gateway), victim);
  const page = await victim.browser.open(gateway.url);
  const ends = page.forms.filter(({ action }) => action === "/dashboard/grants/end");
  assertEquals(ends.length, 2);
  const attacker = await signedIn(gateway, "google");
  assert(!attacker.home.html.includes("Kitchen of the victim"));
  const { form_token = "" } = attacker.home.forms[0]!.fields;
  for (const { fields: { id = "" } } of ends) {
    assert(!attacker.home.html.includes(id));
    for (const form of [{ id }, { id, subject: "github:1" }]) {
      const answer = await send(`${gateway.url}/dashboard/grants/end`, {
        cookie: attacker.cookie,
        form: { ...form, form_token },
      });
      assertEquals([answer.status, answer.location], [303, "/"]);
    }
  }
  for (const alive of [token, access_token]) await assertWorks(gateway, alive);
  await victim.browser.submit(page, { form: ends[0]! });
  await victim.browser.submit(page, { form: ends[1]! });
  assertEquals((await withToken(gateway, token)).status, 401);
});

/** The link that a tool gives to a signed-in person who has not connected. */
async function linkFromTool(gateway: Gateway, person: Person): Promise<string> {
  const { access_token } = await obtainTokens(gateway, await newClient(gateway), person);
  const answer = await withToken(gateway, access_token, call("github_list_repositories"));
  return answer.json.result.structuredContent.connect_url;
}

Deno.test("session fixation of links: another person who opens a signed-in person's link", async () => {
  await using gateway = await openGateway();
  const [owner, other] = [await signedIn(gateway), await signedIn(gateway, "google")];
  const link = await linkFromTool(gateway, owner);
  const refused = await other.browser.open(link);
  assertEquals(refused.status, 403);
  assertStringIncludes(refused.html, "for another person");
  const page = await owner.browser.open(link);
  assertStringIncludes(page.html, "You are signed in as");
  const done = await owner.browser.submit(page);
  const connected = await owner.browser.submit(done, { form: signInForm(done) });
  assertStringIncludes(connected.html, "✓ GitHub connected");
});

Deno.test("session fixation of links: a confirmation that another person's browser forges", async () => {
  await using gateway = await openGateway();
  const [owner, other] = [await signedIn(gateway), await signedIn(gateway, "google")];
  const link = new URL(await linkFromTool(gateway, owner));
  const browser = cookieOf(await send(`${gateway.url}/sign-in`), "sb_browser");
  const secret = link.searchParams.get("link")!;
  const form_token = formToken(browser.split("=")[1]!, secret);
  const form = { ...Object.fromEntries(link.searchParams), form_token };
  const url = gateway.url + link.pathname;
  const forged = await send(url, { cookie: `${browser}; ${other.cookie}`, form });
  assertEquals([forged.status, forged.location], [403, null]);
  const anonymous = await send(url, { cookie: browser, form });
  assertEquals([anonymous.status, anonymous.location], [401, null]);
  assertEquals((await owner.browser.open(link.href)).status, 200);
});

Deno.test("session fixation of links: nobody is signed in, so they sign in first", async () => {
  await using gateway = await openGateway();
  const owner = await signedIn(gateway);
  const link = await linkFromTool(gateway, owner);
  const browser = new Browser();
  const page = await browser.open(link);
  assert(page.url.startsWith(`${gateway.url}/sign-in?`));
  const refused = await browser.open(await callbackOf(gateway, browser, page, "google"));
  assertEquals([refused.status, refused.url], [403, link]);
  const again = new Browser();
  const asked = await again.open(link);
  const confirm = await again.open(await callbackOf(gateway, again, asked));
  assertEquals([confirm.status, confirm.url], [200, link]);
});

Deno.test("session fixation of links: the callback of a link in another browser", async () => {
  await using gateway = await openGateway();
  const [owner, other] = [await signedIn(gateway), await signedIn(gateway, "google")];
  const page = await owner.browser.open(await linkFromTool(gateway, owner));
  const atProvider = await owner.browser.submit(page);
  const until = (url: string) => url.startsWith(`${gateway.url}/callback/`);
  const { url } = await owner.browser.submit(atProvider, { form: signInForm(atProvider), until });
  for (const browser of [other.browser, new Browser()]) {
    assertEquals((await browser.open(url)).status, 403);
  }
  assertStringIncludes((await owner.browser.open(url)).html, "✓ GitHub connected");
});
