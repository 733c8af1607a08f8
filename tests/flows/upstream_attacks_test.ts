/**
 * What connections to MCP servers that ask for OAuth must outlive, and what
 * nobody else may get of them. Each test names a kind of fault, and says where
 * it lies.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { moveOf } from "../../broker/moving/move_out.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { Browser } from "../support/browser.ts";
import { call, type Gateway, startGateway } from "../support/gateway.ts";
import { type OAuthServer, startOAuthServer } from "../support/oauth_server.ts";
import { runDeno } from "../support/process.ts";
import { connectAt, mount, type Mounted, SERVICE } from "../support/upstream_service.ts";

const LEAK = denoJson.tasks.leak.command.split(" ").slice(1);
const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;

async function names(gateway: Gateway, userId: string): Promise<string[]> {
  const { json } = await gateway.mcp(
    { jsonrpc: "2.0", method: "tools/list", params: {}, id: 1 },
    { path: `/mcp/${SERVICE}`, userId },
  );
  return json.result.tools.map(({ name }: { name: string }) => name);
}

/** Two processes on one store. */
async function second(
  { server, gateway }: Mounted,
  ENCRYPTION_KEYS: string,
  more: Record<string, string> = {},
): Promise<Gateway> {
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, title: "Notes", url: server.url }]);
  const other = await startGateway({
    kvPath: gateway.kvPath,
    env: { ENCRYPTION_KEYS, UPSTREAMS, PUBLIC_URL: gateway.url, ...more },
  });
  other.world.skew = gateway.world.now() - other.world.now() + 1;
  return other;
}

const tokenAt = (gateway: Gateway, userId: string) =>
  gateway.api(`/token/${SERVICE}`, { body: { user_id: userId } });

// providers/discovered/kept.ts `of`: `#found(Infinity)` is content with what this process holds in
// memory, without the registration that another process has made since; broker/core/credential.ts
// `renew` makes `invalid_grant`, the end, of "nothing is known here".
Deno.test("a connection that one process made is refreshed by another, which had met the server before", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({ tokenSeconds: 600 }, { env: { ENCRYPTION_KEYS } });
  const { gateway } = mounted;
  await using other = await second(mounted, ENCRYPTION_KEYS);
  // The other one meets it, before anybody is registered there.
  assertEquals(await names(other, "bo"), ["notes_connect"]);
  await mounted.connect("ana");
  other.world.skew += HOUR_MS;
  gateway.world.skew += HOUR_MS;
  const { status, text } = await tokenAt(other, "ana");
  assertEquals(status, 200, text);
});

// The same on the way back: broker/connect/complete.ts `flowOf`.
Deno.test("a sign-in that set out from one process comes back to another, which had met the server before", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({ login: "ana" }, { env: { ENCRYPTION_KEYS } });
  const { gateway } = mounted;
  await using other = await second(mounted, ENCRYPTION_KEYS);
  assertEquals(await names(other, "bo"), ["notes_connect"]);
  const link = await gateway.api("/links", { body: { user_id: "ana", service: SERVICE } });
  const browser = new Browser({
    fetch: (input, init) => {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      return pathname.startsWith("/callback/")
        ? fetch(other.url + pathname + search, { headers: request.headers, redirect: "manual" })
        : fetch(request);
    },
  });
  const { html } = await browser.submit(await browser.open(link.json.url));
  assertStringIncludes(html, "Notes connected");
});

// providers/discovered/flow.ts `refresh` and kept.ts `forget`: one answer, to one person, ends the
// grant of that person for ever, and takes away the registration on which all others hang.
Deno.test("one invalid_client that was a mistake of the moment ends nobody's connection", async () => {
  await using mounted = await mount({ tokenSeconds: 600 });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  await mounted.connect("bo");
  gateway.world.skew = HOUR_MS;
  server.behaviour.answer = ({ path }) =>
    path === "/token" ? Response.json({ error: "invalid_client" }, { status: 401 }) : undefined;
  await mounted.token("ana");
  server.behaviour.answer = undefined;
  // A minute later it is well again.
  gateway.world.skew += 2 * MINUTE_MS;
  const bo = await mounted.token("bo");
  assertEquals(bo.status, 200, `of bo, who was not even asked for: ${bo.text}`);
  const ana = await mounted.token("ana");
  assertEquals(ana.status, 200, `of ana: ${ana.text}`);
});

// The same by one person's code: exchange() forgets the registration, too.
Deno.test("a code that a server refuses as another client's ends nobody else's connection", async () => {
  await using mounted = await mount({ tokenSeconds: 600 });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  server.behaviour.answer = ({ path, body }) =>
    path === "/token" && body.grant_type === "authorization_code"
      ? Response.json({ error: "invalid_client" }, { status: 400 })
      : undefined;
  await mounted.connect("mallory");
  server.behaviour.answer = undefined;
  gateway.world.skew = HOUR_MS;
  assertEquals((await mounted.token("ana")).status, 200);
});

