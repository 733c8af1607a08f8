/** What was done in a person's name, all that is kept about them, and the end of it. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FRESH_MS } from "../../../gateway/sessions.ts";
import { faultyFetch } from "../../support/faulty_fetch.ts";
import { signIn, withPage } from "../harness.ts";
import { atHome, connectOwn, expectWhole, heading } from "../steps.ts";

Deno.test("a person sees what was done, takes all that is kept along, and has it deleted", async () => {
  const faults = faultyFetch();
  // The emulator cannot end a grant.
  faults.on("/applications/", () => new Response(null, { status: 204 }));
  const options = { fetch: faults.fetch, statuses: [400, 403, 503] };
  await withPage(options, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await page.getByRole("link", { name: "Activity", exact: true }).click();
    await heading(page, "Activity");
    await page.goto(gateway.url);
    await connectOwn(page, "Connect GitHub");
    await page.waitForURL(`${gateway.url}/`);
    // What was noted is written.
    await gateway.broker.idle();
    await page.getByRole("link", { name: "Activity", exact: true }).click();
    await page.getByRole("row").filter({ hasText: "GitHub" }).first().waitFor();
    await expectWhole(page, "activity");

    await page.getByRole("link", { name: "You", exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download" }).click();
    const file = await download;
    assertMatch(file.suggestedFilename(), /\.json$/);
    const kept = await Deno.readTextFile(await file.path());
    assertStringIncludes(JSON.stringify(JSON.parse(kept)), "octocat");
    await page.getByRole("link", { name: "Delete my data" }).click();
    await heading(page, "Delete everything about octocat?");
    await page.getByText("It ends 1 connection").waitFor();
    await expectWhole(page, "delete");
    const word = page.getByRole("textbox");
    await word.fill("remove");
    await page.getByRole("button", { name: "Delete my data" }).click();
    await page.getByRole("alert").waitFor();
    assertStringIncludes(await page.getByRole("alert").innerText(), "Nothing was deleted");
    gateway.world.skew += FRESH_MS;
    await word.fill("delete");
    await page.getByRole("button", { name: "Delete my data" }).click();
    await heading(page, "Delete everything about octocat?");
    assertEquals(await page.getByRole("button", { name: "Delete my data" }).count(), 0);
    await expectWhole(page, "delete_stale");
    await page.getByRole("link", { name: /[Ss]ign in/ }).click();
    await signIn(page);
    await page.waitForURL(/\/you\/delete$/);
    await word.fill("delete");
    await page.getByRole("button", { name: "Delete my data" }).click();
    await heading(page, "Your data is deleted");
    await page.getByText("octocat: Revoked at GitHub").waitFor();
    await expectWhole(page, "deleted");
    await page.goto(gateway.url);
    await page.waitForURL(/\/sign-in$/);
  });
});
