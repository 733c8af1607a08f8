import { assert, assertEquals } from "@std/assert";
import { decodeJwt, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { parseKeyRing } from "../../broker/config.ts";
import { REFRESH_TOKEN_MS, ROTATION_GRACE_MS } from "../../broker/grants.ts";
import { randomSecret } from "../../broker/secrets.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { newKeyLine } from "../../vault/new_keys.ts";
import {
  assertDead,
  assertRefused,
  assertWorks,
  obtainTokens,
  openGateway,
  personalToken,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { call, type Gateway } from "../support/gateway.ts";
import {
  authorizeUrl,
  exchange,
  newClient,
  obtainCode,
  pkce,
  post,
  REDIRECT_URI,
  refresh,
  register,
  type TestClient,
} from "../support/mcp_client.ts";

Deno.test("refresh replay inside the grace gets the same successor, and no second family", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const first = await obtainTokens(gateway, client);
  const { json: second } = await refresh(gateway, client, first.refresh_token);
  gateway.world.skew += ROTATION_GRACE_MS - 1000;
  const { status, json: replayed } = await refresh(gateway, client, first.refresh_token);
  assertEquals([status, replayed.refresh_token], [200, second.refresh_token]);
  const { json: third } = await refresh(gateway, client, second.refresh_token);
  assert(third.refresh_token !== second.refresh_token);
  await assertWorks(gateway, third.access_token);
});

Deno.test("refresh replay outside the grace ends the family", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const first = await obtainTokens(gateway, client);
  const { json: second } = await refresh(gateway, client, first.refresh_token);
  gateway.world.skew += ROTATION_GRACE_MS + 1000;
  await assertWorks(gateway, second.access_token);
  assertRefused(await refresh(gateway, client, first.refresh_token));
  for (const { access_token, refresh_token } of [first, second]) {
    await assertDead(gateway, access_token);
    assertRefused(await refresh(gateway, client, refresh_token));
  }
});

Deno.test("refreshes at the same time with one token all get the same successor", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  let { refresh_token } = await obtainTokens(gateway, client);
  for (let round = 0; round < 5; round++) {
    const tries = Array.from({ length: 8 }, () => refresh(gateway, client, refresh_token));
    const answers = await Promise.all(tries);
    assertEquals(answers.map(({ status }) => status), Array(8).fill(200));
    const successors = new Set(answers.map(({ json }) => json.refresh_token));
    assertEquals(successors.size, 1);
    for (const { json } of answers) await assertWorks(gateway, json.access_token);
    [refresh_token] = successors;
  }
});

Deno.test("a refresh token of another client is refused, and stays good for its own", async () => {
  await using gateway = await openGateway();
  const [client, thief] = [await newClient(gateway), await newClient(gateway)];
  const { refresh_token, access_token } = await obtainTokens(gateway, client);
  assertRefused(await refresh(gateway, thief, refresh_token));
  const { json: next } = await refresh(gateway, client, refresh_token);
  assertRefused(await refresh(gateway, thief, refresh_token));
  assertRefused(await refresh(gateway, thief, next.refresh_token));
  await assertWorks(gateway, access_token);
  assertEquals((await refresh(gateway, client, next.refresh_token)).status, 200);
});

Deno.test("a refresh token that nobody used for a month is over", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const { refresh_token } = await obtainTokens(gateway, client);
  gateway.world.skew += REFRESH_TOKEN_MS;
  assertRefused(await refresh(gateway, client, refresh_token));
});

Deno.test("a token of one audience is nobody's at another", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const params = { resource: `${gateway.url}/mcp/github` };
  const { access_token } = await obtainTokens(gateway, client, { params });
  for (const path of ["/mcp", "/mcp/", "/mcp/gmail", "/mcp/sse", "/sse"]) {
    await assertDead(gateway, access_token, path);
  }
  for (const path of ["/token/github", "/connections?user_id=user_123"]) {
    const options = { key: access_token, ...(path.startsWith("/token") ? { body: {} } : {}) };
    assertEquals((await gateway.api(path, options)).status, 401, path);
  }
  await assertWorks(gateway, access_token, "/mcp/github");
});