// kept.ts `#find` takes the probe's word that it is open; `of` takes that for the end of all.
Deno.test("a server that lists for everybody and asks at a call can be connected later, too, and keeps who is connected", async () => {
  await using mounted = await mount({ asksAt: "tools/call", tokenSeconds: 600 });
  const { gateway } = mounted;
  await names(gateway, "ana");
  await gateway.mcp(call("notes_whoami"), { userId: "ana" });
  assertStringIncludes((await mounted.connect("ana")).html, "Notes connected");
  gateway.world.skew = HOUR_MS;
  const page = await mounted.connect("bo");
  const ana = await mounted.token("ana");
  assertEquals(ana.status, 200, ana.text);
  assertStringIncludes(page.html, "Notes connected");
});

// kept.ts: the first authorization server that is down for a moment makes the second one "the" one;
// `of` compares issuers, and `renew` ends what the first has issued.
Deno.test("of several authorization servers one that is down for a while ends nobody's connection", async () => {
  await using mounted = await mount({ tokenSeconds: 600 });
  const { server, gateway } = mounted;
  await using spare = startOAuthServer();
  server.behaviour.resourceMetadata = { authorization_servers: [server.issuer, spare.issuer] };
  await mounted.connect("ana");
  gateway.world.skew = 11 * MINUTE_MS;
  server.behaviour.answer = ({ path }) =>
    path.startsWith("/.well-known/oauth-authorization-server")
      ? new Response(null, { status: 503 })
      : undefined;
  await mounted.connect("bo").catch(() => {});
  server.behaviour.answer = undefined;
  gateway.world.skew = HOUR_MS;
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
});

// kept.ts `of`: nobody ever looks again because a refresh fails.
Deno.test("a token endpoint that has moved is found again when refreshes fail", async () => {
  await using mounted = await mount({ tokenSeconds: 600, rotation: "stays" });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  const { origin } = server;
  server.behaviour.metadata = { token_endpoint: `${origin}/v2/token` };
  server.behaviour.answer = async ({ path, body, headers }) => {
    if (path === "/token" && !headers.has("X-Moved")) return new Response(null, { status: 404 });
    if (path !== "/v2/token") return undefined;
    return await fetch(`${origin}/token`, {
      method: "POST",
      headers: { "X-Moved": "1" },
      body: new URLSearchParams(body),
    });
  };
  gateway.world.skew = HOUR_MS;
  await mounted.token("ana");
  for (let tries = 0; tries < 3; tries++) {
    gateway.world.skew += 20 * MINUTE_MS;
    await mounted.token("ana");
  }
  gateway.world.skew += 20 * MINUTE_MS;
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
});

// kept.ts `#given`: the operator's secret goes to whatever authorization server the MCP server names.
Deno.test("a client secret of the operator's goes to the authorization server that it was made at, and to no other", async () => {
  const client = { id: "made-by-hand", secret: "operator-s-secret" };
  await using evil = startOAuthServer();
  const behaviour = { clients: {} as Record<string, { secret: string; redirectUris: string[] }> };
  await using mounted = await mount(behaviour, {
    env: { NOTES_CLIENT_ID: client.id, NOTES_CLIENT_SECRET: client.secret },
  });
  const { server, gateway } = mounted;
  const redirectUris = [`${gateway.url}/callback/${SERVICE}`];
  server.behaviour.clients = { [client.id]: { secret: client.secret, redirectUris } };
  evil.behaviour.clients = { [client.id]: { secret: client.secret, redirectUris } };
  assertStringIncludes((await mounted.connect("ana")).html, "Notes connected");
  gateway.world.skew = 11 * MINUTE_MS;
  // The MCP server alone is in somebody's hands; its authorization server is not.
  server.behaviour.resourceMetadata = { authorization_servers: [evil.issuer] };
  await mounted.connect("bo");
  const said = JSON.stringify(
    evil.heard.map(({ body, headers }) => [body, headers.get("Authorization")]),
  );
  assert(
    !said.includes(client.secret) && !said.includes(btoa(`${client.id}:${client.secret}`)),
    said,
  );
});

// credential.ts `renew`: what an operator has mistyped is no word of the provider's about a grant.
Deno.test("a client id of the operator's that was wrong for an hour ends nobody's connection", async () => {
  const client = { id: "made-by-hand", secret: "operator-s-secret" };
  const env = { NOTES_CLIENT_ID: client.id, NOTES_CLIENT_SECRET: client.secret };
  await using mounted = await mount({ tokenSeconds: 600 }, { env });
  const { server, gateway } = mounted;
  const redirectUris = [`${gateway.url}/callback/${SERVICE}`];
  server.behaviour.clients = { [client.id]: { secret: client.secret, redirectUris } };
  assertStringIncludes((await mounted.connect("ana")).html, "Notes connected");
  await gateway.restart({ NOTES_CLIENT_ID: "made-by-hnad" });
  gateway.world.skew = HOUR_MS;
  await mounted.token("ana");
  await gateway.restart({});
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
  assertEquals(server.grants("ana"), 1);
});

