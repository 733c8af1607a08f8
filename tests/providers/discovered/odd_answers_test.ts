/** What servers answer that is no answer, or another one than was asked for. */

import { assert, assertEquals } from "@std/assert";
import { NotAllowed } from "../../../broker/core/careful_fetch.ts";
import { accountOf } from "../../../providers/discovered/account.ts";
import { usableAddress } from "../../../providers/discovered/address.ts";
import { discover, type Found } from "../../../providers/discovered/discovery.ts";
import {
  DISCOVERY_REQUESTS,
  DOCUMENT_MAX_BYTES,
  Documents,
  textsOf,
} from "../../../providers/discovered/documents.ts";
import { isSomebodyElses } from "../../../providers/discovered/mix_up.ts";
import { registeredIn } from "../../../providers/discovered/registered.ts";
import { register, type Registered } from "../../../providers/discovered/registration.ts";
import { type Internet, internet, page, type Site } from "../../support/internet.ts";

const NOW = 1_800_000_000_000;
const MCP = "https://mcp.example";
const AS = "https://as.example";
const { signal } = new AbortController();

const challenge = (text = "Bearer") =>
  new Response(null, { status: 401, headers: { "WWW-Authenticate": text } });
const empty = (status: number, headers: Record<string, string> = {}) =>
  new Response(null, { status, headers });
const metadataOf = (issuer: string, more: Record<string, unknown> = {}) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  ...more,
});
const OAUTH = "/.well-known/oauth-authorization-server";
const RESOURCE = "/.well-known/oauth-protected-resource/mcp";

function mcp(more: Record<string, unknown> = {}): Site {
  return {
    "POST /mcp": challenge(),
    [RESOURCE]: { resource: `${MCP}/mcp`, authorization_servers: [AS], ...more },
  };
}

function find(net: Pick<Internet, "fetch">, prefer?: string): Promise<Found> {
  return discover(`${MCP}/mcp`, { fetch: net.fetch, now: NOW, signal, prefer });
}

const issuerOf = (found: Found) =>
  found.kind === "protected" ? found.discovered.issuer : found.kind;

Deno.test("of several authorization servers the one of before is asked first, and waited for where it has a bad moment", async () => {
  const [one, two] = ["https://one.example", "https://two.example"];
  const sites = (second: unknown): Record<string, Site> => ({
    [MCP]: mcp({ authorization_servers: [one, two] }),
    [one]: { [OAUTH]: metadataOf(one) },
    [two]: { [OAUTH]: second },
  });
  const both = internet(sites(metadataOf(two)));
  assertEquals(issuerOf(await find(both)), one);
  assertEquals(issuerOf(await find(both, two)), two);
  assertEquals(issuerOf(await find(both, `${two}/`)), two);
  assertEquals(issuerOf(await find(both, "https://gone.example")), one);
  const out = internet(sites(empty(503, { "Retry-After": "7" })));
  const later = await find(out, two);
  assertEquals([later.kind, later.kind === "failed" && later.retryAfter], ["failed", 7]);
  assertEquals(issuerOf(await find(out)), one);
  // Nothing is known of one that is gone: then the next one counts.
  assertEquals(issuerOf(await find(internet(sites(empty(404))), two)), one);
});

Deno.test("where nobody has metadata a sign-in page that is there counts, and one that is gone does not", async () => {
  const at = (status: number) =>
    find(internet({ [MCP]: mcp(), [AS]: { "/authorize": empty(status) } }));
  for (const status of [200, 302, 400, 500]) {
    const found = await at(status);
    assert(found.kind === "protected");
    assertEquals(found.discovered.tokenEndpoint, `${AS}/token`);
  }
  for (const status of [404, 410]) assertEquals((await at(status)).kind, "unknown");
  // Another one's metadata stand there: its page is nobody's.
  const other = { [OAUTH]: metadataOf("https://other.example"), "/authorize": empty(200) };
  assertEquals((await find(internet({ [MCP]: mcp(), [AS]: other }))).kind, "unknown");
});