Deno.test("nobody gets a token for a resource that is not here", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const foreign = [
    "https://evil.example/mcp",
    `${gateway.url}.evil.example/mcp`,
    `${gateway.url}@evil.example/mcp`,
    `${gateway.url}/mcp/../admin`,
    `${gateway.url}/mcp?x`,
    `${gateway.url}/mcp#x`,
    `${gateway.url}/mcp/none`,
    `${gateway.url}/MCP`,
    `${gateway.url.replace("localhost", "127.0.0.1")}/mcp`,
    "mcp",
    "",
  ];
  for (const resource of foreign) {
    const { location } = await send(authorizeUrl(gateway, client, { resource }));
    assertEquals(new URL(location!).searchParams.get("error"), "invalid_target", resource);
  }
  const code = await obtainCode(gateway, client);
  for (const resource of ["https://evil.example/mcp", `${gateway.url}/mcp/github`]) {
    assertRefused(await exchange(gateway, client, code, { resource }), "invalid_target");
  }
  const { json } = await exchange(gateway, client, code, { resource: `${gateway.url}/mcp` });
  for (const resource of ["https://evil.example/mcp", `${gateway.url}/mcp/github`]) {
    const answer = await refresh(gateway, client, json.refresh_token, { resource });
    assertRefused(answer, "invalid_target");
  }
  assertEquals((await refresh(gateway, client, json.refresh_token)).status, 200);
});

Deno.test("a resource with a slash at its end is the same one all the way", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const params = { resource: `${gateway.url}/mcp/` };
  const code = await obtainCode(gateway, client, { params });
  const { status, json } = await exchange(gateway, client, code, params);
  assertEquals(status, 200);
  assertEquals((await refresh(gateway, client, json.refresh_token, params)).status, 200);
});

async function signingKey(line: string): Promise<CryptoKey> {
  return (await (await importKeyRing(parseKeyRing(line))).signingKey("k1"))!;
}

/** A gateway whose signing key the test has, and what an honest token says. */
async function openWithKey() {
  const line = newKeyLine("k1");
  const gateway = await openGateway({ env: { ENCRYPTION_KEYS: line } });
  const key = await signingKey(line);
  const client = await newClient(gateway);
  const { access_token } = await obtainTokens(gateway, client);
  return { gateway, key, client, token: access_token, claims: decodeJwt(access_token) };
}

const HEADER = { alg: "HS256", typ: "at+jwt", kid: "k1" };

function sign(claims: JWTPayload, key: CryptoKey | Uint8Array, header: object = {}) {
  return new SignJWT(claims).setProtectedHeader({ ...HEADER, ...header }).sign(key);
}

const encode = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function assertForged(gateway: Gateway, forged: string[], honest: string): Promise<void> {
  for (const token of forged) await assertDead(gateway, token);
  await assertWorks(gateway, honest);
}

Deno.test("a token with `alg: none` is not a token", async () => {
  const { gateway, token, claims } = await openWithKey();
  await using _ = gateway;
  const [, payload, signature] = token.split(".");
  const forged = ["none", "None", "NONE", "", undefined].flatMap((alg) => {
    const header = encode({ ...HEADER, alg });
    return [`${header}.${payload}.`, `${header}.${payload}.${signature}`];
  });
  forged.push(`${encode({ alg: "none" })}.${encode(claims)}.`);
  await assertForged(gateway, forged, token);
});

Deno.test("a token signed with another key is not a token", async () => {
  const { gateway, token, claims } = await openWithKey();
  await using _ = gateway;
  const other = await signingKey(newKeyLine("k1"));
  const guesses = ["k1", gateway.url, "\0".repeat(32)].map((text) =>
    new TextEncoder().encode(text.padEnd(32, "\0"))
  );
  const forged = await Promise.all([other, ...guesses].map((key) => sign(claims, key)));
  await assertForged(gateway, forged, token);
});

Deno.test("algorithm confusion: only HS256 with our key counts", async () => {
  const { gateway, token, claims } = await openWithKey();
  await using _ = gateway;
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const pem = new TextEncoder().encode(await exportSPKI(publicKey));
  const long = new Uint8Array(64);
  await assertForged(gateway, [
    await sign(claims, privateKey, { alg: "RS256" }),
    await sign(claims, pem),
    await sign(claims, long, { alg: "HS384" }),
    await sign(claims, long, { alg: "HS512" }),
    await sign(claims, pem, { jwk: { kty: "oct", k: "AAAA" } }),
    await sign(claims, pem, { jku: "https://evil.example/jwks", x5u: "https://evil.example" }),
  ], token);
});

