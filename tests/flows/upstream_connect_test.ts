import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { call, USER } from "../support/gateway.ts";
import { startOAuthServer } from "../support/oauth_server.ts";
import { mount, type Mounted, SERVICE } from "../support/upstream_service.ts";

const HOUR_MS = 60 * 60_000;

Deno.test("an MCP server is connected by one click, and nothing of it is configured but its address", async () => {
  await using mounted = await mount();
  const { server, gateway } = mounted;
  const page = await mounted.connect();
  assertStringIncludes(page.html, "Notes connected");
  const { json } = await mounted.token();
  assertEquals(server.whose(json.access_token)?.sub, USER);
  assertEquals(server.whose(json.access_token)?.resource, server.url);
  assertEquals(server.registrations.length, 1);
  const [connection] = (await gateway.api(`/connections?user_id=${USER}`)).json.connections;
  assertEquals(connection.provider, SERVICE);
  assertEquals(connection.kind, "oauth");
});

Deno.test("its tokens are refreshed like any other's, the resource said each time", async () => {
  await using mounted = await mount({ tokenSeconds: 600, resource: "required" });
  const { server, gateway } = mounted;
  await mounted.connect();
  const { json: first } = await mounted.token();
  gateway.world.skew = HOUR_MS;
  const { json: second } = await mounted.token();
  assert(first.access_token !== second.access_token);
  const refreshes = server.heard.filter(({ body }) => body.grant_type === "refresh_token");
  assertEquals(refreshes.map(({ body }) => body.resource), [server.url]);
});

const names = async (mounted: Mounted, userId: string): Promise<string[]> => {
  const { json } = await mounted.gateway.mcp(
    { jsonrpc: "2.0", method: "tools/list", params: {}, id: 1 },
    { path: `/mcp/${SERVICE}`, userId },
  );
  return json.result.tools.map(({ name }: { name: string }) => name);
};

const say = async (mounted: Mounted, name: string, userId: string) =>
  (await mounted.gateway.mcp(call(name), { userId })).json.result;

Deno.test("who has not connected it is offered to, and afterwards has tools of their own", async () => {
  await using mounted = await mount();
  assertEquals(await names(mounted, "ana"), ["notes_connect"]);
  const offered = await say(mounted, "notes_connect", "ana");
  assertEquals(offered.structuredContent.error, "not_connected");
  assertStringIncludes(offered.structuredContent.connect_url, `/auth/${SERVICE}`);
  const early = await say(mounted, "notes_whoami", "ana");
  assertEquals(early.structuredContent.error, "not_connected");
  await mounted.connect("ana");
  await mounted.connect("bo");
  const [ana, bo] = [await names(mounted, "ana"), await names(mounted, "bo")];
  assert(ana.includes("notes_whoami") && bo.includes("notes_whoami"));
  assertEquals(ana.filter((name) => !bo.includes(name)).length, 1, String(ana));
  assertEquals(bo.filter((name) => !ana.includes(name)).length, 1, String(bo));
  assertStringIncludes((await say(mounted, "notes_whoami", "ana")).content[0].text, "ana");
  assertStringIncludes((await say(mounted, "notes_whoami", "bo")).content[0].text, "bo");
  assertEquals(await names(mounted, "cy"), ["notes_connect"]);
});

Deno.test("a server that asks nobody is everybody's, and is found to be one by the list itself", async () => {
  await using mounted = await mount({ asksAt: "never" });
  const { server, gateway } = mounted;
  assert((await names(mounted, "ana")).includes("notes_whoami"));
  assertEquals(
    server.heard.filter(({ path }) => path !== "/mcp"),
    [],
    "nothing else was asked for",
  );
  const { json } = await gateway.api("/services");
  assertEquals(json.services.some(({ name }: { name: string }) => name === SERVICE), false);
});

