/** A service that is connected by an API key. */

import { assertEquals } from "@std/assert";
import { USER } from "../../support/gateway.ts";
import { ADAS, GRACES, startKeyServer } from "../../support/key_server.ts";
import { withPage } from "../harness.ts";
import { atHome, expectWhole, heading, linkFor } from "../steps.ts";

Deno.test("a person pastes a key; a wrong one uses nothing up", async () => {
  await using acme = startKeyServer();
  const env = { PROVIDERS: JSON.stringify([acme.spec]) };
  await withPage({ env, statuses: [400, 503] }, async ({ page, gateway }) => {
    await page.goto(await linkFor(gateway, { service: "acme" }));
    await heading(page, "Connect Acme?");
    await expectWhole(page, "paste_key");
    const key = page.getByLabel("API key");
    const go = page.getByRole("button", { name: "Connect Acme" });
    assertEquals(await key.getAttribute("type"), "password");
    // A form without a key is not sent.
    await go.click();
    await heading(page, "Connect Acme?");
    assertEquals(acme.asked.length, 0);

    await key.fill("key_nobodys_0123456789");
    await go.click();
    await heading(page, "Acme does not accept this key");
    await expectWhole(page, "end_key_refused");
    await page.getByRole("link", { name: "Try again" }).click();
    await key.fill("?");
    await go.click();
    await heading(page, "This is no key of Acme");
    acme.answer = () => new Response("down", { status: 502 });
    await page.getByRole("link", { name: "Try again" }).click();
    await key.fill(ADAS);
    await go.click();
    await heading(page, "Acme is not answering");
    acme.answer = undefined;
    await page.getByRole("link", { name: "Try again" }).click();
    await key.fill(ADAS);
    await go.click();
    await heading(page, "✓ Acme connected");
    await page.getByText("As ada@acme.example.").waitFor();
    assertEquals((await page.content()).includes(ADAS), false);

    await page.goto(await linkFor(gateway, { service: "acme", account: "a-1" }));
    await page.getByText("paste a key of that one").waitFor();
    await key.fill(GRACES);
    await go.click();
    await page.getByText("This is a key of grace@acme.example, and not of ada").waitFor();
    await expectWhole(page, "connected_other_key");
    const { json } = await gateway.api(`/connections?user_id=${USER}`);
    assertEquals(json.connections.length, 2);

    await atHome(page, gateway);
    await page.getByRole("button", { name: "Connect Acme" }).click();
    await page.getByText("You are signed in as octocat").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await heading(page, "You cancelled");
    await page.getByRole("link", { name: "Go to your page" }).click();
    await page.waitForURL(`${gateway.url}/`);
  });
});
