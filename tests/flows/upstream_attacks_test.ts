/**
 * What nobody gets of connections to MCP servers that are not theirs, and how they stand beside the
 * rest of the program.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { moveOf } from "../../broker/moving/move_out.ts";
import { Browser } from "../support/browser.ts";
import { call, startGateway } from "../support/gateway.ts";
import { type OAuthServer, startOAuthServer } from "../support/oauth_server.ts";
import { connectAt, mount, namesFor, SERVICE } from "../support/upstream_service.ts";

const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;

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

Deno.test("who connects another account in the place of one is not shown the first one's tools", async () => {
  await using mounted = await mount({ userinfo: false });
  const { gateway } = mounted;
  await mounted.connect("ana", { login: "home" });
  assert((await namesFor(gateway, "ana")).includes("notes_notes_of_home"));
  gateway.world.skew += 1_000;
  await mounted.connect("ana", { login: "office" });
  const now = await namesFor(gateway, "ana");
  assert(
    now.includes("notes_notes_of_office") && !now.includes("notes_notes_of_home"),
    String(now),
  );
});

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

Deno.test("an answer with an error whose code is 401 is an answer, and the call is not sent again", async () => {
  await using mounted = await mount();
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  await namesFor(gateway, "ana");
  gateway.world.skew = 2 * MINUTE_MS;
  server.behaviour.answer = ({ path, body }) =>
    path === "/mcp" && body?.method === "tools/call"
      ? Response.json({ jsonrpc: "2.0", id: body.id, error: { code: 401, message: "no" } })
      : undefined;
  await gateway.mcp(call("notes_whoami"), { userId: "ana" });
  assertEquals(server.count("/mcp", (body) => body?.method === "tools/call"), 1);
  assertEquals(server.count("/token", ({ grant_type }) => grant_type === "refresh_token"), 0);
});

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

Deno.test("one person's answer with an error whose code is 401 takes an open server from nobody", async () => {
  await using mounted = await mount({ asksAt: "never" });
  const { server, gateway } = mounted;
  assert((await namesFor(gateway, "bo")).includes("notes_whoami"));
  server.behaviour.answer = ({ path, body }) =>
    path === "/mcp" && body?.method === "tools/call"
      ? Response.json({ jsonrpc: "2.0", id: body.id, error: { code: 401, message: "no" } })
      : undefined;
  await gateway.mcp(call("notes_whoami"), { userId: "mallory" });
  assert(
    (await namesFor(gateway, "bo")).includes("notes_whoami"),
    String(await namesFor(gateway, "bo")),
  );
});

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
    await namesFor(gateway, "ana");
    await namesFor(gateway, "bo");
  }
  const told = gateway.world.events.filter(({ event }) => event === "upstream_tools_left_out");
  assertEquals(told.length, 1);
});

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
  await namesFor(gateway, "ana");
  server.endAccess();
  const before = server.count("/.well-known/oauth-protected-resource/mcp");
  for (let calls = 0; calls < 10; calls++) {
    await gateway.mcp(call("notes_whoami"), { userId: "ana" });
  }
  assert(server.count("/.well-known/oauth-protected-resource/mcp") - before <= 1);
});
