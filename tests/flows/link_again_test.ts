/**
 * A link is good for one connection, in the browser that confirmed it first:
 * what people do with buttons (twice, back, no by mistake) is no dead end, and
 * no second browser gets anything out of it.
 */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { LINK_LIFETIME_MS, PENDING_LIFETIME_MS } from "../../broker/core/link_bounds.ts";
import { Browser, type Page } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";

const isCallback = (url: string) => url.includes("/callback/");

async function linkOf(gateway: Gateway, more: Record<string, unknown> = {}): Promise<string> {
  const { json } = await gateway.api("/links", {
    body: { user_id: USER, service: "github", ...more },
  });
  return json.url;
}

/** From the provider's sign-in page as far as the callback, which is not opened. */
async function signInAt(browser: Browser, page: Page): Promise<URL> {
  const form = signInForm(page);
  return new URL((await browser.submit(page, { form, until: isCallback })).url);
}

async function connectedOf(gateway: Gateway): Promise<number> {
  return (await gateway.api(`/connections?user_id=${USER}`)).json.connections.length;
}

Deno.test("a double click goes on at the provider, and back and Connect again does, too", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const url = await linkOf(gateway);
  const confirm = await browser.open(url);
  const pages = await Promise.all([browser.submit(confirm), browser.submit(confirm)]);
  // Back, by the page that is still there, and by the address.
  pages.push(await browser.submit(confirm), await browser.submit(await browser.open(url)));
  const states = pages.map((page) => new URL(page.url).searchParams.get("state"));
  assertEquals(new Set(states).size, 4, "a state is for one trip");
  for (const page of pages) assert(page.url.startsWith(gateway.emulators.github!), page.html);
  const done = await browser.open((await signInAt(browser, pages[1]!)).href);
  assertStringIncludes(done.html, "✓ GitHub connected");
});

Deno.test("of all that one link began, one comes home, and then the link is used up", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const url = await linkOf(gateway);
  const trips: URL[] = [];
  for (let trip = 0; trip < 4; trip++) {
    trips.push(await signInAt(browser, await browser.submit(await browser.open(url))));
  }
  const pages = await Promise.all(trips.map(({ href }) => browser.open(href)));
  const connected = pages.filter(({ html }) => html.includes("✓ GitHub connected"));
  assertEquals(connected.length, 1);
  for (const { status, html } of pages.filter((page) => page !== connected[0])) {
    assertEquals(status, 400);
    assertStringIncludes(html, "another one was finished with the same link");
  }
  assertEquals(await connectedOf(gateway), 1);
  // Its own browser is told that it has worked, and nobody else that it ever did.
  const again = await browser.open(url);
  assertEquals(again.status, 410);
  assertStringIncludes(again.html, "Already connected as octocat");
  assert(!again.html.includes("Nothing"));
  const { status, html } = await new Browser().open(url);
  assertEquals(status, 403);
  assertStringIncludes(html, "used already");
  assert(!html.includes("octocat"));
});

Deno.test("of two that come home by one link at the same moment one gets as far as the provider", async () => {
  let together: PromiseWithResolvers<void> | undefined;
  let looking = 0;
  await using gateway = await startGateway({
    store: (store) => ({
      ...store,
      links: {
        ...store.links,
        // Both have seen the link before one of them takes it.
        async take(digest, version) {
          looking += 1;
          if (looking === 2) together?.resolve();
          await together?.promise;
          return await store.links.take(digest, version);
        },
      },
    }),
  });
  const browser = new Browser();
  const url = await linkOf(gateway);
  const trips: URL[] = [];
  for (let trip = 0; trip < 2; trip++) {
    trips.push(await signInAt(browser, await browser.submit(await browser.open(url))));
  }
  together = Promise.withResolvers();
  const pages = await Promise.all(trips.map(({ href }) => browser.open(href)));
  together = undefined;
  assertEquals(looking, 2);
  assertEquals(pages.map(({ status }) => status).sort(), [200, 400]);
  const { html } = pages.find(({ status }) => status === 400)!;
  assertStringIncludes(html, "another one was finished with the same link");
});

Deno.test("of two browsers that confirm at once one has the link from then on", async () => {
  await using gateway = await startGateway();
  for (let round = 0; round < 5; round++) {
    const url = await linkOf(gateway);
    const browsers = [new Browser(), new Browser(), new Browser()];
    const confirms = await Promise.all(browsers.map((browser) => browser.open(url)));
    const pages = await Promise.all(browsers.map((browser, at) => browser.submit(confirms[at]!)));
    const away = pages.filter(({ url }) => url.startsWith(gateway.emulators.github!));
    assertEquals(away.length, 1);
    const winner = pages.indexOf(away[0]!);
    for (const [at, browser] of browsers.entries()) {
      assertEquals((await browser.open(url)).status, at === winner ? 200 : 403);
    }
  }
});

