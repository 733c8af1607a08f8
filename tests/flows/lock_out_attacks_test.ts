/**
 * Nobody can lock everybody out: thousands of strangers at every door that
 * stands open, while those who have business here come through.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Refusal } from "../../broker/core/refusal.ts";
import {
  CONNECTING,
  LINKS_ALIVE,
  SIGN_IN_STARTS,
  SIGNING_IN,
} from "../../broker/connect/outstanding.ts";
import { MAX_UNUSED_CLIENTS } from "../../gateway/clients/clients.ts";
import {
  DOCUMENT_LIMITS,
  DOCUMENT_RETRY_MS,
  DOCUMENT_TTL_MS,
  STALE_DOCUMENT_MS,
} from "../../gateway/clients/documents.ts";
import { DOORS } from "../../gateway/doors.ts";
import { GUESSES } from "../../gateway/guesses.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import {
  assertWorks,
  cookieOf,
  obtainTokens,
  openGateway,
  send,
  signedIn,
} from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { API_KEY, type Gateway } from "../support/gateway.ts";
import {
  authorizeUrl,
  newClient,
  pkce,
  post,
  REDIRECT_URI,
  refresh,
  type TestClient,
  ticked,
} from "../support/mcp_client.ts";
import { memoryRecords } from "../support/memory_records.ts";

const STRANGERS = 5_000;
const KNOWN = "https://known.example/client.json";

/** The internet of these tests: what is fetched there, and which hosts are out. */
function internet() {
  const fetched: string[] = [];
  const out = new Set<string>();
  const fetchDocument = ({ href, hostname }: URL) => {
    fetched.push(href);
    if (out.has(hostname) || hostname.endsWith(".invalid")) {
      const detail = "its host cannot be reached";
      return Promise.reject(new Refusal({ code: "client_document", detail, about: "metadata" }));
    }
    return Promise.resolve({
      client_id: href,
      client_name: "Known",
      redirect_uris: [REDIRECT_URI],
    });
  };
  return { fetched, out, fetchDocument };
}

/** Behind a proxy on this machine, which says who calls. */
async function openBehindProxy(env: Record<string, string> = {}) {
  const web = internet();
  const records = memoryRecords();
  const ENCRYPTION_KEYS = newKeyLine("k1");
  const open = () =>
    openGateway({
      env: { TRUSTED_PROXIES: "127.0.0.1", ENCRYPTION_KEYS, ...env },
      records,
      fetchDocument: web.fetchDocument,
    });
  return { gateway: await open(), web, open };
}

/** The n-th stranger, with an address of its own or with one of a few. */
function from(n: number): Record<string, string> {
  const address = n % 2 === 0 ? `203.0.113.${n % 20}` : `2001:db8:${(n >> 4).toString(16)}::${n}`;
  return { "X-Forwarded-For": `198.51.100.1, ${address}` };
}