Deno.test("a token signed by us for something else is not an access token", async () => {
  const { gateway, key, token, claims } = await openWithKey();
  await using _ = gateway;
  const without = (name: string) => ({ ...claims, [name]: undefined });
  const past = Math.floor(gateway.world.now() / 1000) - 1;
  const aud = "https://other.example/mcp";
  await assertForged(gateway, [
    await sign(claims, key, { typ: "JWT" }),
    await sign(claims, key, { typ: "id+jwt" }),
    await sign(claims, key, { typ: undefined }),
    await sign({ ...claims, iss: "https://evil.example" }, key),
    await sign({ ...claims, iss: `${gateway.url}/` }, key),
    await sign({ ...claims, aud }, key),
    await sign({ ...claims, aud: [aud, `${gateway.url}/mcp`] }, key),
    await sign({ ...claims, aud: [] }, key),
    await sign({ ...claims, exp: past }, key),
    await sign({ ...claims, nbf: past + 3600 }, key),
    await sign({ ...claims, sub: "google:1" }, key),
    await sign({ ...claims, grant_id: randomSecret() }, key),
    ...await Promise.all(
      ["iss", "sub", "aud", "exp", "client_id", "grant_id", "scope"].map((name) =>
        sign(without(name), key)
      ),
    ),
  ], token);
  assertEquals((await withToken(gateway, await sign(claims, key))).status, 200);
});

Deno.test("a token for another client's grant, or with wider scopes, gains nothing", async () => {
  const { gateway, key, client } = await openWithKey();
  await using _ = gateway;
  const narrow = await obtainTokens(gateway, client, { services: ["github"], access: "read" });
  const claims = decodeJwt(narrow.access_token);
  const wide = await sign({ ...claims, scope: "github gmail calendar" }, key);
  assertEquals((await withToken(gateway, wide, call("github_create_issue"))).status, 403);
  const names = async (token: string): Promise<string[]> =>
    (await withToken(gateway, token)).json.result.tools.map(({ name }: { name: string }) => name);
  const honest = await names(narrow.access_token);
  assertEquals((await names(wide)).filter((name) => !honest.includes(name)), []);
});

Deno.test("a tampered token is not a token", async () => {
  const { gateway, token, claims } = await openWithKey();
  await using _ = gateway;
  const [header, payload, signature] = token.split(".");
  const wider = encode({ ...claims, scope: `${claims.scope} more` });
  const flipped = signature!.replace(/^./, (first) => first === "A" ? "B" : "A");
  await assertForged(gateway, [
    `${header}.${wider}.${signature}`,
    `${header}.${encode({ ...claims, sub: "google:1" })}.${signature}`,
    `${header}.${encode({ ...claims, exp: 9999999999 })}.${signature}`,
    `${encode({ ...HEADER, kid: "k2" })}.${payload}.${signature}`,
    `${header}.${payload}.${flipped}`,
    `${header}.${payload}.`,
    `.${payload}.${signature}`,
    `${header}..${signature}`,
    "..",
    "a.b.c",
  ], token);
});

Deno.test("a token with an unknown, missing or inherited `kid` is not a token", async () => {
  const { gateway, key, token, claims } = await openWithKey();
  await using _ = gateway;
  const kids = [undefined, "", "k2", "K1", "__proto__", "constructor", "toString", "../k1"];
  const forged = await Promise.all(kids.map((kid) => sign(claims, key, { kid })));
  const odd = [1, null, ["k1"], { k1: 1 }].map((kid) =>
    `${encode({ ...HEADER, kid })}.${token.split(".").slice(1).join(".")}`
  );
  await assertForged(gateway, [...forged, ...odd], token);
});

Deno.test("an access token expires after an hour", async () => {
  const { gateway, client, token } = await openWithKey();
  await using _ = gateway;
  const { refresh_token } = await obtainTokens(gateway, client);
  gateway.world.skew += 3600_000 + 1000;
  await assertDead(gateway, token);
  const { json } = await refresh(gateway, client, refresh_token);
  await assertWorks(gateway, json.access_token);
});

Deno.test("scope escalation: a refresh gives no more than the person agreed to", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const consent = { services: ["github"], access: "read" as const };
  let { refresh_token } = await obtainTokens(gateway, client, consent);
  for (const scope of ["github", "github gmail calendar", "*", ""]) {
    const { json } = await refresh(gateway, client, refresh_token, { scope });
    const held = json.scope ?? "github:read";
    assertEquals(held, "github:read");
    if (json.access_token === undefined) continue;
    const wider = await withToken(gateway, json.access_token, call("github_create_issue"));
    assertEquals([wider.status, wider.json.error], [403, "insufficient_scope"]);
    refresh_token = json.refresh_token;
  }
});

