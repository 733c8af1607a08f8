import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LONGEST_PARAM } from "../../broker/core/link_bounds.ts";
import { Browser, type Form } from "../support/browser.ts";
import {
  type CustomerHosts,
  envOf,
  INSTANCES,
  SHOPS,
  startCustomerHosts,
} from "../support/customer_hosts.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

const HOUR_MS = 3_600_000;

function start(hosts: CustomerHosts, spec: { name: string }): Promise<Gateway> {
  return startGateway({ env: envOf(spec), fetch: hosts.fetch });
}

/** Makes a link and goes all the way; what the person sees in the end. */
async function connect(gateway: Gateway, hosts: CustomerHosts, params?: Record<string, string>) {
  const body = { user_id: USER, service: "acme", params };
  const { json, status, text } = await gateway.api("/links", { body });
  assertEquals(status, 200, text);
  const browser = new Browser({ fetch: hosts.fetch });
  return await browser.submit(await browser.open(json.url));
}

const token = (gateway: Gateway, account?: string) =>
  gateway.api("/token/acme", { body: { user_id: USER, account } });

Deno.test("all of a connection's requests go to its customer's host", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, SHOPS);
  for (const shop of ["ada.acme.example", "bob.acme.example"]) {
    const done = await connect(gateway, hosts, { shop });
    assertStringIncludes(done.html, "✓ Acme connected");
    const account = `${shop}/1`;
    const first = await token(gateway, account);
    assertEquals([first.status, first.json.account], [200, account], first.text);
    assertEquals([first.json.label, first.json.extra], [`Ada (${shop})`, { shop }]);
    gateway.world.skew += HOUR_MS;
    const second = await token(gateway, account);
    assert(second.json.access_token !== first.json.access_token);
    assertEquals(second.json.extra, { shop });
    const headers = { "X-User-Id": USER, "X-Account": account };
    const answer = await gateway.api("/proxy/acme/orders", { headers });
    assertEquals([answer.status, answer.json], [200, { ok: true }]);
    const last = hosts.sent.at(-1)!;
    assertEquals([last.path, last.bearer], ["/api/orders", second.json.access_token]);
  }
  // The first user of one shop is not the first user of the other.
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  const listed = json.connections.map((each: { account: string; extra: unknown }) => each.extra);
  assertEquals(listed, [{ shop: "ada.acme.example" }, { shop: "bob.acme.example" }]);
  for (const shop of ["ada.acme.example", "bob.acme.example"]) {
    const path = `/connections/acme?user_id=${USER}&account=${encodeURIComponent(`${shop}/1`)}`;
    const gone = await gateway.api(path, { method: "DELETE" });
    assertEquals([gone.status, gone.json.revoked], [200, true], gone.text);
    assertEquals([hosts.sent.at(-1)!.host, hosts.sent.at(-1)!.path], [shop, "/revoke"]);
  }
  // What was begun at one of them was never sent to the other.
  const paths = (shop: string) =>
    hosts.sent.filter(({ host }) => host === `${shop}.acme.example`).map(({ path }) => path);
  const all = ["/authorize", "/token", "/me", "/token", "/api/orders", "/revoke"];
  assertEquals([paths("ada"), paths("bob"), hosts.sent.length], [all, all, 12]);
});

Deno.test("the page says where a link leads, and asks for what it does not say", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, SHOPS);
  const link = async (params?: Record<string, string>) => {
    const body = { user_id: USER, service: "acme", params };
    return (await gateway.api("/links", { body })).json.url as string;
  };
  const told = new Browser({ fetch: hosts.fetch });
  const page = await told.open(await link({ shop: "ada.acme.example" }));
  assertStringIncludes(page.html, "Shop: <strong>ada.acme.example</strong>");
  assert(!page.html.includes("param_shop"));
  // It has no scopes: a sign-in opens everything.
  assertStringIncludes(page.html, "do all that you can do there.");
  // What the link says no form changes.
  await told.submit(page, { fields: { param_shop: "eve.acme.example" } });
  assertEquals(hosts.sent[0]!.host, "ada.acme.example");

  hosts.sent.length = 0;
  const asked = new Browser({ fetch: hosts.fetch });
  const question = await asked.open(await link());
  assertStringIncludes(question.html, 'name="param_shop"');
  for (const wrong of ["", "evil.example", "ada.acme.example/x", "x.acme.example.evil.example"]) {
    const refused = await asked.submit(question, { fields: { param_shop: wrong } });
    assertEquals([refused.status, hosts.sent.length], [400, 0], wrong);
  }
  // A form of somebody's own making leaves the question out.
  const [{ fields: { param_shop: _, ...rest }, ...form }] = question.forms as [Form];
  const without = await asked.submit(question, { form: { ...form, fields: rest } });
  assertEquals([without.status, hosts.sent.length], [400, 0]);
  assertStringIncludes(without.html, "&quot;Shop&quot; of Acme is missing.");
  // Nothing is used up by a slip of the hand.
  const done = await asked.submit(question, { fields: { param_shop: " bob.acme.example " } });
  assertStringIncludes(done.html, "✓ Acme connected");
  assertEquals(hosts.sent.map(({ host }) => host), Array(3).fill("bob.acme.example"));
});

