import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { LIST, obtainTokens, openGateway, send, withToken } from "../support/attacks.ts";
import { Browser, NAVIGATION } from "../support/browser.ts";
import { API_KEY, call, type Gateway, startGateway } from "../support/gateway.ts";
import {
  authorizeUrl,
  exchange,
  newClient,
  obtainCode,
  post,
  refresh,
  register,
} from "../support/mcp_client.ts";

const PATHS = ["/mcp", "/mcp/", "/mcp/github", "/mcp/github/", "/mcp/google", "/mcp/sse", "/sse"];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"];

/** A raw request: what clients do first. */
async function ask(
  gateway: Gateway,
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
) {
  const response = await fetch(gateway.url + path, { method, headers, redirect: "manual" });
  const text = await response.text();
  const json = text.startsWith("{") ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, json };
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

Deno.test("whoever has no credential is told to sign in, by every method at every address", async () => {
  await using gateway = await openGateway();
  const nobody: Record<string, string>[] = [
    {},
    bearer("wrong"),
    bearer("a.b.c"),
    bearer("sb_pat_wrong"),
    { "X-Api-Key": "wrong" },
    { Authorization: "Basic eDp5" },
    { "X-User-Id": "user_123" },
    { Accept: "text/event-stream" },
    { Accept: NAVIGATION },
  ];
  for (const path of PATHS) {
    for (const method of METHODS) {
      for (const headers of nobody) {
        const answer = await ask(gateway, path, { method, headers });
        assertEquals(answer.status, 401, `${method} ${path} ${JSON.stringify(headers)}`);
        const challenge = answer.headers.get("WWW-Authenticate")!;
        const metadata = `${gateway.url}/.well-known/oauth-protected-resource`;
        const named = path.replace(/\/$/, "");
        assertStringIncludes(challenge, `resource_metadata="${metadata}${named}"`);
        assertStringIncludes(challenge, 'scope="');
      }
    }
    const preflight = await ask(gateway, path, { method: "OPTIONS" });
    assertEquals([preflight.status, preflight.text], [204, ""], path);
  }
});

Deno.test("whoever is known hears that a method is none", async () => {
  await using gateway = await openGateway();
  const { access_token } = await obtainTokens(gateway, await newClient(gateway));
  const known = [
    bearer(API_KEY),
    { "X-Api-Key": API_KEY },
    { ...bearer(API_KEY), "X-User-Id": "user_123" },
    bearer(access_token),
  ];
  for (const path of PATHS) {
    for (const method of METHODS.filter((method) => method !== "POST")) {
      for (const headers of known) {
        const answer = await ask(gateway, path, { method, headers });
        assertEquals([answer.status, answer.headers.get("Allow")], [405, "POST"], method + path);
      }
    }
  }
});

Deno.test("at the addresses of HTTP+SSE it is said where MCP is, and a bare post is answered", async () => {
  await using gateway = await startGateway();
  for (const path of ["/sse", "/mcp/sse"]) {
    for (const headers of [{}, bearer(API_KEY)]) {
      const { json } = await ask(gateway, path, {
        headers: { Accept: "text/event-stream", ...headers },
      });
      assertStringIncludes(json.error_description, `Streamable HTTP, at ${gateway.url}/mcp`);
    }
    const list = await gateway.mcp(LIST, { path });
    assertEquals([list.status, Array.isArray(list.json.result.tools)], [200, true]);
  }
  const { json } = await ask(gateway, "/mcp");
  assertEquals(json.error_description, "Sign in, or send an API key.");
});

Deno.test("who has no credential, or one of somewhere else, is told to sign in or to send a key", async () => {
  await using gateway = await startGateway();
  const none = await gateway.mcp(LIST, { key: null });
  const words = "Sign in, or send an API key.";
  assertEquals([none.json.error, none.json.error_description], ["login_required", words]);
  const other = await gateway.mcp(LIST, { key: "opaque-token-of-somewhere-else" });
  assertEquals(
    [other.json.error, other.json.error_description],
    ["invalid_client", `This API key is unknown. ${words}`],
  );
  // A backend's own routes speak of its key alone.
  const backend = await gateway.api("/connections?user_id=u", { key: null });
  assertEquals(backend.json.error_description, "The API key is missing or unknown.");
});