Deno.test("a server that begins to ask is connected from then on, and its list is nobody's any more", async () => {
  await using mounted = await mount({ asksAt: "never" });
  const { server, gateway } = mounted;
  assert((await names(mounted, "ana")).includes("notes_whoami"));
  server.behaviour.asksAt = "always";
  const refused = await say(mounted, "notes_whoami", "ana");
  assertEquals(refused.structuredContent.error, "not_connected", JSON.stringify(refused));
  assertEquals(await names(mounted, "bo"), ["notes_connect"]);
  await mounted.connect("ana");
  assert((await names(mounted, "ana")).includes("notes_whoami"));
  // Another process, or the next start, knows it.
  await gateway.restart({});
  assertEquals(await names(mounted, "bo"), ["notes_connect"]);
});

Deno.test("a server that lists for everybody and asks at a call is connected then", async () => {
  await using mounted = await mount({ asksAt: "tools/call" });
  assert((await names(mounted, "ana")).includes("notes_whoami"));
  const refused = await say(mounted, "notes_whoami", "ana");
  assertEquals(refused.structuredContent.error, "not_connected", JSON.stringify(refused));
  await mounted.connect("ana");
  assertStringIncludes((await say(mounted, "notes_whoami", "ana")).content[0].text, "ana");
});

Deno.test("two workspaces of one server are two connections, by the names that the app gives them", async () => {
  await using mounted = await mount({ userinfo: false });
  const { server, gateway } = mounted;
  await mounted.connect(USER, { login: "home" });
  await mounted.connect(USER, { login: "office", account: "Work" });
  const { connections } = (await gateway.api(`/connections?user_id=${USER}`)).json;
  assertEquals(connections.map(({ account, label }: Record<string, string>) => [account, label]), [
    ["default", "Notes"],
    ["named:work", "Work"],
  ]);
  const whose = async (account?: string) =>
    server.whose((await mounted.token(USER, { account })).json.access_token)?.sub;
  assertEquals(await whose(), "home");
  assertEquals(await whose("work"), "office");
  await mounted.connect(USER, { login: "office", account: "work" });
  assertEquals((await gateway.api(`/connections?user_id=${USER}`)).json.connections.length, 2);
});

Deno.test("it is registered once, by however many people at once", async () => {
  await using mounted = await mount();
  const { server } = mounted;
  const pages = await Promise.all(
    ["a", "b", "c", "d", "e", "f"].map((userId) => mounted.connect(userId, { login: "one" })),
  );
  assertEquals(pages.map(({ status }) => status), Array(6).fill(200));
  assertEquals(server.registrations.length, 1);
});

Deno.test("it is registered anew when PUBLIC_URL changes, and when the server forgets it; who is connected stays so as long as the server lets them", async () => {
  await using mounted = await mount({ tokenSeconds: 600 });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  await gateway.restart({ PUBLIC_URL: gateway.url.replace("localhost", "127.0.0.1") });
  gateway.world.skew = HOUR_MS;
  assertEquals((await mounted.token("ana")).status, 200, "refreshed as who it was");
  await gateway.restart({});
  server.forgetClients();
  gateway.world.skew = 2 * HOUR_MS;
  assertEquals((await mounted.token("ana")).status, 409);
  await mounted.connect("ana");
  assertEquals((await mounted.token("ana")).status, 200);
  assertEquals(server.registrations.length, 1);
});

Deno.test("a token goes nowhere but to the address that it was issued for", async () => {
  await using mounted = await mount();
  const { server, gateway } = mounted;
  await using other = startOAuthServer();
  await mounted.connect("ana");
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, title: "Notes", url: other.url }]);
  await gateway.restart({ UPSTREAMS });
  assertEquals(await names(mounted, "ana"), ["notes_connect"]);
  assertEquals((await mounted.token("ana")).status, 404);
  const { connections } = (await gateway.api("/connections?user_id=ana")).json;
  assertEquals(connections.map(({ status }: { status: string }) => status), [
    "reauthorization_required",
  ]);
  const bearers = other.heard.flatMap(({ headers }) => headers.get("Authorization") ?? []);
  assertEquals(bearers, []);
  await gateway.restart({});
  assertEquals((await mounted.token("ana")).status, 200, "it is where it was");
  assertEquals(server.grants("ana"), 1);
});

