import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { UnauthorizedError } from "@modelcontextprotocol/client";
import {
  Client as Client2026,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport as Transport2025 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Browser } from "../support/browser.ts";
import { call, type Gateway, startGateway, toolNames } from "../support/gateway.ts";
import {
  decide,
  exchange,
  newClient,
  obtainCode,
  post,
  refresh,
  signIn,
} from "../support/mcp_client.ts";

const ALLOW = { SIGN_IN_ALLOW: "*" };
const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };

function withToken(gateway: Gateway, token: string, body: unknown, path = "/mcp") {
  return gateway.mcp(body, { path, key: token, userId: null });
}

/** What the SDKs' clients need; the browser part is a {@linkcode Browser}. */
class TestAuth {
  callback = new URLSearchParams();
  #client: unknown;
  #tokens: unknown;
  #verifier = "";
  readonly redirectUrl = "http://localhost:33418/callback";
  readonly clientMetadata = {
    client_name: "SDK client",
    redirect_uris: [this.redirectUrl],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
  clientInformation = () => this.#client;
  saveClientInformation = (client: unknown) => void (this.#client = client);
  tokens = () => this.#tokens;
  saveTokens = (tokens: unknown) => void (this.#tokens = tokens);
  saveCodeVerifier = (verifier: string) => void (this.#verifier = verifier);
  codeVerifier = () => this.#verifier;
  redirectToAuthorization = async (url: URL) => {
    const browser = new Browser();
    const consent = await signIn(browser, await browser.open(url.href), { provider: "google" });
    this.callback = (await decide(browser, consent)).searchParams;
  };
}

Deno.test("the 2025 SDK client discovers, registers, signs in, lists and calls", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const auth = new TestAuth();
  const url = new URL(`${gateway.url}/mcp`);
  const options = { authProvider: auth as never };
  const connect = async (transport: Transport2025) => {
    const client = new Client2025({ name: "test", version: "1" });
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    return client;
  };
  const first = new Transport2025(url, options);
  let refused: unknown;
  await connect(first).catch((error) => refused = error);
  assertEquals((refused as Error)?.constructor.name, "UnauthorizedError");
  await first.finishAuth(auth.callback.get("code")!);
  const client = await connect(new Transport2025(url, options));
  assertEquals(
    (await client.listTools()).tools.map(({ name }) => name),
    toolNames("github", "gmail", "calendar", "drive"),
  );
  const result = await client.callTool({ name: "calendar_list_events", arguments: {} });
  assertEquals(result.isError, true);
  assertStringIncludes(JSON.stringify(result.content), "Google Calendar is not connected yet");
  await client.close();
});

Deno.test("the 2026 SDK client discovers, registers, signs in, lists and calls", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const auth = new TestAuth();
  const url = new URL(`${gateway.url}/mcp/github`);
  const options = { authProvider: auth as unknown as OAuthClientProvider };
  const connect = async (transport: StreamableHTTPClientTransport) => {
    const client = new Client2026({ name: "test", version: "1" }, {
      versionNegotiation: { mode: { pin: "2026-07-28" } },
    });
    await client.connect(transport);
    return client;
  };
  const first = new StreamableHTTPClientTransport(url, options);
  let refused: unknown;
  await connect(first).catch((error) => refused = error);
  assert(
    refused instanceof UnauthorizedError || String(refused).includes("Unauthorized"),
    String(refused),
  );
  await first.finishAuth(auth.callback);
  const client = await connect(new StreamableHTTPClientTransport(url, options));
  assertEquals((await client.listTools()).tools.map(({ name }) => name), toolNames("github"));
  await client.close();
});

Deno.test("discovery leads from the refusal to the authorization server", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  for (const path of ["/mcp", "/mcp/github", "/mcp/sse", "/sse"]) {
    const refused = await gateway.mcp(LIST, { path, key: null });
    assertEquals(refused.status, 401);
    const challenge = refused.headers.get("WWW-Authenticate")!;
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(challenge)![1]!;
    assertEquals(metadataUrl, `${gateway.url}/.well-known/oauth-protected-resource${path}`);
    assertStringIncludes(challenge, 'scope="');
    const resource = await (await fetch(metadataUrl)).json();
    assertEquals(resource.resource, gateway.url + path);
    assertEquals(resource.authorization_servers, [gateway.url]);
  }
  const root = await gateway.api("/.well-known/oauth-protected-resource");
  assertEquals(root.json.resource, `${gateway.url}/mcp`);
  const nothing = ["/.well-known/oauth-protected-resource/mcp/none", "/.well-known/none"];
  for (const path of [...nothing, "/oauth/client/none.json"]) {
    const { status, json, headers } = await gateway.api(path);
    assertEquals([status, json.error], [404, "not_found"], path);
    assertEquals(headers.get("Access-Control-Allow-Origin"), "*", "a web page may read that");
  }
  const { json } = await gateway.api("/.well-known/oauth-authorization-server");
  assertEquals(json.issuer, gateway.url);
  assertEquals(json.code_challenge_methods_supported, ["S256"]);
  assert(json.token_endpoint_auth_methods_supported.includes("none"));
  assertEquals(json.client_id_metadata_document_supported, true);
  assertEquals(json.authorization_response_iss_parameter_supported, true);
  for (const name of ["authorization", "token", "registration", "revocation"]) {
    assert(json[`${name}_endpoint`].startsWith(`${gateway.url}/oauth/`));
  }
});

Deno.test("a person narrows what a client may do, in the list and in calls", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client, { services: ["github"], access: "read" });
  const { json } = await exchange(gateway, client, code);
  assertEquals(json.scope, "github:read");
  const list = await withToken(gateway, json.access_token, LIST);
  const names = list.json.result.tools.map(({ name }: { name: string }) => name);
  assert(names.includes("github_find_issues"));
  assert(!names.some((name: string) => /create|update|comment/.test(name)), names.join(" "));
  assert(names.every((name: string) => name.startsWith("github_")));
  const wider = await withToken(gateway, json.access_token, call("github_create_issue"));
  assertEquals([wider.status, wider.json.error], [403, "insufficient_scope"]);
  const challenge = wider.headers.get("WWW-Authenticate")!;
  assertStringIncludes(challenge, 'error="insufficient_scope"');
  assertStringIncludes(challenge, 'scope="github"');

