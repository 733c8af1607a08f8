/** The main ways, by somebody who has no mouse: Tab, Enter, Space and arrows alone. */

import { assertEquals, assertMatch } from "@std/assert";
import { PERSON } from "../../support/emulators.ts";
import { authorizeUrl, exchange, newClient } from "../../support/mcp_client.ts";
import { appPage } from "../app_page.ts";
import type { Page } from "../driver.ts";
import { withPage } from "../harness.ts";
import { pressOn } from "../keyboard.ts";
import { heading, linkFor, saying } from "../steps.ts";

const account = { name: /octocat/ };

async function signInByKeys(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await pressOn(page, "button", "Continue with GitHub");
  await page.waitForURL(/\/login\/oauth\//);
  await pressOn(page, "button", account);
  await page.waitForURL(`${url}/`);
}

Deno.test("by keyboard a person signs in, connects, ends it, and signs out", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await signInByKeys(page, gateway.url);
    await pressOn(page, "button", { name: "Connect GitHub", exact: true }, "Space");
    await pressOn(page, "button", account);
    await page.waitForURL(`${gateway.url}/`);
    assertEquals(await saying(page), "✓ GitHub connected · Connected as octocat");
    // What is hidden opens and closes.
    const shared = page.locator("summary").filter({ hasText: "What is shared" });
    await shared.focus();
    await page.keyboard.press("Enter");
    await page.getByText("Read and write repositories").waitFor();
    await page.reload();
    await pressOn(page, "link", { name: /^Disconnect octocat/ });
    await heading(page, /^Disconnect octocat/);
    await pressOn(page, "button", "Disconnect");
    await page.waitForURL(`${gateway.url}/`);
    assertMatch(await saying(page), /octocat is disconnected/);
    await pressOn(page, "link", { name: "You", exact: true });
    await pressOn(page, "button", { name: "Sign out", exact: true });
    await page.waitForURL(/\/sign-in$/);
  });
});

Deno.test("by keyboard a person follows a link, or says no to it", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await page.goto(await linkFor(gateway));
    await pressOn(page, "button", "Cancel");
    await heading(page, "You cancelled");
    await pressOn(page, "link", "Try again");
    await pressOn(page, "button", "Continue to GitHub");
    await page.waitForURL(/\/login\/oauth\//);
    await pressOn(page, "button", account);
    await heading(page, "✓ GitHub connected");
  });
});

Deno.test("by keyboard a person ticks what an app may use, and allows it", async () => {
  await using app = appPage();
  await withPage({ apps: [app] }, async ({ page, gateway }) => {
    await signInByKeys(page, gateway.url);
    const client = await newClient(gateway, `${app.origin}/back`);
    await page.goto(authorizeUrl(gateway, client, { scope: "github gmail" }));
    await pressOn(page, "checkbox", { name: /^Gmail/ }, "Space");
    assertEquals(await page.getByRole("checkbox", { name: /^Gmail/ }).isChecked(), true);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    assertEquals(await page.getByRole("radio", { name: "Read and change" }).isChecked(), true);
    await pressOn(page, "button", { name: "Allow", exact: true });
    await page.waitForURL(/\/back\?/);
    await exchange(gateway, client, app.visited.at(-1)!.searchParams.get("code")!);
    await page.goto(gateway.url);
    await page.getByText("Gmail: reads and changes").waitFor();
  });
});

Deno.test("by keyboard the set-up of each client is reached by arrows, and copied", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await signInByKeys(page, gateway.url);
    await pressOn(page, "link", { name: "Set up", exact: true });
    await heading(page, "Set up an app");
    const [first, second] = await page.getByRole("radio").all();
    await first!.focus();
    await page.keyboard.press("ArrowRight");
    assertEquals(await second!.isChecked(), true);
    // What Tab comes to next is what is chosen.
    const panel = page.locator(".tab > section:visible");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const [button] = await panel.locator("[data-copy]").all();
    const of = await button!.getAttribute("data-copy");
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assertEquals(
      await page.evaluate("navigator.clipboard.readText()"),
      await page.locator(`#${of}`).textContent(),
    );
  });
});

Deno.test("by keyboard an operator makes an app and its key", async () => {
  const env = { OPERATORS: `github:${PERSON.email}` };
  await withPage({ env }, async ({ page, gateway }) => {
    await signInByKeys(page, gateway.url);
    await pressOn(page, "link", { name: "Console", exact: true });
    await heading(page, "Overview");
    await pressOn(page, "link", { name: "Apps", exact: true });
    await heading(page, "Apps");
    await page.getByLabel("Name of the key").focus();
    await page.keyboard.type("desk");
    await pressOn(page, "checkbox", { name: "Yes, change this now" }, "Space");
    await pressOn(page, "button", "New app");
    await heading(page, "desk");
    await pressOn(page, "checkbox", { name: "Yes, change this now" }, "Space");
    await pressOn(page, "button", "Make a key");
    const key = await page.locator("#new-key").innerText();
    assertEquals((await gateway.api("/services", { key })).status, 200);
  });
});
