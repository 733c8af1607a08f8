import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LONGEST_TENANTS, MOST_TENANTS } from "../../broker/core/tenants.ts";
import { MAX_TOKEN_SET_BYTES } from "../../broker/tokens/size.ts";
import { MAX_TENANTS_BYTES } from "../../providers/tenants.ts";
import { Browser } from "../support/browser.ts";
import { type CustomerHosts, envOf, startCustomerHosts, SUITE } from "../support/customer_hosts.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

const GOOD = { id: "s-1", name: "One", url: "https://one.acme.example" };

/** The address of its API is what the list says. */
const AT_HOSTS = {
  ...SUITE,
  services: [],
  api_url: "{site_url}/api/{site}",
  hosts: ["*.acme.example"],
};

function start(hosts: CustomerHosts, spec: { name: string } = SUITE): Promise<Gateway> {
  hosts.says = { scope: "me mail.write" };
  return startGateway({ env: envOf(spec), fetch: hosts.fetch });
}

/** Connects with such a list; what is known of it then. */
async function connectWith(
  gateway: Gateway,
  hosts: CustomerHosts,
  answer: unknown,
  userId = USER,
  service = "acme",
) {
  await gateway.api(`/connections/acme?user_id=${userId}`, { method: "DELETE" });
  hosts.tenants = () => typeof answer === "function" ? answer() : Response.json(answer);
  const body = { user_id: userId, service, scope: "mail.write" };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser({ fetch: hosts.fetch });
  const done = await browser.submit(await browser.open(json.url));
  assertStringIncludes(done.html, "✓ Acme");
  const token = await gateway.api("/token/acme", { body: { user_id: userId } });
  assertEquals(token.status, 200);
  hosts.sent.length = 0;
  return token.json;
}

function proxy(gateway: Gateway, headers: Record<string, string>, service = "acme_mail") {
  return gateway.api(`/proxy/${service}/x`, { headers: { "X-User-Id": USER, ...headers } });
}

Deno.test("an id that is more than one part of a path is no tenant's, however it is written", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const ids = [
    "..",
    ".",
    "",
    "../s-2",
    "s-2/../../admin",
    "s-2/x",
    "s-2\\x",
    "%2e%2e",
    "%2e%2e%2fadmin",
    "..;x",
    "s-2;x",
    "s-2?x=1",
    "s-2#x",
    "s-2@evil.example",
    "https://evil.example",
    "//evil.example",
    "s-2\r\nX-Evil: 1",
    "s-2\0",
    "s-2 ",
    " s-2",
    "s\u202e-2",
    "é",
    "😀",
    "\ud800",
    "x".repeat(129),
    { toString: "s-2" },
    ["s-2"],
    null,
    true,
  ];
  const all = ids.map((id) => ({ ...GOOD, id, name: "Evil" }));
  const { tenants, extra } = await connectWith(gateway, hosts, [...all, GOOD]);
  assertEquals(tenants.map(({ id }: { id: string }) => id), ["s-1"]);
  assertEquals(extra.site, "s-1");
  for (const id of ids) {
    if (typeof id !== "string" || !/^[\x20-\x7e]+$/.test(id)) continue;
    const { status } = await proxy(gateway, { "X-Tenant": id });
    // HTTP itself takes the blanks away.
    assertEquals(status, 400, id);
  }
  assertEquals(hosts.sent, []);
});

