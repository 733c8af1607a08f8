/** A deployment that nobody runs yet, from the terminal's code to the first connection. */

import { assert, assertEquals } from "@std/assert";
import { newKeyLine } from "../../../tasks/key.ts";
import { adminSetup } from "../../support/admin_setup.ts";
import { PERSON } from "../../support/emulators.ts";
import { expectAccessible } from "../accessible.ts";
import type { Locator } from "../driver.ts";
import { signIn, withPage } from "../harness.ts";
import { connectOwn, expectWhole, heading, saying } from "../steps.ts";

const KEYS = newKeyLine("k1");
/** Where the emulators are says nothing of a client. */
const EMPTY = {
  SIGN_IN_ALLOW: "",
  API_KEYS: "",
  ENCRYPTION_KEYS: KEYS,
  GITHUB_CLIENT_ID: "",
  GITHUB_CLIENT_SECRET: "",
  GOOGLE_CLIENT_ID: "",
  GOOGLE_CLIENT_SECRET: "",
};

const sure = (within: Locator) =>
  within.getByRole("checkbox", { name: "Yes, change this now" }).check();

Deno.test("a new deployment is set up in the console by the code of the terminal", async () => {
  await withPage({ env: EMPTY, statuses: [400, 404] }, async ({ page, gateway, person }) => {
    await page.goto(`${gateway.url}/console`);
    await heading(page, "Sign in to Switchboard");
    await page.getByText("Nobody can sign in here yet").waitFor();

    const { setup } = await adminSetup(gateway, KEYS);
    assert(setup !== undefined);
    await page.goto(`${gateway.url}/console/setup`);
    await heading(page, "First set-up");
    const code = page.getByLabel("Code");
    await code.fill(`sb_setup_${"A".repeat(43)}`);
    await page.getByRole("button", { name: "Begin" }).click();
    await page.getByRole("alert").waitFor();
    await expectWhole(page, "console_setup_code");
    await code.fill(setup);
    await page.getByRole("button", { name: "Begin" }).click();
    await heading(page, "Overview");
    await page.getByText("Five steps to a Switchboard that works").waitFor();
    assertEquals(await page.getByText(/to do$/).count(), 5);
    await expectWhole(page, "console_empty");
    // What is about people is not for the first set-up, and the code is used up.
    await page.goto(`${gateway.url}/console/people`);
    await heading(page, "There is nothing here");
    const other = await person();
    await other.goto(`${gateway.url}/console/setup`);
    await other.getByLabel("Code").fill(setup);
    await other.getByRole("button", { name: "Begin" }).click();
    await other.getByRole("alert").waitFor();

    await page.goto(`${gateway.url}/console`);
    await page.getByRole("link", { name: "Do it: Set up a provider" }).click();
    await heading(page, "Providers");
    await expectAccessible(page);
    await page.getByLabel("Find a service").fill("github");
    const github = page.locator("#github");
    await github.getByText("Set it up").click();
    await github.getByText(`${gateway.url}/callback/github`).waitFor();
    await github.getByLabel("Client id").fill("github-client");
    await github.getByLabel("Client secret").fill("github-secret");
    // Not without saying so.
    await github.getByRole("button", { name: "Save" }).click();
    assertEquals((await gateway.settings.view()).version, null);
    await sure(github);
    await github.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved, ").waitFor();
    assertEquals((await page.content()).includes("github-secret"), false);

    const operators = page.locator('form[action="/console/operators"]');
    await operators.getByLabel("E-mail address").fill(PERSON.email);
    await sure(operators);
    await operators.getByRole("button", { name: "Add an operator" }).click();
    // From then on the console is theirs.
    await page.goto(`${gateway.url}/console`);
    await signIn(page);
    await heading(page, "Overview");
    await page.getByText(`You run this Switchboard as`).waitFor();
    assertEquals(await page.getByText(/to do$/).count(), 2);

    await page.goto(gateway.url);
    await connectOwn(page, "Connect GitHub");
    assertEquals(await saying(page), "✓ GitHub connected · Connected as octocat");
    await page.getByRole("link", { name: "Console", exact: true }).click();
    assertEquals(await page.getByText(/to do$/).count(), 1);
    await page.getByRole("link", { name: /^Do it: Make an API key/ }).click();
    await heading(page, "Apps");
    await expectWhole(page, "console_apps_none");
  });
});
