import { assert, assertEquals } from "@std/assert";
import type { Discovered } from "../../../broker/core/discovered.ts";
import { discover, type Found, scopesToAsk } from "../../../providers/discovered/discovery.ts";
import { DISCOVERY_REQUESTS } from "../../../providers/discovered/documents.ts";
import { type Internet, internet, page, type Site } from "../../support/internet.ts";
import { type OAuthBehaviour, startOAuthServer } from "../../support/oauth_server.ts";

const NOW = 1_800_000_000_000;
const MCP = "https://mcp.example";
const AS = "https://as.example";
const URL_ = `${MCP}/v1/mcp`;
const PATH_INSERTED = "/.well-known/oauth-protected-resource/v1/mcp";
const AT_ROOT = "/.well-known/oauth-protected-resource";
const OAUTH = "/.well-known/oauth-authorization-server";
const OPENID = "/.well-known/openid-configuration";

type Deps = Partial<Parameters<typeof discover>[1]>;

function find(net: Pick<Internet, "fetch">, url = URL_, deps: Deps = {}): Promise<Found> {
  const { signal } = new AbortController();
  return discover(url, { fetch: net.fetch, now: NOW, signal, ...deps });
}

function protectedBy(found: Found): Discovered {
  assert(found.kind === "protected", JSON.stringify(found));
  return found.discovered;
}

/** Asks for a token, and says where its metadata is. */
function asks(challenge: string | null = "Bearer", status = 401): Response {
  const headers = new Headers(challenge === null ? {} : { "WWW-Authenticate": challenge });
  return Response.json({ error: "unauthorized" }, { status, headers });
}

const resource = (more: Record<string, unknown> = {}) => ({
  resource: URL_,
  authorization_servers: [AS],
  ...more,
});

function metadata(issuer = AS, more: Record<string, unknown> = {}) {
  const { origin } = new URL(issuer);
  return {
    issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    ...more,
  };
}

/** A server whose metadata stands where the standards want it, with one site or the other bent. */
function usual(mcp: Record<string, unknown> = {}, as: Record<string, unknown> = {}): Internet {
  return internet({
    [MCP]: { "POST /v1/mcp": asks(), [PATH_INSERTED]: resource(), ...mcp },
    [AS]: { [OAUTH]: metadata(), ...as },
  });
}

Deno.test("what a server says of itself is found, with three requests", async () => {
  const as = metadata(AS, {
    registration_endpoint: `${AS}/register`,
    revocation_endpoint: `${AS}/revoke`,
    userinfo_endpoint: `${AS}/userinfo`,
    scopes_supported: ["notes:read", "offline_access"],
    token_endpoint_auth_methods_supported: ["none", "client_secret_post"],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    code_challenge_methods_supported: ["plain", "S256"],
  });
  const net = usual({ [PATH_INSERTED]: resource({ scopes_supported: ["notes:read"] }) }, {
    [OAUTH]: as,
  });
  assertEquals(await find(net), {
    kind: "protected",
    discovered: {
      foundAt: NOW,
      resource: URL_,
      scopes: ["notes:read"],
      issuer: AS,
      sendsIssuer: true,
      authorizationEndpoint: `${AS}/authorize`,
      tokenEndpoint: `${AS}/token`,
      registrationEndpoint: `${AS}/register`,
      revocationEndpoint: `${AS}/revoke`,
      userinfoEndpoint: `${AS}/userinfo`,
      scopesSupported: ["notes:read", "offline_access"],
      authMethods: ["none", "client_secret_post"],
      takesDocuments: true,
      pkce: true,
    },
  });
  assertEquals(net.asked, [`POST ${URL_}`, `GET ${MCP}${PATH_INSERTED}`, `GET ${AS}${OAUTH}`]);
});

Deno.test("the metadata is where the challenge says, also at a relative address", async () => {
  for (const said of [`${MCP}/meta`, "/meta"]) {
    const net = usual({
      "POST /v1/mcp": asks(`Bearer resource_metadata="${said}", scope="a b"`),
      [PATH_INSERTED]: page("no", 404),
      "/meta": resource({ scopes_supported: ["c"] }),
    });
    const { scopes, issuer } = protectedBy(await find(net));
    assertEquals([scopes, issuer], [["a", "b"], AS]);
    assertEquals(net.asked.length, 3);
  }
});

