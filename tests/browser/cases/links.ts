/** A connect link, from the app's message to its end. */

import { assertEquals, assertMatch } from "@std/assert";
import { LINK_LIFETIME_MS } from "../../../broker/core/link_bounds.ts";
import { PERSON } from "../../support/emulators.ts";
import { faultyFetch } from "../../support/faulty_fetch.ts";
import { USER } from "../../support/gateway.ts";
import { startOAuthServer } from "../../support/oauth_server.ts";
import { atProvider, withPage } from "../harness.ts";
import { atHome, expectWhole, follow, heading, linkFor } from "../steps.ts";

const SECOND_MS = 1_000;
const AUTH = "https://www.googleapis.com/auth/";
const GO = { name: /^Continue to/ };

Deno.test("a link says who asks, for whom and what, leads to the provider, and ends well", async () => {
  const env = { SIGN_IN_ALLOW: "" };
  await withPage({ env, statuses: [400, 403, 410] }, async ({ page, gateway, person }) => {
    const link = await linkFor(gateway, { service: "google", scope: "gmail calendar" });
    await page.goto(link.replace(/scope=[^&]*/, "scope=gmail"));
    await heading(page, "This link was changed on its way");
    await page.goto(link);
    await heading(page, "Connect Gmail and Google Calendar?");
    await page.getByText(`The app voice asks to use your`).waitFor();
    assertEquals(await page.getByText(USER).count() > 0, true);
    await expectWhole(page, "confirm");
    await page.getByRole("button", GO).click();
    await atProvider(page);
    await heading(page, "✓ Gmail and Google Calendar connected");
    await page.getByText("You can close this page and go back to your app.").waitFor();
    await expectWhole(page, "connected");

    // Loaded again, and Back twice: it is done, and nobody is told that it failed.
    await page.reload();
    await heading(page, "This is done already");
    await expectWhole(page, "done_before");
    for (let steps = 0; steps < 2; steps++) await page.goBack();
    assertEquals(await page.getByText("Something went wrong").count(), 0);

    await page.goto(link);
    await heading(page, `Already connected as ${PERSON.email}`);
    await expectWhole(page, "end_done");
    const other = await person();
    await other.goto(link);
    await heading(other, "This link does not work any more");
    await other.getByText("To try again, ask your app for a new link.").waitFor();
    assertEquals(await other.getByText(PERSON.email).count(), 0);
    await expectWhole(other, "end_used");
  });
});

Deno.test("a link that somebody said no to works again, and one that is too old says so", async () => {
  await withPage({ statuses: [410] }, async ({ page, gateway }) => {
    const link = await linkFor(gateway);
    await page.goto(link);
    await page.getByRole("button", { name: "Cancel" }).click();
    await heading(page, "You cancelled");
    await expectWhole(page, "cancelled");
    await page.getByRole("link", { name: "Try again" }).click();
    await heading(page, "Connect GitHub?");
    gateway.world.skew += LINK_LIFETIME_MS;
    await page.getByRole("button", GO).click();
    await heading(page, "This link is too old");
    await expectWhole(page, "end_expired");
  });
});

Deno.test("a link that is opened in another browser, or by another person, connects nothing there", async () => {
  await withPage({ statuses: [403] }, async ({ page, gateway, person }) => {
    const link = await linkFor(gateway);
    const other = await person();
    for (const each of [page, other]) await each.goto(link);
    await page.getByRole("button", GO).click();
    await page.getByRole("button", { name: /octocat/ }).waitFor();
    await other.getByRole("button", GO).click();
    await heading(other, "This link does not work any more");

    // The answer of the provider, carried over by hand.
    const callback = new Promise<string>((resolve) =>
      page.context().on("request", (request) => {
        if (request.url().includes("/callback/")) resolve(request.url());
      })
    );
    await atProvider(page);
    await heading(page, "✓ GitHub connected");
    await other.goto(await callback);
    await heading(other, "This was started in another browser");
    await expectWhole(other, "end_other_browser");
  });
});

Deno.test("a signed-in person's own link is theirs alone", async () => {
  await withPage({ statuses: [401, 403] }, async ({ page, gateway, person }) => {
    const other = await person();
    await atHome(page, gateway);
    await atHome(other, gateway, { with: "Google" });
    const addresses: string[] = [];
    page.context().on("request", (request) => void addresses.push(request.url()));
    await page.getByRole("button", { name: "Connect GitHub", exact: true }).click();
    await page.getByRole("button", { name: /octocat/ }).first().waitFor();
    await atProvider(page);
    await page.waitForURL(`${gateway.url}/`);
    const callback = addresses.find((url) => url.includes("/callback/"))!;
    await other.goto(callback);
    assertMatch(
      await other.getByRole("heading", { level: 1 }).innerText(),
      /another browser|somebody else/,
    );
    assertEquals(await other.getByText("octocat").count(), 0);
  });
});