Deno.test("a list that is too long in any way is not kept, and the connection is", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const many = (length: number, more = {}) =>
    Array.from({ length }, (_, index) => ({ ...GOOD, id: `s-${index}`, ...more }));
  const wide = LONGEST_TENANTS / 20;
  const tooLong: [string, unknown, string][] = [
    ["10,000 of them", many(10_000, { url: undefined }), `more than ${MOST_TENANTS}`],
    ["one too many", many(MOST_TENANTS + 1), `more than ${MOST_TENANTS}`],
    ["long ones", many(21, { url: "x".repeat(wide) }), "too long to keep"],
    [
      "1 MB",
      [{ ...GOOD, scopes: "x".repeat(2 * MAX_TENANTS_BYTES) }],
      `longer than ${MAX_TENANTS_BYTES}`,
    ],
    [
      "1 MB of nothing",
      () => new Response(" ".repeat(2 * MAX_TENANTS_BYTES)),
      `longer than ${MAX_TENANTS_BYTES}`,
    ],
  ];
  for (const [what, answer, why] of tooLong) {
    const { tenants, extra } = await connectWith(gateway, hosts, answer);
    assertEquals([tenants, extra], [undefined, undefined], what);
    const entry = gateway.world.events.find(({ event }) => event === "tenants_not_told");
    assertStringIncludes(String(entry?.detail), why, what);
    gateway.world.events.length = 0;
    assertEquals((await proxy(gateway, {})).status, 400, what);
  }
  assertEquals(hosts.sent, []);
  const most = await connectWith(gateway, hosts, many(MOST_TENANTS));
  assertEquals(most.tenants.length, MOST_TENANTS);
  assertEquals((await proxy(gateway, { "X-Tenant": `s-${MOST_TENANTS - 1}` })).status, 200);
});

Deno.test("the longest list beside the largest token set is kept, and so is the connection at a refresh", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const large = (letter: string) => ({
    access_token: letter,
    refresh_token: letter.repeat(MAX_TOKEN_SET_BYTES - 1_000),
    scope: "me mail.write",
  });
  const url = "é".repeat(LONGEST_TENANTS / MOST_TENANTS - 80);
  const list = Array.from({ length: MOST_TENANTS }, (_, index) => ({ id: `s-${index}`, url }));
  hosts.says = large("a");
  const { tenants } = await connectWith(gateway, hosts, list);
  assertEquals(tenants.length, MOST_TENANTS);
  assert(JSON.stringify(tenants).length > LONGEST_TENANTS - 5_000);
  for (const letter of ["b", "c"]) {
    hosts.says = large(letter);
    gateway.world.skew += 3_600_000;
    const { status, json } = await gateway.api("/token/acme", { body: { user_id: USER } });
    assertEquals([status, json.access_token, json.tenants?.length], [
      200,
      letter,
      MOST_TENANTS,
    ]);
  }
});

Deno.test("an answer that does not end loses no connection", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new TextEncoder().encode("[".repeat(64 * 1024))),
      }),
    );
  const { tenants } = await connectWith(gateway, hosts, endless);
  assertEquals(tenants, undefined);
});

Deno.test("a name of a tenant turns no words around it, and two of one name are told apart", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const { tenants } = await connectWith(gateway, hosts, [
    { id: "a", name: "One\r\n\u202eevil" },
    { id: "b", name: "Same" },
    { id: "c", name: "SAME" },
    { id: "d", name: { name: "x" } },
    { id: "e", name: "b" },
    { id: "f", name: "x".repeat(5_000) },
  ]);
  const labels = tenants.map(({ label }: { label: string }) => label);
  assertEquals(labels.slice(0, 5), ["One evil", "Same", "SAME", "d", "b"]);
  assertEquals(labels[5].length, 100);
  // An id goes before a name that somebody chose to look like it.
  assertEquals((await proxy(gateway, { "X-Tenant": "b" })).status, 200);
  assertEquals(hosts.sent.map(({ path }) => path), ["/mail/b/x"]);
  assertEquals((await proxy(gateway, { "X-Tenant": "same" })).status, 400);
  assertEquals(hosts.sent.length, 1);
});