Deno.test("where the challenge leads to nothing, the well-known places count", async () => {
  const places: Record<string, unknown>[] = [
    { [PATH_INSERTED]: resource() },
    { [PATH_INSERTED]: page("no", 404), [AT_ROOT]: resource() },
    { [PATH_INSERTED]: page("no", 405), [AT_ROOT]: resource({ resource: MCP }) },
    { [PATH_INSERTED]: page("Welcome"), [AT_ROOT]: resource() },
    { [PATH_INSERTED]: ["a list"], [AT_ROOT]: resource() },
    { [PATH_INSERTED]: asks(), [AT_ROOT]: resource() },
  ];
  const challenges = [null, "Bearer", `Bearer resource_metadata="${MCP}/gone"`];
  for (const site of places) {
    for (const challenge of challenges) {
      const net = usual({ "POST /v1/mcp": asks(challenge), ...site });
      assertEquals(protectedBy(await find(net)).issuer, AS, JSON.stringify([site, challenge]));
    }
  }
});

Deno.test("a 401 that was seen elsewhere is taken for it, and the server is not asked again", async () => {
  const net = usual({ "POST /v1/mcp": page("busy", 503) });
  assertEquals(protectedBy(await find(net, URL_, { challenge: "Bearer" })).issuer, AS);
  assertEquals(net.asked[0], `GET ${MCP}${PATH_INSERTED}`);
});

Deno.test("a server may ask late, by 403, or after a redirect to itself", async () => {
  const session = { "Mcp-Session-Id": "s1" };
  const sites: Record<string, (method: string, request: Request) => Response> = {
    late: (method, request) => {
      if (method === "initialize") return Response.json({}, { headers: session });
      assertEquals(request.headers.get("Mcp-Session-Id"), "s1");
      return asks();
    },
    "by 403": () => asks("Bearer", 403),
    "elsewhere on the same origin": (_, { url }) =>
      url.endsWith("/") ? asks() : new Response(null, {
        status: 307,
        headers: { Location: "/v1/mcp/" },
      }),
  };
  for (const [name, answer] of Object.entries(sites)) {
    const net = internet({
      [MCP]: async (request) => {
        if (request.method === "POST") return answer((await request.json()).method, request);
        return request.url.endsWith(PATH_INSERTED) ? Response.json(resource()) : page("no", 404);
      },
      [AS]: { [OAUTH]: metadata() },
    });
    assertEquals(protectedBy(await find(net)).issuer, AS, name);
  }
});

Deno.test("a server that asks nobody is open, whatever its stream does", async () => {
  const net = internet({
    [MCP]: () =>
      new Response(new ReadableStream(), { headers: { "Content-Type": "text/event-stream" } }),
  });
  assertEquals(await find(net), { kind: "open" });
});

Deno.test("a server's redirect to elsewhere is not followed", async () => {
  const location = (status: number) =>
    new Response(null, { status, headers: { Location: "https://evil.example/mcp" } });
  for (const status of [301, 302, 303, 307, 308]) {
    const moved = location(status);
    const net = usual({ "POST /v1/mcp": moved, [PATH_INSERTED]: moved, [AT_ROOT]: moved });
    assertEquals((await find(net)).kind, "unknown");
    assert(net.asked.every((each) => !each.includes("evil")));
  }
});

Deno.test("what asks for something else than OAuth, or names nobody, is unknown", async () => {
  const sites: Record<string, Record<string, unknown>> = {
    basic: { "POST /v1/mcp": asks('Basic realm="x"') },
    nothing: { "POST /v1/mcp": asks(null) },
    "not found": {},
    "a page": { "POST /v1/mcp": page("forbidden", 403) },
    "a method that is not allowed": { "POST /v1/mcp": page("no", 405) },
  };
  for (const [name, site] of Object.entries(sites)) {
    const found = await find(internet({ [MCP]: site }));
    assertEquals(found.kind, "unknown", name);
  }
  const sure = usual({ "POST /v1/mcp": page("no", 400) });
  assertEquals(protectedBy(await find(sure)).issuer, AS);
});

