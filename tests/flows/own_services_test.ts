import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { digestHex } from "../../tasks/key.ts";
import { Browser } from "../support/browser.ts";
import { type CustomerHosts, envOf, startCustomerHosts, SUITE } from "../support/customer_hosts.ts";
import { API_KEY, type Gateway, startGateway, USER } from "../support/gateway.ts";

const BACK = "https://app.example.com/connected";
const SITES = [{ id: "s-1", name: "One", url: "https://one.acme.example" }];

/** A gateway with the entry, whose key `voice` may be limited to some services. */
function start(hosts: CustomerHosts, services?: string): Promise<Gateway> {
  hosts.tenants = () => Response.json(SITES);
  return startGateway({ env: { ...envOf(SUITE), ...keyFor(services) }, fetch: hosts.fetch });
}

function keyFor(services?: string): Record<string, string> {
  const limit = services === undefined ? "" : `:${services}`;
  return { API_KEYS: `voice:sha256:${digestHex(API_KEY)}${limit}` };
}

/** Goes all the way behind a link; what was asked for is granted, unless the test says otherwise. */
async function goBehind(hosts: CustomerHosts, url: string, granted?: string) {
  const browser = new Browser({ fetch: hosts.fetch });
  const page = await browser.open(url);
  const until = (url: string) => new URL(url).host === "login.acme.example";
  const leave = await browser.submit(page, { until });
  const asked = new URL(leave.url).searchParams.get("scope")!;
  hosts.says = { scope: granted ?? asked };
  const back = (url: string) => url.startsWith(BACK);
  const done = await browser.open(leave.url, back);
  return { page, asked: asked.split(" "), done };
}

async function connect(
  gateway: Gateway,
  hosts: CustomerHosts,
  body: Record<string, unknown>,
  granted?: string,
) {
  const link = await gateway.api("/links", { body: { user_id: USER, ...body } });
  assertEquals(link.status, 200, link.text);
  return await goBehind(hosts, link.json.url, granted);
}

const token = (gateway: Gateway, service: string, scope?: string) =>
  gateway.api(`/token/${service}`, { body: { user_id: USER, scope } });

async function servicesOf(gateway: Gateway): Promise<string[]> {
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  return json.connections[0].services;
}

Deno.test("each service of an entry is connected by its own name, and keeps what came before", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const mail = await connect(gateway, hosts, { service: "acme_mail" });
  assertStringIncludes(mail.page.html, "Connect Acme Mail?");
  assertEquals(mail.asked, ["me", "mail.write", "mail.send"]);
  assertStringIncludes(mail.done.html, "✓ Acme Mail connected");
  assertEquals(await servicesOf(gateway), ["acme", "acme_mail"]);
  assertEquals((await token(gateway, "acme_mail")).status, 200);

  const files = await token(gateway, "acme_files");
  assertEquals([files.status, files.json.error], [404, "not_connected"]);
  assertStringIncludes(files.json.error_description, "Acme Files is not connected");
  const cure = await goBehind(hosts, files.json.connect_url);
  assertStringIncludes(cure.page.html, "Connect Acme Files?");
  assertEquals(cure.asked, ["me", "files.write", "mail.write", "mail.send"]);
  assertEquals(await servicesOf(gateway), ["acme", "acme_mail", "acme_files"]);
  for (const service of ["acme", "acme_mail", "acme_files"]) {
    assertEquals((await token(gateway, service)).status, 200, service);
  }
});

Deno.test("one link connects several services of an entry, and says which were left unticked", async () => {
  await using hosts = startCustomerHosts();
  hosts.tenants = () => Response.json(SITES);
  await using gateway = await startGateway({
    env: { ...envOf(SUITE), RETURN_URLS: BACK },
    fetch: hosts.fetch,
  });
  const services = ["acme_files", "acme_mail"];
  const { page, asked, done } = await connect(gateway, hosts, { services });
  assertStringIncludes(page.html, "Connect Acme Mail and Acme Files?");
  assertEquals(asked, ["me", "mail.write", "mail.send", "files.write"]);
  assertStringIncludes(done.html, "✓ Acme Mail and Acme Files connected");

  const half = await connect(
    gateway,
    hosts,
    { user_id: "bob", services, return_to: BACK },
    "me mail.write",
  );
  const code = new URL(half.done.url).searchParams.get("code");
  const claimed = await gateway.api("/links/claim", { body: { user_id: "bob", code } });
  assertEquals(claimed.json.services, ["acme_mail"]);
  assertEquals(claimed.json.missing, ["mail.send", "files.write"]);
  assertEquals(claimed.json.extra.site, "s-1");
});