Deno.test("what may not be asked is said in our own words, and what cannot be reached in none of its", async () => {
  const failing = (error: Error) => find({ fetch: () => Promise.reject(error) });
  const denied = await failing(new NotAllowed("its host ends in a dot"));
  assertEquals(denied, { kind: "failed", reason: "its host ends in a dot" });
  const secret = await failing(new TypeError("tcp connect to 10.0.0.7: secret"));
  assertEquals(secret, { kind: "failed", reason: "it cannot be reached" });
});

Deno.test("a document that is out for a moment is asked for again later, and one that is none is not there", async () => {
  const read = async (answer: Response | (() => never), requests = 1) => {
    const fetch = () => Promise.resolve(answer instanceof Response ? answer.clone() : answer());
    const documents = new Documents(fetch as typeof globalThis.fetch, signal);
    let last: { kind: string } = { kind: "never" };
    for (let n = 0; n < requests; n++) last = await documents.read(new URL(`${AS}/x`));
    return last.kind;
  };
  for (const status of [408, 425, 429, 500, 503]) assertEquals(await read(empty(status)), "later");
  for (const status of [301, 400, 401, 403, 404, 410]) {
    assertEquals(await read(empty(status)), "none");
  }
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("x")) });
  const { body } = Response.json({ pad: "x".repeat(DOCUMENT_MAX_BYTES) });
  assertEquals(await read(new Response("{")), "none");
  assertEquals(await read(new Response("[1]")), "none");
  assertEquals(await read(new Response(body)), "none");
  assertEquals(await read(Response.json({})), "document");
  assertEquals(await read(new Response(broken)), "later");
  assertEquals(
    await read(() => {
      throw new NotAllowed();
    }),
    "none",
  );
  assertEquals(
    await read(() => {
      throw new TypeError("network");
    }),
    "later",
  );
  assertEquals(await read(Response.json({}), DISCOVERY_REQUESTS), "document");
  assertEquals(await read(Response.json({}), DISCOVERY_REQUESTS + 1), "none");
  const many = Array.from({ length: 500 }, (_, at) => `s${at}`);
  assertEquals(textsOf([7, null, ...many])?.length, 200);
  assertEquals([textsOf("a"), textsOf({}), textsOf([7, "a"])], [["a"], undefined, ["a"]]);
});

Deno.test("a server that is moved is followed once, on its own origin", async () => {
  const to = (location: string): Record<string, Site> => ({
    [MCP]: {
      "POST /mcp": empty(307, { Location: location }),
      "POST /mcp/": challenge(),
      [RESOURCE]: { resource: `${MCP}/mcp`, authorization_servers: [AS] },
    },
    [AS]: { [OAUTH]: metadataOf(AS) },
    "https://evil.example": { "POST /mcp": challenge() },
  });
  const asked = async (location: string) => {
    const net = internet(to(location));
    await find(net);
    return net.asked.filter((each) => each.startsWith("POST")).length;
  };
  assertEquals(await asked("/mcp/"), 2);
  for (
    const away of ["https://evil.example/mcp", "https://me@mcp.example/mcp/", "http://mcp.example/"]
  ) {
    assertEquals(await asked(away), 1, away);
  }
});

