import { assert, assertEquals } from "@std/assert";
import { base64url, exportSPKI, importJWK, type JWTPayload, SignJWT } from "jose";
import { digest } from "../../broker/core/secrets.ts";
import type { Store } from "../../broker/core/store.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { DOORS } from "../../gateway/doors.ts";
import { ASSERTION_MS, ASSERTION_TYPE, MAX_JTI } from "../../gateway/clients/client_assertion.ts";
import { DOCUMENT_TTL_MS } from "../../gateway/clients/documents.ts";
import { KEYS_RENEWAL_MS } from "../../gateway/clients/key_sets.ts";
import { assertRefused, assertWorks, openGateway } from "../support/attacks.ts";
import type { Gateway } from "../support/gateway.ts";
import {
  exchange,
  newClient,
  obtainCode,
  post,
  refresh,
  register,
  type TestClient,
} from "../support/mcp_client.ts";
import {
  asserting,
  assertion,
  type Bent,
  DOCUMENT,
  documentClient,
  documentOf,
  JWKS,
  newKey,
  type TestKey,
  type Web,
  webOf,
} from "../support/proving_client.ts";

/** A client that proves who it is, with tokens. */
interface Open extends AsyncDisposable {
  gateway: Gateway;
  store: Store;
  key: TestKey;
  web: Web;
  client: TestClient;
  refreshToken: string;
  bent(how?: Bent, by?: TestKey): Promise<string>;
  /** Refreshes; whatever is brought beside. */
  bring(form: Record<string, string | undefined>): ReturnType<typeof refresh>;
}

