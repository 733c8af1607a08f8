/** Where a way of its own comes to an end, whichever it was. */

import { failing, type Faults } from "../../support/failing_store.ts";
import { authorizeUrl, newClient, pkce } from "../../support/mcp_client.ts";
import { withPage } from "../harness.ts";
import { atHome, expectWhole, heading, linkFor } from "../steps.ts";

Deno.test("an address at which there is nothing is a page, signed in or not", async () => {
  await withPage({ statuses: [400, 403, 404] }, async ({ page, gateway }) => {
    await page.goto(`${gateway.url}/nothing/here`);
    await heading(page, "There is nothing here");
    await atHome(page, gateway);
    await page.goto(`${gateway.url}/nothing/here`);
    await expectWhole(page, "end_not_found");
    await page.getByRole("link", { name: "Go to your page" }).click();
    await page.waitForURL(`${gateway.url}/`);
    await page.goto(`${gateway.url}/auth/nothing?user_id=x`);
    await heading(page, /\S/);
    await page.goto(`${gateway.url}/callback/github?code=x&state=y`);
    await heading(page, "This sign-in is over");
    await page.goto(`${gateway.url}/callback/github`);
    await heading(page, "This answer belongs to no sign-in");
  });
});

Deno.test("an app that is not known, or asks for a wrong way back, sends nobody anywhere", async () => {
  await withPage({ statuses: [400, 401, 403] }, async ({ page, gateway }) => {
    const client = await newClient(gateway);
    const unknown = { ...client, ...pkce(), id: "mcp_nobody" };
    await page.goto(authorizeUrl(gateway, unknown));
    await heading(page, "This app is not known here");
    await expectWhole(page, "end_unknown_app");
    await page.goto(authorizeUrl(gateway, { ...client, redirectUri: "https://evil.example/x" }));
    await heading(page, "This app asked for the wrong way back");
  });
});

Deno.test("a store that is out is said to be out, and the same page works when it is back", async () => {
  const faults: Faults = new Map();
  const options = {
    store: (store: Parameters<typeof failing>[0]) => failing(store, faults),
    statuses: [503],
    logs: ["store_unavailable"],
  };
  await withPage(options, async ({ page, gateway }) => {
    const link = await linkFor(gateway);
    faults.set("links.peek", 10);
    await page.goto(link);
    await heading(page, "Not at the moment");
    await expectWhole(page, "end_store_out");
    faults.clear();
    await page.reload();
    await heading(page, "Connect GitHub?");
  });
});