Deno.test("a program hears of a stale client in JSON, a person what to do about it", async () => {
  await using gateway = await openGateway();
  const client = { ...await newClient(gateway), id: "sb_client_forgotten" };
  const url = authorizeUrl(gateway, client);
  const path = url.slice(gateway.url.length);
  for (const accept of ["application/json", "*/*", ""]) {
    const { status, json, headers } = await ask(gateway, path, { headers: { Accept: accept } });
    assertEquals([status, json.error], [400, "invalid_client"]);
    assertStringIncludes(headers.get("Content-Type")!, "application/json");
  }
  const page = await new Browser().open(url);
  assertEquals(page.status, 400);
  assertStringIncludes(page.html, "remove this server in your app and add it again");
  assert(!page.html.includes("new link"));
  // One that sends people elsewhere than it registered has to register anew as well.
  const other = authorizeUrl(gateway, await newClient(gateway), {
    redirect_uri: "https://x.example",
  });
  assertStringIncludes((await new Browser().open(other)).html, "remove this server in your app");
  // What another try may mend is no reason to remove anything.
  const faulty = authorizeUrl(gateway, await newClient(gateway, "https://app.example/cb"), {
    response_type: "token",
  });
  assertStringIncludes((await new Browser().open(faulty)).html, "start again in your app");
});

Deno.test("pages are for people: a program gets every error as JSON", async () => {
  await using gateway = await openGateway();
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const shots: [method: string, path: string, status: number][] = [
    ["GET", "/auth/github?link=x", 403],
    ["POST", "/auth/github", 403],
    ["PUT", "/auth/github", 405],
    ["GET", "/callback/github?state=x", 400],
    ["POST", "/callback/github", 400],
    ["POST", "/sign-in/github", 403],
    ["DELETE", "/sign-in", 405],
    ["POST", "/sign-out", 401],
    ["POST", "/dashboard/connect", 401],
    ["GET", "/oauth/authorize", 400],
    ["POST", "/oauth/authorize", 401],
    ["POST", "/", 405],
    ["PUT", "/", 405],
  ];
  for (const [method, path, status] of shots) {
    const headers = method === "POST" ? form : {};
    const json = await ask(gateway, path, { method, headers });
    assertEquals([json.status, typeof json.json?.error], [status, "string"], `${method} ${path}`);
    const page = await ask(gateway, path, { method, headers: { ...headers, Accept: NAVIGATION } });
    assertEquals([page.status, page.text.slice(0, 15)], [status, "<!doctype html>"], path);
  }
});

Deno.test("the public address alone says where the MCP address is", async () => {
  await using gateway = await openGateway();
  const where = `The MCP address is ${gateway.url}/mcp`;
  const json = { "Content-Type": "application/json" };
  const both = { Accept: "application/json, text/event-stream" };
  for (
    const [method, headers, status] of [
      ["POST", { ...json, ...both }, 405],
      ["POST", { ...json, Accept: NAVIGATION }, 405],
      ["GET", { Accept: "text/event-stream" }, 404],
      ["GET", both, 404],
    ] as const
  ) {
    const answer = await ask(gateway, "/", { method, headers });
    assertEquals(answer.status, status, method);
    assertStringIncludes(answer.json.error_description, where);
  }
  // People, and whoever only looks whether it is there.
  for (const headers of [{ Accept: NAVIGATION }, {}]) {
    const answer = await ask(gateway, "/", { headers });
    assertEquals([answer.status, answer.headers.get("Location")], [303, "/sign-in"]);
  }
});

Deno.test("a revoked client is told to sign in again, at a call and at a refresh", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const { access_token, refresh_token } = await obtainTokens(gateway, client);
  await post(gateway, "/oauth/revoke", { client_id: client.id, token: refresh_token });
  const { status, json, headers } = await withToken(gateway, access_token);
  assertEquals([status, json.error], [401, "invalid_token"]);
  assertMatch(json.error_description, /^Sign in again:/);
  assertStringIncludes(headers.get("WWW-Authenticate")!, 'error="invalid_token"');
  const refused = await refresh(gateway, client, refresh_token);
  assertEquals([refused.status, refused.json.error], [400, "invalid_grant"]);
  assertMatch(refused.json.error_description, /^Sign in again\. /);
});

Deno.test("members of a registration that are null are absent", async () => {
  await using gateway = await openGateway();
  const { status, json } = await register(gateway, {
    client_name: null,
    client_uri: null,
    logo_uri: null,
    scope: null,
    grant_types: null,
    response_types: null,
    token_endpoint_auth_method: null,
    contacts: null,
  });
  assertEquals([status, json.client_name], [201, "An unnamed app"]);
  assertEquals((await register(gateway, { redirect_uris: null })).status, 400);
});