  const more = await obtainCode(gateway, client, { params: { scope: "github" } });
  const stepped = await exchange(gateway, client, more);
  const again = await withToken(gateway, stepped.json.access_token, call("github_create_issue"));
  assertEquals(again.status, 200);
});

Deno.test("refresh tokens rotate, and a revoked client stops at once", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const client = await newClient(gateway);
  const { json: first } = await exchange(gateway, client, await obtainCode(gateway, client));
  const { json: second } = await refresh(gateway, client, first.refresh_token);
  assert(second.refresh_token !== first.refresh_token);
  assertEquals((await withToken(gateway, second.access_token, LIST)).status, 200);
  const revoked = await post(gateway, "/oauth/revoke", {
    client_id: client.id,
    token: second.refresh_token,
  });
  assertEquals(revoked.status, 200);
  for (const token of [first.access_token, second.access_token]) {
    const refused = await withToken(gateway, token, LIST);
    assertEquals([refused.status, refused.json.error], [401, "invalid_token"]);
  }
  assertEquals((await refresh(gateway, client, second.refresh_token)).status, 400);
});

Deno.test("a personal token is made, shown once, listed, and revoked", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const browser = new Browser();
  const home = await signIn(browser, await browser.open(gateway.url));
  const form = home.forms.find(({ action }) => action === "/dashboard/tokens")!;
  const checked: [string, string][] = [["service", "github"], ["access", "read"]];
  const made = await browser.submit(home, { form, fields: { name: "Kitchen" }, checked });
  const token = /sb_pat_[A-Za-z0-9_-]{43}/.exec(made.html)![0];
  const list = await withToken(gateway, token, LIST);
  const names = list.json.result.tools.map(({ name }: { name: string }) => name);
  assert(names.includes("github_read_issue") && !names.includes("github_create_issue"));
  const later = await browser.open(gateway.url);
  assert(!later.html.includes(token));
  assertStringIncludes(later.html, "Kitchen");
  assertStringIncludes(later.html, "Last used within the hour");
  const sure = await browser.follow(later, "/dashboard/grants/end");
  assertStringIncludes(sure.html, "Revoke Kitchen?");
  assertEquals((await withToken(gateway, token, LIST)).status, 200, "asking ends nothing");
  const done = await browser.submit(sure);
  assertStringIncludes(done.html, "Kitchen has no access any more");
  assertEquals((await withToken(gateway, token, LIST)).status, 401);
});