/** Sends one of a kind by each stranger; returns the statuses, and how often each came. */
async function flood(
  send: (n: number) => Promise<{ status: number }>,
  count = STRANGERS,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  for (let n = 0; n < count; n += 50) {
    const many = Array.from({ length: 50 }, (_, more) => send(n + more));
    for (const { status } of await Promise.all(many)) {
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  }
  return statuses;
}

async function countOf({ records }: Gateway, kind?: string): Promise<number> {
  const prefix = kind === undefined ? [] : [kind];
  const all = await Array.fromAsync(records.list({ prefix }));
  // What is counted of addresses is bounded elsewhere: one record for each, while it comes.
  return all.filter(({ key }) => kind !== undefined || !key.includes("limits")).length;
}

function documentClient(id = KNOWN): TestClient {
  return { id, redirectUri: REDIRECT_URI, ...pkce() };
}

/** Asks for a made-up document as a stranger. */
function askFor(gateway: Gateway, id: string, n: number, more: Record<string, string> = {}) {
  return send(authorizeUrl(gateway, documentClient(id), more), { headers: from(n) });
}

Deno.test("made-up documents: a client that somebody has agreed to comes through 5,000 of them", async () => {
  const { gateway, web } = await openBehindProxy();
  await using _ = gateway;
  const client = documentClient();
  const { refresh_token } = await obtainTokens(gateway, client);
  gateway.world.skew += DOCUMENT_TTL_MS;
  const before = await countOf(gateway);
  const statuses = await flood((n) => askFor(gateway, `https://h${n}.invalid/${n}`, n));
  // A page, with the true time.
  assert(statuses[429]! > STRANGERS - DOCUMENT_LIMITS.newHosts - 1, JSON.stringify(statuses));
  const refused = await askFor(gateway, "https://h9999.invalid/c", 0);
  assertEquals([refused.status, refused.headers.get("Retry-After")], [429, "3600"]);
  assertStringIncludes(refused.text, "Try again in 60 minutes.");
  // Nothing is written for any of them, and each host was asked once at most.
  assertEquals(await countOf(gateway), before);
  assertEquals(new Set(web.fetched).size, web.fetched.length);
  assert(web.fetched.length <= DOCUMENT_LIMITS.newHosts + 2);
  // The known one: a new person, and one who was here before.
  await assertWorks(gateway, (await obtainTokens(gateway, client)).access_token);
  assertEquals((await refresh(gateway, client, refresh_token)).status, 200);
  assertEquals(web.fetched.filter((id) => id === KNOWN).length, 2);
});

Deno.test("made-up documents: one address has a budget of its own", async () => {
  const { gateway, web } = await openBehindProxy();
  await using _ = gateway;
  const statuses = await flood((n) => askFor(gateway, `https://h${n}.example/c`, 2), 100);
  assertEquals(statuses, {
    303: DOCUMENT_LIMITS.perAddress,
    429: 100 - DOCUMENT_LIMITS.perAddress,
  });
  assertEquals(web.fetched.length, DOCUMENT_LIMITS.perAddress);
  // Another one, with another host: nothing of theirs is used up.
  assertEquals((await askFor(gateway, "https://other.example/c", 4)).status, 303);
});

Deno.test("made-up documents: one host has a budget of its own, whoever asks for it", async () => {
  const { gateway, web } = await openBehindProxy();
  await using _ = gateway;
  const known = documentClient();
  await obtainTokens(gateway, known);
  gateway.world.skew += DOCUMENT_TTL_MS;
  const ask = (n: number) => askFor(gateway, `https://known.example/${n}`, n * 2 + 1);
  const statuses = await flood(ask, 500);
  assertEquals(statuses[303], DOCUMENT_LIMITS.perHost);
  assertEquals(web.fetched.length, DOCUMENT_LIMITS.perHost + 1);
  // Ports make no other host.
  assertEquals((await askFor(gateway, "https://known.example:8443/c", 4)).status, 429);
  // Another host, and the document of this host that somebody has agreed to.
  assertEquals((await askFor(gateway, "https://other.example/c", 6)).status, 303);
  await assertWorks(gateway, (await obtainTokens(gateway, known)).access_token);
});

Deno.test("made-up documents: what is refused anyway fetches nothing and counts for nothing", async () => {
  const { gateway, web } = await openBehindProxy();
  await using _ = gateway;
  const faulty: [string, Record<string, string>][] = [
    ["https://h.example/c", { response_type: "token" }],
    ["https://h.example/c", { code_challenge_method: "plain" }],
    ["https://h.example/c", { code_challenge: "short" }],
    ["https://h.example/c", { resource: "https://elsewhere.example/mcp" }],
    ["https://h.example/c", { resource: `${gateway.url}/mcp?services=none` }],
    ["https://h.example/c", { redirect_uri: "javascript:alert(1)" }],
    ["https://h.example/c", { redirect_uri: "http://evil.example/cb" }],
    ["https://h.example/", {}],
    ["https://h.example/c#x", {}],
    ["https://me:pw@h.example/c", {}],
    ["https://H.example/c", {}],
    ["https://h.example/a/../c", {}],
  ];
  for (let n = 0; n < 3 * DOCUMENT_LIMITS.perAddress; n++) {
    const [id, more] = faulty[n % faulty.length]!;
    assertEquals((await askFor(gateway, id, 2, more)).status, 400, JSON.stringify([id, more]));
    const form = {
      grant_type: "refresh_token",
      client_id: "https://h.example/c",
      refresh_token: "x",
    };
    assertEquals((await post(gateway, "/oauth/token", form, from(n * 2 + 1))).status, 401);
  }
  assertEquals(web.fetched, []);
  assertEquals((await askFor(gateway, "https://h.example/c", 2)).status, 303);
});

Deno.test("a client that was agreed to works over a restart while its host is out, for a while", async () => {
  const { gateway, web, open } = await openBehindProxy();
  const client = documentClient();
  let tokens = await obtainTokens(gateway, client);
  await gateway[Symbol.asyncDispose]();
  web.out.add("known.example");
  await using restarted = await open();
  const again = await refresh(restarted, client, tokens.refresh_token);
  assertEquals(again.status, 200);
  tokens = again.json;
  // Its host is asked once a minute, not with every request.
  const asked = web.fetched.length;
  for (let n = 0; n < 20; n++) assertEquals((await askFor(restarted, KNOWN, n)).status, 303);
  assertEquals(web.fetched.length, asked);
  restarted.world.skew += DOCUMENT_RETRY_MS;
  assertEquals((await askFor(restarted, KNOWN, 1)).status, 303);
  assertEquals(web.fetched.length, asked + 1);
  restarted.world.skew += STALE_DOCUMENT_MS;
  assertEquals((await askFor(restarted, KNOWN, 1)).status, 400);
  assertEquals((await refresh(restarted, client, tokens.refresh_token)).status, 400);
  web.out.clear();
  assertEquals((await refresh(restarted, client, tokens.refresh_token)).status, 200);
});

Deno.test("registrations: 5,000 strangers push out neither who is known nor who has just come", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  const known = await newClient(gateway);
  const { refresh_token } = await obtainTokens(gateway, known);
  const body = { redirect_uris: [REDIRECT_URI] };
  const ask = (n: number) => gateway.api("/oauth/register", { key: null, body, headers: from(n) });
  const justNow = await newClient(gateway);
  await flood(ask, 2 * STRANGERS);
  assert(await countOf(gateway, "clients") <= MAX_UNUSED_CLIENTS + 1);
  await assertWorks(gateway, (await obtainTokens(gateway, justNow)).access_token);
  assertEquals((await refresh(gateway, known, refresh_token)).status, 200);
  // Anybody else can still begin.
  await assertWorks(gateway, (await obtainTokens(gateway, await newClient(gateway))).access_token);
});