Deno.test("a bare slash makes no other redirect of a loopback address, all the way", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway, "http://localhost:1234/");
  const asked = { ...client, redirectUri: "http://localhost:4321" };
  const code = await obtainCode(gateway, asked);
  for (
    const redirect_uri of [
      "http://localhost:4322/",
      "http://127.0.0.1:4321/",
      "http://localhost:4321/x",
    ]
  ) {
    assertEquals((await exchange(gateway, asked, code, { redirect_uri })).status, 400);
  }
  const { status } = await exchange(gateway, asked, code, {
    redirect_uri: "http://localhost:4321/",
  });
  assertEquals(status, 200);
});

Deno.test("on the playground this machine registers as often as it likes", async () => {
  // A caller is counted by its own address, where it is no proxy.
  await using gateway = await openGateway({ env: { TRUSTED_PROXIES: "10.0.0.0/8" } });
  for (let n = 0; n <= 100; n++) assertEquals((await register(gateway)).status, 201);
});

Deno.test("client id metadata documents can be switched off", async () => {
  let fetched = 0;
  const fetchDocument = () => Promise.resolve({ fetched: fetched++ });
  const env = { MCP_CLIENT_DOCUMENTS: "off" };
  await using gateway = await openGateway({ env, fetchDocument });
  const { json } = await gateway.api("/.well-known/oauth-authorization-server");
  assertEquals(json.client_id_metadata_document_supported, false);
  const client = { ...await newClient(gateway), id: "https://app.example/client.json" };
  const path = authorizeUrl(gateway, client).slice(gateway.url.length);
  const refused = await ask(gateway, path, { headers: { Accept: "application/json" } });
  assertEquals([refused.status, refused.json.error], [400, "invalid_client"]);
  assertStringIncludes(refused.json.error_description, "has to register");
  const token = await exchange(gateway, client, "A".repeat(43));
  assertEquals([token.status, token.json.error], [401, "invalid_client"]);
  assertEquals(fetched, 0);
  await obtainTokens(gateway, await newClient(gateway));
});

Deno.test("a desktop app's origin may call the MCP endpoint, once the operator says so", async () => {
  const origin = "vscode-file://vscode-app";
  await using gateway = await openGateway({ env: { ALLOWED_ORIGINS: `app://-,${origin}` } });
  const { access_token } = await obtainTokens(gateway, await newClient(gateway));
  for (const Origin of [origin, "app://-"]) {
    const headers = { Origin };
    const list = await gateway.mcp(LIST, { key: access_token, userId: null, headers });
    assertEquals([list.status, list.headers.get("Access-Control-Allow-Origin")], [200, Origin]);
    const nobody = await gateway.mcp(LIST, { key: null, headers });
    assertEquals([nobody.status, nobody.headers.get("Access-Control-Allow-Origin")], [401, Origin]);
    assertStringIncludes(nobody.headers.get("Access-Control-Expose-Headers")!, "WWW-Authenticate");
    const preflight = await ask(gateway, "/mcp", { method: "OPTIONS", headers });
    assertEquals(preflight.headers.get("Access-Control-Allow-Origin"), Origin);
    // No page, and no way for a backend.
    assertEquals((await gateway.api("/connections?user_id=u", { headers })).status, 403);
    assertEquals((await send(`${gateway.url}/sign-in`, { headers })).status, 403);
  }
  for (const Origin of ["vscode-file://vscode-app.evil", "vscode-file://", "app://x", "null"]) {
    assertEquals((await gateway.mcp(LIST, { headers: { Origin } })).status, 403, Origin);
  }
  await using closed = await startGateway();
  assertEquals((await closed.mcp(LIST, { headers: { Origin: origin } })).status, 403);
});

Deno.test("what a call needs beyond its token is asked for with what its address can use", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const params = { scope: "github:read gmail:read calendar" };
  const { access_token } = await obtainTokens(gateway, client, { params });
  const create = call("github_create_issue", { repo: "octocat/hello-world", title: "x" });
  const at = async (path: string) => {
    const { status, headers } = await withToken(gateway, access_token, create, path);
    assertEquals(status, 403, path);
    return /scope="([^"]*)"/.exec(headers.get("WWW-Authenticate")!)![1];
  };
  assertEquals(await at("/mcp"), "gmail:read calendar github");
  assertEquals(await at("/mcp/github"), "github");
  assertEquals(await at("/mcp?services=github,gmail"), "gmail:read github");
  // An address that only reads has nothing to step up to.
  const { status, json } = await withToken(gateway, access_token, create, "/mcp?read_only=true");
  assertEquals([status, json.error.message], [200, "Unknown tool: github_create_issue"]);
});
