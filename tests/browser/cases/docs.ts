/** What developers read of the REST part. */

import { assertStringIncludes } from "@std/assert";
import { withPage } from "../harness.ts";
import { expectWhole, heading } from "../steps.ts";

Deno.test("whoever writes a backend finds a route, reads of it, and copies its example", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`${gateway.url}/docs`);
    await heading(page, "REST API");
    await expectWhole(page, "docs");
    await page.getByRole("link", { name: "Get a provider token" }).click();
    const route = page.locator("#getToken");
    await route.getByRole("button", { name: "Copy" }).click();
    await route.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    assertStringIncludes(copied, `curl -s '${gateway.url}/token/github'`);
    assertStringIncludes(copied, "Bearer $API_KEY");
    await route.getByText("Errors", { exact: true }).click();
    await route.getByText("reauthorization_required").first().waitFor();
  });
});
