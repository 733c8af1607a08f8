import { assertEquals, assertStringIncludes } from "@std/assert";
import { TENANTS_RETRY_MS } from "../../broker/connect/late_tenants.ts";
import { Browser } from "../support/browser.ts";
import { type CustomerHosts, envOf, startCustomerHosts, SUITE } from "../support/customer_hosts.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

const SITES = [{ id: "s-1", name: "One", url: "https://one.acme.example" }];
const QUESTIONS = ["/me", "/tenants"];

const no = () => Response.json({ error: "later" }, { status: 503 });

/** A gateway with a connection of which nobody knows the tenants. */
async function startWithout(hosts: CustomerHosts): Promise<Gateway> {
  const gateway = await startGateway({ env: envOf(SUITE), fetch: hosts.fetch });
  hosts.says = { scope: "me mail.write" };
  hosts.tenants = no;
  const body = { user_id: USER, service: "acme_mail" };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser({ fetch: hosts.fetch });
  const done = await browser.submit(await browser.open(json.url));
  assertStringIncludes(done.html, "✓ Acme Mail connected");
  hosts.sent.length = 0;
  return gateway;
}

async function token(gateway: Gateway) {
  const { status, json } = await gateway.api("/token/acme", { body: { user_id: USER } });
  assertEquals(status, 200);
  return json;
}

const asked = (hosts: CustomerHosts) => hosts.sent.splice(0).map(({ path }) => path);

Deno.test("tenants that were not told are asked for when the connection is used, and kept", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startWithout(hosts);
  hosts.tenants = () => Response.json(SITES);
  const each = await Promise.all(Array.from({ length: 8 }, () => token(gateway)));
  assertEquals(each.map(({ tenants }) => tenants?.length), Array(8).fill(1));
  assertEquals(asked(hosts), QUESTIONS);
  const proxied = await gateway.api("/proxy/acme_mail/x", { headers: { "X-User-Id": USER } });
  assertEquals([proxied.status, asked(hosts)], [200, ["/mail/s-1/x"]]);
  assertEquals((await token(gateway)).extra.site, "s-1");
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections[0].tenants.length, 1);
  gateway.world.skew += 3_600_000;
  assertEquals((await token(gateway)).extra.site, "s-1");
  assertEquals(asked(hosts), ["/token"]);
});

Deno.test("a provider that goes on not saying them is asked once in a while, by all callers together", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startWithout(hosts);
  const each = await Promise.all(Array.from({ length: 8 }, () => token(gateway)));
  assertEquals(each.map(({ tenants }) => tenants), Array(8).fill(undefined));
  assertEquals(asked(hosts), QUESTIONS);
  gateway.world.skew += TENANTS_RETRY_MS - 60_000;
  await token(gateway);
  assertEquals(asked(hosts), []);
  gateway.world.skew += 120_000;
  await token(gateway);
  assertEquals(asked(hosts), QUESTIONS);
});

Deno.test("a provider that does not say whose account it is costs nobody a token", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startWithout(hosts);
  hosts.person = { id: undefined };
  gateway.world.events.length = 0;
  assertEquals((await token(gateway)).access_token, "access-1");
  await gateway.broker.idle();
  assertEquals(
    gateway.world.events.filter(({ event }) => event === "tenants_not_told")
      .map(({ detail }) => detail),
    ["Acme's userinfo has no usable id"],
  );
});

Deno.test("nobody waits long for them, and what comes late is kept for the next caller", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startWithout(hosts);
  gateway.world.speed = 100;
  const late = Promise.withResolvers<Response>();
  hosts.tenants = () => late.promise;
  assertEquals((await token(gateway)).tenants, undefined);
  late.resolve(Response.json(SITES));
  await gateway.broker.idle();
  assertEquals((await token(gateway)).extra.site, "s-1");
  assertEquals(asked(hosts), QUESTIONS);
});

Deno.test("what comes late brings back no connection that has ended", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startWithout(hosts);
  gateway.world.speed = 100;
  const late = Promise.withResolvers<Response>();
  hosts.tenants = () => late.promise;
  await token(gateway);
  await gateway.api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
  late.resolve(Response.json(SITES));
  await gateway.broker.idle();
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections, []);
});

Deno.test("a refresh that is under way loses neither its tokens nor the tenants", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startWithout(hosts);
  gateway.world.speed = 100;
  const late = Promise.withResolvers<Response>();
  hosts.tenants = () => late.promise;
  const first = await token(gateway);
  gateway.world.speed = 1;
  gateway.world.skew += 3_600_000;
  const second = token(gateway);
  late.resolve(Response.json(SITES));
  assertEquals((await second).access_token === first.access_token, false);
  await gateway.broker.idle();
  const third = await token(gateway);
  assertEquals([third.access_token, third.extra.site], [(await second).access_token, "s-1"]);
});

Deno.test("tenants that are said of another account are not taken for this one's", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startWithout(hosts);
  hosts.tenants = () => Response.json(SITES);
  hosts.person = { id: 2 };
  assertEquals((await token(gateway)).tenants, undefined);
  hosts.person = {};
  gateway.world.skew += TENANTS_RETRY_MS + 1_000;
  assertEquals((await token(gateway)).tenants.length, 1);
});

Deno.test("a provider without tenants is asked nothing", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await startWithout(hosts);
  const { tenants: _tenants, services: _services, ...rest } = SUITE;
  await gateway.restart(envOf(rest));
  await token(gateway);
  assertEquals(asked(hosts), []);
});