Deno.test("what cannot be found out now is said to be so, with the time to wait", async () => {
  const busy = (status: number) =>
    new Response("busy", { status, headers: { "Retry-After": "7" } });
  for (const status of [429, 502, 503, 504]) {
    const said = await find(usual({ "POST /v1/mcp": busy(status) }));
    assertEquals(said, {
      kind: "failed",
      reason: `it answered with status ${status}`,
      retryAfter: 7,
    });
    const challenge = `Bearer resource_metadata="${MCP}/meta"`;
    // What else is there may be of another time: nobody is registered with that meanwhile.
    const unread = usual({
      "POST /v1/mcp": asks(challenge),
      "/meta": busy(status),
      [PATH_INSERTED]: page("no", 404),
      [OAUTH]: metadata(MCP),
    });
    const as = usual({}, { [OAUTH]: busy(status) });
    for (const net of [unread, as]) {
      const found = await find(net);
      assertEquals([found.kind, "retryAfter" in found && found.retryAfter], ["failed", 7]);
    }
  }
  assertEquals((await find(internet({}))).kind, "failed");
  const stop = new AbortController();
  const silent = {
    fetch: () =>
      new Promise<Response>((_, reject) => {
        stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
        stop.abort();
      }),
  };
  assertEquals(await find(silent, URL_, { signal: stop.signal }), {
    kind: "failed",
    reason: "no answer in time",
  });
});

Deno.test("the resource is called as it calls itself, if that is its address or stands above it", async () => {
  const names: [said: unknown, sent: string][] = [
    [URL_, URL_],
    [`${URL_}/`, `${URL_}/`],
    [MCP, MCP],
    [`${MCP}/`, `${MCP}/`],
    [`${MCP}/v1`, `${MCP}/v1`],
    ["https://MCP.example/v1/mcp", "https://MCP.example/v1/mcp"],
    [undefined, URL_],
    [null, URL_],
    // A neighbour's: its tokens are not to be sent here.
    [`${MCP}/v2/mcp`, URL_],
    [`${MCP}/v1/m`, URL_],
    [`${MCP}/v1/mcp/deeper`, URL_],
    [`${MCP}?tenant=other`, URL_],
  ];
  for (const [said, sent] of names) {
    const net = usual({ [PATH_INSERTED]: resource({ resource: said }) });
    assertEquals(protectedBy(await find(net)).resource, sent, String(said));
  }
});

Deno.test("metadata of another origin's resource is refused", async () => {
  const others = [
    "https://other.example/v1/mcp",
    "https://mcp.example.evil.example/v1/mcp",
    "https://mcp.example:8443/v1/mcp",
    "http://mcp.example/v1/mcp",
    "https://user@mcp.example/v1/mcp",
    "https://:pw@mcp.example/v1/mcp",
    `${URL_}#x`,
    "urn:mcp",
    "",
    7,
    ["https://mcp.example/v1/mcp"],
  ];
  for (const said of others) {
    const net = usual({ [PATH_INSERTED]: resource({ resource: said }) });
    assertEquals((await find(net)).kind, "unknown", String(said));
  }
});

Deno.test("of several authorization servers the first usable one counts", async () => {
  const listed = [
    "nonsense",
    "http://as.example",
    "https://gone.example",
    "https://odd.example",
    AS,
  ];
  const net = internet({
    [MCP]: {
      "POST /v1/mcp": asks(),
      [PATH_INSERTED]: resource({ authorization_servers: [...listed, "https://late.example"] }),
    },
    "https://gone.example": {},
    "https://odd.example": { [OAUTH]: metadata("https://other.example") },
    [AS]: { [OAUTH]: metadata() },
  });
  assertEquals(protectedBy(await find(net)).issuer, AS);
  const one = usual({ [PATH_INSERTED]: resource({ authorization_servers: AS }) });
  assertEquals(protectedBy(await find(one)).issuer, AS);
});