Deno.test("revocation by another client does nothing", async () => {
  await using gateway = await openGateway();
  const [client, other] = [await newClient(gateway), await newClient(gateway)];
  const person = await signedIn(gateway);
  const { browser } = person;
  const tokens = await obtainTokens(gateway, client, { browser });
  const personal = await personalToken(person);
  for (const token of [tokens.access_token, tokens.refresh_token, personal, "", "x"]) {
    const answer = await post(gateway, "/oauth/revoke", { client_id: other.id, token });
    assertEquals(answer.status, 200);
  }
  for (const token of [tokens.access_token, personal]) await assertWorks(gateway, token);
  assertEquals((await refresh(gateway, client, tokens.refresh_token)).status, 200);
  await post(gateway, "/oauth/revoke", { client_id: client.id, token: tokens.access_token });
  await assertDead(gateway, tokens.access_token);
});

Deno.test("personal token tricks: only the very text works, and only as a bearer", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const personal = await personalToken(person);
  const client = await newClient(gateway);
  const { access_token, refresh_token } = await obtainTokens(gateway, client, person);
  const secret = personal.slice("sb_pat_".length);
  const others = [
    "sb_pat_",
    `${personal}x`,
    personal.slice(0, -1),
    `SB_PAT_${secret}`,
    `sb_pat_${personal}`,
    `sb_pat_${refresh_token.slice("sb_rt_".length)}`,
    `sb_pat_${access_token}`,
    `sb_pat_../${secret}`,
    secret,
    refresh_token,
    `sb_rt_${secret}`,
    client.id,
  ];
  for (const token of others) assertEquals((await withToken(gateway, token)).status, 401, token);
  for (const token of [personal, `sb_rt_${secret}`, access_token]) {
    assertRefused(await refresh(gateway, client, token));
  }
  const elsewhere = await gateway.api("/token/github", { key: personal, body: { user_id: "me" } });
  assertEquals(elsewhere.status, 401);
  const inQuery = await gateway.api(`/mcp?access_token=${personal}`, { key: null, body: {} });
  assertEquals(inQuery.status, 401);
  await assertWorks(gateway, personal);
});

Deno.test("a gateway token is for one person, whatever X-User-Id says", async () => {
  await using gateway = await openGateway();
  await gateway.connect("github");
  const token = await personalToken(await signedIn(gateway));
  for (const user of ["user_123", "voice:user_123"]) {
    const headers = { "X-User-Id": user };
    const body = call("github_list_repositories");
    const { json } = await gateway.mcp(body, { key: token, userId: null, headers });
    assertEquals(json.result.isError, true);
  }
});

/** Exchanges that fail for different reasons. */
async function failures(gateway: Gateway, client: TestClient) {
  const other = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  const { json } = await exchange(gateway, client, await obtainCode(gateway, client));
  return [
    await exchange(gateway, client, randomSecret()),
    await exchange(gateway, other, code),
    await exchange(gateway, { ...client, ...pkce() }, code),
    await exchange(gateway, client, code, { redirect_uri: "https://evil.example/cb" }),
    await refresh(gateway, client, randomSecret()),
    await refresh(gateway, other, json.refresh_token),
  ];
}

Deno.test("error answers tell a correlation id and no reason; the log tells both", async () => {
  await using gateway = await openGateway();
  const answers = await failures(gateway, await newClient(gateway));
  const bodies = answers.map(({ json }) => ({ ...json }));
  const ids = bodies.map((body) => /[0-9a-f-]{36}/.exec(body.error_description)![0]);
  for (const [index, body] of bodies.entries()) {
    body.error_description = body.error_description.replace(ids[index]!, "<id>");
    assertEquals(body, { ...bodies[0], error: "invalid_grant" });
    const logged = gateway.world.events.filter((event) => event.request_id === ids[index]);
    assertEquals(logged.length, 1);
    assert(String(logged[0]!.detail).length > 5);
  }
  assertEquals(new Set(ids).size, ids.length);
  const reasons = gateway.world.events.flatMap(({ request_id, detail }) =>
    request_id === undefined ? [] : [String(detail)]
  );
  const told = answers.map(({ json }) => JSON.stringify(json)).join();
  for (const reason of reasons) assert(!told.includes(reason), reason);
});