Deno.test("nobody names a tenant that is not the account's, be it somebody else's or made up", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  await connectWith(gateway, hosts, [GOOD]);
  hosts.person = { id: 2, name: "Bob" };
  await connectWith(gateway, hosts, [{ ...GOOD, id: "s-9", name: "Bob's" }], "bob");
  for (const tenant of ["s-9", "Bob's", "s-2", "S-1", "s-1,s-9", "s-1/../s-9", "", "*"]) {
    const { status, json } = await proxy(gateway, { "X-Tenant": tenant });
    assertEquals([status, json?.error], [400, "invalid_request"], tenant);
    assert(!json.error_description.includes("s-9"), tenant);
    assertStringIncludes(json.error_description, "It has One (s-1).");
  }
  // Nor where there are none, nor by what a caller says of itself elsewhere.
  for (const service of ["acme", "github"]) {
    if (service === "github") await gateway.connect("github");
    hosts.sent.length = 0;
    assertEquals((await proxy(gateway, { "X-Tenant": "s-9" }, service)).status, 400, service);
  }
  assertEquals(hosts.sent, []);
  const answer = await gateway.api("/proxy/acme_mail/x?site=s-9&tenant=s-9", {
    headers: { "X-User-Id": USER, "Site": "s-9" },
  });
  assertEquals([answer.status, hosts.sent[0]!.path], [200, "/mail/s-1/x"]);
});

Deno.test("no link, no import and no parameter says which tenants there are", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  const link = await gateway.api("/links", {
    body: { user_id: USER, service: "acme_mail", params: { site: "s-9" } },
  });
  assertEquals([link.status, link.json.error], [400, "invalid_request"]);
  hosts.tenants = () => Response.json([GOOD]);
  const held = { service: "acme", access_token: "a", expires_in: 3600, scope: "mail.write" };
  const imported = async (userId: string, verify: string, more: Record<string, unknown>) => {
    const body = [{ user_id: userId, ...held, ...more }];
    const { json } = await gateway.api(`/connections/import?verify=${verify}`, { body });
    return json.results[0];
  };
  const said = { extra: { site: "s-9", site_url: "https://nine.acme.example" } };
  const account = { id: "1" };
  assertEquals((await imported("ann", "none", { ...said, account })).status, "imported");
  assertEquals((await imported("bea", "identify", said)).status, "imported");
  assertEquals((await imported("cat", "identify", { tenants: [GOOD] })).status, "refused");
  for (const userId of ["ann", "bea"]) {
    const { json } = await gateway.api("/token/acme", { body: { user_id: userId } });
    assertEquals(json.extra?.site, "s-1", userId);
  }
});

Deno.test("a token goes to no host of a list's choice", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts, AT_HOSTS);
  for (
    const url of [
      "https://evil.example",
      "http://one.acme.example",
      "https://one.acme.example:8443",
      "https://one.acme.example@evil.example",
      "https://evil.example/.acme.example",
      "https://one.acme.example.evil.example",
      "//one.acme.example",
      "one.acme.example",
      "javascript:alert(1)",
      "https://one.acme.example\r\nX: y",
      "x".repeat(3_000),
      { toString: "https://one.acme.example" },
      null,
    ]
  ) {
    await connectWith(gateway, hosts, [{ ...GOOD, url }]);
    for (const headers of [{}, { "X-Tenant": "s-1" }]) {
      const { status } = await proxy(gateway, headers as Record<string, string>, "acme");
      assertEquals([status, hosts.sent], [400, []], JSON.stringify(url));
    }
  }
  await connectWith(gateway, hosts, [GOOD]);
  assertEquals((await proxy(gateway, {}, "acme")).status, 200);
  assertEquals(hosts.sent.map(({ host, path }) => host + path), ["one.acme.example/api/s-1/x"]);
});

Deno.test("the question goes where the entry says, with nothing of the client in it", async () => {
  await using hosts = startCustomerHosts();
  await using gateway = await start(hosts);
  await connectWith(gateway, hosts, [GOOD]);
  hosts.says = { scope: "me mail.write" };
  const body = { user_id: USER, service: "acme", scope: "mail.write" };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser({ fetch: hosts.fetch });
  await browser.submit(await browser.open(json.url));
  const { host, path, form, headers } = hosts.sent.at(-1)!;
  assertEquals([host, path, form], ["api.acme.example", "/tenants", {}]);
  assert(!JSON.stringify(headers).includes("secret"));
});