async function open(
  alg = "ES256",
  more: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<Open> {
  const key = await newKey(alg);
  const web = webOf(key, more);
  const stores: Store[] = [];
  const gateway = await openGateway({
    env,
    fetchDocument: web.fetchDocument,
    store: (store) => (stores.push(store), store),
  });
  const client = documentClient();
  const code = await obtainCode(gateway, client);
  const proof = asserting(await assertion(gateway, key));
  const { json } = await exchange(gateway, client, code, proof);
  const open: Open = {
    ...{ gateway, store: stores[0]!, key, web, client, refreshToken: json.refresh_token },
    bent: (how, by = key) => assertion(gateway, by, how),
    bring: (form) => refresh(gateway, client, open.refreshToken, form),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
  return open;
}

/** None of them proves anything, and the right one still does. */
async function assertProveNothing(open: Open, texts: Record<string, string>): Promise<void> {
  for (const [what, text] of Object.entries(texts)) {
    const { status, json } = await open.bring(asserting(text));
    assertEquals([what, status, json.error], [what, 401, "invalid_client"]);
  }
  assertEquals((await open.bring(asserting(await open.bent()))).status, 200);
}

const encode = (value: unknown) => base64url.encode(JSON.stringify(value));

Deno.test("an assertion for another server, or for others beside this one, proves nothing", async () => {
  await using all = await open();
  const { url } = all.gateway;
  const audiences: Record<string, unknown> = {
    another: "https://evil.example",
    "another's endpoint": "https://evil.example/oauth/token",
    "the resource": `${url}/mcp`,
    "a slash more": `${url}/`,
    "the authorization endpoint": `${url}/oauth/authorize`,
    "a prefix": url.slice(0, -1),
    "injected beside": [url, "https://evil.example"],
    "injected before": ["https://evil.example", url],
    "twice ours": [url, `${url}/oauth/token`],
    "the same twice": [url, url],
    "a list in a list": [[url]],
    "an empty list": [],
    "an object": { 0: url },
    "none at all": null,
  };
  const texts: Record<string, string> = {};
  for (const [what, aud] of Object.entries(audiences)) {
    texts[what] = await all.bent({ claims: { aud } as JWTPayload });
  }
  texts.missing = await all.bent({ without: ["aud"] });
  await assertProveNothing(all, texts);
});

Deno.test("an assertion of yesterday, of tomorrow, or for ever, proves nothing", async () => {
  await using all = await open();
  const now = Math.floor(all.gateway.world.now() / 1000);
  const bent: Record<string, Bent> = {
    expired: { claims: { exp: now - 60 } },
    "expired long ago": { claims: { exp: 1 } },
    "for too long": { claims: { exp: now + (ASSERTION_MS + 60_000) / 1000 + 1 } },
    "for ever": { claims: { exp: 1e300 } },
    "without an end": { without: ["exp"] },
    "an end in words": { claims: { exp: String(now + 60) as unknown as number } },
    "an end that is none": { claims: { exp: null as unknown as number } },
    "issued later": { claims: { iat: now + 62 } },
    "issued in words": { claims: { iat: "now" as unknown as number } },
    "not yet good": { claims: { nbf: now + 62 } },
  };
  const texts: Record<string, string> = {};
  for (const [what, how] of Object.entries(bent)) texts[what] = await all.bent(how);
  await assertProveNothing(all, texts);
  // As far as clocks differ.
  const claims = { iat: now + 59, nbf: now + 59, exp: now + ASSERTION_MS / 1000 + 59 };
  const { json } = await all.bring(asserting(await all.bent({ claims })));
  all.refreshToken = json.refresh_token;
  const late = await all.bring(asserting(await all.bent({ claims: { exp: now - 58 } })));
  assertEquals(late.status, 200);
});

Deno.test("an assertion without a jti, or with one that cannot be remembered, proves nothing", async () => {
  await using all = await open();
  const bent: Record<string, Bent> = {
    missing: { without: ["jti"] },
    empty: { claims: { jti: "" } },
    "too long": { claims: { jti: "x".repeat(MAX_JTI + 1) } },
    "a number": { claims: { jti: 7 as unknown as string } },
    "a list": { claims: { jti: ["x"] as unknown as string } },
  };
  const texts: Record<string, string> = {};
  for (const [what, how] of Object.entries(bent)) texts[what] = await all.bent(how);
  await assertProveNothing(all, texts);
});

Deno.test("an assertion is used once, whatever for, and in whichever process", async () => {
  const line = newKeyLine("k1");
  await using all = await open("ES256", {}, { ENCRYPTION_KEYS: line });
  const { gateway, client, web } = all;
  await using other = await openGateway({
    kvPath: gateway.kvPath,
    fetchDocument: web.fetchDocument,
    env: { ENCRYPTION_KEYS: line, PUBLIC_URL: gateway.url, ALLOWED_HOSTS: "localhost" },
  });
  other.world.skew += gateway.world.now() - other.world.now();
  const used = asserting(await all.bent());
  const { json } = await all.bring(used);
  all.refreshToken = json.refresh_token;
  for (const at of [gateway, other]) {
    assertRefused(await refresh(at, client, json.refresh_token, used), "invalid_client", 401);
    const form = { ...used, client_id: client.id, token: json.refresh_token };
    assertRefused(await post(at, "/oauth/revoke", form), "invalid_client", 401);
  }
  // To the last moment at which it would be taken.
  for (const process of [gateway, other]) process.world.skew += 118_000;
  assertRefused(await refresh(other, client, json.refresh_token, used), "invalid_client", 401);
  assertEquals(other.world.events.at(-1)?.detail, "the assertion was used before");
  for (const process of [gateway, other]) process.world.skew -= 118_000;
  const fresh = asserting(await all.bent());
  const tries = Array.from(
    { length: 6 },
    (_, n) =>
      post(n % 2 === 0 ? gateway : other, "/oauth/revoke", {
        ...fresh,
        client_id: client.id,
        token: "x",
      }),
  );
  const statuses = (await Promise.all(tries)).map(({ status }) => status).sort();
  assertEquals(statuses, [200, 401, 401, 401, 401, 401]);
});

Deno.test("algorithm confusion: no assertion without a signature, none with a secret", async () => {
  await using all = await open("RS256");
  const { gateway, key } = all;
  const right = await all.bent();
  const [, payload = "", signature] = right.split(".");
  const unsigned = ["none", "None", "NONE", "", undefined].flatMap((alg) => {
    const header = encode({ alg, kid: "one" });
    return [`${header}.${payload}.`, `${header}.${payload}.${signature}`];
  });
  const publicKey = await importJWK(key.publicJwk, "RS256") as CryptoKey;
  const secrets = [
    new TextEncoder().encode(await exportSPKI(publicKey)),
    new TextEncoder().encode(JSON.stringify(key.publicJwk)),
    new TextEncoder().encode(key.publicJwk.n),
  ];
  const now = Math.floor(gateway.world.now() / 1000);
  const claims = { iss: DOCUMENT, sub: DOCUMENT, aud: gateway.url, exp: now + 60, jti: "x" };
  const signed = await Promise.all(
    secrets.flatMap((secret) =>
      ["HS256", "HS384", "HS512"].map((alg) =>
        new SignJWT(claims).setProtectedHeader({ alg, kid: "one" }).sign(secret)
      )
    ),
  );
  const other = { ...key, alg: "RS384" };
  const pair = await importJWK({ ...key.privateJwk, alg: "RS384" }, "RS384") as CryptoKey;
  const rs384 = await all.bent({}, { ...other, privateKey: pair });
  const texts = [...unsigned, ...signed, rs384];
  await assertProveNothing(all, Object.fromEntries(texts.map((text, n) => [`${n}`, text])));
});

Deno.test("the algorithm that the document names is the only one", async () => {
  await using all = await open("RS256", { token_endpoint_auth_signing_alg: "RS256" });
  // The same key would sign it.
  const { alg: _, ...bare } = all.key.publicJwk;
  all.web.sites.set(JWKS, { keys: [bare] });
  all.gateway.world.skew += DOCUMENT_TTL_MS;
  const privateKey = await importJWK(all.key.privateJwk, "PS256") as CryptoKey;
  const ps256 = await all.bent({}, { ...all.key, alg: "PS256", privateKey });
  await assertProveNothing(all, { ps256 });
});

Deno.test("a key that an assertion brings along, or says where to find, is nobody's", async () => {
  await using all = await open();
  const thief = await newKey();
  const headers = [
    { jwk: thief.publicJwk },
    { jku: "https://evil.example/jwks.json" },
    { x5u: "https://evil.example/x5u" },
    { kid: "https://evil.example/jwks.json" },
    { kid: "../../evil" },
    { kid: "" },
    { kid: 1 },
    { kid: ["one"] },
    { crit: ["exp"] },
    { crit: ["b64"], b64: false },
    {},
  ];
  const texts: Record<string, string> = {};
  for (const header of headers) {
    try {
      texts[JSON.stringify(header)] = await all.bent({ header }, thief);
    } catch {
      // The library makes no such thing.
    }
  }
  await assertProveNothing(all, texts);
  assertEquals(all.web.fetched.filter((href) => href.includes("evil")), []);
});

Deno.test("a token of another kind is no assertion, whoever signed it", async () => {
  await using all = await open();
  const texts: Record<string, string> = {};
  for (const typ of ["at+jwt", "dpop+jwt", "logout+jwt", "", "JWTX"]) {
    texts[typ] = await all.bent({ header: { typ } });
  }
  await assertProveNothing(all, texts);
  for (const typ of ["JWT", "jwt", "client-authentication+jwt"]) {
    const form = { ...asserting(await all.bent({ header: { typ } })), token: "x" };
    const answer = await post(all.gateway, "/oauth/revoke", { ...form, client_id: DOCUMENT });
    assertEquals(answer.status, 200, typ);
  }
});

Deno.test("an assertion of another client proves nothing, by its own keys or by ours", async () => {
  await using all = await open();
  const { gateway, web, client, key } = all;
  const thief = await newKey();
  const id = "https://evil.example/client.json";
  web.sites.set(id, documentOf({ client_id: id, jwks_uri: "https://evil.example/jwks.json" }));
  web.sites.set("https://evil.example/jwks.json", { keys: [thief.publicJwk] });
  const own = documentClient(id);
  const code = await obtainCode(gateway, own);
  const ownProof = asserting(await all.bent({ id }, thief));
  assertEquals((await exchange(gateway, own, code, ownProof)).status, 200);
  await assertProveNothing(all, {
    "its own": await all.bent({ id }, thief),
    "in our name, by its own key": await all.bent({}, thief),
    "iss of ours": await all.bent({ id, claims: { iss: client.id } }, thief),
    "sub of ours": await all.bent({ id, claims: { sub: client.id } }, thief),
    "its sub, by our key": await all.bent({ claims: { sub: id } }, key),
    "its iss, by our key": await all.bent({ claims: { iss: id } }, key),
    "no iss": await all.bent({ without: ["iss"] }),
    "no sub": await all.bent({ without: ["sub"] }),
    "a list": await all.bent({ claims: { sub: [client.id] as unknown as string } }),
  });
  // As itself, with our refresh token: that is another client's.
  const asItself = asserting(await all.bent({ id }, thief));
  assertRefused(await refresh(gateway, own, all.refreshToken, asItself));
  const unnamed = asserting(await all.bent({ id }, thief));
  assertRefused(await all.bring({ ...unnamed, client_id: undefined }));
});

Deno.test("a client that has keys is refused without an assertion, at every door", async () => {
  await using all = await open();
  const { gateway, client, refreshToken } = all;
  const code = await obtainCode(gateway, client);
  const nothing: Record<string, string>[] = [{}, { client_secret: "" }, { client_secret: "x" }];
  for (const form of nothing) {
    assertRefused(await exchange(gateway, client, code, form), "invalid_client", 401);
    assertRefused(await refresh(gateway, client, refreshToken, form), "invalid_client", 401);
    const revocation = { client_id: client.id, token: refreshToken, ...form };
    assertRefused(await post(gateway, "/oauth/revoke", revocation), "invalid_client", 401);
  }
  const form = { client_id: client.id, token: refreshToken };
  for (const pair of [`${client.id}:`, `${encodeURIComponent(client.id)}:`, ":", "x"]) {
    const headers = { Authorization: `Basic ${btoa(pair)}` };
    assertEquals((await post(gateway, "/oauth/revoke", form, headers)).status, 401);
  }
  const { json } = await exchange(gateway, client, code, asserting(await all.bent()));
  await assertWorks(gateway, json.access_token);
});

Deno.test("a request that carries an assertion is never a public client's", async () => {
  await using all = await open();
  const { gateway, web } = all;
  const id = "https://public.example/client.json";
  const { jwks_uri: _, ...rest } = documentOf({ client_id: id });
  web.sites.set(id, { ...rest, token_endpoint_auth_method: "none" });
  const right = await all.bent();
  const forms: Record<string, string>[] = [
    asserting(right),
    asserting(""),
    asserting("x"),
    asserting("x.y.z"),
    { client_assertion: right },
    { client_assertion: "" },
    { client_assertion_type: ASSERTION_TYPE },
    { client_assertion_type: "" },
    { client_assertion_type: "urn:x", client_assertion: right },
  ];
  for (const client of [documentClient(id), await newClient(gateway)]) {
    const code = await obtainCode(gateway, client);
    const { json } = await exchange(gateway, client, code);
    const own = asserting(await all.bent({ id: client.id }));
    for (const form of [...forms, own]) {
      const what = JSON.stringify(form);
      const answers = [
        await exchange(gateway, client, code, form),
        await refresh(gateway, client, json.refresh_token, form),
        await post(gateway, "/oauth/revoke", {
          client_id: client.id,
          token: json.refresh_token,
          ...form,
        }),
      ];
      for (const { status, json } of answers) {
        assertEquals([what, status, json.error], [what, 401, "invalid_client"]);
      }
    }
    assertEquals((await refresh(gateway, client, json.refresh_token)).status, 200);
  }
});

Deno.test("a request that carries a malformed assertion of a client with keys is nobody's", async () => {
  await using all = await open();
  const right = await all.bent();
  const forms: Record<string, string>[] = [
    { client_assertion: right },
    { client_assertion: right, client_assertion_type: "" },
    { client_assertion: right, client_assertion_type: `${ASSERTION_TYPE} ` },
    {
      client_assertion: right,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
    },
    { client_assertion_type: ASSERTION_TYPE },
    asserting(""),
    asserting(`${right}x`),
    asserting(right.slice(0, -8)),
    asserting(`${right}.x`),
    asserting(right.split(".").slice(0, 2).join(".")),
  ];
  for (const form of forms) assertRefused(await all.bring(form), "invalid_client", 401);
  assertEquals((await all.bring(asserting(right))).status, 200);
});

Deno.test("two ways of proving it in one request are one too many", async () => {
  await using all = await open();
  const { gateway, client, refreshToken } = all;
  const form = () => ({ grant_type: "refresh_token", refresh_token: refreshToken });
  const right = asserting(await all.bent());
  const tries: [Record<string, string>, Record<string, string>][] = [
    [{ ...form(), ...right, client_id: client.id, client_secret: "x" }, {}],
    [{ ...form(), ...right, client_id: client.id, client_secret: "" }, {}],
    [{ ...form(), ...right }, { Authorization: `Basic ${btoa("x:y")}` }],
    [{ ...form(), ...right, client_id: client.id }, { Authorization: "Basic ???" }],
    [{ ...form(), ...asserting(""), client_id: client.id, client_secret: "x" }, {}],
  ];
  for (const [fields, headers] of tries) {
    assertRefused(await post(gateway, "/oauth/token", fields, headers), "invalid_request");
  }
  assertEquals((await all.bring(right)).status, 200);
});

Deno.test("a document that asks for no proof any more takes nothing over that was proved", async () => {
  await using all = await open();
  const { gateway, web, client, refreshToken } = all;
  web.sites.set(DOCUMENT, documentOf({ token_endpoint_auth_method: "none" }));
  gateway.world.skew += DOCUMENT_TTL_MS;
  assertRefused(await refresh(gateway, client, refreshToken));
  // What a person allows it now is its own.
  const code = await obtainCode(gateway, client);
  const { json } = await exchange(gateway, client, code);
  assertEquals((await refresh(gateway, client, json.refresh_token)).status, 200);
  // And back: the one that proves itself again has its own again.
  web.sites.set(DOCUMENT, documentOf());
  gateway.world.skew += DOCUMENT_TTL_MS;
  assertEquals((await all.bring(asserting(await all.bent()))).status, 200);
});

Deno.test("a kept copy of before, which does not say whether its client has to prove itself, makes nobody public", async () => {
  await using all = await open();
  const { gateway, web, client, refreshToken } = all;
  web.sites.clear();
  gateway.world.skew += DOCUMENT_TTL_MS;
  const store = all.store.clients;
  const kept = (await store.peek(digest(DOCUMENT)))!;
  const { proves: _, keys: __, fetchedKeys: ___, ...older } = kept.value;
  await store.put(digest(DOCUMENT), older);
  await gateway.restart({});
  const bare = await refresh(gateway, client, refreshToken);
  assertEquals([bare.status, bare.json.error], [400, "invalid_client"]);
  web.sites.set(DOCUMENT, documentOf()).set(JWKS, { keys: [all.key.publicJwk] });
  assertRefused(await refresh(gateway, client, refreshToken), "invalid_client", 401);
  assertEquals((await all.bring(asserting(await all.bent()))).status, 200);
});

Deno.test("a document whose keys or method cannot be used is refused before anybody agrees to it", async () => {
  const key = await newKey();
  const bad: Record<string, Record<string, unknown>> = {
    "a secret's method": { token_endpoint_auth_method: "client_secret_basic" },
    "a method that is not known": { token_endpoint_auth_method: "tls_client_auth" },
    "no keys": { jwks_uri: undefined },
    "keys twice": { jwks: { keys: [key.publicJwk] } },
    "a private key": { jwks_uri: undefined, jwks: { keys: [key.privateJwk] } },
    "a private key beside": {
      jwks_uri: undefined,
      jwks: { keys: [key.publicJwk, (await newKey("RS256")).privateJwk] },
    },
    "a secret": { jwks_uri: undefined, jwks: { keys: [{ kty: "oct", k: "AAAA" }] } },
    "http": { jwks_uri: "http://app.example/jwks.json" },
    "a file": { jwks_uri: "file:///etc/passwd" },
    "a password": { jwks_uri: "https://a:b@app.example/jwks.json" },
    "a fragment": { jwks_uri: "https://app.example/jwks.json#x" },
    "no address": { jwks_uri: "jwks.json" },
    "an algorithm of secrets": { token_endpoint_auth_signing_alg: "HS256" },
    "no algorithm": { token_endpoint_auth_signing_alg: "none" },
  };
  const web = webOf(key);
  await using gateway = await openGateway({ fetchDocument: web.fetchDocument });
  for (const [what, more] of Object.entries(bad)) {
    const id = `https://app.example/${Object.keys(bad).indexOf(what)}.json`;
    web.sites.set(id, JSON.parse(JSON.stringify(documentOf({ client_id: id, ...more }))));
    await obtainCode(gateway, documentClient(id)).then(
      () => assert(false, what),
      (error) => assert(/description cannot be used/.test(String(error)), `${what}: ${error}`),
    );
  }
  assertEquals(web.times(JWKS), 0);
  const cutShort = { jwks: { keys: [{ kty: "RSA", e: "AQAB", n: "A".repeat(341) }] } };
  for (const more of [bad["a private key"]!, bad["a secret"]!, cutShort]) {
    const { json } = await register(gateway, {
      token_endpoint_auth_method: "private_key_jwt",
      jwks: more.jwks,
    });
    assertEquals(json.error, "invalid_client_metadata");
  }
});

Deno.test("strangers cannot make this program fetch a client's keys without end", async () => {
  await using all = await open();
  const { gateway, web, bring } = all;
  const thief = await newKey("ES256", "unknown");
  gateway.world.skew += KEYS_RENEWAL_MS;
  const before = web.times(JWKS);
  const flood = async (times: number) => {
    for (let n = 0; n < times; n++) {
      assertRefused(await bring(asserting(await all.bent({}, thief))), "invalid_client", 401);
    }
  };
  await flood(20);
  // All at once, too.
  await Promise.all(Array.from({ length: 10 }, () => flood(1)));
  assertEquals(web.times(JWKS), before + 1);
  gateway.world.skew += KEYS_RENEWAL_MS;
  await flood(5);
  assertEquals(web.times(JWKS), before + 2);
  // What is refused anyway fetches nothing at all, and neither does a request without a token.
  gateway.world.skew += DOCUMENT_TTL_MS;
  const hopeless = [
    await all.bent({ claims: { aud: "https://evil.example" } }, thief),
    await all.bent({ without: ["jti"] }, thief),
    await all.bent({ without: ["exp"] }, thief),
    await all.bent({ header: { typ: "at+jwt" } }, thief),
    "x.y.z",
  ];
  for (const text of hopeless) assertRefused(await bring(asserting(text)), "invalid_client", 401);
  assertEquals(web.times(JWKS), before + 2);
  // While the host is out, it is asked once a minute.
  web.sites.delete(JWKS);
  await flood(10);
  assertEquals(web.times(JWKS), before + 3);
  assertEquals((await bring(asserting(await all.bent()))).status, 200);
});

Deno.test("keys that a client takes back prove nothing, also where it leaves none in their place", async () => {
  for (const keys of [[], [(await newKey("ES256", "one")).publicJwk], "none"]) {
    await using all = await open();
    all.web.sites.set(JWKS, { keys });
    all.gateway.world.skew += DOCUMENT_TTL_MS;
    const refused = async () => {
      const { status, json } = await all.bring(asserting(await all.bent()));
      assertEquals([status >= 400, json.error], [true, "invalid_client"]);
    };
    await refused();
    // Nor does it help that the host is out then.
    all.web.sites.delete(JWKS);
    all.gateway.world.skew += KEYS_RENEWAL_MS;
    await refused();
    if (Array.isArray(keys) && keys.length > 0) continue;
    // What was kept is gone, too.
    await all.gateway.restart({});
    await refused();
  }
});

Deno.test("a client's assertions are counted before they are written down", async () => {
  await using all = await open();
  const { gateway } = all;
  const form = { client_id: DOCUMENT, token: "x" };
  const statuses: number[] = [];
  for (let n = 0; n < DOORS.assertion.limit + 3; n++) {
    const answer = await post(gateway, "/oauth/revoke", {
      ...form,
      ...asserting(await all.bent()),
    });
    statuses.push(answer.status);
  }
  assertEquals(statuses.at(-1), 429);
  assertEquals(statuses.filter((status) => status === 200).length, DOORS.assertion.limit - 1);
  const kept = await Array.fromAsync(gateway.records.list({ prefix: ["proofs"] }));
  assertEquals(kept.length, DOORS.assertion.limit);
});

Deno.test("the log says what an assertion lacks, and holds nothing of it", async () => {
  await using all = await open();
  const text = await all.bent({ claims: { aud: "https://evil.example" } });
  const { json } = await all.bring(asserting(text));
  const said = all.gateway.world.events.findLast(({ event }) => event === "grant_refused")!;
  assertEquals(said.detail, "aud is not this server alone");
  assert(json.error_description.includes(String(said.request_id)));
  assert(!JSON.stringify(all.gateway.world.events).includes(text.split(".")[1]!));
});
