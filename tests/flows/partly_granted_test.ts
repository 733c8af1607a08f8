/** People untick boxes on a provider's consent page: what comes back is less than was asked for. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { startGateway, USER } from "../support/gateway.ts";

const AUTH = "https://www.googleapis.com/auth/";
const BACK = "https://app.example.com/connected";

async function start(env: Record<string, string> = {}) {
  const faults = faultyFetch();
  const gateway = await startGateway({ env, fetch: faults.fetch });
  /** From now on Google grants no more than this. */
  const grant = (scope: string | undefined) => {
    faults.reset();
    if (scope === undefined) return;
    faults.on("/oauth2/token", async (_, send) => {
      return Response.json({ ...await (await send()).json(), scope });
    });
  };
  const link = async (body: Record<string, unknown>) =>
    (await gateway.api("/links", { body: { user_id: USER, ...body } })).json.url as string;
  const through = async (browser: Browser, url: string, until?: (url: string) => boolean) => {
    const signIn = await browser.submit(await browser.open(url));
    const form = signInForm(signIn);
    return await browser.submit(signIn, until === undefined ? { form } : { form, until });
  };
  return Object.assign(gateway, { grant, link, through });
}

Deno.test("a person who allowed nothing is told so, and may try again by the same link", async () => {
  await using gateway = await start();
  const url = await gateway.link({ service: "gmail" });
  const browser = new Browser();
  gateway.grant(`openid email ${AUTH}userinfo.email`);
  const page = await gateway.through(browser, url);
  assertEquals(page.status, 200);
  assert(!page.html.includes("✓"), page.html);
  assertStringIncludes(page.html, "Google: nothing was allowed");
  assertStringIncludes(page.html, ">Gmail</li>");
  assertStringIncludes(page.html, `href="${url.replaceAll("&", "&amp;")}"`);
  assertEquals((await new Browser().open(url)).status, 403, "the way is this browser's alone");

  gateway.grant(undefined);
  const again = await gateway.through(browser, url);
  assertStringIncludes(again.html, "✓ Gmail connected");
  assert(!again.html.includes("Try again"), again.html);
  assertEquals((await browser.open(url)).status, 410, "and now it is used up");
});

Deno.test("a person who allowed one of two services is told which one is left out", async () => {
  await using gateway = await start();
  gateway.grant(`openid email ${AUTH}calendar`);
  const url = await gateway.link({ service: "google", scope: "gmail calendar" });
  const { html } = await gateway.through(new Browser(), url);
  assertStringIncludes(html, "✓ Google Calendar connected");
  assertStringIncludes(html, ">Gmail</li>");
  assert(!html.includes(">Google Calendar</li>"), html);
  assertStringIncludes(html, "Try again");
});

Deno.test("a scope that another one includes is not missing, nor is one that says who it is", async () => {
  await using gateway = await start();
  gateway.grant(`${AUTH}calendar`);
  const url = await gateway.link({ service: "google", scope: "calendar.readonly" });
  const { html } = await gateway.through(new Browser(), url);
  assertStringIncludes(html, "You can close this page and go back to your app.");
  assert(!html.includes("Not allowed"), html);
});

Deno.test("the app that claims it hears what is missing, and the address says nothing of it", async () => {
  await using gateway = await start({ RETURN_URLS: BACK });
  const isBack = (url: string) => url.startsWith(BACK);
  const claim = async (url: string) => {
    const query = new URL(url).searchParams;
    assertEquals([...query.keys()], ["code"]);
    const body = { user_id: USER, code: query.get("code") };
    return (await gateway.api("/links/claim", { body })).json;
  };
  const asked = { service: "google", scope: "gmail calendar", return_to: BACK };
  gateway.grant(`openid email ${AUTH}calendar`);
  const part = await gateway.through(new Browser(), await gateway.link(asked), isBack);
  const { services, missing } = await claim(part.url);
  assertEquals([services, missing], [["calendar"], ["gmail"]]);
  gateway.grant(undefined);
  const whole = await gateway.through(new Browser(), await gateway.link(asked), isBack);
  const claimed = await claim(whole.url);
  assertEquals([claimed.services, claimed.missing], [["gmail", "calendar"], []]);
  assertEquals("expected_account" in claimed, false);
});