// The sweep refreshes what is for another address, and `renew` ends it.
Deno.test("an address that was wrong for an hour ends nobody's connection", async () => {
  await using mounted = await mount();
  const { gateway } = mounted;
  await using other = startOAuthServer();
  await mounted.connect("ana");
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, title: "Notes", url: other.url }]);
  await gateway.restart({ UPSTREAMS });
  gateway.world.skew = 54 * MINUTE_MS;
  assertEquals(await gateway.broker.sweep(), 1);
  await gateway.restart({});
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
});

// compose.ts `clientMetadataOf`: one client id for all servers, and the callbacks of all of them. A
// server of an attacker's sends the browser on to an honest server's page with that client id and
// its own callback; where the honest one sends no `iss`, its code comes to the attacker's token
// endpoint together with the verifier.
Deno.test("a client document names the callback of one server alone, so that none gets the codes of another", async () => {
  await using one = startOAuthServer();
  await using other = startOAuthServer();
  const UPSTREAMS = JSON.stringify([
    { name: "notes", title: "Notes", url: one.url },
    { name: "evil", title: "Evil", url: other.url },
  ]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  const { json } = await gateway.api("/oauth/client/notes.json", { key: null });
  assertEquals(json.redirect_uris.length, 1, JSON.stringify(json.redirect_uris));
});

// provider.ts `requireItsOwn`: it asks whose page it is, and not whose server it is that the token
// is good for. Most servers ignore `resource`.
Deno.test("a server that names another upstream's authorization server as its own gets no token that is good there", async () => {
  await using honest = startOAuthServer({ login: "ana" });
  const evil: OAuthServer = startOAuthServer({ trusts: honest });
  await using _evil = evil;
  const UPSTREAMS = JSON.stringify([
    { name: "notes", title: "Notes", url: honest.url },
    { name: "evil", title: "Evil", url: evil.url },
  ]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  await connectAt(gateway, honest, { userId: "ana", login: "ana" });
  await connectAt(gateway, honest, { userId: "ana", login: "ana", service: "evil" });
  await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", params: {}, id: 1 }, {
    path: "/mcp/evil",
    userId: "ana",
  });
  const got = evil.heard.flatMap(({ headers }) => headers.get("Authorization") ?? [])
    .map((header) => header.replace("Bearer ", ""));
  assertEquals(got.map((token) => honest.whose(token)?.sub).filter(Boolean), []);
});

// mcp/upstream/client.ts `access.refused("Bearer")`: the challenge itself is not handed on, so where
// it points, and the scopes that it names, are not known to whoever connects next. Here the person
// is even sent to the endpoints of 2025-03-26 on the server's own origin, to the wrong server.
Deno.test("a challenge that was met by listing is followed as one that is met by connecting", async () => {
  await using mounted = await mount({
    challengeScope: "notes.read",
    resourcePaths: ["/somewhere/of/its/own"],
  });
  const { server, gateway } = mounted;
  await using elsewhere = startOAuthServer({ login: "ana" });
  server.behaviour.trusts = elsewhere;
  server.behaviour.metadataPaths = [];
  assertEquals(await names(gateway, "ana"), ["notes_connect"]);
  await connectAt(gateway, elsewhere, { userId: "ana", login: "ana" });
  const { json, text } = await mounted.token("ana");
  assertEquals(elsewhere.whose(json.access_token)?.scopes, ["notes.read"], text);
});

// tokens/standing.ts: the mark of an account that nobody names stays the same when another account
// is connected in its place, so its list is shown on.
Deno.test("who connects another account in the place of one is not shown the first one's tools", async () => {
  await using mounted = await mount({ userinfo: false });
  const { gateway } = mounted;
  await mounted.connect("ana", { login: "home" });
  assert((await names(gateway, "ana")).includes("notes_notes_of_home"));
  gateway.world.skew += 1_000;
  await mounted.connect("ana", { login: "office" });
  const now = await names(gateway, "ana");
  assert(
    now.includes("notes_notes_of_office") && !now.includes("notes_notes_of_home"),
    String(now),
  );
});

