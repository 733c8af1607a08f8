import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { digest, randomSecret } from "../../broker/core/secrets.ts";
import {
  callbackOf,
  openGateway,
  type Person,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { Browser, type Page } from "../support/browser.ts";
import { call, type Gateway } from "../support/gateway.ts";
import { authorizeUrl, decide, exchange, newClient, register } from "../support/mcp_client.ts";
import { withoutOwn } from "../support/own_page.ts";

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
  const dashboard = home.forms.find(({ fields }) => "form_token" in fields)!.fields.form_token!;
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
    if (form.decision === "allow") {
      // Nothing of what was asked for is ticked: the page says so, and nobody is sent anywhere.
      assertEquals([answer.status, answer.location], [200, null], JSON.stringify(form));
      assertStringIncludes(answer.text, "Nothing is ticked.");
      continue;
    }
    const { searchParams } = new URL(answer.location!);
    assertEquals(searchParams.get("error"), "access_denied", JSON.stringify(form));
    assertEquals(searchParams.get("code"), null);
  }
  const codes = await Array.fromAsync(gateway.kv.list({ prefix: ["codes"] }));
  assertEquals(codes, []);
});

Deno.test("consent: a service that is asked for to read alone is on the page, and no other", async () => {
  await using gateway = await openGateway();
  const { browser } = await signedIn(gateway);
  const client = await newClient(gateway);
  for (
    const [scope, shown] of [["gmail:read", ["gmail"]], ["gmail drive:read", ["gmail", "drive"]]]
  ) {
    const page = await browser.open(authorizeUrl(gateway, client, { scope: String(scope) }));
    const boxes = [...page.html.matchAll(/name="service" value="([^"]*)"/g)].map(([, name]) =>
      name
    );
    assertEquals(boxes.sort(), [...shown!].sort(), String(scope));
    // Whoever asks to read alone is not offered more.
    assertEquals(page.html.includes("Read and change"), scope !== "gmail:read");
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
  const name = `"><script>alert(1)</script><form action="https://evil.example">`;
  const { json } = await register(gateway, { client_name: name });
  const client = { ...await newClient(gateway), id: json.client_id };
  const url = authorizeUrl(gateway, client, { state: `"><script>alert(2)</script>` });
  const page = await browser.open(url);
  assertStringIncludes(page.html, "alert(1)");
  assert(!withoutOwn(page.html).includes("<script"));
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