Deno.test("an authorization server's metadata is found wherever servers keep it", async () => {
  const cases: [issuer: string, place: string, named?: string][] = [
    [AS, OAUTH],
    [AS, OPENID],
    [`${AS}/`, OAUTH],
    [`${AS}/`, OPENID],
    [AS, OAUTH, `${AS}/`],
    [`${AS}/`, OAUTH, AS],
    [`${AS}/t/1`, `${OAUTH}/t/1`],
    [`${AS}/t/1`, `${OPENID}/t/1`],
    [`${AS}/t/1`, `/t/1${OPENID}`],
    [`${AS}/t/1`, `/t/1${OAUTH}`],
    [`${AS}/t/1`, OAUTH],
    [`${AS}/t/1`, OPENID],
    [`${AS}/t/1/`, `/t/1${OPENID}`],
    [`${AS}/t/1/`, `${OAUTH}/t/1`, `${AS}/t/1`],
  ];
  for (const [issuer, place, said = issuer] of cases) {
    const net = internet({
      [MCP]: {
        "POST /v1/mcp": asks(),
        [PATH_INSERTED]: resource({ authorization_servers: [issuer] }),
      },
      [AS]: { [place]: metadata(said) },
    });
    // As the document has it: `iss` is compared with it to the letter.
    assertEquals(protectedBy(await find(net)).issuer, said, `${issuer} ${place}`);
  }
});

Deno.test("metadata that names another issuer is refused", async () => {
  const others = [
    "https://other.example",
    "https://as.example/t",
    "https://as.example.evil.example",
    "https://as.example:8443",
    "http://as.example",
    "https://as.example/?x",
    "",
    null,
    7,
  ];
  for (const issuer of others) {
    const document = { ...metadata(), issuer };
    const net = usual({}, { [OAUTH]: document, [OPENID]: document });
    assertEquals((await find(net)).kind, "unknown", String(issuer));
  }
});

Deno.test("metadata is read whatever it is declared as, and however odd its members are", async () => {
  const text = JSON.stringify(metadata());
  const as = (body: BodyInit, type = "text/plain") =>
    new Response(body, { headers: { "Content-Type": type } });
  const documents: Record<string, unknown> = {
    "as text": as(text),
    "as a page": as(text, "text/html"),
    "with a mark of its encoding": as(`\ufeff${text}`, "application/json"),
    "with null members": metadata(AS, {
      registration_endpoint: null,
      scopes_supported: null,
      token_endpoint_auth_methods_supported: null,
      code_challenge_methods_supported: null,
      client_id_metadata_document_supported: "true",
      jwks_uri: null,
    }),
    "with members of other types": metadata(AS, {
      registration_endpoint: ["https://as.example/register"],
      revocation_endpoint: {},
      userinfo_endpoint: 7,
      scopes_supported: [7, null, {}],
      token_endpoint_auth_methods_supported: [null],
      code_challenge_methods_supported: [null],
      authorization_response_iss_parameter_supported: "yes",
      grant_types_supported: "authorization_code",
    }),
  };
  for (const [name, document] of Object.entries(documents)) {
    const found = protectedBy(await find(usual({}, { [OAUTH]: document })));
    const { issuer, registrationEndpoint, revocationEndpoint, userinfoEndpoint } = found;
    assertEquals(
      [issuer, registrationEndpoint, revocationEndpoint, userinfoEndpoint],
      [AS, undefined, undefined, undefined],
      name,
    );
    assertEquals([found.takesDocuments, found.sendsIssuer], [false, false], name);
  }
});

Deno.test("where the first place holds half of it, the next one is read", async () => {
  const halves: unknown[] = [
    metadata(AS, { token_endpoint: null }),
    metadata(AS, { authorization_endpoint: "/authorize" }),
    page("Welcome"),
    new Response("{", { headers: { "Content-Type": "application/json" } }),
    `x${"y".repeat(100_000)}`,
    metadata(AS, { padding: "x".repeat(70_000) }),
  ];
  for (const half of halves) {
    const net = usual({}, { [OAUTH]: half, [OPENID]: metadata() });
    assertEquals(protectedBy(await find(net)).issuer, AS);
  }
});

Deno.test("endpoints that are no plain public https addresses are refused, or left out", async () => {
  const bad = [
    "http://as.example/x",
    "https://as.example/x#f",
    "https://as.example/x#",
    "https://user:secret@as.example/x",
    "https://as.example./x",
    "/x",
    "as.example/x",
    "//as.example/x",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "https://127.0.0.1/x",
    "https://2130706433/x",
    "https://localhost/x",
    "https://app.localhost/x",
    "https://[::1]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://10.0.0.1/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://router/x",
    "https://printer.local/x",
    "https://vault.internal/x",
    `https://as.example/${"x".repeat(3_000)}`,
    7,
    null,
    {},
  ];
  for (const endpoint of bad) {
    for (const name of ["authorization_endpoint", "token_endpoint"]) {
      const net = usual({}, { [OAUTH]: metadata(AS, { [name]: endpoint }) });
      assertEquals((await find(net)).kind, "unknown", `${name} ${endpoint}`);
    }
    const more = {
      registration_endpoint: endpoint,
      revocation_endpoint: endpoint,
      userinfo_endpoint: endpoint,
    };
    const found = protectedBy(await find(usual({}, { [OAUTH]: metadata(AS, more) })));
    const { registrationEndpoint, revocationEndpoint, userinfoEndpoint } = found;
    const left = [registrationEndpoint, revocationEndpoint, userinfoEndpoint];
    assertEquals(left, [undefined, undefined, undefined], String(endpoint));
  }
});