// connect/new_connection.ts `withRefreshToken`: "default" names nobody, and its refresh token is
// another account's.
Deno.test("an account that nobody names is never refreshed with the refresh token of the one before", async () => {
  await using mounted = await mount({ userinfo: false, tokenSeconds: 600 });
  const { server, gateway } = mounted;
  await mounted.connect("ana", { login: "home" });
  server.behaviour.refreshTokens = "never";
  await mounted.connect("ana", { login: "office" });
  gateway.world.skew = HOUR_MS;
  server.behaviour.now = () => gateway.world.now();
  const { json } = await mounted.token("ana");
  assert(
    json.access_token === undefined || server.whose(json.access_token)?.sub === "office",
    JSON.stringify(json),
  );
});

// connect/begin.ts `askedBy`: what was granted by another server, or under another address, is asked
// for at the one of today, which does not know it.
Deno.test("scopes that one server granted are not asked for at another one that took its place", async () => {
  await using mounted = await mount({ scopes: ["notes.read"] });
  const { gateway } = mounted;
  await mounted.connect("ana", { scope: "notes.read" });
  await using other = startOAuthServer({ scopes: ["pages:read"] });
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, title: "Notes", url: other.url }]);
  await gateway.restart({ UPSTREAMS });
  const page = await connectAt(gateway, other, { userId: "ana", login: "ana" });
  assertStringIncludes(page.html, "Notes connected", page.url);
});

// kept.ts `#registered`: whoever waits tries by itself when the one before has failed, and nothing
// is remembered of what the server said of when to come again.
Deno.test("a registration that was refused until later is not tried again by each who waited", async () => {
  await using mounted = await mount({
    answer: ({ path }) =>
      path === "/register"
        ? new Response(null, { status: 429, headers: { "Retry-After": "3600" } })
        : undefined,
  });
  const { server } = mounted;
  await Promise.all(
    ["a", "b", "c", "d", "e", "f"].map((userId) => mounted.connect(userId).catch(() => {})),
  );
  assertEquals(server.count("/register"), 1);
});

// discovery.ts `discover`/probe.ts: any page with 200 makes a server "open", and that ends, by
// kept.ts `of`, what people have connected.
Deno.test("a page of maintenance with 200 does not make a server one that asks nobody", async () => {
  await using mounted = await mount({ tokenSeconds: 600 });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  gateway.world.skew = 11 * MINUTE_MS;
  server.behaviour.answer = ({ path }) =>
    path === "/mcp"
      ? new Response("<h1>Back soon</h1>", { headers: { "Content-Type": "text/html" } })
      : undefined;
  await mounted.connect("bo").catch(() => {});
  server.behaviour.answer = undefined;
  const { json } = await gateway.api("/services");
  assert(json.services.some(({ name }: { name: string }) => name === SERVICE), "still a service");
  gateway.world.skew = HOUR_MS;
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
});

// kept.ts `wasOpen`: what one process hears without asking is written over what another one knows.
Deno.test("a process that lists without a token does not take a server's protection from the others", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({ asksAt: "tools/call", tokenSeconds: 600 }, {
    env: { ENCRYPTION_KEYS },
  });
  const { gateway } = mounted;
  await using other = await second(mounted, ENCRYPTION_KEYS);
  await names(gateway, "ana");
  await gateway.mcp(call("notes_whoami"), { userId: "ana" });
  await mounted.connect("ana");
  // It has met nobody yet, and lists.
  await names(other, "bo");
  await gateway.restart({});
  gateway.world.skew += HOUR_MS;
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
});

// mcp/upstream/features.ts: kept by the subject alone, and not by the connection.
Deno.test("who has disconnected, or connected another account, is shown nothing more of what the first one could read", async () => {
  await using mounted = await mount();
  const { server, gateway } = mounted;
  server.behaviour.answer = ({ path, body, headers }) => {
    const token = headers.get("Authorization")?.replace("Bearer ", "") ?? "";
    const sub = server.whose(token)?.sub;
    if (path !== "/mcp" || sub === undefined) return undefined;
    const reply = (result: unknown) => Response.json({ jsonrpc: "2.0", id: body.id, result });
    if (body.method === "initialize") {
      return reply({
        protocolVersion: body.params.protocolVersion,
        capabilities: { tools: {}, resources: {} },
        serverInfo: { name: "notes", version: "1" },
      });
    }
    if (body.method === "resources/list") {
      return reply({ resources: [{ uri: `notes://${sub}/diary`, name: `diary of ${sub}` }] });
    }
    return undefined;
  };
  const shown = async () => {
    const { text } = await gateway.mcp(
      { jsonrpc: "2.0", method: "resources/list", params: {}, id: 1 },
      { path: `/mcp/${SERVICE}`, userId: "ana" },
    );
    return text;
  };
  await mounted.connect("ana", { login: "home" });
  assertStringIncludes(await shown(), "diary of home");
  await gateway.api(`/connections/${SERVICE}?user_id=ana`, { method: "DELETE" });
  const after = await shown();
  assert(!after.includes("diary of home"), after);
});