Deno.test("what a person left unticked is named, with a way to add it and one to leave it", async () => {
  const faults = faultyFetch();
  const grant = (scope: string) =>
    faults.on("/oauth2/token", async (_, send) => {
      return Response.json({ ...await (await send()).json(), scope });
    });
  await withPage({ fetch: faults.fetch }, async ({ page, gateway }) => {
    const link = await linkFor(gateway, { service: "google", scope: "gmail calendar" });
    grant(`openid email ${AUTH}userinfo.email`);
    await follow(page, link);
    await heading(page, "Google: nothing was allowed");
    await expectWhole(page, "nothing_allowed");
    grant(`openid email ${AUTH}calendar`);
    await page.getByRole("link", { name: "Try again and allow it" }).click();
    await page.getByRole("button", GO).click();
    await atProvider(page);
    await heading(page, "✓ Google Calendar connected");
    await page.getByText("You left this unticked at Google").waitFor();
    assertEquals(await page.getByRole("listitem").filter({ hasText: "Gmail" }).count(), 1);
    await expectWhole(page, "partly_allowed");
    faults.reset();
    await page.getByRole("link", { name: "Try again and allow it" }).click();
    await page.getByRole("button", GO).click();
    await atProvider(page);
    await heading(page, "✓ Gmail and Google Calendar connected");
    assertEquals(await page.getByRole("link", { name: /Try again/ }).count(), 0);
  });
});

Deno.test("another account than the one that was meant is said to be one, and both stay", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await follow(page, await linkFor(gateway));
    await heading(page, "✓ GitHub connected");
    gateway.world.skew += SECOND_MS;
    await page.goto(await linkFor(gateway, { account: "octocat" }));
    await page.getByText("This is about your GitHub account octocat").waitFor();
    await expectWhole(page, "confirm_account");
    await page.getByRole("button", GO).click();
    await atProvider(page, "admin");
    await page.getByText("You signed in as admin, and not as octocat").waitFor();
    await expectWhole(page, "connected_other");
    await page.getByRole("link", { name: "Try again as octocat" }).waitFor();
    await page.getByText("To keep admin as another account, close this page.").waitFor();
    const { json } = await gateway.api(`/connections?user_id=${USER}`);
    assertEquals(json.connections.length, 2);
  });
});

Deno.test("a no at the provider is no fault, and a provider's faults are told as its own", async () => {
  await using server = startOAuthServer();
  const UPSTREAMS = JSON.stringify([{ name: "notes", title: "Notes", url: server.url }]);
  const faults = faultyFetch();
  const logs = ["client_refused", "provider_refused"];
  const statuses = [400, 403, 502, 503];
  const options = { env: { UPSTREAMS }, fetch: faults.fetch, statuses, logs };
  await withPage(options, async ({ page, gateway }) => {
    const setOut = async (service: string) => {
      await page.goto(await linkFor(gateway, { service }));
      await page.getByRole("button", GO).click();
    };
    for (
      const [deny, title, name] of [
        ["access_denied", "You said no, and that is fine", "end_denied"],
        ["server_error", "Notes is not answering", "end_provider_down"],
        ["temporarily_unavailable", "Notes is not answering", undefined],
        ["invalid_scope", "Notes did not finish the sign-in", "end_provider_refused"],
        ["login_required", "Notes needs your answer", undefined],
        ["unauthorized_client", "Notes cannot be connected here at the moment", undefined],
      ] as const
    ) {
      server.behaviour.deny = deny;
      await setOut("notes");
      await heading(page, title);
      await page.getByText("Nothing new was connected").first().waitFor();
      await page.getByRole("link", { name: "Try again" }).waitFor();
      if (name !== undefined) await expectWhole(page, name);
    }
    server.behaviour.deny = undefined;
    await page.getByRole("link", { name: "Try again" }).click();
    await page.getByRole("button", GO).click();
    await heading(page, "✓ Notes connected");

    faults.on("/login/oauth/access_token", () => new Response("<html>out", { status: 500 }));
    await setOut("github");
    await atProvider(page);
    await heading(page, /^GitHub (is not answering|gave no usable answer)$/);
    await expectWhole(page, "end_unreadable");
    faults.on("/login/oauth/access_token", () => {
      throw new TypeError("cut");
    });
    await setOut("github");
    await atProvider(page);
    await heading(page, /^GitHub (is not answering|gave no usable answer)$/);
    faults.on(
      "/login/oauth/access_token",
      () => Response.json({ error: "invalid_client" }, { status: 401 }),
    );
    await setOut("github");
    await atProvider(page);
    await heading(page, "GitHub cannot be connected here at the moment");
    await page.getByText("You have done nothing wrong.").waitFor();
    await expectWhole(page, "end_misconfigured");
  });
});