Deno.test("what a server wants to be allowed beside is asked for by a link, and for no more than that", async () => {
  await using mounted = await mount({
    challengeScope: "notes.read",
    scopes: ["notes.read", "notes.admin", "offline_access"],
    needs: { whoami: "notes.admin" },
  });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  const refused = await say(mounted, "notes_whoami", "ana");
  assertEquals(refused.structuredContent.error, "insufficient_scope", JSON.stringify(refused));
  const url = new URL(refused.structuredContent.connect_url);
  assertEquals(url.searchParams.get("scope"), "notes.admin");
  const browser = new Browser();
  server.behaviour.login = "ana";
  await browser.submit(await browser.open(url.href));
  const asked = server.heard.filter(({ path }) => path === "/authorize").at(-1)!.query.scope;
  assertEquals(asked!.split(" ").sort(), ["notes.admin", "notes.read", "offline_access"]);
  assertStringIncludes((await say(mounted, "notes_whoami", "ana")).content[0].text, "ana");
  assertEquals((await gateway.api("/connections?user_id=ana")).json.connections.length, 1);
});

Deno.test("servers that read client documents are given ours, which holds no secret, and registers nothing", async () => {
  await using mounted = await mount({ documents: true });
  const { server, gateway } = mounted;
  assertEquals(
    (await gateway.api("/oauth/client/notes.json")).json.client_id,
    `${gateway.url}/oauth/client/notes.json`,
  );
  await gateway.restart({ PUBLIC_URL: "https://gateway.example.com", ALLOWED_HOSTS: "localhost" });
  const { status, json, headers } = await gateway.api("/oauth/client/notes.json", { key: null });
  assertEquals(status, 200);
  assertMatch(headers.get("Content-Type")!, /^application\/json/);
  assertEquals(json.client_id, "https://gateway.example.com/oauth/client/notes.json");
  assertEquals(json.redirect_uris, [`https://gateway.example.com/callback/${SERVICE}`]);
  assertEquals(json.token_endpoint_auth_method, "none");
  assertEquals(Object.keys(json).filter((name) => /secret|key|token$/.test(name)), []);
  const { url } = await gateway.broker.createLink({
    subject: "voice:ana",
    actor: { kind: "app", id: "voice" },
    target: gateway.broker.resolve(SERVICE),
    service: SERVICE,
  });
  const { searchParams } = new URL(url);
  const to = await gateway.broker.begin(
    { service: SERVICE, userId: "ana", scope: undefined, secret: searchParams.get("link")! },
    { browser: "b".repeat(43), person: undefined },
  );
  assertEquals(to.searchParams.get("client_id"), json.client_id);
  assertEquals(server.registrations, []);
});

Deno.test("credentials that the operator set go before all others, and to that server alone", async () => {
  const own = { "ours": { secret: "s3cret", redirectUris: [] as string[] } };
  await using mounted = await mount({ documents: true, clients: own }, {
    env: { NOTES_CLIENT_ID: "ours", NOTES_CLIENT_SECRET: "s3cret" },
  });
  const { server, gateway } = mounted;
  own.ours.redirectUris.push(`${gateway.url}/callback/${SERVICE}`);
  assertStringIncludes((await mounted.connect("ana")).html, "Notes connected");
  assertEquals((await mounted.token("ana")).status, 200);
  assertEquals(server.registrations.filter(({ id }) => id !== "ours"), []);
});

Deno.test("whose access has ended since the server moved is led to where people sign in by now", async () => {
  await using mounted = await mount({ refreshTokens: "never" });
  await using other = startOAuthServer({ login: "ana" });
  const { server } = mounted;
  await mounted.connect("ana");
  assert((await names(mounted, "ana")).includes("notes_whoami"));
  server.behaviour.trusts = other;
  server.behaviour.resourceMetadata = { authorization_servers: [other.issuer] };
  server.endAccess();
  const ended = await say(mounted, "notes_whoami", "ana");
  assertEquals(ended.structuredContent.error, "reauthorization_required", JSON.stringify(ended));
  await mounted.connect("ana");
  assertEquals([other.registrations.length, other.count("/token")], [1, 1]);
  const { isError, content: [{ text }] } = await say(mounted, "notes_whoami", "ana");
  assert(!isError && text.includes("ana"), text);
});