// kept.ts `#registered`: the mark is held against this process's own clock.
Deno.test("two processes whose clocks differ by half a minute register once", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  let isFirst = true;
  await using mounted = await mount({
    answer: async ({ path }) => {
      if (path !== "/register" || !isFirst) return undefined;
      isFirst = false;
      arrive();
      await held;
      return undefined;
    },
  }, { env: { ENCRYPTION_KEYS } });
  const { server, gateway } = mounted;
  await using other = await second(mounted, ENCRYPTION_KEYS);
  other.world.skew += 30_000;
  const begin = async (at: Gateway, userId: string) => {
    const link = await at.api("/links", { body: { user_id: userId, service: SERVICE } });
    const browser = new Browser({
      fetch: (input, init) => {
        const request = new Request(input, init);
        const { pathname, search, origin } = new URL(request.url);
        return origin === gateway.url ? fetch(at.url + pathname + search, request) : fetch(request);
      },
    });
    await browser.submit(await browser.open(link.json.url), {
      until: (url) => url.includes("/authorize"),
    });
  };
  const one = begin(gateway, "ana");
  await arrived;
  const two = begin(other, "bo");
  await Promise.race([two, new Promise((resolve) => setTimeout(resolve, 1_500))]);
  release();
  await Promise.all([one, two]);
  assertEquals(server.registrations.length, 1);
});

// connect/list.ts: connections for another address count among the siblings.
Deno.test("of the connections that are shown one is the default", async () => {
  await using mounted = await mount();
  const { gateway } = mounted;
  await mounted.connect("ana", { login: "one" });
  await using other = startOAuthServer();
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, title: "Notes", url: other.url }]);
  await gateway.restart({ UPSTREAMS });
  gateway.world.skew += 1_000;
  await connectAt(gateway, other, { userId: "ana", login: "two" });
  const { connections } = (await gateway.api("/connections?user_id=ana")).json;
  const defaults = connections.filter((each: Record<string, unknown>) => each.default);
  assertEquals(defaults.map(({ status }: Record<string, unknown>) => status), ["active"]);
});

// The record of the address of before is not shown, and cannot be ended by its owner; a connection of
// the same account id is written over it, and what it opens lives on at the server, unknown here.
Deno.test("what was connected at an address of before can be seen and ended, or is ended when another takes its place", async () => {
  await using mounted = await mount({ userinfo: false });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  await using other = startOAuthServer({ userinfo: false });
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, title: "Notes", url: other.url }]);
  await gateway.restart({ UPSTREAMS });
  await connectAt(gateway, other, { userId: "ana", login: "ana" });
  await gateway.api(`/connections/${SERVICE}?user_id=ana`, { method: "DELETE" });
  await gateway.restart({});
  const kept = (await gateway.api("/connections?user_id=ana")).json.connections.length;
  const living = server.grants("ana");
  assertEquals(kept > 0, living > 0, `kept here: ${kept}, living there: ${living}`);
});

// flow.ts `withEitherMethod`: what is noted after an answer can fail, and takes the answer with it.
Deno.test("a store that is out at the moment when a method is noted costs nobody their tokens", async () => {
  let isOut = false;
  await using mounted = await mount({ alwaysSecret: true, tokenSeconds: 600 }, {
    store: (store) => ({
      ...store,
      discoveries: {
        get: (name, url) => store.discoveries.get(name, url),
        put: (value, version) =>
          isOut
            ? Promise.reject(new Error("the store is out"))
            : store.discoveries.put(value, version),
      },
    }),
  });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  gateway.world.skew = HOUR_MS;
  // From today on it takes the other way alone.
  server.behaviour.methods = ["client_secret_basic"];
  isOut = true;
  await mounted.token("ana").catch(() => {});
  isOut = false;
  gateway.world.skew += 20 * MINUTE_MS;
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
});

// discovered/provider.ts `requireItsOwn`: of a provider of the operator's only the page is known, so
// whoever shares the page's host is "borrowing", though their token endpoints are one.
Deno.test("a service's own MCP server is connected beside the provider of the same service", async () => {
  await using page = startOAuthServer();
  await using mounted = await mount();
  const { server, gateway } = mounted;
  server.behaviour.metadata = { authorization_endpoint: `${page.origin}/oauth/mcp` };
  page.behaviour.answer = ({ path, query }) =>
    path === "/oauth/mcp"
      ? new Response(null, {
        status: 302,
        headers: { Location: `${server.origin}/authorize?${new URLSearchParams(query)}` },
      })
      : path.startsWith("/.well-known")
      ? new Response(null, { status: 404 })
      : undefined;
  const PROVIDERS = JSON.stringify([{
    name: "acme",
    title: "Acme",
    authorization_endpoint: `${page.origin}/oauth`,
    token_endpoint: `${server.origin}/token`,
    scopes: ["read"],
    userinfo_endpoint: `${server.origin}/userinfo`,
  }]);
  await gateway.restart({ PROVIDERS, ACME_CLIENT_ID: "a", ACME_CLIENT_SECRET: "b" });
  const { html } = await mounted.connect("ana");
  assertStringIncludes(html, "Notes connected");
});