Deno.test("a sign-in page belongs to whose host says so, and to nobody else", async () => {
  const PAGE = "https://page.example";
  const said = async (site: Site, issuer = AS, path = "/authorize") => {
    const documents = new Documents(internet({ [PAGE]: site }).fetch, signal);
    const authorizationEndpoint = `${PAGE}${path}`;
    return await isSomebodyElses(documents, { issuer, authorizationEndpoint });
  };
  const other = metadataOf("https://honest.example", {
    authorization_endpoint: `${PAGE}/authorize`,
  });
  assertEquals(await said({ [OAUTH]: other }), true);
  assertEquals(
    await said(
      { [`${OAUTH}/login`]: { ...other, authorization_endpoint: `${PAGE}/login/authorize` } },
      AS,
      "/login/authorize",
    ),
    true,
  );
  const fine: Site[] = [
    {},
    { [OAUTH]: { ...other, issuer: AS } },
    { [OAUTH]: { ...other, issuer: `${AS}/` } },
    { [OAUTH]: { ...other, issuer: 7 } },
    { [OAUTH]: { ...other, authorization_endpoint: `${PAGE}/other` } },
    { [OAUTH]: { ...other, authorization_endpoint: "https://third.example/authorize" } },
    { [OAUTH]: { ...other, authorization_endpoint: 7 } },
    { [OAUTH]: empty(503) },
  ];
  for (const site of fine) assertEquals(await said(site), false, JSON.stringify(site));
  // On the issuer's own host nobody need be asked.
  assertEquals(await said({ [OAUTH]: other }, PAGE), false);
});

Deno.test("an address with anything hidden in it is none", () => {
  const named = { upstream: new URL(`${MCP}/mcp`), isPrivate: false };
  assertEquals(usableAddress(`${AS}/x`, named)?.href, `${AS}/x`);
  const bad = [`${AS}/#x`, `${AS}/#`, "https://me@as.example/", "https://:pw@as.example/"];
  const more = [
    "https://as.example./",
    "http://as.example/",
    "https://10.0.0.1/",
    "/x",
    "",
    7,
    null,
  ];
  for (const text of [...bad, ...more, `${AS}/${"x".repeat(10_000)}`]) {
    assertEquals(usableAddress(text, named), undefined, String(text).slice(0, 40));
  }
});

async function registered(
  ...answers: Response[]
): Promise<[Registered, Record<string, unknown>[]]> {
  const asked: Record<string, unknown>[] = [];
  const fetch = ((_url: string, init: RequestInit) => {
    asked.push(JSON.parse(String(init.body)));
    return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1]!.clone());
  }) as unknown as typeof globalThis.fetch;
  const server = { issuer: AS, registrationEndpoint: `${AS}/register`, takesDocuments: false };
  const redirectUri = "https://sb.example/callback/notes";
  const deps = {
    publicUrl: "https://sb.example",
    redirectUri,
    scopes: ["a"],
    fetch,
    now: NOW,
    signal,
  };
  return [await register({ ...server, authMethods: undefined }, deps), asked];
}

Deno.test("a registration that is none registers nothing, and says whether to come again", async () => {
  const CLIENT = Response.json({ client_id: "c" }, { status: 201 });
  const kinds: [Response, Registered["kind"]][] = [
    [CLIENT, "registered"],
    [Response.json({ client_id: "c", error: null }), "registered"],
    [Response.json([{ client_id: "c" }]), "refused"],
    [Response.json(null), "refused"],
    [Response.json("c"), "refused"],
    [new Response("<html>"), "refused"],
    [Response.json({ error: "invalid" }), "refused"],
    [Response.json([{ error: "scope" }], { status: 400 }), "refused"],
    [Response.json(null, { status: 400 }), "refused"],
    [empty(401), "refused"],
    [empty(403), "refused"],
    [empty(404), "refused"],
    [empty(501), "refused"],
    [empty(408), "failed"],
    [empty(425), "failed"],
    [empty(429), "failed"],
    [empty(500), "failed"],
  ];
  for (const [answer, kind] of kinds) assertEquals((await registered(answer))[0].kind, kind);
  const complaint = (words: string) => Response.json({ error: words }, { status: 400 });
  // What was complained of is left out; what was not said is not what it was about.
  const [outcome, asked] = await registered(complaint("bad scope"), complaint("bad scope"), CLIENT);
  assertEquals(outcome.kind, "registered");
  assertEquals(asked.map((each) => ["scope" in each, Object.keys(each).length <= 3]), [
    [true, false],
    [false, false],
    [false, true],
  ]);
  // Only the beginning of a page of words is looked through.
  const [, late] = await registered(complaint(`${"x".repeat(2_000)} scope`), CLIENT);
  assertEquals([Object.keys(late[1]!).length, "scope" in late[1]!], [3, false]);
});