Deno.test("no secret is ever logged, and no refusal of a token says why", async () => {
  const { gateway, key, client, token, claims } = await openWithKey();
  await using _ = gateway;
  const { refresh_token } = await obtainTokens(gateway, client);
  await failures(gateway, client);
  const expired = await sign({ ...claims, exp: 1 }, key);
  const texts = await Promise.all(
    [expired, `${token}x`, "a.b.c"].map(async (bad) => (await withToken(gateway, bad)).text),
  );
  assertEquals(new Set(texts).size, 1);
  const logged = JSON.stringify(gateway.world.events);
  for (const secret of [...gateway.world.secrets, token, refresh_token, expired]) {
    assert(!logged.includes(secret));
  }
});

/** Between the gateway and the providers: records everything, and can answer in their place. */
function eavesdropper() {
  const heard: string[] = [];
  const providerTokens = new Set<string>();
  let answer: ((authorization: string) => Response) | undefined;
  const listen: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const authorization = request.headers.get("Authorization") ?? "";
    heard.push(request.url, JSON.stringify([...request.headers]), await request.clone().text());
    const [, token] = /^(?:Bearer|token) (.+)$/i.exec(authorization) ?? [];
    if (token !== undefined) providerTokens.add(token);
    return answer?.(authorization) ?? await fetch(request);
  };
  return {
    heard,
    providerTokens,
    listen,
    answerWith: (other: typeof answer) => answer = other,
  };
}

async function connectGithub({ browser, home }: { browser: Browser; home: { url: string } }) {
  const page = await browser.open(home.url);
  const form = page.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "github"
  )!;
  const atProvider = await browser.submit(page, { form });
  const { signInForm } = await import("../support/emulators.ts");
  await browser.submit(atProvider, { form: signInForm(atProvider) });
}

/** What an MCP client sees of a tool that reads and one that writes. */
async function callBoth(gateway: Gateway, token: string): Promise<string[]> {
  const args = { repo: "octocat/hello-world", title: "Mine" };
  const answers = [
    await withToken(gateway, token, call("github_list_repositories")),
    await withToken(gateway, token, call("github_create_issue", args)),
  ];
  return answers.map(({ text }) => text);
}

Deno.test("gateway tokens stay here, and provider tokens never reach an MCP client", async () => {
  const ear = eavesdropper();
  await using gateway = await openGateway({ fetch: ear.listen });
  const person = await signedIn(gateway);
  await connectGithub(person);
  const client = await newClient(gateway);
  const { access_token, refresh_token } = await obtainTokens(gateway, client, person);
  const personal = await personalToken(person);
  const answers: string[] = [];
  for (const status of [200, 400, 401, 403, 404, 422, 500]) {
    if (status !== 200) ear.answerWith(() => Response.json({ message: "No" }, { status }));
    for (const token of [access_token, personal]) answers.push(...await callBoth(gateway, token));
  }
  assert(answers[0]!.includes("hello-world"), answers[0]);
  const upstream = ear.heard.join("\n");
  const session = person.cookie.split("=")[1]!;
  for (const secret of [access_token, refresh_token, personal, session]) {
    assert(!upstream.includes(secret));
  }
  assert(ear.providerTokens.size > 0);
  answers.push(JSON.stringify(gateway.world.events));
  for (const token of ear.providerTokens) {
    for (const answer of answers) assert(!answer.includes(token), answer);
  }
});

Deno.test("a provider that repeats its token in an error does not bring it to the client", async () => {
  const ear = eavesdropper();
  await using gateway = await openGateway({ fetch: ear.listen });
  const person = await signedIn(gateway);
  await connectGithub(person);
  const personal = await personalToken(person);
  const answers: string[] = [];
  for (const status of [400, 401, 403, 404, 422, 500]) {
    ear.answerWith((authorization) => Response.json({ message: authorization }, { status }));
    answers.push(...await callBoth(gateway, personal));
  }
  assert(ear.providerTokens.size > 0);
  answers.push(JSON.stringify(gateway.world.events));
  for (const token of ear.providerTokens) {
    for (const answer of answers) assert(!answer.includes(token), answer);
  }
});

Deno.test("a client id or name cannot be anybody's grant", async () => {
  await using gateway = await openGateway();
  const { json } = await register(gateway, {
    client_id: "sb_client_mine",
    redirect_uris: [REDIRECT_URI],
  });
  assert(json.client_id !== "sb_client_mine");
  const unknown = { id: "sb_client_mine", redirectUri: REDIRECT_URI, ...pkce() };
  assertRefused(await exchange(gateway, unknown, randomSecret()), "invalid_client", 401);
});