// The whole of the above: compose.ts `clientMetadataOf`, with servers that take client documents.
Deno.test("mix-up: a server that sends browsers on to an honest server's page gets no code that is good there", async () => {
  const PUBLIC_URL = "https://gateway.example";
  const clientId = `${PUBLIC_URL}/oauth/client/notes.json`;
  await using honest = startOAuthServer({ login: "ana", iss: "never" });
  let stolen: string | undefined;
  await using evil = startOAuthServer({
    documents: true,
    iss: "never",
    answer: async ({ path, query, body }) => {
      if (path === "/authorize") {
        const sent = { ...query, resource: honest.url };
        const Location = `${honest.origin}/authorize?${new URLSearchParams(sent)}`;
        return new Response(null, { status: 302, headers: { Location } });
      }
      if (path !== "/token") return undefined;
      const form = { ...body, resource: honest.url };
      const response = await fetch(`${honest.origin}/token`, {
        method: "POST",
        body: new URLSearchParams(form),
      });
      stolen = (await response.json()).access_token;
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    },
  });
  const UPSTREAMS = JSON.stringify([
    { name: "notes", title: "Notes", url: honest.url },
    { name: "evil", title: "Evil", url: evil.url },
  ]);
  await using gateway = await startGateway({
    env: { UPSTREAMS, PUBLIC_URL, ALLOWED_HOSTS: "localhost" },
  });
  const here = (url: string) => {
    const { pathname, search } = new URL(url);
    return gateway.url + pathname + search;
  };
  // The honest server reads our document, as it stands.
  const document = await (await fetch(here(clientId))).json();
  honest.behaviour.clients = { [clientId]: { redirectUris: document.redirect_uris } };
  const browser = new Browser({
    fetch: (input, init) => {
      const request = new Request(input, init);
      return request.url.startsWith(PUBLIC_URL)
        ? fetch(here(request.url), {
          method: request.method,
          headers: request.headers,
          body: request.body,
          redirect: "manual",
        })
        : fetch(request, { redirect: "manual" });
    },
  });
  const link = await gateway.api("/links", { body: { user_id: "ana", service: "evil" } });
  const page = await browser.submit(await browser.open(link.json.url));
  assert(evil.count("/authorize") === 1, `${page.url} ${page.html}`);
  assertEquals(stolen === undefined ? undefined : honest.whose(stolen)?.sub, undefined);
});

// mcp/upstream/client.ts `isUnauthorized`: an answer's own code 401 is taken for HTTP's, and the
// call is sent again.
Deno.test("an answer with an error whose code is 401 is an answer, and the call is not sent again", async () => {
  await using mounted = await mount();
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  await names(gateway, "ana");
  gateway.world.skew = 2 * MINUTE_MS;
  server.behaviour.answer = ({ path, body }) =>
    path === "/mcp" && body?.method === "tools/call"
      ? Response.json({ jsonrpc: "2.0", id: body.id, error: { code: 401, message: "no" } })
      : undefined;
  await gateway.mcp(call("notes_whoami"), { userId: "ana" });
  assertEquals(server.count("/mcp", (body) => body?.method === "tools/call"), 1);
  assertEquals(server.count("/token", ({ grant_type }) => grant_type === "refresh_token"), 0);
});

// kept.ts keeps one `found`: where the old authorization server revokes is forgotten with it.
Deno.test("what was issued before the authorization server moved is ended where it was issued", async () => {
  await using mounted = await mount();
  const { server, gateway } = mounted;
  await using next = startOAuthServer({ login: "bo" });
  await mounted.connect("ana");
  server.behaviour.resourceMetadata = { authorization_servers: [next.issuer] };
  gateway.world.skew = 11 * MINUTE_MS;
  await connectAt(gateway, next, { userId: "bo", login: "bo" });
  const ended = await gateway.api(`/connections/${SERVICE}?user_id=ana`, { method: "DELETE" });
  assertEquals([ended.json.revoked, server.grants("ana")], [true, 0], ended.text);
});