/** Begins a sign-in as a stranger, in a browser of its own unless one is given. */
async function beginSignIn(gateway: Gateway, headers: Record<string, string>, cookie?: string) {
  const page = await send(`${gateway.url}/sign-in`, { headers, cookie });
  const own = cookie ?? cookieOf(page, "sb_browser");
  const [, token = ""] = /name="form_token" value="([^"]+)"/.exec(page.text) ?? [];
  const form = { return_to: "/", form_token: token };
  return { ...await send(`${gateway.url}/sign-in/github`, { headers, cookie: own, form }), own };
}

Deno.test("sign-ins: 5,000 that strangers begin keep nobody from finishing theirs", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  const browser = new Browser();
  const page = await browser.open(`${gateway.url}/sign-in`);
  const form = page.forms.find(({ action }) => action === "/sign-in/github")!;
  const atProvider = await browser.submit(page, { form });
  const statuses = await flood((n) => beginSignIn(gateway, from(n)), 2 * STRANGERS);
  // The few addresses are told to wait; of the others each has begun one.
  assertEquals(statuses, {
    303: STRANGERS + 10 * SIGN_IN_STARTS.limit,
    429: STRANGERS - 10 * SIGN_IN_STARTS.limit,
  });
  assertEquals(await countOf(gateway, "pending"), SIGNING_IN.all);
  const done = await browser.submit(atProvider, { form: signInForm(atProvider) });
  assertEquals([done.status, done.url], [200, `${gateway.url}/`]);
  // And whoever comes now begins and finishes.
  await signedIn(gateway);
});

Deno.test("sign-ins: one browser has a few at a time, and the last of them works", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  const { own } = await beginSignIn(gateway, from(1));
  // At the same time, so that some lose their places before they are written.
  await flood((n) => beginSignIn(gateway, from(2 * n + 1), own), 100);
  assertEquals(await countOf(gateway, "pending"), SIGNING_IN.perBrowser);
});