Deno.test("the provider's own name asks for what it says by itself, as without services", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const { page, asked, done } = await connect(gateway, hosts, { service: "acme" });
  assertStringIncludes(page.html, "Connect Acme?");
  assertEquals(asked, ["me"]);
  assertStringIncludes(done.html, "✓ Acme connected");
  assertEquals(await servicesOf(gateway), ["acme"]);
  // With a scope it is known what is meant.
  const read = await connect(gateway, hosts, { service: "acme", scope: "mail.read" });
  assertStringIncludes(read.page.html, "Connect Acme Mail?");
  const both = await connect(gateway, hosts, { services: ["acme", "acme_files"] });
  assertEquals(both.asked, ["me", "files.write", "mail.read"]);
  assertStringIncludes(both.done.html, "✓ Acme Files connected");
});

Deno.test("a scope that is wanting is named, and asked for beside what was granted", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  await connect(gateway, hosts, { service: "acme_mail", scope: "mail.read" });
  assertEquals((await token(gateway, "acme_mail", "mail.read")).status, 200);
  const { status, json } = await token(gateway, "acme_mail", "mail.send");
  assertEquals([status, json.error], [403, "insufficient_scope"]);
  const { page, asked } = await goBehind(hosts, json.connect_url);
  assertStringIncludes(page.html, "Connect Acme Mail?");
  assertEquals(asked, ["me", "mail.send", "mail.read"]);
  // What a scope includes is not wanting.
  await connect(gateway, hosts, { service: "acme_mail", scope: "mail.write" });
  assertEquals((await token(gateway, "acme_mail", "mail.read mail.send")).status, 200);
});

Deno.test("GET /services lists each service, with its own scopes and connections", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  await connect(gateway, hosts, { service: "acme_mail" });
  const { json } = await gateway.api(`/services?user_id=${USER}`);
  // deno-lint-ignore no-explicit-any -- as it stands on the wire
  const own = json.services.filter(({ provider }: any) => provider === "acme").map((each: any) => [
    each.name,
    each.title,
    // deno-lint-ignore no-explicit-any -- as it stands on the wire
    each.scopes.map(({ name }: any) => name),
    each.connections.length,
  ]);
  assertEquals(own, [
    ["acme", "Acme", [], 1],
    ["acme_mail", "Acme Mail", ["mail.write", "mail.send", "mail.settings"], 1],
    ["acme_files", "Acme Files", ["files.write"], 0],
    ["acme_wiki", "Acme Wiki", ["wiki.write"], 0],
  ]);
});

Deno.test("a key for one service asks for nothing of another's, under no name", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, "acme_mail");
  const link = (body: Record<string, unknown>) =>
    gateway.api("/links", { body: { user_id: USER, ...body } });
  for (
    const body of [
      { service: "acme" },
      { service: "acme_files" },
      { services: ["acme_mail", "acme_files"] },
      { services: ["acme_mail", "acme"] },
      { service: "acme_mail", scope: "files.write" },
      { service: "acme_mail", scope: "mail.write everything" },
      { service: "acme_mail", scope: "nobody.knows" },
    ]
  ) {
    const { status, json } = await link(body);
    assertEquals([status, json.error], [403, "access_denied"], JSON.stringify(body));
  }
  for (const scope of [undefined, "mail.read", "mail.settings", "me"]) {
    assertEquals((await link({ service: "acme_mail", scope })).status, 200, scope);
  }
  const { json } = await gateway.api("/services");
  assertEquals(json.services.map(({ name }: { name: string }) => name), ["acme_mail"]);
});