Deno.test("a stolen link is worth nothing after its confirmation, at any step of its owner's way", async () => {
  await using gateway = await startGateway();
  const [owner, thief] = [new Browser(), new Browser()];
  const url = await linkOf(gateway);
  const seen = await thief.open(url);
  const attempts = async (step: string) => {
    const before = await snapshot(gateway.kv);
    for (const page of [await thief.open(url), await thief.submit(seen)]) {
      assertEquals(page.status, 403, step);
      assertStringIncludes(page.html, "used already", step);
    }
    assertEquals(await snapshot(gateway.kv), before, step);
  };
  const atProvider = await owner.submit(await owner.open(url));
  await attempts("while the owner is at the provider");
  const back = await signInAt(owner, atProvider);
  const no = new URL(back);
  no.searchParams.delete("code");
  no.searchParams.set("error", "access_denied");
  const denied = await owner.open(no.href);
  assertStringIncludes(denied.html, "as you chose");
  await attempts("after the owner said no");
  // The page that offers to try again is the owner's: the address in it is good in no other browser.
  const [, again = ""] = /class="button" href="([^"]*)"/.exec(denied.html) ?? [];
  assertEquals(again.replaceAll("&amp;", "&"), url);
  const done = await owner.open(
    (await signInAt(owner, await owner.submit(await owner.open(url)))).href,
  );
  assertStringIncludes(done.html, "✓ GitHub connected");
  await attempts("after it was connected");
});

Deno.test("a link that was confirmed lives no longer than it would have, and its trips as long as theirs", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const url = await linkOf(gateway);
  const confirm = await browser.open(url);
  gateway.world.skew = LINK_LIFETIME_MS - 5_000;
  const back = await signInAt(browser, await browser.submit(confirm));
  gateway.world.skew = LINK_LIFETIME_MS + 5_000;
  for (const page of [await browser.open(url), await browser.submit(confirm)]) {
    assertEquals(page.status, 410);
    assertStringIncludes(page.html, "too old");
  }
  gateway.world.skew = LINK_LIFETIME_MS + PENDING_LIFETIME_MS - 60_000;
  const done = await browser.open(back.href);
  assertStringIncludes(done.html, "✓ GitHub connected");
});

Deno.test("what a provider refused can be tried again with the same link, as long as it is good", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  const browser = new Browser();
  const url = await linkOf(gateway);
  const trip = async () =>
    await browser.open(
      (await signInAt(browser, await browser.submit(await browser.open(url)))).href,
    );
  faults.on("/login/oauth/access_token", () => new Response(null, { status: 503 }));
  const refused = await trip();
  assertStringIncludes(refused.html, "no usable answer");
  assertStringIncludes(refused.html, "Try again");
  faults.reset();
  assertStringIncludes((await trip()).html, "✓ GitHub connected");
});

Deno.test("a refusal after the link's end offers no way that is closed", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const confirm = await browser.open(await linkOf(gateway, { expires_in: 30 }));
  const back = await signInAt(browser, await browser.submit(confirm));
  back.searchParams.delete("code");
  back.searchParams.set("error", "access_denied");
  gateway.world.skew = 31_000;
  const { html } = await browser.open(back.href);
  assertStringIncludes(html, "as you chose");
  assertStringIncludes(html, "ask your app for a new link");
  assert(!html.includes("Try again"), html);
});

Deno.test("looking uses nothing up: HEAD and robots, at a link and at the callback", async () => {
  await using gateway = await startGateway();
  const browser = new Browser();
  const url = await linkOf(gateway);
  const look = async (address: string, method: string, headers = {}) => {
    const before = await snapshot(gateway.kv);
    const response = await fetch(address, { method, headers, redirect: "manual" });
    const text = await response.text();
    assertEquals(await snapshot(gateway.kv), before);
    return { status: response.status, text };
  };
  assertEquals((await look(url, "HEAD")).status, 200);
  assertStringIncludes((await look(url, "GET")).text, "Connect GitHub?");
  const confirm = await browser.open(url);
  const Cookie = confirm.headers.getSetCookie()[0]!.split(";")[0]!;
  const back = await signInAt(browser, await browser.submit(confirm));
  assertEquals((await look(url, "HEAD", { Cookie })).status, 200);
  assertEquals((await look(url, "GET")).status, 403);
  // With the cookie, too: a browser's own look ahead.
  assertEquals((await look(back.href, "HEAD", { Cookie })).status, 200);
  assertNotEquals((await look(back.href, "HEAD")).status, 500);
  const robot = await look(back.href, "GET");
  assertEquals(robot.status, 403);
  assertStringIncludes(robot.text, "started in another browser");
  assertStringIncludes((await browser.open(back.href)).html, "✓ GitHub connected");
});
