/**
 * What connections to MCP servers that ask for OAuth outlive.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { newKeyLine } from "../../tasks/key.ts";
import { Browser } from "../support/browser.ts";
import { call, type Gateway, startGateway } from "../support/gateway.ts";
import { startOAuthServer } from "../support/oauth_server.ts";
import { connectAt, mount, namesFor, second, SERVICE } from "../support/upstream_service.ts";

const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;

const tokenAt = (gateway: Gateway, userId: string) =>
  gateway.api(`/token/${SERVICE}`, { body: { user_id: userId } });

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

Deno.test("a connection that one process made is refreshed by another, which had met the server before", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({ tokenSeconds: 600 }, { env: { ENCRYPTION_KEYS } });
  const { gateway } = mounted;
  await using other = await second(mounted, ENCRYPTION_KEYS);
  // The other one meets it, before anybody is registered there.
  assertEquals(await namesFor(other, "bo"), ["notes_connect"]);
  await mounted.connect("ana");
  other.world.skew += HOUR_MS;
  gateway.world.skew += HOUR_MS;
  const { status, text } = await tokenAt(other, "ana");
  assertEquals(status, 200, text);
});

Deno.test("a sign-in that set out from one process comes back to another, which had met the server before", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({ login: "ana" }, { env: { ENCRYPTION_KEYS } });
  const { gateway } = mounted;
  await using other = await second(mounted, ENCRYPTION_KEYS);
  assertEquals(await namesFor(other, "bo"), ["notes_connect"]);
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

Deno.test("a server that lists for everybody and asks at a call can be connected later, too, and keeps who is connected", async () => {
  await using mounted = await mount({ asksAt: "tools/call", tokenSeconds: 600 });
  const { gateway } = mounted;
  await namesFor(gateway, "ana");
  await gateway.mcp(call("notes_whoami"), { userId: "ana" });
  assertStringIncludes((await mounted.connect("ana")).html, "Notes connected");
  gateway.world.skew = HOUR_MS;
  const page = await mounted.connect("bo");
  const ana = await mounted.token("ana");
  assertEquals(ana.status, 200, ana.text);
  assertStringIncludes(page.html, "Notes connected");
});

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

Deno.test("a challenge that was met by listing is followed as one that is met by connecting", async () => {
  await using mounted = await mount({
    challengeScope: "notes.read",
    resourcePaths: ["/somewhere/of/its/own"],
  });
  const { server, gateway } = mounted;
  await using elsewhere = startOAuthServer({ login: "ana" });
  server.behaviour.trusts = elsewhere;
  server.behaviour.metadataPaths = [];
  assertEquals(await namesFor(gateway, "ana"), ["notes_connect"]);
  await connectAt(gateway, elsewhere, { userId: "ana", login: "ana" });
  const { json, text } = await mounted.token("ana");
  assertEquals(elsewhere.whose(json.access_token)?.scopes, ["notes.read"], text);
});

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

Deno.test("a process that lists without a token does not take a server's protection from the others", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({ asksAt: "tools/call", tokenSeconds: 600 }, {
    env: { ENCRYPTION_KEYS },
  });
  const { gateway } = mounted;
  await using other = await second(mounted, ENCRYPTION_KEYS);
  await namesFor(gateway, "ana");
  await gateway.mcp(call("notes_whoami"), { userId: "ana" });
  await mounted.connect("ana");
  // It has met nobody yet, and lists.
  await namesFor(other, "bo");
  await gateway.restart({});
  gateway.world.skew += HOUR_MS;
  const { status, text } = await mounted.token("ana");
  assertEquals(status, 200, text);
});

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

Deno.test("a server whose record cannot be opened any more is found and connected anew", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({ login: "ana" }, { env: { ENCRYPTION_KEYS } });
  const { gateway } = mounted;
  await mounted.connect("ana");
  await using other = await second(mounted, newKeyLine("k2"));
  const page = await connectThrough(other, gateway.url, "ana");
  assertStringIncludes(page.html, "Notes connected");
});

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
