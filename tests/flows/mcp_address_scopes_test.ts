import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  assertDead,
  assertRefused,
  assertWorks,
  LIST,
  obtainTokens,
  openGateway,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { call, type Gateway } from "../support/gateway.ts";
import {
  authorizeUrl,
  decide,
  exchange,
  newClient,
  obtainCode,
  refresh,
} from "../support/mcp_client.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** What a client hears at an address before it is known. */
async function challengeAt(gateway: Gateway, address: string) {
  const { status, headers } = await gateway.mcp(LIST, { path: address, key: null });
  assertEquals(status, 401, address);
  const challenge = headers.get("WWW-Authenticate")!;
  const [, metadata = ""] = /resource_metadata="([^"]*)"/.exec(challenge)!;
  const [, scope = ""] = /scope="([^"]*)"/.exec(challenge) ?? [];
  return { challenge, metadata, scope };
}

async function listed(gateway: Gateway, token: string, path: string): Promise<string[]> {
  const { json } = await withToken(gateway, token, LIST, path);
  return json.result.tools.map(({ name }: { name: string }) => name);
}

/** Addresses, and the scopes that are of use there. */
const ADDRESSES: [address: string, scopes: string][] = [
  ["/mcp/github", "github github:read"],
  ["/mcp/github/", "github github:read"],
  ["/mcp/google", "gmail gmail:read calendar calendar:read drive drive:read"],
  ["/mcp?services=calendar,github", "github github:read calendar calendar:read"],
  ["/mcp/?services=github", "github github:read"],
  ["/mcp/google?services=drive,github", "drive drive:read"],
  ["/mcp?services=google&read_only=true", "gmail:read calendar:read drive:read"],
  ["/mcp/github?read_only=true", "github:read"],
  ["/mcp/github?read_only=false&voice=true&x=1", "github github:read"],
  ["/sse?services=github", "github github:read"],
  ["/mcp?services=none", ""],
  ["/mcp/github?services=gmail", ""],
];

Deno.test("an address names the scopes that it can use, in the challenge and in its metadata", async () => {
  await using gateway = await openGateway();
  for (const [address, scopes] of ADDRESSES) {
    const { metadata, scope, challenge } = await challengeAt(gateway, address);
    assertEquals(scope, scopes, address);
    assertEquals(challenge.includes("scope="), scopes !== "", address);
    const plain = address.replace(/\/($|\?)/, "$1");
    assertEquals(metadata, gateway.url + WELL_KNOWN + plain);
    const { json, headers } = await gateway.api(metadata.slice(gateway.url.length), { key: null });
    // RFC 9728 §3.3: the very URL that was called, its query included.
    assertEquals(json.resource, gateway.url + plain);
    assertEquals(json.scopes_supported.join(" "), scopes);
    assertStringIncludes(headers.get("Content-Type")!, "application/json");
  }
});

Deno.test("what stands in a query ends no header, and nothing long or odd is repeated", async () => {
  await using gateway = await openGateway();
  const all = (await challengeAt(gateway, "/mcp")).scope;
  const repeated = [
    "?services=github%0d%0aSet-Cookie:%20a=b",
    "?x=%22,%20error=%22invalid_token",
    "?x='y'",
    "?x=%00",
  ];
  const left = [
    `?x=${"a".repeat(1000)}`,
    `?services=github&${"y".repeat(20_000)}`,
    "?x=a\\",
    "?x={y}",
    "?x=a|b",
    "?x=^`",
    "?x=%",
    "?x=%zz",
  ];
  for (const search of repeated) {
    const { metadata, challenge } = await challengeAt(gateway, `/mcp${search}`);
    assertEquals(metadata, `${gateway.url}${WELL_KNOWN}/mcp${search.replace("'y'", "%27y%27")}`);
    assert(/^Bearer resource_metadata="[^"]*"(, scope="[^"]*")?$/.test(challenge), challenge);
  }
  for (const search of left) {
    const { metadata, scope, challenge } = await challengeAt(gateway, `/mcp${search}`);
    assertEquals([metadata, scope], [`${gateway.url}${WELL_KNOWN}/mcp`, all], search.slice(0, 40));
    assert(challenge.length < 2_000);
    const { json } = await gateway.api(`${WELL_KNOWN}/mcp${search}`, { key: null });
    assertEquals(json.resource, `${gateway.url}/mcp`);
  }
  // What no call with it is answered for narrows nothing before somebody is known.
  for (const search of ["?read_only=maybe", "?services=github&services=gmail"]) {
    assertEquals((await challengeAt(gateway, `/mcp${search}`)).scope, all);
    assertEquals((await gateway.mcp(LIST, { path: `/mcp${search}` })).status, 400);
  }
});

Deno.test("a service that is not here sends a client to the gateway's own metadata", async () => {
  await using gateway = await openGateway();
  for (const path of ["/mcp/none", `/mcp/${"x".repeat(5000)}`, "/mcp/a%22b", "/mcp/none/?x=1"]) {
    const { metadata, challenge } = await challengeAt(gateway, path);
    assertEquals(metadata, `${gateway.url}${WELL_KNOWN}/mcp`);
    assert(!challenge.includes("scope="));
  }
});

Deno.test("what a token of an address may do is what that address lists", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  for (const [address, scopes] of ADDRESSES.filter(([, scopes]) => scopes !== "")) {
    const params = { resource: gateway.url + address, scope: scopes };
    const { access_token } = await obtainTokens(gateway, client, { params });
    const here = await listed(gateway, access_token, address);
    // Not one tool more is listed for an API key, which has no scopes at all.
    const { json } = await gateway.mcp(LIST, { path: address });
    assertEquals(here, json.result.tools.map(({ name }: { name: string }) => name), address);
  }
});

