import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { type CustomerHosts, envOf, startCustomerHosts, SUITE } from "../support/customer_hosts.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

const HOUR_MS = 3_600_000;
const ONE = { id: "s-1", name: "One", url: "https://one.acme.example" };
const TWO = { id: "s-2", name: "Two", url: "https://two.acme.example" };
/** As it is said here. */
const SAID = [ONE, TWO].map(({ id, name, url }) => ({
  id,
  label: name,
  extra: { site: id, site_url: url },
}));

function start(hosts: CustomerHosts, spec: { name: string } = SUITE): Promise<Gateway> {
  return startGateway({ env: envOf(spec), fetch: hosts.fetch });
}

async function connect(gateway: Gateway, hosts: CustomerHosts, scope = "mail.write") {
  hosts.says = { scope: `me ${scope}` };
  const { json } = await gateway.api("/links", {
    body: { user_id: USER, service: "acme", scope },
  });
  const browser = new Browser({ fetch: hosts.fetch });
  const done = await browser.submit(await browser.open(json.url));
  assertStringIncludes(done.html, "connected");
}

async function said(gateway: Gateway) {
  const { json } = await gateway.api("/token/acme", { body: { user_id: USER } });
  return { extra: json.extra, tenants: json.tenants };
}

/** Calls the API of a service; what came of it, and where it arrived. */
async function call(
  gateway: Gateway,
  hosts: CustomerHosts,
  { service = "acme_mail", method = "GET", tenant, headers }: {
    service?: string;
    method?: string;
    tenant?: string;
    headers?: Record<string, string>;
  } = {},
) {
  hosts.sent.length = 0;
  const { status, json } = await gateway.api(`/proxy/${service}/x`, {
    method,
    headers: {
      "X-User-Id": USER,
      ...(tenant !== undefined && { "X-Tenant": tenant }),
      ...headers,
    },
  });
  return { status, why: json?.error_description, at: hosts.sent.map(({ path }) => path).join() };
}

Deno.test("the tenants of an account are kept with it, and said wherever its tokens are", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  hosts.tenants = () => Response.json([ONE, TWO]);
  await connect(gateway, hosts);
  assertEquals(hosts.sent.map(({ path }) => path), ["/authorize", "/token", "/me", "/tenants"]);
  assertEquals(hosts.sent.at(-1)!.bearer, "access-1");
  assertEquals(await said(gateway), { extra: SAID[0]!.extra, tenants: SAID });
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals([json.connections[0].extra, json.connections[0].tenants], [SAID[0]!.extra, SAID]);
  // A refresh asks nothing, and loses nothing.
  hosts.sent.length = 0;
  gateway.world.skew += HOUR_MS;
  assertEquals(await said(gateway), { extra: SAID[0]!.extra, tenants: SAID });
  assertEquals(hosts.sent.map(({ path }) => path), ["/token"]);
  // Nothing of it stands in the clear.
  const files = await Promise.all(
    ["", "-wal"].map((suffix) => Deno.readFile(gateway.kvPath + suffix)),
  );
  const stored = files.map((bytes) => new TextDecoder("latin1").decode(bytes)).join();
  assert(stored.includes(USER) && !stored.includes("one.acme"));
});

Deno.test("a person with two tenants uses both, by id or name", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  hosts.tenants = () => Response.json([ONE, TWO]);
  await connect(gateway, hosts);
  for (const method of ["GET", "POST", "DELETE"]) {
    for (const [tenant, id] of [["s-1", "s-1"], ["s-2", "s-2"], ["Two", "s-2"], ["oNe", "s-1"]]) {
      const { status, at } = await call(gateway, hosts, { method, tenant: tenant! });
      assertEquals([status, at], [200, `/mail/${id}/x`], `${method} ${tenant}`);
    }
  }
  assertEquals(hosts.sent[0]!.headers["x-tenant"], undefined);
});

Deno.test("what reads goes to the usual tenant, and what changes something asks which one is meant", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  hosts.tenants = () => Response.json([ONE, TWO]);
  await connect(gateway, hosts);
  for (const method of ["GET", "HEAD"]) {
    assertEquals((await call(gateway, hosts, { method })).at, "/mail/s-1/x", method);
  }
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const { status, why, at } = await call(gateway, hosts, { method });
    assertEquals([status, at], [400, ""], method);
    assertStringIncludes(why, "X-Tenant does not say which one is meant: One (s-1), Two (s-2).");
    // Where it makes no difference nobody is asked.
    const other = await call(gateway, hosts, { method, service: "acme" });
    assertEquals([other.status, other.at], [200, "/x"], method);
  }
  hosts.tenants = () => Response.json([TWO]);
  await connect(gateway, hosts);
  assertEquals((await call(gateway, hosts, { method: "POST" })).at, "/mail/s-2/x");
});

