/** A person says no on the page behind a link: nothing is connected, and nothing is used up. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { randomSecret } from "../../broker/core/secrets.ts";
import { DOORS } from "../../gateway/doors.ts";
import { formToken } from "../../routes/http/browser_cookie.ts";
import { cookieOf, openGateway, send, signedIn } from "../support/attacks.ts";
import { Browser, type Page } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";
import { ADAS, startKeyServer } from "../support/key_server.ts";
import { snapshot } from "../support/snapshot.ts";

const APP = "https://app.example.com/connected";
const CANCEL = { decision: "cancel" };
const isApp = (url: string) => url.startsWith(APP);

async function linkOf(gateway: Gateway, more: Record<string, unknown> = {}): Promise<string> {
  const answer = await gateway.api("/links", {
    body: { user_id: USER, service: "github", ...more },
  });
  assertEquals(answer.status, 200, answer.text);
  return answer.json.url;
}

async function assertGood(gateway: Gateway, link: string): Promise<void> {
  const browser = new Browser();
  const confirm = await browser.open(link);
  assertStringIncludes(confirm.html, "Connect GitHub?");
  const signIn = await browser.submit(confirm);
  assert(signIn.url.startsWith(gateway.emulators.github), signIn.url);
  assertEquals(confirm.status, 200);
}

Deno.test("who cancels is told so on a page, and can try again with the same link", async () => {
  await using gateway = await startGateway();
  const link = await linkOf(gateway);
  const browser = new Browser();
  const confirm = await browser.open(link);
  assertStringIncludes(confirm.html, 'name="decision" value="cancel"');
  const before = await snapshot(gateway.kv);
  const no = await browser.submit(confirm, { fields: CANCEL });
  assertEquals(no.status, 200);
  for (const words of ["You cancelled", "GitHub was not connected, as you chose."]) {
    assertStringIncludes(no.html, words);
  }
  assertEquals(await snapshot(gateway.kv), before, "nothing was used up, nothing kept");
  const again = await browser.open(no.links.find((each) => each.includes("/auth/github"))!);
  assertEquals([again.status, again.url], [200, link]);
  const signIn = await browser.submit(again);
  const done = await browser.submit(signIn, { form: signInForm(signIn) });
  assertStringIncludes(done.html, "✓ GitHub connected");
  // There is nothing left to say no to.
  const connected = await snapshot(gateway.kv);
  const late = await browser.submit(confirm, { fields: CANCEL });
  assertEquals(late.status, 410);
  assertStringIncludes(late.html, "octocat");
  assertEquals(await snapshot(gateway.kv), connected);
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections.length, 1);
});

for (
  const [how, env, body] of [
    ["the link's return_to", { RETURN_URLS: `${APP}?mine=1` }, { return_to: `${APP}?mine=1` }],
    ["the key's default", { RETURN_TO: `voice=${APP}?mine=1` }, {}],
  ] as const
) {
  Deno.test(`the app hears at ${how} that the person cancelled, and its link stays good`, async () => {
    await using gateway = await startGateway({ env });
    const link = await linkOf(gateway, body);
    const browser = new Browser();
    const confirm = await browser.open(link);
    const before = await snapshot(gateway.kv);
    const back = await browser.submit(confirm, { fields: CANCEL, until: isApp });
    // Nothing but what the app may know: no link, no code, no user.
    assertEquals(back.url, `${APP}?mine=1&error=access_denied&service=github`);
    assertEquals(await snapshot(gateway.kv), before);
    await assertGood(gateway, link);
  });
}

Deno.test("nobody is sent to an address that the operator has taken out since", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: APP } });
  const link = await linkOf(gateway, { return_to: APP });
  const browser = new Browser();
  const confirm = await browser.open(link);
  await gateway.restart({ RETURN_URLS: "https://new.example.com/" });
  const no = await browser.submit(confirm, { fields: CANCEL });
  assertEquals([no.status, no.url.startsWith(gateway.url)], [403, true]);
  assertStringIncludes(no.html, "may not be used any more");
});

Deno.test("another site, another browser and a link that is none cancel nothing, and send nobody away", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: APP } });
  const link = await linkOf(gateway, { return_to: APP });
  const confirm = await send(link);
  const cookie = cookieOf(confirm, "sb_browser");
  const [, form_token = ""] = /name="form_token" value="([^"]+)"/.exec(confirm.text) ?? [];
  const own = { ...Object.fromEntries(new URL(link).searchParams), form_token, ...CANCEL };
  const other = cookieOf(await send(link), "sb_browser");
  const before = await snapshot(gateway.kv);
  const url = `${gateway.url}/auth/github`;
  const { form_token: _, ...bare } = own;
  for (
    const attempt of [
      { form: own },
      { cookie, form: bare },
      { cookie: other, form: own },
      { cookie, form: own, headers: { Origin: "https://evil.example" } },
      { cookie, form: own, headers: { "Sec-Fetch-Site": "cross-site" } },
      { cookie, form: { ...own, link: "A".repeat(43) } },
      { cookie, form: { ...own, user_id: "somebody_else" } },
    ]
  ) {
    const { status, location } = await send(url, attempt);
    assertEquals([status, location], [403, null], JSON.stringify(attempt));
  }
  assertEquals(await snapshot(gateway.kv), before);
  const { status, location } = await send(url, { cookie, form: own });
  assertEquals([status, location], [303, `${APP}?error=access_denied&service=github`]);
});

Deno.test("a signed-in person's own link is cancelled by that person alone", async () => {
  await using acme = startKeyServer();
  await using gateway = await openGateway({ env: { PROVIDERS: JSON.stringify([acme.spec]) } });
  const [alice, bob] = [await signedIn(gateway), await signedIn(gateway, "google")];
  const form = alice.home.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "acme"
  )!;
  const page: Page = await alice.browser.submit(alice.home, { form });
  assertStringIncludes(page.html, "Connect Acme?");
  const { fields } = page.forms[0]!;
  const browser = cookieOf(page, "sb_browser");
  const before = await snapshot(gateway.kv);
  const as = (session: string) =>
    send(`${gateway.url}/auth/acme`, {
      cookie: `${browser}; ${session}`,
      // What was typed until then is looked at by nobody.
      form: { ...fields, key: ADAS, ...CANCEL },
    });
  assertEquals((await as(bob.cookie)).status, 403);
  assertEquals((await as("x=y")).status, 401);
  const no = await as(alice.cookie);
  assertEquals(no.status, 200);
  assertStringIncludes(no.text, "Acme was not connected, as you chose.");
  assert(!no.text.includes(ADAS));
  assertEquals([acme.asked, await snapshot(gateway.kv)], [[], before]);
});

Deno.test("whoever says no to made-up links is counted as whoever says yes to them", async () => {
  await using gateway = await startGateway({ env: { TRUSTED_PROXIES: "127.0.0.1,::1" } });
  const browser = randomSecret();
  const no = async (link: string) => {
    const { status } = await send(`${gateway.url}/auth/github`, {
      cookie: `sb_browser=${browser}`,
      headers: { "X-Forwarded-For": "203.0.113.9" },
      form: { ...CANCEL, user_id: USER, link, form_token: formToken(browser, link) },
    });
    return status;
  };
  const ends = new Set<number>();
  for (let tries = 0; tries < DOORS.wrong_link.limit; tries++) ends.add(await no(randomSecret()));
  assertEquals([...ends], [403]);
  assertEquals(await no(randomSecret()), 429);
});