Deno.test("a key for one service gets no token that opens another one, and sees nothing of it", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const cases: [granted: string, services: string, allowed: boolean][] = [
    ["me mail.write", "acme_mail", true],
    ["me mail.settings mail.read", "acme_mail", true],
    ["me mail.write files.read", "acme_mail", false],
    ["me mail.write nobody.knows", "acme_mail", false],
    ["me files.read", "acme_files", true],
    // It opens the wiki too, and whoever may use the wiki alone may not have it either.
    ["me files.write everything", "acme_files", false],
    ["me wiki.write everything", "acme_wiki", false],
    ["me everything", "acme_files+acme_wiki", true],
    ["me everything nobody.knows", "acme", true],
  ];
  for (const [granted, services, allowed] of cases) {
    await gateway.restart(keyFor());
    await gateway.api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
    await connect(gateway, hosts, { service: "acme", scope: "mail.write" }, granted);
    await gateway.restart(keyFor(services));
    const [service = ""] = services.split("+");
    const why = `${granted} for ${services}`;
    assertEquals((await token(gateway, service)).status, allowed ? 200 : 403, why);
    hosts.sent.length = 0;
    const headers = { "X-User-Id": USER };
    const proxied = await gateway.api(`/proxy/${service}/x`, { headers });
    assertEquals([proxied.status, hosts.sent.length], allowed ? [200, 1] : [403, 0], why);
    for (const other of ["acme_mail", "acme_files", "acme_wiki", "acme"]) {
      if (services === "acme" || services.split("+").includes(other)) continue;
      assertEquals((await token(gateway, other)).status, 403, `${other} for ${services}`);
    }
    const { json } = await gateway.api(`/connections?user_id=${USER}`);
    const [seen] = json.connections;
    if (services !== "acme") {
      assert(seen.services.every((name: string) => services.split("+").includes(name)), why);
      assert(!seen.scope.includes("nobody.knows"), why);
    }
  }
});

Deno.test("disconnecting one service ends the whole connection, and says which services it was", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  await connect(gateway, hosts, { services: ["acme_mail", "acme_files"] });
  const gone = await gateway.api(`/connections/acme_mail?user_id=${USER}`, { method: "DELETE" });
  assertEquals(gone.json.services, ["acme", "acme_mail", "acme_files"]);
  assertEquals((await token(gateway, "acme_files")).status, 404);
});

Deno.test("each service's API is at its own base, and a path leads out of none", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  await connect(gateway, hosts, { services: ["acme_mail", "acme_files"] });
  hosts.sent.length = 0;
  const headers = { "X-User-Id": USER };
  const proxied = (path: string) => gateway.api(`/proxy/${path}`, { headers });
  for (const service of ["acme_mail", "acme_files", "acme"]) {
    assertEquals((await proxied(`${service}/x?y=1`)).status, 200, service);
  }
  assertEquals(
    hosts.sent.map(({ host, path }) => host + path),
    ["api.acme.example/mail/s-1/x", "files.acme.example/x", "api.acme.example/x"],
  );
  hosts.sent.length = 0;
  for (const path of ["..%2fs-2/x", "x/%252e%252e/%252e%252e/s-2", ".;/x"]) {
    assertEquals((await proxied(`acme_mail/${path}`)).status, 400, path);
  }
  assertEquals(hosts.sent, []);
});

Deno.test("one base in the place of an API is that of its services too, and their paths stay", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  await connect(gateway, hosts, { services: ["acme_mail", "acme_files"] });
  await gateway.restart({ ACME_API_URL: "https://inside.acme.example/acme" });
  hosts.sent.length = 0;
  for (const service of ["acme_mail", "acme_files", "acme"]) {
    await gateway.api(`/proxy/${service}/x`, { headers: { "X-User-Id": USER } });
  }
  assertEquals(
    hosts.sent.map(({ host, path }) => host + path),
    ["/acme/mail/s-1/x", "/acme/x", "/acme/x"].map((path) => `inside.acme.example${path}`),
  );
});

Deno.test("a scope that comes back by its whole name opens what its short one does, and no more", async () => {
  await using hosts = startCustomerHosts();
  hosts.tenants = () => Response.json(SITES);
  const spec = { ...SUITE, scope_prefix: "https://acme.example/" };
  await using gateway = await startGateway({ env: envOf(spec), fetch: hosts.fetch });
  const whole = ["me", "mail.write", "mail.send"].map((scope) => `https://acme.example/${scope}`);
  const { done } = await connect(gateway, hosts, { service: "acme_mail" }, whole.join(" "));
  assertStringIncludes(done.html, "✓ Acme Mail connected");
  assert(!done.html.includes("not allowed"), done.html);
  assertEquals(await servicesOf(gateway), ["acme", "acme_mail"]);
  await gateway.restart(keyFor("acme_mail"));
  assertEquals((await token(gateway, "acme_mail", "mail.read")).status, 200);
  await gateway.restart(keyFor());
  await connect(gateway, hosts, { service: "acme_mail" }, `${whole[1]} https://evil.example/me`);
  await gateway.restart(keyFor("acme_mail"));
  assertEquals((await token(gateway, "acme_mail")).status, 403);
});
