import { assertEquals } from "@std/assert";
import { PERSON } from "../../support/emulators.ts";
import { signIn, withPage } from "../harness.ts";
import { atHome, expectWhole, heading } from "../steps.ts";

Deno.test("a person signs in, and comes to their own page", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await page.goto(gateway.url);
    await heading(page, "Sign in to Switchboard");
    await expectWhole(page, "sign_in");
    await signIn(page);
    await page.waitForURL(`${gateway.url}/`);
    await page.getByText("Signed in as").waitFor();
    await expectWhole(page, "dashboard_empty");
    assertEquals(page.url(), `${gateway.url}/`);
  });
});

Deno.test("a person comes back to the page that asked them to sign in", async () => {
  await withPage({ statuses: [401] }, async ({ page, gateway }) => {
    await page.goto(`${gateway.url}/set-up`);
    await heading(page, "Sign in first");
    await expectWhole(page, "end_sign_in_first");
    await page.getByRole("link", { name: "Sign in again" }).click();
    await signIn(page);
    await page.waitForURL(`${gateway.url}/set-up`);
  });
});

Deno.test("who may not sign in is told so, and may take another account", async () => {
  const env = { SIGN_IN_ALLOW: PERSON.email };
  await withPage({ env, statuses: [403] }, async ({ page, gateway }) => {
    await page.goto(`${gateway.url}/sign-in`);
    await signIn(page, { as: "admin" });
    await heading(page, "This account may not sign in here");
    await expectWhole(page, "end_sign_in_refused");
    await page.getByRole("link", { name: "Sign in with another account" }).click();
    await heading(page, "Sign in to Switchboard");
    await signIn(page, { with: "Google" });
    await page.waitForURL(`${gateway.url}/`);
    await page.getByText(`Signed in as ${PERSON.email}`).waitFor();
  });
});

Deno.test("where nobody can sign in, the page says so and has no button", async () => {
  const none = { GITHUB_CLIENT_ID: "", GITHUB_CLIENT_SECRET: "", GITHUB_BASE_URL: "" };
  const nor = { GOOGLE_CLIENT_ID: "", GOOGLE_CLIENT_SECRET: "", GOOGLE_BASE_URL: "" };
  await withPage({ env: { SIGN_IN_ALLOW: "", ...none, ...nor } }, async ({ page, gateway }) => {
    await page.goto(gateway.url);
    await heading(page, "Sign in to Switchboard");
    assertEquals(await page.getByRole("button").count(), 0);
    await page.getByText("Nobody can sign in here yet").waitFor();
  });
});

Deno.test("signing out ends one browser, and everywhere ends all of one person's", async () => {
  await withPage({ statuses: [401] }, async ({ page, gateway, person }) => {
    const [second, others] = [await person(), await person()];
    for (const each of [page, second]) await atHome(each, gateway);
    await atHome(others, gateway, { with: "Google" });
    await page.getByRole("link", { name: "You" }).click();
    await heading(page, "You");
    await expectWhole(page, "you");
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.waitForURL(/\/sign-in$/);
    await page.goBack();
    // The page of before is kept by no cache: who is next at this machine does not see it.
    await page.waitForURL(/\/sign-in$|\/you$/);
    assertEquals(await page.getByText("Signed in as").count(), 0);
    await second.goto(`${gateway.url}/you`);
    await second.getByText("Signed in as").first().waitFor();
    await atHome(page, gateway);
    await page.goto(`${gateway.url}/you`);
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.waitForURL(/\/sign-in$/);
    await second.goto(gateway.url);
    await second.waitForURL(/\/sign-in$/);
    await others.goto(gateway.url);
    await others.getByText("Signed in as").waitFor();
  });
});
