/** The main ways where scripts do not run. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { PERSON } from "../../support/emulators.ts";
import { ADAS, startKeyServer } from "../../support/key_server.ts";
import { authorizeUrl, exchange, newClient } from "../../support/mcp_client.ts";
import { appPage } from "../app_page.ts";
import { withPage } from "../harness.ts";
import { atHome, connectOwn, follow, heading, linkFor, saying } from "../steps.ts";

const plain = { javaScript: false };
const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };

Deno.test("without scripts a person connects, sees what is shared, ends it, and signs out", async () => {
  await withPage(plain, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await connectOwn(page, "Connect GitHub");
    await page.waitForURL(`${gateway.url}/`);
    assertEquals(await saying(page), "✓ GitHub connected · Connected as octocat");
    await page.getByText("What is shared").click();
    await page.getByText("Read and write repositories").waitFor();
    // A button that needs a script is not there.
    assertEquals(await page.locator("[data-copy]:visible, [data-close]:visible").count(), 0);
    await page.getByRole("link", { name: /^Disconnect octocat/ }).click();
    await page.getByRole("button", { name: "Disconnect" }).click();
    assertMatch(await saying(page), /octocat is disconnected/);
    // The server says the time by its own clock, and says which.
    assertMatch(await saying(page), /\d\d:\d\d UTC/);
    await page.getByRole("link", { name: "You", exact: true }).click();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.waitForURL(/\/sign-in$/);
  });
});

Deno.test("without scripts a link leads to the end, a key is pasted, and a no is a no", async () => {
  await using acme = startKeyServer();
  const env = { PROVIDERS: JSON.stringify([acme.spec]) };
  await withPage({ ...plain, env }, async ({ page, gateway }) => {
    await page.goto(await linkFor(gateway));
    await page.getByRole("button", { name: "Cancel" }).click();
    await heading(page, "You cancelled");
    await follow(page, await linkFor(gateway));
    await heading(page, "✓ GitHub connected");
    assertEquals(await page.getByRole("button").count(), 0);
    await page.goto(await linkFor(gateway, { service: "acme" }));
    await page.getByLabel("API key").fill(ADAS);
    await page.getByRole("button", { name: "Connect Acme" }).click();
    await heading(page, "✓ Acme connected");
  });
});

Deno.test("without scripts an app is let in, narrowed and ended, and a token is made", async () => {
  await using app = appPage();
  await withPage({ ...plain, apps: [app] }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    const client = await newClient(gateway, `${app.origin}/back`);
    await page.goto(authorizeUrl(gateway, client, { scope: "github gmail" }));
    await page.getByRole("checkbox", { name: /^GitHub/ }).check();
    await page.getByRole("radio", { name: "Read and change" }).check();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.waitForURL(/\/back\?/);
    await exchange(gateway, client, app.visited.at(-1)!.searchParams.get("code")!);
    await page.goto(gateway.url);
    await page.getByRole("link", { name: /^Limit/ }).click();
    await page.getByRole("radio", { name: "Read only" }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("GitHub: reads only").waitFor();
    await page.getByRole("link", { name: "Revoke Test client" }).click();
    await page.getByRole("button", { name: "Revoke" }).click();
    assertMatch(await saying(page), /has no access any more/);

    await page.getByText("Personal tokens", { exact: true }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Kitchen");
    await page.getByRole("checkbox", { name: /^GitHub/ }).check();
    await page.getByRole("button", { name: "Make a token" }).click();
    const token = await page.locator("#new-token").innerText();
    const list = await gateway.mcp(LIST, { key: token, userId: null });
    assertEquals(list.status, 200);
  });
});

Deno.test("without scripts each client's set-up opens", async () => {
  await withPage(plain, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await page.goto(`${gateway.url}/set-up`);
    for (const client of ["cursor", "codex", "vapi"]) {
      await page.locator(`label[for="client-${client}"]`).click();
      await page.locator(`section[aria-labelledby="set-up-${client}"] pre`).first().waitFor();
      assertEquals(await page.locator(".tab > section:visible").count(), 1);
    }
  });
});

Deno.test("without scripts an operator makes an app whose key works", async () => {
  const env = { OPERATORS: `github:${PERSON.email}` };
  await withPage({ ...plain, env }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await page.goto(`${gateway.url}/console/apps`);
    await page.getByLabel("Name of the key").fill("desk");
    await page.getByRole("checkbox", { name: "Yes, change this now" }).check();
    await page.getByRole("button", { name: "New app" }).click();
    await heading(page, "desk");
    const keys = page.locator('form[action$="/keys"]');
    await keys.getByRole("checkbox", { name: "Yes, change this now" }).check();
    await keys.getByRole("button", { name: "Make a key" }).click();
    const key = await page.locator("#new-key").innerText();
    const { status, json } = await gateway.api("/services", { key });
    assertEquals(status, 200);
    assert(json !== undefined);
  });
});