Deno.test("a link cures the account that it is about, at that account's host", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, SHOPS);
  await connect(gateway, hosts, { shop: "ada.acme.example" });
  await connect(gateway, hosts, { shop: "bob.acme.example" });
  gateway.world.skew += HOUR_MS;
  hosts.says = { access_token: undefined, error: "invalid_grant" };
  const { status, json } = await token(gateway, "ada.acme.example/1");
  assertEquals([status, json.error], [409, "reauthorization_required"]);
  hosts.says = {};
  hosts.sent.length = 0;
  const browser = new Browser({ fetch: hosts.fetch });
  const page = await browser.open(json.connect_url);
  assertStringIncludes(page.html, "Shop: <strong>ada.acme.example</strong>");
  assertStringIncludes((await browser.submit(page)).html, "✓ Acme connected");
  assertEquals(hosts.sent.map(({ host }) => host), Array(3).fill("ada.acme.example"));
});

Deno.test("no client secret and no person goes to a host that the entry does not name", async () => {
  await using hosts = startCustomerHosts();
  // A pattern that is too wide is caught by the hosts.
  for (const pattern of [SHOPS.params.shop.pattern, ".*"]) {
    const spec = { ...SHOPS, params: { shop: { title: "Shop", pattern } } };
    await using gateway = await start(hosts, spec);
    for (
      const shop of [
        "evil.example",
        "ada.acme.example.evil.example",
        "evil.example/.acme.example",
        "evil.example#.acme.example",
        "evil.example?.acme.example",
        "evil.example\\.acme.example",
        "ada@evil.example",
        "evil.example:443@ada.acme.example",
        "ada.acme.example:8443",
        "ada.acme.example/../x",
        "acme.example",
        ".acme.example",
        "ADA.acme.example\n",
        "ada.acme.example ",
        "%65vil.example",
        "127.0.0.1",
        "x".repeat(201) + ".acme.example",
      ]
    ) {
      const link = await gateway.api("/links", {
        body: { user_id: USER, service: "acme", params: { shop } },
      });
      if (link.status === 200) {
        const browser = new Browser({ fetch: hosts.fetch });
        const done = await browser.submit(await browser.open(link.json.url));
        assertEquals(done.status, 400, shop);
      } else assertEquals([link.status, link.json.error], [400, "invalid_request"], shop);
      assert(!link.text.includes("evil"), link.text);
    }
    for (const params of [{ host: "x" }, { __proto__: null, constructor: "x" }]) {
      const body = { user_id: USER, service: "acme", params };
      assertEquals((await gateway.api("/links", { body })).status, 400);
    }
    const none = { user_id: USER, service: "github", params: { shop: "ada.acme.example" } };
    assertEquals((await gateway.api("/links", { body: none })).status, 400);
  }
  assertEquals(hosts.sent, []);
});

Deno.test("a parameter keeps to its pattern and its length, also where each host would do", async () => {
  await using hosts = startCustomerHosts();
  const spec = {
    ...SHOPS,
    params: { shop: { title: "Shop", pattern: "[a-z]+\\.acme\\.example" } },
  };
  await using gateway = await start(hosts, spec);
  const link = (shop: string) =>
    gateway.api("/links", { body: { user_id: USER, service: "acme", params: { shop } } });
  const long = "x".repeat(LONGEST_PARAM - ".acme.example".length);
  for (const shop of ["ada.acme.example", `${long}.acme.example`]) {
    assertEquals((await link(shop)).status, 200, shop);
  }
  for (const shop of ["ada-1.acme.example", "a.b.acme.example", `${long}x.acme.example`]) {
    const { status, json } = await link(shop);
    assertEquals([status, json.error], [400, "invalid_request"], shop);
  }
  assertEquals(hosts.sent, []);
});