Deno.test("authorization servers that are no public https addresses are never asked", async () => {
  for (
    const host of ["http://as.example", "https://127.0.0.1", "https://vault", "https://10.0.0.1"]
  ) {
    const net = usual({ [PATH_INSERTED]: resource({ authorization_servers: [host] }) });
    assertEquals((await find(net)).kind, "unknown", host);
    assert(net.asked.every((each) => each.includes(MCP)), host);
  }
  for (const place of ["http://127.0.0.1/x", "https://169.254.169.254/x", "file:///etc/passwd"]) {
    const net = usual({ "POST /v1/mcp": asks(`Bearer resource_metadata="${place}"`) });
    assertEquals(protectedBy(await find(net)).issuer, AS);
    assert(net.asked.every((each) => !each.includes(place)), place);
  }
});

Deno.test("a server of before 2025-06-18 is its own authorization server, or names one", async () => {
  const own = internet({ [MCP]: { "POST /v1/mcp": asks(null), [OAUTH]: metadata(MCP) } });
  assertEquals(protectedBy(await find(own)).tokenEndpoint, `${MCP}/token`);
  // The issuer's own document counts, and not what the server says in its name.
  const lying = { ...metadata(AS), token_endpoint: "https://evil.example/token" };
  const named = internet({
    [MCP]: { "POST /v1/mcp": asks(null), [OAUTH]: lying },
    [AS]: { [OAUTH]: metadata() },
  });
  const { issuer, tokenEndpoint, resource: sent } = protectedBy(await find(named));
  assertEquals([issuer, tokenEndpoint, sent], [AS, `${AS}/token`, URL_]);
});

Deno.test("without any metadata the default endpoints count, where there is such a page", async () => {
  for (const status of [200, 400, 401, 405, 500]) {
    const net = internet({
      [MCP]: { "POST /v1/mcp": asks(null), "/authorize": page("What?", status) },
    });
    const found = protectedBy(await find(net));
    const { authorizationEndpoint, tokenEndpoint, registrationEndpoint, issuer } = found;
    assertEquals(
      [authorizationEndpoint, tokenEndpoint, registrationEndpoint, issuer],
      [`${MCP}/authorize`, `${MCP}/token`, `${MCP}/register`, MCP],
      String(status),
    );
  }
});

Deno.test("mix-up: a server that names another one's authorization page is refused", async () => {
  const EVIL = "https://evil.example";
  const honest: Record<string, Site> = {
    "at the root": { [OAUTH]: metadata() },
    "by OpenID Connect alone": { [OPENID]: metadata() },
    "in a folder": {
      [`${OAUTH}/t/1`]: { ...metadata(`${AS}/t/1`), authorization_endpoint: `${AS}/t/1/authorize` },
    },
    "appended to a folder": {
      [`/t/1${OPENID}`]: {
        ...metadata(`${AS}/t/1`),
        authorization_endpoint: `${AS}/t/1/authorize`,
      },
    },
  };
  for (const [name, site] of Object.entries(honest)) {
    const path = name.includes("folder") ? "/t/1/authorize" : "/authorize";
    for (const query of ["", "?client_id=x"]) {
      const stolen = { ...metadata(EVIL), authorization_endpoint: AS + path + query };
      const net = internet({
        [EVIL]: {
          "POST /v1/mcp": asks(),
          [PATH_INSERTED]: { resource: `${EVIL}/v1/mcp`, authorization_servers: [EVIL] },
          [OAUTH]: stolen,
        },
        [AS]: site,
      });
      const found = await find(net, `${EVIL}/v1/mcp`);
      assertEquals(found, {
        kind: "unknown",
        reason: "its authorization page is another server's",
      }, name);
    }
  }
});