// broker/moving/move_out.ts `moveOf`: no import takes it (import.ts, `oauthFlowOf`), and here it is
// out of use from then on.
Deno.test("what no other server can take in is not moved out", async () => {
  const via = { issuer: "https://as.example", clientId: "c", url: "https://mcp.example" };
  const tokens = { accessToken: "a", refreshToken: "r", tokenType: "Bearer", issuedAt: 0 };
  const times = { connectedAt: 0, updatedAt: 0 };
  const outcome = moveOf(
    {
      subject: "voice:ana",
      provider: SERVICE,
      account: "default",
      label: "Notes",
      status: "active",
      tokens: { ...tokens, scopes: [], via },
      ...times,
    },
    { to: "somebody", again: false },
    1,
  );
  assert(outcome.kind !== "moved", outcome.kind);
  await using mounted = await mount();
  const [line] = (await mounted.gateway.api("/connections/import?verify=none", {
    body: [{
      user_id: "ana",
      provider: SERVICE,
      access_token: "a",
      refresh_token: "r",
      account: { id: "ana", label: "Ana" },
    }],
  })).json.results;
  assertEquals(line.status, "refused");
});

// tasks/leak.ts `readServer`: its providers are the modules alone.
Deno.test("a leak can be answered for the connections of an MCP server, too", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({}, { env: { ENCRYPTION_KEYS } });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, url: server.url }]);
  const time = new Date().toISOString();
  await using program = runDeno([...LEAK, "--provider", SERVICE, "--dry-run", "--before", time], {
    KV_PATH: gateway.kvPath,
    UPSTREAMS,
    ENCRYPTION_KEYS,
  });
  const { code } = await program.ended;
  assertEquals(code, 0, program.output());
});

/** Connects at a gateway whose public address is not where it listens. */
async function connectThrough(at: Gateway, publicUrl: string, userId: string, service = SERVICE) {
  const browser = new Browser({
    fetch: (input, init) => {
      const request = new Request(input, init);
      const { method, headers, body, url } = request;
      return url.startsWith(publicUrl)
        ? fetch(url.replace(publicUrl, at.url), { method, headers, body, redirect: "manual" })
        : fetch(request, { redirect: "manual" });
    },
  });
  const link = await at.api("/links", { body: { user_id: userId, service } });
  return await browser.submit(await browser.open(link.json.url));
}

// kept.ts `#registered`: of those who wait each takes its own turn of 15 s, with no end in sight.
Deno.test("who waits for a registration that is not answered waits as long as one takes, however many wait", async () => {
  await using mounted = await mount({
    answer: ({ path }) => path === "/register" ? new Promise(() => {}) : undefined,
  });
  const { gateway } = mounted;
  gateway.world.speed = 100;
  const before = gateway.world.now();
  await Promise.all(
    ["a", "b", "c", "d", "e"].map((userId) => mounted.connect(userId).catch(() => {})),
  );
  const seconds = (gateway.world.now() - before) / 1000;
  assert(seconds <= 40, `${seconds} s`);
});

// vault/discovery_records.ts, kept.ts `#change`: a connection that cannot be opened is replaced by
// whoever connects; what is known of a server never is.
Deno.test("a server whose record cannot be opened any more is found and connected anew", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({ login: "ana" }, { env: { ENCRYPTION_KEYS } });
  const { gateway } = mounted;
  await mounted.connect("ana");
  await using other = await second(mounted, newKeyLine("k2"));
  const page = await connectThrough(other, gateway.url, "ana");
  assertStringIncludes(page.html, "Notes connected");
});

// discovery.ts `byDefault`: what is guessed takes the place of what was read; an issuer that is
// written with a slash less is another one to `of`, and all is over.
Deno.test("metadata that is missing for a moment ends nobody's connection", async () => {
  await using mounted = await mount({ issuerPath: "/", tokenSeconds: 600 });
  const { server, gateway } = mounted;
  server.behaviour.resourceMetadata = { authorization_servers: [server.origin] };
  await mounted.connect("ana");
  gateway.world.skew = 11 * MINUTE_MS;
  server.behaviour.metadataPaths = [];
  await mounted.connect("bo").catch(() => {});
  server.behaviour.metadataPaths = undefined;
  gateway.world.skew = HOUR_MS;
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
});

// client.ts `isUnauthorized`, and `access.refused("Bearer")`, which makes discovery believe it
// without asking: one person's call makes a server that asks nobody one that asks everybody.
Deno.test("one person's answer with an error whose code is 401 takes an open server from nobody", async () => {
  await using mounted = await mount({ asksAt: "never" });
  const { server, gateway } = mounted;
  assert((await names(gateway, "bo")).includes("notes_whoami"));
  server.behaviour.answer = ({ path, body }) =>
    path === "/mcp" && body?.method === "tools/call"
      ? Response.json({ jsonrpc: "2.0", id: body.id, error: { code: 401, message: "no" } })
      : undefined;
  await gateway.mcp(call("notes_whoami"), { userId: "mallory" });
  assert((await names(gateway, "bo")).includes("notes_whoami"), String(await names(gateway, "bo")));
});