Deno.test("what a provider says beside the token is kept, as far as it is named", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, INSTANCES);
  hosts.says = {
    instance_url: "https://eu1.acme.example",
    team: { id: 42, name: "not named" },
    id_token: "not named",
  };
  hosts.callback = { realmId: "193514", other: "not named" };
  await connect(gateway, hosts);
  const extra = { realmId: "193514", instance_url: "https://eu1.acme.example", team: "42" };
  assertEquals((await token(gateway)).json.extra, extra);
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections[0].extra, extra);
  const headers = { "X-User-Id": USER };
  assertEquals((await gateway.api("/proxy/acme/x", { headers })).status, 200);
  assertEquals(hosts.sent.at(-1)!.host, "eu1.acme.example");

  // A refresh that says less takes nothing back; one that says something else moves the API.
  hosts.says = { instance_url: undefined, team: { id: ["x"] } };
  gateway.world.skew += HOUR_MS;
  assertEquals((await token(gateway)).json.extra, extra);
  hosts.says = { instance_url: "https://eu2.acme.example/" };
  gateway.world.skew += HOUR_MS;
  assertEquals((await gateway.api("/proxy/acme/x", { headers })).status, 200);
  assertEquals([hosts.sent.at(-1)!.host, hosts.sent.at(-1)!.path], ["eu2.acme.example", "/api/x"]);
});

Deno.test("a token goes to no host of an answer's choice", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, INSTANCES);
  const headers = { "X-User-Id": USER };
  for (
    const instance_url of [
      "https://evil.example",
      "http://eu1.acme.example",
      "https://eu1.acme.example:8443",
      "https://eu1.acme.example@evil.example",
      "https://token@eu1.acme.example",
      "https://evil.example/.acme.example",
      "https://evil.example#.acme.example",
      "https://eu1.acme.example.evil.example",
      "//eu1.acme.example",
      "eu1.acme.example",
      "https://acme.example",
      "javascript:alert(1)",
      "https://eu1.acme.example\r\nX: y",
      "x".repeat(3_000),
      { toString: "https://eu1.acme.example" },
      ["https://eu1.acme.example"],
      null,
    ]
  ) {
    hosts.says = { instance_url };
    await connect(gateway, hosts);
    hosts.sent.length = 0;
    const answer = await gateway.api("/proxy/acme/x", { headers });
    assertEquals(
      [answer.status, answer.json.error],
      [400, "invalid_request"],
      JSON.stringify(instance_url),
    );
    assertStringIncludes(answer.json.error_description, "not known where the API");
    assertEquals(hosts.sent, [], JSON.stringify(instance_url));
    // The token itself is good.
    assertEquals((await token(gateway)).status, 200);
    await gateway.api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
  }
});

Deno.test("of the address that an answer says its host counts, and no path or query of it", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, INSTANCES);
  hosts.says = { instance_url: "https://eu1.acme.example/services/delete?all=1#x" };
  await connect(gateway, hosts);
  await gateway.api("/proxy/acme/x", { headers: { "X-User-Id": USER } });
  assertEquals([hosts.sent.at(-1)!.host, hosts.sent.at(-1)!.path], ["eu1.acme.example", "/api/x"]);
});

Deno.test("a configured API gets its token in the header that it wants, and nobody else's", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(
    hosts,
    { ...SHOPS, api_token_header: "X-Acme-Token", tokens_never_end: true } as typeof SHOPS,
  );
  hosts.says = { expires_in: 0 };
  await connect(gateway, hosts, { shop: "ada.acme.example" });
  const headers = { "X-User-Id": USER, "X-Acme-Token": "the caller's" };
  for (let call = 0; call < 2; call++) {
    gateway.world.skew += 1000 * HOUR_MS;
    assertEquals((await gateway.api("/proxy/acme/x", { headers })).status, 200);
    const { path, bearer, headers: sent } = hosts.sent.at(-1)!;
    assertEquals([path, bearer, sent["x-acme-token"]], ["/api/x", undefined, "access-1"]);
  }
});

Deno.test("an app that claims hears what the provider said, and so does nobody else", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startGateway({
    env: { ...envOf(SHOPS), RETURN_URLS: "https://switchboard.example/done" },
    fetch: hosts.fetch,
  });
  const body = {
    user_id: USER,
    service: "acme",
    params: { shop: "ada.acme.example" },
    return_to: "https://switchboard.example/done",
  };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser({ fetch: hosts.fetch });
  const until = (url: string) => url.startsWith("https://switchboard.example/done");
  const { url } = await browser.submit(await browser.open(json.url), { until });
  const code = new URL(url).searchParams.get("code");
  assert(!url.includes("ada.acme"), url);
  const claimed = await gateway.api("/links/claim", { body: { user_id: USER, code } });
  assertEquals(claimed.json.extra, { shop: "ada.acme.example" });
  assertEquals((await token(gateway)).json.extra, { shop: "ada.acme.example" });
});
