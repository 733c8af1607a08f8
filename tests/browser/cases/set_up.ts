/** What to paste into which client. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type ClientId, CLIENTS } from "../../../routes/people/set_up/set_up.ts";
import { expectAccessible } from "../accessible.ts";
import { withPage } from "../harness.ts";
import { atHome, expectWhole, heading } from "../steps.ts";

/** By their kinds: one that signs in, one with files, one for a voice platform. */
const PICTURED: ClientId[] = ["claude", "codex", "vapi"];
const PHONE = { width: 320, height: 900 };
const DESK = { width: 1280, height: 720 };

Deno.test("each client's set-up is shown by its tab alone, and what is copied is what stands there", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied = () => page.evaluate<string>("navigator.clipboard.readText()");
    await atHome(page, gateway);
    await page.getByRole("link", { name: "Set up", exact: true }).click();
    await heading(page, "Set up an app");
    await page.getByRole("button", { name: "Copy" }).first().click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assertEquals(await copied(), `${gateway.url}/mcp`);

    const tabs = await page.getByRole("radio").all();
    assertEquals(tabs.length, CLIENTS.length);
    for (const client of CLIENTS) {
      await page.locator(`label[for="client-${client}"]`).click();
      const panel = page.locator(`section[aria-labelledby="set-up-${client}"]`);
      await panel.waitFor();
      assertEquals(await page.locator(".tab > section:visible").count(), 1, client);
      for (const closed of await panel.locator("summary").all()) await closed.click();
      const [button, ...more] = await panel.locator("[data-copy]").all();
      assert(button !== undefined, client);
      for (const each of [button, ...more]) {
        const of = await each.getAttribute("data-copy");
        await each.click();
        const text = await page.locator(`#${of}`).textContent();
        assertEquals((await copied()).replaceAll("\r\n", "\n"), text, `${client} ${of}`);
      }
      assertStringIncludes(await panel.innerText(), gateway.url, client);
      if (PICTURED.includes(client)) await expectWhole(page, `set_up_${client}`);
      else await expectAccessible(page);
      await page.setViewportSize(PHONE);
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      assertEquals(width, PHONE.width, client);
      await page.setViewportSize(DESK);
    }
  });
});
