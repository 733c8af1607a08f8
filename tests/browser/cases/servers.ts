/** MCP servers by the dozen, of which a person finds one. */

import { assertEquals, assertMatch } from "@std/assert";
import { startOAuthServer } from "../../support/oauth_server.ts";
import { withPage } from "../harness.ts";
import { atHome, expectWhole, saying } from "../steps.ts";

const COUNT = 36;

Deno.test("a person finds one of dozens of MCP servers, connects it, and ends it", async () => {
  await using server = startOAuthServer();
  const upstreams = Array.from({ length: COUNT }, (_, at) => {
    const number = String(at + 1).padStart(2, "0");
    return { name: `wiki_${number}`, title: `Wiki of team ${number}`, url: server.url };
  });
  const env = { UPSTREAMS: JSON.stringify(upstreams) };
  await withPage({ env }, async ({ page, gateway, person }) => {
    await atHome(page, gateway);
    const cards = page.getByRole("button", { name: /^Connect Wiki/ });
    assertEquals(await cards.count(), COUNT);
    await expectWhole(page, "dashboard_servers");

    const find = page.getByLabel("Find a service");
    await find.fill("team 17");
    await page.getByRole("button", { name: "Connect Wiki of team 03" }).waitFor({
      state: "hidden",
    });
    await page.getByRole("button", { name: "Connect Wiki of team 17" }).waitFor();
    // A group of which nothing is left has no heading either.
    assertEquals(await page.getByRole("heading", { name: "More to connect" }).count(), 0);
    await find.fill("no such thing");
    await page.getByText("No service has this name.").waitFor();
    await expectWhole(page, "dashboard_none_found");
    await find.fill("");
    await page.getByRole("heading", { name: "More to connect" }).waitFor();
    assertEquals(await cards.count(), COUNT);

    await page.getByRole("button", { name: "Connect Wiki of team 17" }).click();
    await page.waitForURL(`${gateway.url}/`);
    assertMatch(await saying(page), /^✓ Wiki of team 17 connected/);
    await page.getByRole("link", { name: /^Disconnect .*Wiki of team 17$/ }).click();
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("Revoked at Wiki of team 17").waitFor();

    // Without scripts the field sends a form, and the address can be kept.
    const plain = await person({ javaScript: false });
    await atHome(plain, gateway, { with: "Google" });
    await plain.getByLabel("Find a service").fill("TEAM 05");
    await plain.getByRole("button", { name: "Search" }).click();
    await plain.waitForURL(/\?q=TEAM/);
    assertEquals(await plain.getByRole("button", { name: /^Connect / }).count(), 1);
    await plain.getByRole("button", { name: "Connect Wiki of team 05" }).waitFor();
    await plain.goto(`${gateway.url}/?q=nothing+like+it`);
    await plain.getByText("No service has this name.").waitFor();
    await plain.getByRole("link", { name: "Show all" }).click();
    await plain.getByRole("button", { name: "Connect Wiki of team 03" }).waitFor();
  });
});
