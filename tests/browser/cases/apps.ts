/** An MCP client asks for access; its person narrows and ends it, and makes a token of their own. */

import { assertEquals, assertMatch } from "@std/assert";
import { authorizeUrl, exchange, newClient } from "../../support/mcp_client.ts";
import { appPage } from "../app_page.ts";
import { signIn, withPage } from "../harness.ts";
import { atHome, connectOwn, expectWhole, heading, saying } from "../steps.ts";

const TOKEN = /^sb_pat_[A-Za-z0-9_-]{43}$/;
const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };

Deno.test("a person lets an app in as far as they like, narrows it, and ends it", async () => {
  await using app = appPage();
  await withPage({ apps: [app] }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await connectOwn(page, "Connect GitHub");
    await page.waitForURL(`${gateway.url}/`);
    const client = await newClient(gateway, `${app.origin}/back`);
    const url = authorizeUrl(gateway, client, { scope: "github gmail calendar:read" });

    await page.goto(url);
    await heading(page, "Allow “Test client”?");
    await page.getByText("Not verified: the app chose this name itself.").waitFor();
    await page.getByText(`You will be sent to ${new URL(app.origin).host}`).waitFor();
    assertEquals(await page.getByRole("checkbox", { name: /^GitHub/ }).isChecked(), true);
    assertEquals(await page.getByRole("checkbox", { name: /^Gmail/ }).isChecked(), false);
    assertEquals(await page.getByRole("radio", { name: "Read only" }).isChecked(), true);
    await expectWhole(page, "consent");

    await page.getByRole("checkbox", { name: /^GitHub/ }).uncheck();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByRole("alert").waitFor();
    assertEquals(app.visited, []);
    await expectWhole(page, "consent_nothing");

    await page.getByRole("button", { name: "Do not allow" }).click();
    await page.waitForURL(/\/back\?/);
    assertEquals(app.visited.at(-1)!.searchParams.get("error"), "access_denied");

    await page.goto(url);
    await page.getByRole("checkbox", { name: /^Gmail/ }).check();
    await page.getByRole("radio", { name: "Read and change" }).check();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.waitForURL(/\/back\?/);
    const code = app.visited.at(-1)!.searchParams.get("code")!;
    const token: string = (await exchange(gateway, client, code)).json.access_token;
    const tools = async () => await gateway.mcp(LIST, { key: token, userId: null });
    assertEquals((await tools()).status, 200);

    await page.goto(gateway.url);
    await page.getByText("GitHub and Gmail: reads and changes").waitFor();
    await expectWhole(page, "dashboard_app");
    await page.getByRole("link", { name: "Limit what Test client may use" }).click();
    await heading(page, "What may Test client use?");
    await expectWhole(page, "narrow");
    const gmail = page.getByRole("group", { name: "Gmail" });
    await gmail.getByRole("radio", { name: "Nothing" }).check();
    const github = page.getByRole("group", { name: "GitHub" });
    await github.getByRole("radio", { name: "Read only" }).check();
    await page.getByRole("button", { name: "Save" }).click();
    assertEquals(await saying(page), "Test client may use less now.");
    await page.getByText("GitHub: reads only").waitFor();
    assertEquals(await page.getByText("GitHub and Gmail: reads and changes").count(), 0);

    await page.getByRole("link", { name: "Revoke Test client" }).click();
    await heading(page, "Revoke Test client?");
    await expectWhole(page, "revoke");
    assertEquals((await tools()).status, 200);
    await page.getByRole("button", { name: "Revoke" }).click();
    assertMatch(await saying(page), /^Test client has no access any more, \d/);
    assertEquals((await tools()).status, 401);
    await page.reload();
    assertEquals(await page.getByText("Test client").count(), 0);
  });
});

Deno.test("who is not signed in signs in first, and then decides", async () => {
  await using app = appPage();
  await withPage({ apps: [app] }, async ({ page, gateway }) => {
    const client = await newClient(gateway, `${app.origin}/back`);
    await page.goto(authorizeUrl(gateway, client, { scope: "github:read" }));
    await heading(page, "Sign in to Switchboard");
    await signIn(page);
    await heading(page, "Allow “Test client”?");
    await page.getByText("It asks to read, and to change nothing.").waitFor();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.waitForURL(/\/back\?/);
    assertEquals(app.visited.at(-1)!.searchParams.has("code"), true);
  });
});

Deno.test("a personal token is shown once, is copied, and loading the page again makes no second one", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await atHome(page, gateway);
    await page.getByText("Personal tokens", { exact: true }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Kitchen");
    await page.getByRole("checkbox", { name: /^GitHub/ }).check();
    await page.getByRole("button", { name: "Make a token" }).click();
    const shown = page.locator("#new-token");
    const token = await shown.innerText();
    assertMatch(token, TOKEN);
    await expectWhole(page, "token_new");
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assertEquals(await page.evaluate("navigator.clipboard.readText()"), token);
    const list = await gateway.mcp(LIST, { key: token, userId: null });
    assertEquals(list.status, 200);

    // The browser sends the form once more.
    await page.reload();
    await page.getByText("This token was made already, and is shown only once.").waitFor();
    assertEquals(await shown.count(), 0);
    assertEquals(await page.getByRole("heading", { name: "Kitchen" }).count(), 1);
    assertEquals((await page.content()).includes(token), false);
    await page.getByRole("link", { name: "Revoke Kitchen" }).click();
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("Kitchen has no access any more").waitFor();
    assertEquals((await gateway.mcp(LIST, { key: token, userId: null })).status, 401);
  });
});