Deno.test("a person is shown what an address can use, whatever its client asks for", async () => {
  await using gateway = await openGateway();
  const { browser } = await signedIn(gateway);
  const client = await newClient(gateway);
  const scope = "github gmail calendar drive";
  for (
    const [address, services, mayChange] of [
      ["/mcp/github", ["github"], true],
      ["/mcp?services=calendar,github", ["github", "calendar"], true],
      ["/mcp/google?read_only=true", ["gmail", "calendar", "drive"], false],
      ["/mcp?services=drive&read_only=true", ["drive"], false],
      ["/mcp", ["github", "gmail", "calendar", "drive"], true],
    ] as const
  ) {
    const resource = gateway.url + address;
    const page = await browser.open(authorizeUrl(gateway, client, { scope, resource }));
    const boxes = [...page.html.matchAll(/name="service" value="([^"]*)"/g)].map(([, name]) =>
      name
    );
    assertEquals(boxes, [...services], address);
    assertEquals(/Read and change/.test(page.html), mayChange, address);
    assert(!page.html.includes('name="change"'), address);
  }
  for (const address of ["/mcp?services=none", "/mcp/github?services=gmail"]) {
    const resource = gateway.url + address;
    const { location } = await send(authorizeUrl(gateway, client, { scope, resource }));
    assertEquals(new URL(location!).searchParams.get("error"), "invalid_scope", address);
  }
});

Deno.test("no scope, or none that is known, asks for what the address can read", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  for (
    const [scope, address, given] of [
      [undefined, "/mcp", "github:read gmail:read calendar:read drive:read"],
      ["openid", "/mcp", "github:read gmail:read calendar:read drive:read"],
      ["openid email offline_access", "/mcp/google", "gmail:read calendar:read drive:read"],
      ["mcp:tools", "/mcp?services=github", "github:read"],
      // Known elsewhere, and of no use here.
      ["gmail", "/mcp/github", "github:read"],
      ["github", "/mcp?read_only=true&services=github", "github:read"],
    ] as const
  ) {
    const params = { scope, resource: gateway.url + address };
    const tokens = await obtainTokens(gateway, client, { params });
    assertEquals(tokens.scope, given, address);
    const wider = await withToken(gateway, tokens.access_token, call("github_create_issue"));
    assert([401, 403].includes(wider.status));
  }
});

Deno.test("a resource with a query or a slash is its path's, from the request to the token", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const github = `${gateway.url}/mcp/github`;
  for (const more of ["?services=github", "/", "/?read_only=false", "?x=%22"]) {
    const resource = github + more;
    const code = await obtainCode(gateway, client, { params: { resource } });
    // Elsewhere is elsewhere, with a query or without.
    for (const other of [`${gateway.url}/mcp${more}`, `${gateway.url}/mcp/gmail${more}`]) {
      assertRefused(await exchange(gateway, client, code, { resource: other }), "invalid_target");
    }
    const first = await exchange(gateway, client, code, { resource });
    assertEquals(first.status, 200, more);
    const payload = JSON.parse(atob(first.json.access_token.split(".")[1]));
    assertEquals(payload.aud, github);
    for (const path of ["/mcp/github", "/mcp/github/", "/mcp/github?services=github&a=b"]) {
      await assertWorks(gateway, first.json.access_token, path);
    }
    for (const path of ["/mcp", "/mcp?services=github", "/mcp/gmail", "/sse"]) {
      await assertDead(gateway, first.json.access_token, path);
    }
    for (const same of [resource, github, `${github}/`, `${github}?other=1`]) {
      const next = await refresh(gateway, client, first.json.refresh_token, { resource: same });
      assertEquals(next.status, 200, same);
    }
    const other = `${gateway.url}/mcp?services=github`;
    const refused = await refresh(gateway, client, first.json.refresh_token, { resource: other });
    assertRefused(refused, "invalid_target");
  }
});

Deno.test("a query narrows each call again, whatever the token may do", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const params = { resource: `${gateway.url}/mcp?services=github,gmail` };
  const { access_token, scope } = await obtainTokens(gateway, client, { params });
  assertEquals(scope, "github gmail");
  for (
    const [path, services] of [
      ["/mcp", ["github", "gmail"]],
      ["/mcp?services=github", ["github"]],
      ["/mcp?services=drive", []],
      ["/mcp/gmail", ["gmail"]],
    ] as const
  ) {
    const names = await listed(gateway, access_token, path);
    const found = new Set(names.map((name) => name.split("_")[0]));
    assertEquals([...found].sort(), [...services].sort(), path);
  }
});

Deno.test("a consent page for one address gives nothing at another", async () => {
  await using gateway = await openGateway();
  const { browser, cookie } = await signedIn(gateway);
  const client = await newClient(gateway);
  const narrow = authorizeUrl(gateway, client, { resource: `${gateway.url}/mcp?services=github` });
  const page = await browser.open(narrow);
  const { fields } = page.forms[0]!;
  for (const resource of [`${gateway.url}/mcp`, `${gateway.url}/mcp?services=gmail`]) {
    const request = new URLSearchParams(fields.request);
    request.set("resource", resource);
    const form = { ...fields, request: `${request}`, decision: "allow", service: "gmail" };
    const answer = await send(`${gateway.url}/oauth/authorize`, { cookie, form });
    assertEquals([answer.status, answer.location], [403, null]);
  }
  const back = await decide(browser, page);
  const { json } = await exchange(gateway, client, back.searchParams.get("code")!);
  assertEquals(json.scope, "github:read");
});
