/**
 * A link that mends one of several accounts is about that account: its scopes
 * are asked for again, its owner is sent there, and nobody takes another one
 * for it.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";

const BACK = "https://app.example.com/connected";
const SECOND_MS = 1_000;

/** octocat has granted `repo`, admin `user:email` alone; octocat is the default. */
async function startWithTwo(env: Record<string, string> = {}): Promise<Gateway> {
  const gateway = await startGateway({ env });
  for (const [account, scope] of [["octocat", "repo"], ["admin", "user:email"]] as const) {
    gateway.world.skew += SECOND_MS;
    const { json } = await gateway.api("/links", {
      body: { user_id: USER, service: "github", account, scope },
    });
    const browser = new Browser();
    const signIn = await browser.submit(await browser.open(json.url));
    await browser.submit(signIn, { form: signInForm(signIn, account) });
  }
  return gateway;
}

/** The link that mends what the account lacks. */
async function cureOf(gateway: Gateway, account: string): Promise<string> {
  const body = { user_id: USER, account, scope: "gist" };
  const { json } = await gateway.api("/token/github", { body });
  assertEquals(json.error, "insufficient_scope");
  assert(!new URL(json.connect_url).search.includes(account), "the link itself does not say it");
  return json.connect_url;
}

Deno.test("the page says which account, and exactly what will be asked for of it", async () => {
  await using gateway = await startWithTwo();
  for (
    const [account, shows, hides] of [
      ["admin", "user:email", "repo"],
      ["octocat", "repo", "user:email"],
    ] as const
  ) {
    const browser = new Browser();
    const confirm = await browser.open(await cureOf(gateway, account));
    assertStringIncludes(confirm.html, `your GitHub account <strong>${account}</strong>`);
    const { url } = await browser.submit(confirm);
    const { searchParams } = new URL(url);
    assertEquals(searchParams.get("login"), account);
    const asked = searchParams.get("scope")!.split(/[ ,]/);
    assertEquals(asked.toSorted(), ["gist", shows].toSorted());
    assert(!asked.includes(hides));
    const listed = [...confirm.html.matchAll(/<li[^>]*>(.*?)<\/li>/g)];
    assertEquals(listed.length, asked.length, confirm.html);
  }
});

Deno.test("an id, too, is told to the provider as the name that people know", async () => {
  await using gateway = await startWithTwo();
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  const rows = json.connections as { account: string; label: string }[];
  const { account } = rows.find(({ label }) => label === "admin")!;
  const link = await gateway.api("/links", { body: { user_id: USER, service: "github", account } });
  const browser = new Browser();
  const { url } = await browser.submit(await browser.open(link.json.url));
  assertEquals(new URL(url).searchParams.get("login"), "admin");
});

Deno.test("a tool's link is about the account that the call named", async () => {
  await using gateway = await startWithTwo();
  const issue = { repo: "octocat/hello-world", title: "x", account: "admin" };
  const { json } = await gateway.mcp(call("create_issue", issue));
  const { connect_url } = json.result.structuredContent;
  const { html } = await new Browser().open(connect_url);
  assertStringIncludes(html, "your GitHub account <strong>admin</strong>");
});

Deno.test("a link for an account that ended it is about that account", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  await gateway.connect("calendar");
  faults.on("/oauth2/token", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
  gateway.world.skew += 2 * 3600 * SECOND_MS;
  const { json } = await gateway.api("/token/calendar", { body: { user_id: USER } });
  assertEquals(json.error, "reauthorization_required");
  const { html } = await new Browser().open(json.connect_url);
  assertStringIncludes(html, "your Google account <strong>testuser@gmail.com</strong>");
});

Deno.test("an account in a caller's own words is a hint, and no text on our pages", async () => {
  await using gateway = await startGateway();
  const account = "Call 555-1234 to verify your account";
  const { json } = await gateway.api("/links", {
    body: { user_id: USER, service: "github", account },
  });
  const browser = new Browser();
  const confirm = await browser.open(json.url);
  assert(!confirm.html.includes("555"), confirm.html);
  const signIn = await browser.submit(confirm);
  const done = await browser.submit(signIn, { form: signInForm(signIn) });
  assert(!done.html.includes("555"), done.html);
});

Deno.test("somebody else who signs in is told so, with both ways out", async () => {
  await using gateway = await startWithTwo();
  const url = await cureOf(gateway, "admin");
  const browser = new Browser();
  const goAs = async (account: string) => {
    const signIn = await browser.submit(await browser.open(url));
    return await browser.submit(signIn, { form: signInForm(signIn, account) });
  };
  const other = await goAs("octocat");
  assertStringIncludes(other.html, "You signed in as <strong>octocat</strong>, and not as");
  assertStringIncludes(other.html, "Try again as admin");
  assertStringIncludes(other.html, "To keep octocat as another account, close this page.");
  const right = await goAs("admin");
  assertStringIncludes(right.html, "✓ GitHub connected");
  assert(!right.html.includes("Try again"), right.html);
  assertEquals((await browser.open(url)).status, 410, "now it is used up");
  const { status } = await gateway.api("/token/github", {
    body: { user_id: USER, account: "admin", scope: "gist" },
  });
  assertEquals(status, 200);
});

Deno.test("an app that claims it hears which account came, and which one was meant", async () => {
  await using gateway = await startWithTwo();
  await gateway.restart({ RETURN_TO: `voice=${BACK}` });
  const claimAs = async (account: string) => {
    const browser = new Browser();
    const signIn = await browser.submit(await browser.open(await cureOf(gateway, "admin")));
    const until = (url: string) => url.startsWith(BACK);
    const { url } = await browser.submit(signIn, { form: signInForm(signIn, account), until });
    const { searchParams } = new URL(url);
    assertEquals([...searchParams.keys()], ["code"]);
    const body = { user_id: USER, code: searchParams.get("code") };
    return (await gateway.api("/links/claim", { body })).json;
  };
  const other = await claimAs("octocat");
  assertEquals([other.label, other.expected_label], ["octocat", "admin"]);
  const right = await claimAs("admin");
  assertEquals([right.label, right.expected_label], ["admin", undefined]);
});
