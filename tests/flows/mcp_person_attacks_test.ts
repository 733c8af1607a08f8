import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formToken } from "../../routes/http/browser_cookie.ts";
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
import { Browser, type Form } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { call, type Gateway } from "../support/gateway.ts";
import { newClient } from "../support/mcp_client.ts";

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