Deno.test("connecting again renews the list, and the usual tenant stays the usual one", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  hosts.tenants = () => Response.json([TWO]);
  await connect(gateway, hosts);
  hosts.tenants = () => Response.json([ONE, TWO]);
  await connect(gateway, hosts);
  assertEquals((await said(gateway)).tenants, SAID.toReversed());
  assertEquals((await call(gateway, hosts)).at, "/mail/s-2/x");
  // One that is gone is nobody's any more.
  hosts.tenants = () => Response.json([ONE]);
  await connect(gateway, hosts);
  assertEquals((await said(gateway)).tenants, [SAID[0]]);
  assertEquals((await call(gateway, hosts, { tenant: "s-2" })).status, 400);
  hosts.tenants = () => Response.json([]);
  await connect(gateway, hosts);
  assertEquals(await said(gateway), { extra: undefined, tenants: [] });
  const { status, why } = await call(gateway, hosts);
  assertEquals(status, 400);
  assertStringIncludes(why, "not known where the API of this Acme account is");
});

Deno.test("a list that nobody could ask for loses no connection, and takes nothing back", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const fails: [string, () => Response | Promise<Response>][] = [
    ["no", () => Response.json({ error: "forbidden" }, { status: 403 })],
    ["broken", () => new Response("oops", { status: 502 })],
    ["a page", () => new Response("<html>", { headers: { "Content-Type": "text/html" } })],
    ["an object", () => Response.json({ sites: [ONE] })],
    ["null", () => Response.json(null)],
    ["nothing usable", () => Response.json([{ name: "One" }, null, 7, "s-1", [ONE]])],
    ["elsewhere", () => Response.redirect("https://evil.example/tenants")],
  ];
  for (const [what, answer] of fails) {
    hosts.tenants = answer;
    await gateway.api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
    await connect(gateway, hosts);
    assertEquals(await said(gateway), { extra: undefined, tenants: undefined }, what);
    const [entry] = gateway.world.events.filter(({ event }) => event === "tenants_not_told");
    assertEquals(entry?.provider, "acme", what);
    assert(!JSON.stringify(entry).includes("s-1"), what);
    gateway.world.events.length = 0;
    const { status, at } = await call(gateway, hosts);
    assertEquals([status, at], [400, ""], what);
    // What is asked at the next try heals it.
    hosts.tenants = () => Response.json([ONE, TWO]);
    await connect(gateway, hosts);
    assertEquals((await said(gateway)).tenants, SAID, what);
    // And what is known stays known.
    hosts.tenants = answer;
    await connect(gateway, hosts);
    assertEquals((await said(gateway)).tenants, SAID, what);
  }
});

Deno.test("a tenant may be named in a header of the API's own, by which a caller names it, too", async () => {
  const { services: _, ...rest } = SUITE;
  const spec = { ...rest, tenants: { ...SUITE.tenants, header: "Acme-Site-Id" } };
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, spec);
  hosts.tenants = () => Response.json([ONE, TWO]);
  await connect(gateway, hosts);
  const sentAs = async (headers: Record<string, string>, method = "GET") => {
    const { status } = await call(gateway, hosts, { service: "acme", headers, method });
    return [status, ...hosts.sent.map(({ headers }) => headers["acme-site-id"])];
  };
  assertEquals(await sentAs({}), [200, "s-1"]);
  assertEquals(await sentAs({ "Acme-Site-Id": "s-2" }, "POST"), [200, "s-2"]);
  assertEquals(await sentAs({ "X-Tenant": "One", "Acme-Site-Id": "s-2" }), [200, "s-1"]);
  assertEquals(await sentAs({}, "POST"), [400]);
  assertEquals(await sentAs({ "Acme-Site-Id": "s-3" }), [400]);
});

Deno.test("the list may stand in the userinfo, with the address of each tenant's API, and others left out", async () => {
  const { services: _, ...rest } = SUITE;
  const spec = {
    ...rest,
    api_url: "{href}/api",
    hosts: ["*.acme.example"],
    tenants: {
      name: "site",
      list: "accounts.all",
      only: { product: "acme3" },
      usual: "is_default",
      id: "id",
      label: "name",
      extra: { href: "href" },
    },
  };
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, spec);
  const all = [
    { product: "acme1", id: 1, name: "Old", href: "https://old.acme.example" },
    { product: "acme3", id: 99999999, name: "One", href: "https://one.acme.example/99999999" },
    { product: "acme3", id: 2, name: "Evil", href: "https://evil.example" },
    { product: "acme3", id: 3, is_default: true, href: "https://three.acme.example" },
  ];
  hosts.person = { accounts: { all } };
  await connect(gateway, hosts);
  assert(!hosts.sent.some(({ path }) => path === "/tenants"));
  const { tenants } = await said(gateway);
  assertEquals(tenants.map(({ id }: { id: string }) => id), ["3", "99999999", "2"]);
  const { status, at } = await call(gateway, hosts, { service: "acme", tenant: "One" });
  assertEquals([status, at, hosts.sent[0]!.host], [200, "/api/x", "one.acme.example"]);
  // By the rules for hosts, whatever an answer says.
  const evil = await call(gateway, hosts, { service: "acme", tenant: "Evil" });
  assertEquals([evil.status, hosts.sent], [400, []]);
});