Deno.test("sign-ins: an address that begins too many is told when to come again, on a page", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  for (let n = 0; n < SIGN_IN_STARTS.limit; n++) {
    assertEquals((await beginSignIn(gateway, from(2))).status, 303);
  }
  gateway.world.skew += 60_000;
  const refused = await beginSignIn(gateway, from(2));
  const seconds = (SIGN_IN_STARTS.windowMs - 60_000) / 1000;
  assertEquals([refused.status, refused.headers.get("Retry-After")], [429, String(seconds)]);
  assertStringIncludes(refused.text, `Try again in ${seconds / 60} minutes.`);
  assertEquals((await beginSignIn(gateway, from(4))).status, 303);
  gateway.world.skew += seconds * 1000;
  assertEquals((await beginSignIn(gateway, from(2))).status, 303);
});

Deno.test("connecting: 5,000 made-up links and claims write nothing, and the real ones work", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  const link = await gateway.api("/links", { body: { user_id: "alice", service: "github" } });
  const before = await countOf(gateway);
  const secret = (n: number) => String(n).padStart(43, "x");
  const open = (n: number) =>
    send(`${gateway.url}/auth/github?user_id=alice&link=${secret(n)}`, { headers: from(n) });
  const links = await flood(open);
  assertEquals(links[429], STRANGERS / 2 - 10 * DOORS.wrong_link.limit);
  assertEquals(links[403], STRANGERS - links[429]!);
  const claim = (n: number) =>
    gateway.api("/links/claim", { body: { user_id: "alice", code: secret(n) } });
  const claims = await flood(claim, 500);
  assertEquals(claims, { 400: DOORS.wrong_claim.limit, 429: 500 - DOORS.wrong_claim.limit });
  assertEquals(await countOf(gateway), before);
  // From an address whose budget is used up, too: a right link is no guess.
  const page = await send(link.json.url, { headers: from(2) });
  assertEquals(page.status, 200);
  assertStringIncludes((await gateway.connect("github")).html, "connected");
});

Deno.test("links: one app's have a bound, and no other app feels it", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  const make = (userId: string, key = API_KEY) =>
    gateway.api("/links", { body: { user_id: userId, service: "github" }, key });
  assertEquals(await flood(() => make("alice"), 200), { 200: 200 });
  assertEquals(await countOf(gateway, "links"), LINKS_ALIVE.perSubject);
  // Cures count as well: each call for somebody who is not connected makes a link.
  const ask = () => gateway.api("/token/github", { body: { user_id: "bob" } });
  assertEquals(await flood(ask, 200), { 404: 200 });
  assertEquals(await countOf(gateway, "links"), 2 * LINKS_ALIVE.perSubject);
  // The newest of them works.
  const { json } = await make("alice");
  assertEquals((await send(json.url)).status, 200);
});

Deno.test("connecting for oneself: a person has a few at a time", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  const { browser, home } = await signedIn(gateway);
  const form = home.forms.find(({ action }) => action === "/dashboard/connect")!;
  const until = (url: string) => !url.startsWith(gateway.url);
  await flood(() => browser.submit(home, { form, until }), 100);
  assertEquals(await countOf(gateway, "pending"), CONNECTING.perSubject);
});

Deno.test("API keys: guesses write nothing, and lock out neither another address nor who is known", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  const headers = from(2);
  const list = (key: string, headers: Record<string, string>) =>
    gateway.api("/connections?user_id=alice", { key, headers });
  assertEquals((await list(API_KEY, headers)).status, 200);
  const before = await countOf(gateway);
  const statuses = await flood((n) => list(`guess-${n}`, from(n)));
  assertEquals(statuses, {
    401: STRANGERS / 2 + 10 * GUESSES.limit,
    429: STRANGERS / 2 - 10 * GUESSES.limit,
  });
  assertEquals(await countOf(gateway), before);
  const wrong = await list("guess", headers);
  assertEquals([wrong.status, wrong.json.error, wrong.headers.get("Retry-After")], [
    429,
    "rate_limited",
    "60",
  ]);
  // Known from there; a key that was never right from there might be the guess that hit.
  assertEquals((await list(API_KEY, headers)).status, 200);
  assertEquals((await list(API_KEY, from(4))).status, 429);
  assertEquals((await list(API_KEY, { "X-Forwarded-For": "192.0.2.77" })).status, 200);
  // A guess at the MCP endpoint is one, too.
  for (const key of ["guess", API_KEY]) {
    const { status } = await gateway.mcp({ id: 1, method: "ping" }, { key, headers: from(4) });
    assertEquals(status, 429);
  }
  // Without any key at all nobody guesses: MCP clients find out where to sign in.
  assertEquals((await gateway.api("/mcp", { key: null, body: {}, headers })).status, 401);
  gateway.world.skew += GUESSES.windowMs;
  assertEquals((await list(API_KEY, from(4))).status, 200);
});

