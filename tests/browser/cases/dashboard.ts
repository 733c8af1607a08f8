import { assertEquals, assertMatch } from "@std/assert";
import { PERSON } from "../../support/emulators.ts";
import { faultyFetch } from "../../support/faulty_fetch.ts";
import { atProvider, withPage } from "../harness.ts";
import { atHome, connectOwn, expectWhole, heading, saying } from "../steps.ts";

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;

Deno.test("a person connects two accounts, chooses the default, and ends one for good", async () => {
  const faults = faultyFetch();
  // The emulator cannot end a grant.
  faults.on("/applications/", () => new Response(null, { status: 204 }));
  await withPage({ fetch: faults.fetch }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await connectOwn(page, "Connect GitHub");
    await page.waitForURL(`${gateway.url}/`);
    assertEquals(await saying(page), "✓ GitHub connected · Connected as octocat");
    await page.getByText("What is shared").first().click();
    await expectWhole(page, "dashboard_one");

    gateway.world.skew += SECOND_MS;
    await connectOwn(page, "Add another account of GitHub", "admin");
    await page.getByText("2 accounts").waitFor();
    await page.getByRole("button", { name: "Make default: admin" }).click();
    assertEquals(await saying(page), "admin is the default now.");
    await expectWhole(page, "dashboard_two");
    assertEquals(await page.getByRole("button", { name: "Make default: admin" }).count(), 0);
    await page.getByRole("button", { name: "Make default: octocat" }).waitFor();

    await page.getByRole("link", { name: "Disconnect admin from GitHub" }).click();
    await heading(page, "Disconnect admin from GitHub?");
    await expectWhole(page, "disconnect");
    await page.getByRole("link", { name: "Keep it" }).click();
    await page.getByText("2 accounts").waitFor();
    await page.getByRole("link", { name: "Disconnect admin from GitHub" }).click();
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.waitForURL(`${gateway.url}/`);
    assertMatch(await saying(page), /^Revoked at GitHub, \d.*\. admin is disconnected\.$/);
    await page.reload();
    assertEquals(await page.getByRole("status").count(), 0);
    assertEquals(await page.getByText("admin").count(), 0);
    await page.getByText("Connected as octocat").waitFor();

    // Back to the question, which is about nothing any more.
    await page.goto(`${gateway.url}/dashboard/disconnect?provider=github&account=1`);
    assertEquals(await saying(page), "This account is not connected any more.");
  });
});

Deno.test("what a provider could not be told, the page says, and where to end it", async () => {
  const faults = faultyFetch();
  await withPage({ fetch: faults.fetch }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await connectOwn(page, "Connect GitHub");
    await page.waitForURL(`${gateway.url}/`);
    faults.on("/applications/", () => new Response("out", { status: 503 }));
    await page.getByRole("link", { name: /^Disconnect octocat/ }).click();
    await page.getByRole("button", { name: "Disconnect" }).click();
    assertMatch(await saying(page), /It could not be ended at GitHub: remove it in your account/);
  });
});

Deno.test("ending an account of several services says which, before it does", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await connectOwn(page, "Connect Gmail");
    await page.waitForURL(`${gateway.url}/`);
    await connectOwn(page, "Connect Google Calendar");
    await page.waitForURL(`${gateway.url}/`);
    await page.getByRole("link", { name: `Disconnect ${PERSON.email} from Gmail` }).click();
    await page.getByText("This ends all of it: Gmail and Google Calendar.").waitFor();
    await expectWhole(page, "disconnect_several");
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("Revoked at Google").waitFor();
    await page.getByRole("button", { name: "Connect Gmail", exact: true }).waitFor();
    await page.getByRole("button", { name: "Connect Google Calendar", exact: true }).waitFor();
  });
});

Deno.test("what a provider has ended stands first, says why, and is connected again", async () => {
  const faults = faultyFetch();
  await withPage({ fetch: faults.fetch }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await connectOwn(page, "Connect Google Calendar");
    await page.waitForURL(`${gateway.url}/`);
    faults.on("/oauth2/token", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
    gateway.world.skew += 2 * HOUR_MS;
    await atHome(page, gateway);
    // Whatever asks for its token finds out.
    await gateway.broker.sweep();
    await page.reload();
    await page.getByRole("heading", { name: "Needs you" }).waitFor();
    await page.getByText("Google ended this connection.").waitFor();
    await expectWhole(page, "dashboard_reconnect");
    faults.reset();
    await page.getByRole("button", { name: `Reconnect ${PERSON.email}` }).click();
    await atProvider(page);
    await page.waitForURL(`${gateway.url}/`);
    assertMatch(await saying(page), /^✓ Google Calendar connected/);
    assertEquals(await page.getByRole("heading", { name: "Needs you" }).count(), 0);
    assertEquals(await page.getByText("ended this connection").count(), 0);
  });
});
