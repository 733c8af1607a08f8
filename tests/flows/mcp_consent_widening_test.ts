import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LIST, openGateway, send, signedIn, withToken } from "../support/attacks.ts";
import type { Page } from "../support/browser.ts";
import { call, type Gateway } from "../support/gateway.ts";
import {
  authorizeUrl,
  decide,
  exchange,
  newClient,
  type TestClient,
} from "../support/mcp_client.ts";

const READING = "github:read gmail:read calendar:read drive:read";

/** A person before the consent page of a client that asks for this. */
async function asked(gateway: Gateway, params: Record<string, string | undefined>) {
  const person = await signedIn(gateway);
  const client = await newClient(gateway);
  const url = authorizeUrl(gateway, client, params);
  return { ...person, client, url, page: await person.browser.open(url) };
}

async function scopeOf(gateway: Gateway, client: TestClient, back: URL): Promise<string> {
  const code = back.searchParams.get("code");
  assert(code !== null, `no code in ${back}`);
  return (await exchange(gateway, client, code)).json.scope;
}

const offered = ({ html }: Page) =>
  [...html.matchAll(/<input type="checkbox" name="change" value="([^"]*)"([^>]*)>/g)]
    .map(([, name, more]) => [name, more?.replace("/", "").trim()]);

Deno.test("whoever is asked to let an app read may let it change things, service by service", async () => {
  await using gateway = await openGateway();
  const { browser, client, page } = await asked(gateway, { scope: "openid" });
  // Offered for each, and ticked for none.
  assertEquals(offered(page), ["github", "gmail", "calendar", "drive"].map((name) => [name, ""]));
  assert(!page.forms[0]!.checked.some(([name]) => name === "change" || name === "access"));
  assertStringIncludes(page.html, "It asks to read, and to change nothing.");
  assertEquals(await scopeOf(gateway, client, await decide(browser, page)), READING);

  const again = await browser.open(authorizeUrl(gateway, client, { scope: "openid" }));
  const back = await decide(browser, again, { changes: ["github", "calendar"] });
  const { json } = await exchange(gateway, client, back.searchParams.get("code")!);
  assertEquals(json.scope, "github gmail:read calendar drive:read");
  const { json: list } = await withToken(gateway, json.access_token, LIST);
  const names = list.result.tools.map(({ name }: { name: string }) => name);
  assert(names.includes("github_create_issue") && names.includes("calendar_create_event"));
  assert(names.includes("gmail_read_message") && !names.includes("gmail_send_message"));
  const created = await withToken(gateway, json.access_token, call("github_create_issue"));
  assertEquals(created.status, 200);
});

Deno.test("a page for what is asked in full and what is asked to read keeps the two apart", async () => {
  await using gateway = await openGateway();
  const scope = "github calendar:read drive:read";
  const { browser, client, page } = await asked(gateway, { scope });
  assertEquals(offered(page).map(([name]) => name), ["calendar", "drive"]);
  assertStringIncludes(page.html, "Access to GitHub");
  const choose = async (consent: Parameters<typeof decide>[2]) => {
    const page = await browser.open(authorizeUrl(gateway, client, { scope }));
    return await scopeOf(gateway, client, await decide(browser, page, consent));
  };
  assertEquals(await choose({}), scope);
  assertEquals(await choose({ access: "read" }), "github:read calendar:read drive:read");
  assertEquals(await choose({ changes: ["drive"] }), "github calendar:read drive");
  assertEquals(
    await choose({ access: "read", changes: ["drive"] }),
    "github:read calendar:read drive",
  );
  assertEquals(await choose({ services: ["drive"], changes: ["calendar"] }), "drive:read");
});

Deno.test("scope escalation: no client ticks a box of the person's, by its request or by its scope", async () => {
  await using gateway = await openGateway();
  const smuggled = {
    scope: "github:read",
    change: "github",
    access: "full",
    service: "gmail",
    decision: "allow",
  };
  const { browser, client, page } = await asked(gateway, smuggled);
  assertEquals(offered(page), [["github", ""]]);
  assertEquals(page.forms[0]!.checked, [["service", "github"]]);
  assertEquals(await scopeOf(gateway, client, await decide(browser, page)), "github:read");
});

Deno.test("scope escalation: a box that was not on the page gives nothing", async () => {
  await using gateway = await openGateway();
  for (
    const [params, given] of [
      // Not asked for at all.
      [{ scope: "github:read" }, "github"],
      // Of no use at the address.
      [{ scope: READING, resource: `${gateway.url}/mcp/github` }, "github"],
      [{ scope: READING, resource: `${gateway.url}/mcp?services=gmail` }, "gmail"],
      [{ scope: READING, resource: `${gateway.url}/mcp?read_only=true` }, READING],
      [
        { scope: "github gmail", resource: `${gateway.url}/mcp/github?read_only=true` },
        "github:read",
      ],
    ] as [Record<string, string>, string][]
  ) {
    const { browser, client, page } = await asked(gateway, params);
    const everything = ["github", "gmail", "calendar", "drive", "github:read", "*", ""];
    const back = await decide(browser, page, { changes: everything, access: "full" });
    assertEquals(await scopeOf(gateway, client, back), given, JSON.stringify(params));
  }
});

Deno.test("scope escalation: ticked boxes do not stand in for a yes, nor for another request", async () => {
  await using gateway = await openGateway();
  const { cookie, page, client, browser } = await asked(gateway, { scope: "github:read" });
  const { fields } = page.forms[0]!;
  const url = `${gateway.url}/oauth/authorize`;
  const nothing = { change: "github", decision: "allow" };
  const again = await send(url, { cookie, form: { ...fields, ...nothing } });
  assertEquals([again.status, again.location], [200, null]);
  assertStringIncludes(again.text, "Nothing is ticked.");
  for (
    const form of [
      { service: "github", change: "github" },
      { service: "github", change: "github", decision: "deny" },
    ]
  ) {
    const { location } = await send(url, { cookie, form: { ...fields, ...form } });
    assertEquals(new URL(location!).searchParams.get("error"), "access_denied");
  }
  const other = await browser.open(authorizeUrl(gateway, client, { scope: "gmail:read" }));
  const { form_token = "" } = other.forms[0]!.fields;
  const ticked = { service: "github", change: "github", decision: "allow" };
  const replayed = await send(url, { cookie, form: { ...fields, form_token, ...ticked } });
  assertEquals([replayed.status, replayed.location], [403, null]);
  const foreign = await send(url, {
    cookie,
    form: { ...fields, ...ticked },
    headers: { Origin: "https://evil.example" },
  });
  assertEquals([foreign.status, foreign.location], [403, null]);
});

Deno.test("what a browser remembers of the boxes ticks none of them", async () => {
  await using gateway = await openGateway();
  const { page } = await asked(gateway, { scope: "github:read" });
  assertStringIncludes(page.html, 'action="/oauth/authorize" autocomplete="off"');
});