// credential.ts `renew` again: PUBLIC_URL is a part of the client's id where that is a document.
Deno.test("a PUBLIC_URL that was wrong for an hour ends nobody's connection that was made with a client document", async () => {
  const [PUBLIC_URL, wrong] = ["https://gateway.example", "https://gatewy.example"];
  const clientId = `${PUBLIC_URL}/oauth/client/notes.json`;
  const UPSTREAMS = (url: string) => JSON.stringify([{ name: SERVICE, title: "Notes", url }]);
  await using server = startOAuthServer({ login: "ana", tokenSeconds: 600 });
  server.behaviour.metadata = { client_id_metadata_document_supported: true };
  server.behaviour.clients = {
    [clientId]: { redirectUris: [`${PUBLIC_URL}/callback/${SERVICE}`] },
  };
  await using gateway = await startGateway({
    env: { UPSTREAMS: UPSTREAMS(server.url), PUBLIC_URL, ALLOWED_HOSTS: "localhost" },
  });
  const page = await connectThrough(gateway, PUBLIC_URL, "ana");
  assertStringIncludes(page.html, "Notes connected");
  await gateway.restart({ PUBLIC_URL: wrong });
  gateway.world.skew = HOUR_MS;
  await tokenAt(gateway, "ana");
  await gateway.restart({});
  gateway.world.skew += 2 * MINUTE_MS;
  const { status, text } = await tokenAt(gateway, "ana");
  assertEquals(status, 200, text);
});

// tasks/doctor.ts: of what is connected to an MCP server it says that it is not set up, and that
// nobody is served.
Deno.test("the doctor knows connections of an MCP server that is set up", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({}, { env: { ENCRYPTION_KEYS } });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  await using program = runDeno(denoJson.tasks.doctor.command.split(" ").slice(1), {
    KV_PATH: gateway.kvPath,
    UPSTREAMS: JSON.stringify([{ name: SERVICE, url: server.url }]),
    PUBLIC_URL: gateway.url,
    API_KEYS: `voice:sha256:${"a".repeat(64)}`,
    ENCRYPTION_KEYS,
  });
  await program.ended;
  assert(!program.output().includes("not set up"), program.output());
});

// mcp/upstream/lists.ts: whether lists are people's own is asked once, at the start, when nobody
// knows; the findings of one person are then written over by the list of the next, and told again.
Deno.test("what is left out of one person's list stays known when another person lists", async () => {
  await using mounted = await mount();
  const { server, gateway } = mounted;
  server.behaviour.tools = (sub) =>
    sub === "ana"
      ? [{ name: "odd", description: "x", inputSchema: { type: "string" } }]
      : [{ name: "even", description: "x", inputSchema: { type: "object" } }];
  await mounted.connect("ana");
  await mounted.connect("bo");
  for (let rounds = 0; rounds < 3; rounds++) {
    gateway.world.skew += 10 * MINUTE_MS;
    await names(gateway, "ana");
    await names(gateway, "bo");
  }
  const told = gateway.world.events.filter(({ event }) => event === "upstream_tools_left_out");
  assertEquals(told.length, 1);
});

// provider.ts `requireItsOwn`: of an upstream that nobody has met yet nothing is known, not even
// what the operator has set: its address. The honest server has no metadata and sends no `iss`.
Deno.test("mix-up: the sign-in page of an upstream that nobody has met yet is not lent to another one", async () => {
  await using honest = startOAuthServer({ login: "ana", iss: "never", metadataPaths: [] });
  let stolen: string | undefined;
  const evil = startOAuthServer({
    iss: "never",
    metadata: { authorization_endpoint: `${honest.origin}/authorize` },
    answer: async ({ path, body }) => {
      if (path === "/register") {
        return await fetch(`${honest.origin}/register`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        });
      }
      if (path !== "/token") return undefined;
      const form = new URLSearchParams({ ...body, resource: honest.url });
      const answer = await fetch(`${honest.origin}/token`, { method: "POST", body: form });
      stolen = (await answer.json()).access_token;
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    },
  });
  await using _evil = evil;
  const UPSTREAMS = JSON.stringify([
    { name: "notes", title: "Notes", url: honest.url },
    { name: "evil", title: "Evil", url: evil.url },
  ]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  await connectAt(gateway, honest, { userId: "ana", login: "ana", service: "evil" });
  assertEquals(stolen === undefined ? undefined : honest.whose(stolen)?.sub, undefined);
});

Deno.test("whoever is refused again and again does not make the gateway look for the server again and again", async () => {
  await using mounted = await mount({ refreshTokens: "never" });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  await names(gateway, "ana");
  server.endAccess();
  const before = server.count("/.well-known/oauth-protected-resource/mcp");
  for (let calls = 0; calls < 10; calls++) {
    await gateway.mcp(call("notes_whoami"), { userId: "ana" });
  }
  assert(server.count("/.well-known/oauth-protected-resource/mcp") - before <= 1);
});
