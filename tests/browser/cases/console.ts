/** An operator at the console of a deployment that is in use. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FRESH_MS } from "../../../gateway/sessions.ts";
import { Browser } from "../../support/browser.ts";
import { PERSON, signInForm } from "../../support/emulators.ts";
import { startReceiver } from "../../support/event_receiver.ts";
import { faultyFetch } from "../../support/faulty_fetch.ts";
import { type Gateway, USER } from "../../support/gateway.ts";
import { PNG } from "../../support/pictures.ts";
import type { Locator, Page } from "../driver.ts";
import { signIn, withPage } from "../harness.ts";
import { atHome, connectOwn, expectWhole, follow, heading, linkFor, saying } from "../steps.ts";

const OPERATORS = `github:${PERSON.email}`;
const HOUR_MS = 3_600_000;
const SAVED = /^Saved, \d/;

const sure = (within: Locator) =>
  within.getByRole("checkbox", { name: "Yes, change this now" }).check();

async function save(form: Locator, button: string): Promise<void> {
  await sure(form);
  await form.getByRole("button", { name: button }).click();
}

async function makeKey(page: Page): Promise<string> {
  await save(page.locator('form[action$="/keys"]'), "Make a key");
  return await page.locator("#new-key").innerText();
}

/** Somebody comes back from Google in vain; returns what their page calls that. */
async function failedConnect(gateway: Gateway): Promise<string> {
  const url = await linkFor(gateway, { service: "calendar" });
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open(url));
  const { html } = await browser.submit(signIn, { form: signInForm(signIn) });
  await gateway.broker.idle();
  return /Reference ([\w-]+)/.exec(html)![1]!;
}

const links = (gateway: Gateway, key: string) =>
  gateway.api("/links", { body: { user_id: USER, service: "github" }, key });

Deno.test("whoever is no operator finds nothing at the console's addresses", async () => {
  const options = { env: { OPERATORS }, statuses: [404] };
  await withPage(options, async ({ page, gateway }) => {
    await page.goto(`${gateway.url}/console`);
    await signIn(page, { with: "Google" });
    await heading(page, "There is nothing here");
    for (
      const part of ["people", "apps", "providers", "servers", "events", "apps/voice", "nothing"]
    ) {
      await page.goto(`${gateway.url}/console/${part}`);
      await heading(page, "There is nothing here");
    }
    await page.goto(gateway.url);
    assertEquals(await page.getByRole("link", { name: "Console" }).count(), 0);
  });
});

Deno.test("an operator makes an app, whose key works at once, gives it a face, and withdraws the key", async () => {
  const options = { env: { OPERATORS }, statuses: [403] };
  await withPage(options, async ({ page, gateway }) => {
    await atHome(page, gateway);
    await page.getByRole("link", { name: "Console" }).click();
    await page.getByRole("link", { name: "Apps" }).click();
    await heading(page, "Apps");
    await expectWhole(page, "console_apps");
    const fresh = page.locator('form[action="/console/apps"]');
    await fresh.getByLabel("Name of the key").fill("desk");
    await save(fresh, "New app");
    await heading(page, "desk");
    assertMatch(await saying(page), SAVED);

    const key = await makeKey(page);
    await expectWhole(page, "console_app_key");
    assertEquals((await links(gateway, key)).status, 200);
    // Sent again, the form makes no second one, and the first is not shown.
    await page.reload();
    assertStringIncludes(await saying(page), "somebody was faster");
    assertEquals((await page.content()).includes(key), false);
    assertEquals(await page.getByRole("link", { name: "Withdraw" }).count(), 1);

    const picture = await Deno.makeTempFile({ suffix: ".png" });
    await Deno.writeFile(picture, PNG);
    const face = page.locator('form[action="/console/apps/desk"]');
    await face.getByLabel("Name", { exact: true }).fill("Front desk");
    await face.getByLabel("Who runs it").fill("Example Inc.");
    await face.getByLabel(/^Privacy page/).fill("https://desk.example/privacy");
    await face.getByLabel(/^Picture/).setInputFiles(picture);
    await save(face, "Save");
    await Deno.remove(picture);
    assertMatch(await saying(page), SAVED);
    await expectWhole(page, "console_app");
    await page.goto((await links(gateway, key)).json.url);
    await page.getByText("The app Front desk asks to use your GitHub account").waitFor();
    await page.getByText("Run by Example Inc.").waitFor();
    const shown = await page.evaluate<number>("document.querySelector('img.mark').naturalWidth");
    assertEquals(shown, 1);
    await expectWhole(page, "confirm_face");

    await page.goto(`${gateway.url}/console/apps/desk`);
    await page.getByRole("link", { name: "Withdraw" }).click();
    await heading(page, "Withdraw this key of Front desk?");
    await expectWhole(page, "console_withdraw");
    await page.getByRole("link", { name: "Cancel" }).click();
    assertEquals((await links(gateway, key)).status, 200);
    await page.getByRole("link", { name: "Withdraw" }).click();
    await page.getByRole("button", { name: "Withdraw" }).click();
    await heading(page, "Front desk");
    assertMatch(await saying(page), /^(Saved|Removed)/);
    assertEquals((await links(gateway, key)).status, 401);

    // Older than five minutes, the sign-in is good for looking and for no change.
    gateway.world.skew += FRESH_MS;
    await page.goto(`${gateway.url}/console/apps/desk`);
    await save(page.locator('form[action$="/keys"]'), "Make a key");
    await heading(page, "Sign in again to change this");
    await expectWhole(page, "console_stale");
    await page.getByRole("link", { name: "Sign in again" }).click();
    await signIn(page);
    await heading(page, "Front desk");
    assertEquals(await page.getByRole("link", { name: "Withdraw" }).count(), 0);
    await makeKey(page);

    await page.getByRole("link", { name: "Remove the app" }).click();
    await page.getByRole("button", { name: "Remove the app" }).click();
    await heading(page, "Apps");
    assertEquals(await page.getByRole("link", { name: "Front desk" }).count(), 0);
  });
});