Deno.test("mix-up: nobody escapes that by leading to many places first", async () => {
  const EVIL = "https://evil.example";
  // With these, one request is left: the one that would find nothing.
  const decoys = [`${EVIL}/a/1`, `${EVIL}/a/2`, "https://decoy.example"];
  const net = internet({
    [EVIL]: {
      "POST /v1/mcp": asks(`Bearer resource_metadata="${EVIL}/gone"`),
      [AT_ROOT]: { resource: EVIL, authorization_servers: [...decoys, EVIL] },
      [OAUTH]: { ...metadata(EVIL), authorization_endpoint: `${AS}/authorize` },
    },
    "https://decoy.example": {},
    [AS]: { [OPENID]: metadata() },
  });
  assertEquals(await find(net, `${EVIL}/v1/mcp`), {
    kind: "unknown",
    reason: "its metadata leads to too many places",
  });
  assertEquals(net.asked.length, DISCOVERY_REQUESTS);
});

Deno.test("an honest server on two hosts is taken, whatever its other host says of other pages", async () => {
  const page = "https://login.example";
  const document = { ...metadata(), authorization_endpoint: `${page}/o/authorize` };
  for (const site of [{}, { [OAUTH]: document }, { [OAUTH]: metadata(page) }]) {
    const net = internet({
      [MCP]: { "POST /v1/mcp": asks(), [PATH_INSERTED]: resource() },
      [AS]: { [OAUTH]: document },
      [page]: site,
    });
    assertEquals(protectedBy(await find(net)).issuer, AS);
  }
});

Deno.test("a discovery ends after some requests, wherever a server leads", async () => {
  const net = internet({
    [MCP]: {
      "POST /v1/mcp": asks(),
      [PATH_INSERTED]: resource({
        authorization_servers: Array.from({ length: 50 }, (_, at) => `${AS}/t/${at}`),
      }),
    },
    [AS]: {},
  });
  assertEquals((await find(net)).kind, "unknown");
  assert(net.asked.length <= DISCOVERY_REQUESTS);
});

Deno.test("a refusal says nothing of what the server wrote", async () => {
  const secret = "hunter2";
  const sites = [
    usual({ "POST /v1/mcp": asks(`Basic realm="${secret}"`), [PATH_INSERTED]: page("", 404) }),
    usual({ [PATH_INSERTED]: resource({ resource: `https://${secret}.example` }) }),
    usual({}, { [OAUTH]: metadata(`https://${secret}.example`) }),
    internet({ [MCP]: () => Promise.reject(new TypeError(secret)) }),
    internet({ [MCP]: () => page(secret, 418) }),
  ];
  for (const net of sites) {
    const found = await find(net);
    assert(!JSON.stringify(found).includes(secret), JSON.stringify(found));
    assert(found.kind === "unknown" || found.kind === "failed");
  }
});

Deno.test("a server on this machine is found, with everything that it names on this machine", async () => {
  const behaviours: OAuthBehaviour[] = [
    {},
    { challenge: null },
    { issuerPath: "/" },
    { issuerPath: "/t/1" },
    { resourcePaths: ["/.well-known/oauth-protected-resource"] },
    { resourcePaths: [], challenge: null },
    { resourcePaths: [], metadataPaths: [] },
    { metadataPaths: ["/.well-known/openid-configuration"] },
    { asksAt: "tools/list" },
  ];
  for (const behaviour of behaviours) {
    await using server = startOAuthServer(behaviour);
    const found = protectedBy(await find({ fetch }, server.url));
    assertEquals(found.tokenEndpoint, `${server.origin}/token`, JSON.stringify(behaviour));
  }
  await using open = startOAuthServer({ asksAt: "never" });
  assertEquals(await find({ fetch }, open.url), { kind: "open" });
});

Deno.test("offline_access is asked for where there is such a scope", () => {
  const has = { scopes: ["a"], scopesSupported: ["a", "b", "offline_access"] };
  assertEquals(scopesToAsk(has, []), ["a", "offline_access"]);
  assertEquals(scopesToAsk(has, ["b"]), ["b", "offline_access"]);
  assertEquals(scopesToAsk({ scopes: [] }, []), []);
  assertEquals(scopesToAsk({ scopes: ["offline_access"], scopesSupported: ["a"] }, []), [
    "offline_access",
  ]);
});
