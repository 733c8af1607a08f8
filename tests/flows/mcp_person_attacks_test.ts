import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formToken } from "../../routes/http/browser_cookie.ts";
import {
  assertWorks,
  callbackOf,
  connectOwn,
  cookieOf,
  obtainTokens,
  openGateway,
  ownToken,
  type Person,
  personalToken,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { Browser, type Form } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { call, type Gateway } from "../support/gateway.ts";
import { newClient } from "../support/mcp_client.ts";
import { snapshot } from "../support/snapshot.ts";

Deno.test("CSRF on the dashboard: no button works from elsewhere", async () => {
  await using gateway = await openGateway();
  const victim = await signedIn(gateway);
  const token = await personalToken(victim);
  await connectOwn(gateway, victim);
  const attacker = await signedIn(gateway, "google");
  const theirs = ownToken(attacker.home);
  const page = await victim.browser.open(gateway.url);
  const asking = [
    "/you",
    "/dashboard/disconnect",
    "/dashboard/grants/narrow",
    "/dashboard/grants/end",
  ];
  const pages = [page];
  for (const link of asking) pages.push(await victim.browser.follow(page, link));
  const bodies = pages.flatMap(({ forms }) => forms)
    .map(({ action, fields }: Form) => ({ action, fields }));
  const actions = new Set(bodies.map(({ action }) => action));
  for (
    const action of ["/sign-out", "/dashboard/connect", "/dashboard/tokens", ...asking.slice(1)]
  ) {
    assert(actions.has(action), action);
  }
  const before = await snapshot(gateway.kv);
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
  assertEquals(await snapshot(gateway.kv), before);
  await assertWorks(gateway, token);
});

Deno.test("no personal token is made without a name that can be shown, or for nothing", async () => {
  await using gateway = await openGateway();
  const { cookie, home, browser } = await signedIn(gateway);
  const { fields } = home.forms.find(({ action }) => action === "/dashboard/tokens")!;
  const made = async (name: string, services = ["github"]) => {
    const own = [["form_token", fields.form_token!], ["name", name]];
    const form = [...own, ...services.map((service) => ["service", service])];
    const { status, text } = await send(`${gateway.url}/dashboard/tokens`, { cookie, form });
    return [status, text.includes("sb_pat_")];
  };
  for (const name of ["", " ", "\u200b\u2060", "x".repeat(81), "\u{1f600}".repeat(41)]) {
    assertEquals(await made(name), [400, false], name);
  }
  for (const services of [[], ["none"], [""]]) {
    assertEquals(await made("Kitchen", services), [400, false], services.join());
  }
  assertStringIncludes((await browser.open(gateway.url)).html, "None yet.");
  assertEquals(await made("x".repeat(80)), [200, true]);
});

Deno.test("a person cannot end another person's grant, nor see it", async () => {
  await using gateway = await openGateway();
  const victim = await signedIn(gateway);
  const token = await personalToken(victim, "Kitchen of the victim");
  const { access_token } = await obtainTokens(gateway, await newClient(gateway), victim);
  const page = await victim.browser.open(gateway.url);
  const links = page.links.filter((link) => link.startsWith("/dashboard/grants/end"));
  const ends = await Promise.all(links.map((link) => victim.browser.follow(page, link)));
  assertEquals(ends.length, 2);
  const attacker = await signedIn(gateway, "google");
  assert(!attacker.home.html.includes("Kitchen of the victim"));
  const form_token = ownToken(attacker.home);
  const before = await snapshot(gateway.kv);
  for (const { forms } of ends) {
    const { id = "" } = forms[0]!.fields;
    assert(!attacker.home.html.includes(id));
    for (const what of ["narrow", "end"]) {
      const { url, html } = await attacker.browser.open(
        `${gateway.url}/dashboard/grants/${what}?id=${id}`,
      );
      assertEquals([url, html.includes(id)], [`${gateway.url}/`, false]);
    }
    for (const form of [{ id }, { id, subject: "github:1" }]) {
      const answer = await send(`${gateway.url}/dashboard/grants/end`, {
        cookie: attacker.cookie,
        form: { ...form, form_token },
      });
      assertEquals([answer.status, answer.location], [303, "/"]);
    }
    const narrowing = { id, "access:github": "read", form_token };
    const answer = await send(`${gateway.url}/dashboard/grants/narrow`, {
      cookie: attacker.cookie,
      form: narrowing,
    });
    assertEquals([answer.status, answer.location], [303, "/"]);
  }
  assertEquals(await snapshot(gateway.kv), before);
  for (const alive of [token, access_token]) await assertWorks(gateway, alive);
  for (const end of ends) await victim.browser.submit(end);
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