Deno.test("a personal token without a name, or for nothing, is not made", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const browser = new Browser();
  const home = await signIn(browser, await browser.open(gateway.url));
  const form = home.forms.find(({ action }) => action === "/dashboard/tokens")!;
  const service: [string, string][] = [["service", "github"]];
  for (
    const [name, checked] of [["", service], [" \u202e\n", service], ["Kitchen", []]] as const
  ) {
    const page = await browser.submit(home, { form, fields: { name }, checked: [...checked] });
    assertEquals(page.status, 400, JSON.stringify([name, checked]));
    assertStringIncludes(page.html, "A token needs a name and a service.");
  }
  const later = await browser.open(gateway.url);
  assert(!later.links.some((link) => link.startsWith("/dashboard/grants/end")));
});

Deno.test("a signed-in person connects from the dashboard and calls with a client", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const browser = new Browser();
  const home = await signIn(browser, await browser.open(gateway.url));
  const form = home.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "github"
  )!;
  const atProvider = await browser.submit(home, { form });
  const { signInForm } = await import("../support/emulators.ts");
  const done = await browser.submit(atProvider, { form: signInForm(atProvider) });
  assertStringIncludes(done.html, "✓ GitHub connected");
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client, { browser });
  const { json } = await exchange(gateway, client, code);
  const args = { repo: "octocat/hello-world", title: "Mine" };
  const created = await withToken(gateway, json.access_token, call("create_issue", args));
  assertStringIncludes(created.json.result.content[0].text, "Created issue #1");
});

Deno.test("sign-in is closed unless SIGN_IN_ALLOW opens it", async () => {
  for (
    const [allow, status] of [["", 403], ["*@example.com", 403], ["*@GMAIL.com", 200]] as const
  ) {
    await using gateway = await startGateway({ env: allow === "" ? {} : { SIGN_IN_ALLOW: allow } });
    const browser = new Browser();
    const page = await signIn(browser, await browser.open(gateway.url), { provider: "google" });
    assertEquals(page.status, status, allow);
  }
});

Deno.test("people sign in with providers that say who they are, and with no other", async () => {
  const env = { ...ALLOW, ASANA_CLIENT_ID: "asana-client", ASANA_CLIENT_SECRET: "asana-secret" };
  await using gateway = await startGateway({ env });
  const page = await fetch(`${gateway.url}/sign-in`);
  const text = await page.text();
  assertStringIncludes(text, "GitHub");
  assert(!text.includes("Asana"), text);
  // The browser's cookie lives on from when it sets out.
  const [set = ""] = page.headers.getSetCookie();
  const cookie = set.split(";")[0]!;
  const [, form_token = ""] = /name="form_token" value="([^"]+)"/.exec(text) ?? [];
  const setOut = await fetch(`${gateway.url}/sign-in/github`, {
    method: "POST",
    headers: { Cookie: cookie, Origin: gateway.url },
    body: new URLSearchParams({ form_token, return_to: "/" }),
    redirect: "manual",
  });
  await setOut.body?.cancel();
  assertEquals([setOut.status, setOut.headers.getSetCookie().map((each) => each.split(";")[0])], [
    303,
    [cookie],
  ]);
  const services = await gateway.api("/services");
  assertStringIncludes(services.text, "asana");
});

Deno.test("an app's link says for whom it is, to somebody who is signed in here as well", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const browser = new Browser();
  await signIn(browser, await browser.open(gateway.url));
  const body = { user_id: "user_of_the_app", service: "github" };
  const { json } = await gateway.api("/links", { body });
  const { status, html } = await browser.open(json.url);
  assertEquals(status, 200);
  assertStringIncludes(html, "voice");
  assertStringIncludes(html, "user_of_the_app");
});

Deno.test("sign-out ends this session, or all of them", async () => {
  await using gateway = await startGateway({ env: ALLOW });
  const [one, two] = [new Browser(), new Browser()];
  await signIn(one, await one.open(gateway.url));
  await signIn(two, await two.open(gateway.url));
  const signOut = async (fields: Record<string, string>) => {
    const page = await one.open(`${gateway.url}/you`);
    const form = page.forms.find(({ action }) => action === "/sign-out")!;
    return await one.submit(page, { form, fields });
  };
  await signOut({});
  assert((await one.open(gateway.url)).url.endsWith("/sign-in"));
  assert((await two.open(gateway.url)).url.endsWith("/"));
  await signIn(one, await one.open(gateway.url));
  await signOut({ everywhere: "yes" });
  assert((await two.open(gateway.url)).url.endsWith("/sign-in"));
});