Deno.test("tokens: 5,000 wrong ones fill neither store nor log, and right ones pass", async () => {
  const secret = "the secret of desk";
  const desk = {
    client_id: "desk",
    client_name: "Desk",
    redirect_uris: [REDIRECT_URI],
    client_secret_sha256: digestHex(secret),
  };
  const { gateway } = await openBehindProxy({ MCP_CLIENTS: JSON.stringify([desk]) });
  await using _ = gateway;
  const client = await newClient(gateway);
  const { refresh_token } = await obtainTokens(gateway, client);
  const before = await countOf(gateway);
  const wrong = (n: number) =>
    post(gateway, "/oauth/token", {
      grant_type: "refresh_token",
      client_id: client.id,
      refresh_token: `sb_rt_${String(n).padStart(43, "x")}`,
    }, from(2 * (n % 5)));
  const statuses = await flood(wrong);
  assertEquals(statuses, {
    400: 5 * DOORS.wrong_token.limit,
    429: STRANGERS - 5 * DOORS.wrong_token.limit,
  });
  assertEquals(await countOf(gateway), before);
  const logged = gateway.world.events.filter(({ event }) => event === "grant_refused");
  assertEquals(logged.length, 5 * DOORS.wrong_token.limit);
  // From the same addresses: what is right is no guess.
  const form = { grant_type: "refresh_token", client_id: client.id, refresh_token };
  const right = await post(gateway, "/oauth/token", form, from(2));
  assertEquals(right.status, 200);
  const again = await wrong(1);
  assertEquals([again.status, again.json.error, again.headers.get("Retry-After")], [
    429,
    "rate_limited",
    "60",
  ]);

  // A secret that a person chose is another matter: no more of them are tried.
  const asDesk = (n: number, client_secret: string) =>
    post(gateway, "/oauth/revoke", { client_id: "desk", client_secret, token: "x" }, from(n));
  for (let n = 0; n < GUESSES.limit; n++) await asDesk(20, `guess ${n}`);
  assertEquals((await asDesk(20, secret)).status, 429);
  assertEquals((await asDesk(31, secret)).status, 200);
});

Deno.test("what a person or a client who is known may have made has a bound", async () => {
  const { gateway } = await openBehindProxy();
  await using _ = gateway;
  const browser = new Browser();
  const client = await newClient(gateway);
  let { refresh_token } = await obtainTokens(gateway, client, { browser });
  let status = 200;
  let refreshed = 0;
  for (; status === 200 && refreshed <= DOORS.refresh.limit; refreshed++) {
    const answer = await refresh(gateway, client, refresh_token);
    status = answer.status;
    refresh_token = answer.json.refresh_token ?? refresh_token;
  }
  assertEquals([status, refreshed], [429, DOORS.refresh.limit]);
  // Nothing was used up by the refusal.
  gateway.world.skew += DOORS.refresh.windowMs;
  assertEquals((await refresh(gateway, client, refresh_token)).status, 200);

  // The limit holds in every stretch of its window: the first code has left it for certain by then.
  gateway.world.skew += DOORS.code.windowMs;
  const page = await browser.open(authorizeUrl(gateway, client));
  const allow = () =>
    browser.submit(page, {
      fields: { decision: "allow" },
      checked: ticked(page.forms[0]!),
      until: (url) => !url.startsWith(gateway.url),
    });
  const allowed = await flood(allow, DOORS.code.limit + 50);
  assertEquals(allowed[429], 50);
  assertEquals(await countOf(gateway, "codes"), 1 + DOORS.code.limit);
  // Another person is not concerned.
  const { cookie } = await signedIn(gateway, "google");
  const theirs = await send(authorizeUrl(gateway, client), { cookie });
  assertStringIncludes(theirs.text, 'name="decision"');
});