Deno.test("a secret ends when that is a moment to come, and else never", () => {
  const endOf = (client_secret_expires_at: unknown) => {
    const found = registeredIn(
      { client_id: "c", client_secret: "s", client_secret_expires_at },
      {
        redirectUri: "x",
        now: NOW,
        authMethods: undefined,
        asked: { token_endpoint_auth_method: "none" },
      },
    );
    return found.kind === "client" && found.client.secretEndsAt;
  };
  assertEquals(endOf(NOW / 1000 + 60), NOW + 60_000);
  assertEquals(endOf(String(NOW / 1000 + 60)), NOW + 60_000);
  assertEquals(endOf(3_600), NOW + 3_600_000);
  for (const never of [0, -1, Infinity, NaN, null, undefined, "soon", [7], {}, NOW / 1000 - 60]) {
    assertEquals(endOf(never), undefined, String(never));
  }
});

Deno.test("whose account it is says a user who is one, on the host that issued the token", async () => {
  const said = async (user: unknown, at = AS) => {
    const net = internet({ [at]: { "/userinfo": user } });
    const server = { issuer: AS, tokenEndpoint: `${AS}/token`, userinfoEndpoint: `${at}/userinfo` };
    const deps = { fetch: net.fetch, now: NOW, signal };
    const account = await accountOf(server, { clientId: "c" }, { accessToken: "a" }, deps);
    return [account?.id, net.asked.length];
  };
  assertEquals(await said({ sub: "7" }), ["7", 1]);
  assertEquals(await said({ sub: 7 }), ["7", 1]);
  for (const nobody of [{ sub: "" }, { sub: 7.5 }, { sub: ["7"] }, [{ sub: "7" }], null, "7"]) {
    assertEquals((await said(nobody))[0], undefined, JSON.stringify(nobody));
  }
  assertEquals((await said(Response.json({ sub: "7" }, { status: 400 })))[0], undefined);
  assertEquals((await said(page("sign in", 200)))[0], undefined);
  assertEquals(await said({ sub: "7" }, "https://users.example"), [undefined, 0]);
});

Deno.test("metadata that name nobody usable are nobody's, and of many issuers a few are asked", async () => {
  const at = { [OAUTH]: metadataOf(MCP) };
  const named = (more: Record<string, unknown>) =>
    internet({
      [MCP]: { ...mcp(more) as Record<string, unknown>, ...at },
      [AS]: { [OAUTH]: metadataOf(AS) },
    });
  assertEquals(issuerOf(await find(named({}))), AS);
  // Without a word of whose it is the server's own origin counts, and not where the word is bad.
  assertEquals(issuerOf(await find(named({ authorization_servers: undefined }))), MCP);
  for (const bad of ["http://as.example", "https://me@as.example", "https://as.example/?x=1"]) {
    assertEquals(issuerOf(await find(named({ authorization_servers: [bad] }))), "unknown", bad);
  }
  for (const resource of [7, ["x"], "https://other.example/mcp", "nonsense"]) {
    assertEquals(issuerOf(await find(named({ resource }))), "unknown", String(resource));
  }
  assertEquals(issuerOf(await find(named({ resource: null }))), AS);
  const many = Array.from({ length: 30 }, (_, at) => `https://as${at}.example`);
  const net = named({ authorization_servers: many });
  await find(net);
  const hosts = new Set(net.asked.map((each) => new URL(each.split(" ")[1]!).host));
  assertEquals([...hosts].filter((host) => /^as\d/.test(host)).length, 4);
});
