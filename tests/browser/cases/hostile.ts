/** Names that others chose: nothing of them runs, sticks out, or turns a page's own words round. */

import { assertEquals } from "@std/assert";
import { startAcme } from "../../support/acme.ts";
import { faultyFetch } from "../../support/faulty_fetch.ts";
import type { Gateway } from "../../support/gateway.ts";
import {
  authorizeUrl,
  exchange,
  pkce,
  register,
  type TestClient,
} from "../../support/mcp_client.ts";
import { startOAuthServer } from "../../support/oauth_server.ts";
import { appPage } from "../app_page.ts";
import type { Page } from "../driver.ts";
import { withPage } from "../harness.ts";
import { atHome, expectWhole, heading, linkFor } from "../steps.ts";

const SCRIPT = `"><script>alert(1)</script><img src=x onerror=alert(2)>'`;
const LONG = "Pneumono".repeat(1250);
/** Shown in its own order it reads "evil" backwards, and would turn round what follows. */
const TURNED = "\u202Elive\u202Dx\u2067y\u200Fz";

/** No name became markup, and none turns the page's own text round. */
async function expectOwnOrder(page: Page): Promise<void> {
  const found = await page.evaluate<string[]>(`[
    ...document.querySelectorAll("script:not(body > script:last-child), img[src=x], [onerror]"),
  ].map((each) => each.outerHTML)`);
  assertEquals(found, []);
  // Overrides and isolates of others stand nowhere, or alone in an element that isolates them.
  const turned = await page.evaluate<string[]>(`(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(data) || parentElement.closest("script")) continue;
      found.push(parentElement.outerHTML.slice(0, 200));
    }
    return found;
  })()`);
  assertEquals(turned, []);
}

/** A client of that name. */
async function clientOf(
  gateway: Gateway,
  name: string,
  redirectUri: string,
): Promise<TestClient | undefined> {
  const { status, json } = await register(gateway, {
    client_name: name,
    redirect_uris: [redirectUri],
  });
  return status === 201 ? { id: json.client_id, redirectUri, ...pkce() } : undefined;
}

Deno.test("labels of accounts are text, however long and whichever way they run", async () => {
  await using acme = startAcme();
  const faults = faultyFetch();
  const env = {
    PROVIDERS: JSON.stringify([acme.spec]),
    ACME_CLIENT_ID: "acme-client",
    ACME_CLIENT_SECRET: "acme-secret",
  };
  await withPage({ env, fetch: faults.fetch }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    for (const [at, email] of [SCRIPT, LONG, TURNED].entries()) {
      faults.on(`${acme.url}/me`, () => Response.json({ id: `person-${at}`, email }));
      gateway.world.skew += 1_000;
      await page.getByRole("button", { name: /Connect Acme$|Add another account of Acme/ }).click();
      await page.waitForURL(`${gateway.url}/`);
      await page.getByRole("status").waitFor();
      await expectOwnOrder(page);
    }
    await page.getByText("3 accounts").waitFor();
    await expectWhole(page, "hostile_dashboard");
    for (const at of [0, 1, 2]) {
      const query = new URLSearchParams({ provider: "acme", account: `person-${at}` });
      await page.goto(`${gateway.url}/dashboard/disconnect?${query}`);
      await heading(page, /^Disconnect/);
      await expectOwnOrder(page);
      if (at === 1) await expectWhole(page, "hostile_disconnect");
    }
  });
});

Deno.test("names of apps are text, on the page that asks and on the one that lists", async () => {
  await using app = appPage();
  await withPage({ apps: [app] }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    const names = [SCRIPT, LONG, TURNED, "W".repeat(60), "a ".repeat(90)];
    let shown = 0;
    for (const name of names) {
      const client = await clientOf(gateway, name, `${app.origin}/back`);
      if (client === undefined) continue;
      await page.goto(authorizeUrl(gateway, client, { scope: "github gmail" }));
      await heading(page, /^Allow/);
      await expectOwnOrder(page);
      await expectWhole(page, `hostile_consent_${shown++}`);
      await page.getByRole("checkbox", { name: /^GitHub/ }).check();
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await page.waitForURL(/\/back\?/);
      await exchange(gateway, client, app.visited.at(-1)!.searchParams.get("code")!);
    }
    assertEquals(shown > 2, true, "most names are taken");
    await page.goto(gateway.url);
    await expectOwnOrder(page);
    await expectWhole(page, "hostile_apps");
  });
});

Deno.test("titles of servers are text, where they are connected and where that ends", async () => {
  await using server = startOAuthServer({ deny: "access_denied" });
  const titles = [SCRIPT.slice(0, 80), LONG.slice(0, 80), `${TURNED} notes`];
  const upstreams = titles.map((title, at) => ({ name: `evil_${at}`, title, url: server.url }));
  const options = { env: { UPSTREAMS: JSON.stringify(upstreams) }, statuses: [400, 403] };
  await withPage(options, async ({ page, gateway }) => {
    for (const { name } of upstreams) {
      server.behaviour.deny = "access_denied";
      await page.goto(await linkFor(gateway, { service: name }));
      await heading(page, /^Connect/);
      await expectOwnOrder(page);
      if (name === "evil_1") await expectWhole(page, "hostile_confirm");
      await page.getByRole("button", { name: /^Continue/ }).click();
      await heading(page, /\S/);
      await expectOwnOrder(page);
      server.behaviour.deny = "<script>alert(1)</script>\u202E";
      await page.getByRole("link", { name: "Try again" }).click();
      await page.getByRole("button", { name: /^Continue/ }).click();
      await heading(page, /\S/);
      await expectOwnOrder(page);
    }
    await atHome(page, gateway);
    await expectOwnOrder(page);
    await expectWhole(page, "hostile_servers");
  });
});