Deno.test("what is set up in the console can be connected at once, and is gone when it is taken out", async () => {
  const env = { OPERATORS, GOOGLE_CLIENT_ID: "", GOOGLE_CLIENT_SECRET: "" };
  await withPage({ env }, async ({ page, gateway }) => {
    await atHome(page, gateway);
    assertEquals(await page.getByRole("button", { name: "Connect Gmail" }).count(), 0);
    await page.goto(`${gateway.url}/console/providers`);
    await expectWhole(page, "console_providers");
    const google = page.locator("#google");
    await google.getByText("Set it up").click();
    await google.getByLabel("Client id").fill("google-client");
    await google.getByLabel("Client secret").fill("google-secret");
    await save(google, "Save");
    assertMatch(await saying(page), SAVED);
    await google.getByText("Set up", { exact: true }).waitFor();
    await page.goto(gateway.url);
    await connectOwn(page, "Connect Gmail");
    assertMatch(await saying(page), /^✓ Gmail connected/);

    await page.goto(`${gateway.url}/console/servers`);
    await expectWhole(page, "console_servers_none");
    const byAddress = page.locator("section").filter({ hasText: "Add one by its address" });
    await byAddress.getByLabel(/^Name/).fill("notes");
    await byAddress.getByLabel("What people call it").fill("Team notes");
    await byAddress.getByLabel("Address (https)").fill("https://notes.example.com/mcp");
    await save(byAddress, "Add");
    assertMatch(await saying(page), SAVED);
    await expectWhole(page, "console_servers");
    await page.goto(gateway.url);
    await page.getByRole("button", { name: "Connect Team notes" }).waitFor();
    await page.goto(`${gateway.url}/console/servers`);
    await page.getByRole("link", { name: "Remove: Team notes" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    assertMatch(await saying(page), /^Removed/);
    await page.goto(gateway.url);
    assertEquals(await page.getByRole("button", { name: "Connect Team notes" }).count(), 0);
  });
});

Deno.test("an operator sees what is connected and what has ended, and helps one person", async () => {
  const faults = faultyFetch();
  const options = { env: { OPERATORS }, fetch: faults.fetch, logs: ["client_refused"] };
  await withPage(options, async ({ page, gateway, person }) => {
    const user = await person();
    await follow(user, await linkFor(gateway, { service: "calendar" }));
    await heading(user, "✓ Google Calendar connected");
    faults.on("/oauth2/token", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
    gateway.world.skew += 2 * HOUR_MS;
    const dead = await gateway.api("/token/calendar", { body: { user_id: USER } });
    assertEquals(dead.json.error, "reauthorization_required");
    faults.reset();
    await follow(user, await linkFor(gateway));
    await heading(user, "✓ GitHub connected");

    await page.goto(`${gateway.url}/console`);
    await signIn(page);
    await heading(page, "Overview");
    const needs = page.getByRole("row").filter({ hasText: `voice:${USER}` });
    assertStringIncludes(await needs.innerText(), "Google Calendar");
    await expectWhole(page, "console_full");
    await page.getByRole("link", { name: "People" }).click();
    await expectWhole(page, "console_people");
    await page.getByLabel("User id").fill(USER);
    await page.getByRole("button", { name: "Look up" }).click();
    await page.getByRole("heading", { name: "Connections" }).waitFor();
    await expectWhole(page, "console_person");
    assertEquals(await page.getByText("octocat").count() > 0, true);

    faults.on("/oauth2/token", () => Response.json({ error: "invalid_client" }, { status: 401 }));
    const reference = await failedConnect(gateway);
    faults.reset();
    await page.getByLabel("Reference").fill(`Reference ${reference}`);
    await page.getByRole("button", { name: "Find this connect" }).click();
    await page.getByText("The client id or the client secret is wrong").waitFor();
    await expectWhole(page, "console_connect");
    await page.getByRole("link", { name: "All of this user" }).click();
    await heading(page, USER);

    await page.getByLabel("A link that connects").selectOption("gmail");
    await save(page.locator('form[action="/console/people/link"]'), "Make a link");
    const link = await page.getByText(`${gateway.url}/auth/`).innerText();
    await user.goto(link);
    await heading(user, "Connect Gmail?");

    await page.goto(`${gateway.url}/console/people?realm=voice&id=${USER}`);
    const away = page.getByRole("link", { name: /Disconnect/ }).first();
    await away.click();
    await heading(page, new RegExp(`^Disconnect .* of ${USER}\\?$`));
    await page.getByRole("button", { name: "Disconnect" }).click();
    assertMatch(await saying(page), /is disconnected/);
    const { json } = await gateway.api(`/connections?user_id=${USER}`);
    assertEquals(json.connections.length, 1);
    await page.goto(`${gateway.url}/console/people?realm=voice&id=nobody`);
    await page.getByText("Nothing is kept about").waitFor();
    assert(await page.getByRole("link", { name: /Disconnect/ }).count() === 0);
  });
});

Deno.test("an operator sees what a receiver was told, switches it on again, and has events sent again", async () => {
  await using voice = startReceiver();
  const env = { OPERATORS, EVENTS: JSON.stringify({ voice: voice.config }) };
  const logs = ["receiver_switched_off"];
  await withPage({ env, logs }, async ({ page, gateway }) => {
    await gateway.connect("github", { userId: "ana" });
    await gateway.eventsSent();
    voice.answer = () => new Response(null, { status: 410 });
    await gateway.connect("github", { userId: "ben" });
    await gateway.eventsSent();
    await gateway.connect("google", { userId: "ben" });
    await atHome(page, gateway);
    await page.getByRole("link", { name: "Console" }).click();
    await page.getByText("A receiver of events is switched off").waitFor();
    await page.getByRole("link", { name: "Look at it" }).click();
    await heading(page, "Events");
    await page.getByText("2 events wait for it.").waitFor();
    await expectWhole(page, "console_events");

    voice.answer = undefined;
    await save(page.locator('form[action="/console/events/on"]'), "Switch it on again");
    assertMatch(await saying(page), /^It is switched on, \d/);
    await gateway.eventsSent();
    assertEquals(voice.taken.length, 3);

    await page.getByRole("link", { name: "Send again: connection.created, ana" }).click();
    await heading(page, "Send this event once more?");
    await expectWhole(page, "console_events_again");
    await page.getByRole("button", { name: "Send again" }).click();
    assertMatch(await saying(page), /^It is being sent once more/);
    await page.getByText("Send events again from some time on").click();
    await page.getByLabel("Since (UTC)").fill("2020-01-01T00:00");
    await expectWhole(page, "console_events_on");
    await save(page.locator('form[action="/console/events/replay"]'), "Send them again");
    assertMatch(await saying(page), /^Events that are sent once more: 3 /);
    await gateway.eventsSent();
    assertEquals(voice.taken.length, 7);
  });
});
