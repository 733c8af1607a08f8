/**
 * A person pastes a client's id and secret on the page behind a link.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Browser, type Page } from "../support/browser.ts";
import { CLIENT, type ClientServer, OTHER, startClientServer } from "../support/client_server.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

const APP = "https://app.example.com/connected";
const WRONG = { client_id: CLIENT.client_id, client_secret: "wrong-secret-0123456789" };
const TENANTS = {
  scopes: ["read"],
  token_parameters: { account_id: "{tenant}" },
  params: { tenant: { title: "Tenant", pattern: "[a-z]{2,10}" } },
};

async function start(acme: ClientServer, spec: Record<string, unknown> = {}): Promise<Gateway> {
  const env = { PROVIDERS: JSON.stringify([{ ...acme.spec, ...spec }]), RETURN_URLS: APP };
  return await startGateway({ env });
}

async function linkOf(gateway: Gateway, more: Record<string, unknown> = {}): Promise<string> {
  const body = { user_id: USER, service: "acme", ...more };
  return (await gateway.api("/links", { body })).json.url;
}

const paste = (browser: Browser, page: Page, fields: Record<string, string>) =>
  browser.submit(page, { fields, until: (url) => url.startsWith(APP) });

const tokenOf = (gateway: Gateway) => gateway.api("/token/acme", { body: { user_id: USER } });

Deno.test("the page asks for a client's id and secret, and keeps what the provider takes", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  assertStringIncludes(page.html, "asks for a client id and secret of your Acme");
  assertStringIncludes(page.html, 'href="https://acme.example/clients"');
  assertMatch(page.html, /<input type="text" name="client_id" [^>]*autocomplete="off"/);
  assertMatch(page.html, /<input type="password" name="client_secret" [^>]*autocomplete="off"/);
  const { client_id, client_secret } = CLIENT;
  const pasted = { client_id: ` ${client_id} `, client_secret: `${client_secret}\n` };
  const done = await paste(browser, page, pasted);
  assertStringIncludes(done.html, "✓ Acme connected");
  assert(![...browser.visited, done.html].some((text) => text.includes(client_secret)));
  assertEquals((await tokenOf(gateway)).json.access_token, "token-1");
});

Deno.test("a wrong secret uses nothing up: the page says so, and leads back to the link", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const url = await linkOf(gateway);
  const page = await browser.open(url);
  const tries: [Record<string, string>, words: string][] = [
    [WRONG, "issues no token for this client id and secret"],
    [{ ...CLIENT, client_secret: "a\u0000" }, "no client id and secret of"],
    [{ client_id: "", client_secret: "" }, "no client id and secret of"],
  ];
  for (const [fields, words] of tries) {
    const refused = await paste(browser, page, fields);
    assertEquals(refused.status, 400);
    assertStringIncludes(refused.html, words);
    assertStringIncludes(refused.html, "Nothing was changed");
    assert(!refused.html.includes(WRONG.client_secret));
    assertStringIncludes(refused.html, `href="${url.replaceAll("&", "&amp;")}"`);
  }
  assertStringIncludes((await paste(browser, await browser.open(url), CLIENT)).html, "✓ Acme");
  assertEquals((await paste(browser, page, OTHER)).status, 410);
});

Deno.test("what is asked for is said, and where is asked for beside it, unless the link says it", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme, TENANTS);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  assertStringIncludes(page.html, ">What Acme calls “read”</li>");
  assertStringIncludes(page.html, 'name="param_tenant"');
  const bad = await paste(browser, page, { ...CLIENT, param_tenant: "no/where" });
  assertEquals(bad.status, 400);
  assertEquals(acme.asked, []);
  await paste(browser, page, { ...CLIENT, param_tenant: "north" });
  assertEquals(acme.asked[0]!.form.account_id, "north");
  const said = await browser.open(await linkOf(gateway, { params: { tenant: "south" } }));
  assertStringIncludes(said.html, "Tenant: <strong>south</strong>");
  assert(!said.html.includes('name="param_tenant"'));
  // A form cannot change what the link says.
  await paste(browser, said, { ...CLIENT, param_tenant: "north" });
  assertEquals(acme.asked.at(-1)!.form.account_id, "south");
});

Deno.test("scopes that were asked for and not granted are said", async () => {
  await using acme = startClientServer();
  acme.more = { scope: "read" };
  await using gateway = await start(acme, { scopes: ["read", "write"] });
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  const done = await paste(browser, page, CLIENT);
  assertStringIncludes(done.html, "not allowed to it at Acme, so it cannot be used:");
  assertStringIncludes(done.html, ">What Acme calls “write”</li>");
});

Deno.test("a pasted client goes back to the app by a code, and is nobody's until it is claimed", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway, { return_to: APP }));
  const back = new URL((await paste(browser, page, CLIENT)).url);
  assertEquals([...back.searchParams.keys()], ["code"]);
  assertEquals((await tokenOf(gateway)).status, 404);
  const code = back.searchParams.get("code");
  await gateway.api("/links/claim", { body: { user_id: USER, code } });
  gateway.world.skew = 3_600_000;
  assertEquals((await tokenOf(gateway)).json.access_token, "token-2");
});

Deno.test("a key on a page that asks for a client, and a client where people sign in, go nowhere", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const browser = new Browser();
  const page = await browser.open(await linkOf(gateway));
  const key = await paste(browser, page, { key: "some-key-0123456789" });
  assertStringIncludes(key.html, "Acme is not connected by an API key.");
  const github = await browser.open(await linkOf(gateway, { service: "github" }));
  const client = await paste(browser, github, CLIENT);
  assertStringIncludes(client.html, "GitHub is not connected by a client of its user");
  assertEquals(acme.asked, []);
});
