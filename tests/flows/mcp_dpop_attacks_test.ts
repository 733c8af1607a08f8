import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { base64url, decodeJwt, exportJWK, importJWK, SignJWT } from "jose";
import { parseKeyRing } from "../../broker/config/vault.ts";
import type { Store } from "../../broker/core/store.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import { MAX_JTI } from "../../gateway/clients/client_assertion.ts";
import { MAX_PROOF, PROOF_MS } from "../../gateway/dpop/dpop.ts";
import { NONCE_MS } from "../../gateway/dpop/dpop_nonce.ts";
import { DOCUMENT_TTL_MS } from "../../gateway/clients/documents.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import {
  assertDead,
  assertRefused,
  LIST,
  openGateway,
  personalToken,
  signedIn,
} from "../support/attacks.ts";
import {
  type BentProof,
  callBound,
  newProofKey,
  proofFor,
  type ProofKey,
  WRITE,
} from "../support/dpop_client.ts";
import { API_KEY, type Gateway, USER } from "../support/gateway.ts";
import { failing, type Faults } from "../support/failing_store.ts";
import {
  exchange,
  exchangeForm,
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
  DOCUMENT,
  documentClient,
  documentOf,
  newKey,
  Web,
} from "../support/proving_client.ts";

const TOKEN = "/oauth/token";

/** A client whose tokens are bound to a key. */
interface Bound extends AsyncDisposable {
  gateway: Gateway;
  client: TestClient;
  key: ProofKey;
  token: string;
  refreshToken: string;
  /** A proof for the MCP endpoint, with the token. */
  bent(how?: BentProof, path?: string, by?: ProofKey): Promise<string>;
  refresh(headers?: Record<string, string>): ReturnType<typeof post>;
}

async function openBound(
  options: Parameters<typeof openGateway>[0] = {},
  alg = "ES256",
): Promise<Bound> {
  const gateway = await openGateway(options);
  const [client, key] = [await newClient(gateway), await newProofKey(alg)];
  const code = await obtainCode(gateway, client);
  const DPoP = await proofFor(gateway, TOKEN, key);
  const { json } = await post(gateway, TOKEN, exchangeForm(client, code), { DPoP });
  const { access_token: token, refresh_token } = json;
  return {
    ...{ gateway, client, key, token, refreshToken: refresh_token },
    bent: (how, path = "/mcp", by = key) => proofFor(gateway, path, by, { token, ...how }),
    refresh: (headers) =>
      post(
        gateway,
        TOKEN,
        { grant_type: "refresh_token", client_id: client.id, refresh_token },
        headers,
      ),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

/** None of these proofs is taken, neither with the access token nor with the refresh token. */
async function assertNotTaken(
  { gateway, token, key, refresh, bent }: Bound,
  proofs: Record<string, BentProof | string>,
): Promise<void> {
  for (const [what, how] of Object.entries(proofs)) {
    const atMcp = typeof how === "string" ? how : await bent(how);
    const answer = await callBound(gateway, token, atMcp);
    assertEquals([what, answer.status, answer.json.error], [what, 401, "invalid_dpop_proof"]);
    assertStringIncludes(
      answer.headers.get("WWW-Authenticate")!,
      'DPoP error="invalid_dpop_proof"',
    );
    const DPoP = typeof how === "string" ? how : await proofFor(gateway, TOKEN, key, how);
    const refreshed = await refresh({ DPoP });
    assertEquals([what, refreshed.status], [what, 400]);
    assertRefused(refreshed, "invalid_dpop_proof");
  }
  assertEquals((await callBound(gateway, token, await bent())).status, 200);
  assertEquals((await refresh({ DPoP: await proofFor(gateway, TOKEN, key) })).status, 200);
}

Deno.test("a bound token without a proof, as a bearer, or anywhere else, is nobody's", async () => {
  await using all = await openBound();
  const { gateway, token } = all;
  await assertDead(gateway, token);
  const proof = () => all.bent();
  const tries: Record<string, string>[] = [
    { Authorization: `Bearer ${token}` },
    { Authorization: `Bearer ${token}`, DPoP: await proof() },
    { Authorization: `DPoP ${token}` },
    { Authorization: `DPoP ${token}`, "X-Api-Key": API_KEY, "X-User-Id": USER },
    { Authorization: token, DPoP: await proof() },
    { Authorization: `DPoP`, DPoP: await proof() },
    { Authorization: `Basic ${token}`, DPoP: await proof() },
    { "X-Api-Key": token, DPoP: await proof() },
    { DPoP: await proof() },
  ];
  for (const headers of tries) {
    const answer = await gateway.mcp(LIST, { key: null, userId: null, headers });
    const what = Object.keys(headers).join();
    assertEquals([what, answer.status, answer.json.error], [what, 401, "invalid_token"]);
    const challenge = answer.headers.get("WWW-Authenticate")!;
    // Clients that know Bearer alone read the first.
    assert(challenge.startsWith("Bearer "), challenge);
    assertStringIncludes(challenge, 'DPoP error="invalid_token", algs="ES256');
    assertStringIncludes(challenge, "resource_metadata=");
  }
  const other = await gateway.api("/connections?user_id=x", { key: token });
  assertEquals(other.status, 401);
  assertEquals((await callBound(gateway, token, await proof())).status, 200);
});

Deno.test("a proof beside what is bound to no key is refused with it", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const person = await signedIn(gateway);
  const code = await obtainCode(gateway, client, { browser: person.browser });
  const { json } = await exchange(gateway, client, code);
  const personal = await personalToken(person);
  const body = { user_id: USER, services: ["github"] };
  const { json: session } = await gateway.api("/sessions", { body });
  for (const token of [json.access_token, personal, session.token, API_KEY]) {
    const proof = () => proofFor(gateway, "/mcp", key, { token });
    for (const scheme of ["DPoP", "Bearer"]) {
      const headers = { Authorization: `${scheme} ${token}`, DPoP: await proof() };
      const answer = await gateway.mcp(LIST, { key: null, headers });
      assertEquals([answer.status, answer.json.error], [401, "invalid_token"]);
    }
    assertEquals((await gateway.mcp(LIST, { key: token })).status, 200);
  }
});

Deno.test("a bound token with a proof of another key is nobody's", async () => {
  await using all = await openBound();
  const { gateway, token } = all;
  const thief = await newProofKey();
  const answer = await callBound(gateway, token, await all.bent({}, "/mcp", thief));
  assertEquals([answer.status, answer.json.error], [401, "invalid_token"]);
  // The thief's key in the header, our signature, and the other way round.
  for (
    const proof of [
      await all.bent({ header: { jwk: thief.jwk } }),
      await all.bent({ header: { jwk: all.key.jwk } }, "/mcp", thief),
    ]
  ) {
    const { status, json } = await callBound(gateway, token, proof);
    assertEquals([status, json.error], [401, "invalid_dpop_proof"]);
  }
});

Deno.test("a proof for another address or another method is not taken", async () => {
  await using all = await openBound();
  const { url } = all.gateway;
  const { host } = new URL(url);
  const bent: Record<string, BentProof> = {};
  const addresses: unknown[] = [
    "https://evil.example/mcp",
    `https://${host}/mcp`,
    `http://127.0.0.1:${new URL(url).port}/mcp`,
    `http://${host}.evil.example/mcp`,
    `http://evil@${host}/mcp`,
    `http://a:b@${host}/mcp`,
    `${url}/mcp/github`,
    `${url}/mcp/`,
    `${url}/MCP`,
    `${url}/oauth/revoke`,
    url,
    "/mcp",
    "",
    [`${url}/mcp`],
    null,
    1,
  ];
  for (const htu of addresses) bent[JSON.stringify(htu)] = { claims: { htu } };
  for (const htm of ["GET", "post", "", "POST ", ["POST"], null]) {
    bent[`method ${htm}`] = { claims: { htm } };
  }
  bent["no htu"] = { without: ["htu"] };
  bent["no htm"] = { without: ["htm"] };
  await assertNotTaken(all, bent);
  // A proof for the token endpoint is none for the resource, nor the other way round.
  const { gateway, token, key } = all;
  const other = await callBound(gateway, token, await all.bent({}, TOKEN));
  assertEquals([other.status, other.json.error], [401, "invalid_dpop_proof"]);
  assertRefused(await all.refresh({ DPoP: await all.bent() }), "invalid_dpop_proof");
  // Nothing that a header says makes another address of ours.
  const headers = {
    Authorization: `DPoP ${token}`,
    DPoP: await proofFor(gateway, "/mcp", key, {
      token,
      claims: { htu: "https://evil.example/mcp" },
    }),
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    Forwarded: "host=evil.example;proto=https",
  };
  assertEquals((await gateway.mcp(LIST, { key: null, userId: null, headers })).status, 401);
});

Deno.test("an address is compared without its query and fragment, and as addresses are spelled", async () => {
  await using all = await openBound();
  const { gateway, token } = all;
  const { url } = gateway;
  const spelled = [
    `${url}/mcp?x=y`,
    `${url}/mcp#x`,
    `${url}/mcp?services=github#x`,
    `${url.replace("http://localhost", "HTTP://LOCALHOST")}/mcp`,
    `${url}/x/../mcp`,
  ];
  for (const htu of spelled) {
    const answer = await callBound(gateway, token, await all.bent({ claims: { htu } }));
    assertEquals(answer.status, 200, htu);
  }
});

Deno.test("a proof for another token, or for none, is not taken with this one", async () => {
  await using all = await openBound();
  const { gateway, token, key } = all;
  const second = await all.refresh({ DPoP: await proofFor(gateway, TOKEN, key) });
  const other = second.json.access_token;
  const proofs = [
    await all.bent({ without: ["ath"] }),
    await proofFor(gateway, "/mcp", key, { token: other }),
    await all.bent({ claims: { ath: token } }),
    await all.bent({ claims: { ath: "" } }),
    await all.bent({ claims: { ath: null } }),
  ];
  for (const proof of proofs) {
    const answer = await callBound(gateway, token, proof);
    assertEquals([answer.status, answer.json.error], [401, "invalid_dpop_proof"]);
  }
  const proof = await proofFor(gateway, "/mcp", key, { token: other });
  assertEquals((await callBound(gateway, other, proof)).status, 200);
});

Deno.test("what is no proof is not taken for one, and neither are two", async () => {
  await using all = await openBound({}, "RS256");
  const { gateway, key, token } = all;
  const right = await all.bent();
  const [header, payload, signature] = right.split(".");
  const encode = (value: unknown) => base64url.encode(JSON.stringify(value));
  const now = Math.floor(gateway.world.now() / 1000);
  const claims = { jti: randomSecret(), htm: "POST", htu: `${gateway.url}/mcp`, iat: now };
  const hs = await new SignJWT(claims)
    .setProtectedHeader({ typ: "dpop+jwt", alg: "HS256", jwk: key.jwk })
    .sign(new TextEncoder().encode(JSON.stringify(key.jwk)));
  const oct: Record<string, string> = { kty: "oct", k: "AAAA" };
  const secret = await new SignJWT(claims)
    .setProtectedHeader({ typ: "dpop+jwt", alg: "HS256", jwk: oct })
    .sign(new Uint8Array(32));
  const { kid: _, alg: __, ...privateJwk } = key.privateJwk;
  const rs384 = { ...key, alg: "RS384" };
  rs384.privateKey = await importJWK(privateJwk, "RS384") as CryptoKey;
  const proofs: Record<string, string | BentProof> = {
    "two in one": `${right}, ${await all.bent()}`,
    "two of them": `${right},${right}`,
    empty: "",
    words: "x",
    "with padding": `${right}==`,
    "with a space": `${header}.${payload}. ${signature}`,
    "no JWT": "x.y.z",
    "without a signature": `${header}.${payload}.`,
    "cut": right.slice(0, -4),
    "of another": `${header}.${payload}.${signature!.slice(0, -8)}AAAAAAAA`,
    "alg none": `${encode({ typ: "dpop+jwt", alg: "none", jwk: key.jwk })}.${payload}.`,
    "alg None": `${encode({ typ: "dpop+jwt", alg: "None", jwk: key.jwk })}.${payload}.${signature}`,
    "a secret's alg": hs,
    "a secret as jwk": secret,
    "alg that is not offered": await all.bent({}, "/mcp", rs384),
    "a private key": { header: { jwk: privateJwk } },
    "a private key, in part": { header: { jwk: { ...key.jwk, p: privateJwk.p } } },
    "no key": { header: { jwk: undefined } },
    "a key as text": { header: { jwk: JSON.stringify(key.jwk) } },
    "a key elsewhere": { header: { jwk: undefined, jku: "https://evil.example/jwks.json" } },
    "a key by name": { header: { jwk: undefined, kid: "one" } },
    "a key for encryption": { header: { jwk: { ...key.jwk, use: "enc" } } },
    "typ JWT": { header: { typ: "JWT" } },
    "typ at+jwt": { header: { typ: "at+jwt" } },
    "typ in capitals": { header: { typ: "DPOP+JWT" } },
    "no typ": { header: { typ: undefined } },
    "no jti": { without: ["jti"] },
    "an empty jti": { claims: { jti: "" } },
    "a long jti": { claims: { jti: "x".repeat(MAX_JTI + 1) } },
    "no iat": { without: ["iat"] },
    "an iat in words": { claims: { iat: "now" as unknown as number } },
    "too long": { claims: { x: "x".repeat(MAX_PROOF) } },
  };
  await assertNotTaken(all, proofs);
  // Two headers, as HTTP has them.
  const two = new Headers({ Authorization: `DPoP ${token}`, "Content-Type": "application/json" });
  two.append("DPoP", await all.bent());
  two.append("DPoP", await all.bent());
  const init = { method: "POST", headers: two, body: JSON.stringify(LIST) };
  const answer = await fetch(`${gateway.url}/mcp`, init);
  assertEquals([answer.status, (await answer.json()).error], [401, "invalid_dpop_proof"]);
});

Deno.test("a key that is too weak proves nothing", async () => {
  await using all = await openBound();
  // Its own signature is right; the exponent is not one that everybody has.
  const pair = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength: 2048,
      publicExponent: new Uint8Array([3]),
    },
    true,
    ["sign", "verify"],
  );
  const { kty, n: modulus, e } = await exportJWK(pair.publicKey);
  const jwk = { kty: kty!, n: modulus!, e: e! };
  const cheap = { ...all.key, alg: "RS256", privateKey: pair.privateKey, jwk };
  const { status, json } = await callBound(
    all.gateway,
    all.token,
    await all.bent({}, "/mcp", cheap),
  );
  assertEquals([e, status, json.error], ["Aw", 401, "invalid_dpop_proof"]);
  const n = base64url.encode(new Uint8Array(128).fill(255));
  const weak = [
    { kty: "RSA", e: "AQAB", n },
    { kty: "RSA", e: "AQ", n: n + n },
    { kty: "EC", crv: "P-521", x: n, y: n },
    { kty: "EC", crv: "P-256", x: base64url.encode(new Uint8Array(32)), y: all.key.jwk.y },
  ];
  await assertNotTaken(
    all,
    Object.fromEntries(weak.map((jwk) => [JSON.stringify(jwk).slice(0, 40), { header: { jwk } }])),
  );
});

Deno.test("a proof of another time is not taken: its client is handed a nonce", async () => {
  await using all = await openBound();
  const { gateway, token, key } = all;
  const now = Math.floor(gateway.world.now() / 1000);
  const seconds = PROOF_MS / 1000;
  const bent = [now - seconds - 1, now + seconds + 1, 1, 1e15].map((iat) => ({ iat }));
  const nonces = ["", "x", `${randomSecret()}`, `0.${randomSecret()}.k1`, "a.b.c", 7].map((
    nonce,
  ) => ({
    nonce,
  }));
  for (const claims of [...bent, ...nonces]) {
    const answer = await callBound(gateway, token, await all.bent({ claims }));
    assertEquals([answer.status, answer.json.error], [401, "use_dpop_nonce"]);
    assert(answer.headers.get("DPoP-Nonce"));
    const DPoP = await proofFor(gateway, TOKEN, key, { claims });
    const refreshed = await all.refresh({ DPoP });
    assertRefused(refreshed, "use_dpop_nonce");
    assert(refreshed.headers.get("DPoP-Nonce"));
  }
});

Deno.test("a nonce that is over, changed, or of another server, is none", async () => {
  await using all = await openBound();
  const { gateway, token } = all;
  await using stranger = await openBound();
  const nonceOf = async ({ gateway, token, bent }: Bound) =>
    (await callBound(gateway, token, await bent())).headers.get("DPoP-Nonce")!;
  const nonce = await nonceOf(all);
  const [time, mark, kid] = nonce.split(".");
  const later = (parseInt(time!, 36) + 60_000).toString(36);
  const others = [
    await nonceOf(stranger),
    `${later}.${mark}.${kid}`,
    `${time}.${mark!.slice(1)}A.${kid}`,
    `${time}.${mark}.k2`,
    `${time}.${mark}`,
    `${nonce} `,
    `${nonce}.x`,
  ];
  const list = async (nonce: string) =>
    await callBound(gateway, token, await all.bent({ claims: { nonce } }));
  for (const other of others) assertEquals((await list(other)).json.error, "use_dpop_nonce", other);
  assertEquals((await list(nonce)).status, 200);
  gateway.world.skew += NONCE_MS;
  assertEquals((await list(nonce)).json.error, "use_dpop_nonce");
});

Deno.test("a proof is used once at the token endpoint, in whichever process", async () => {
  const { gateway: first, others, client, key, refresh, end } = await processes();
  const DPoP = await proofFor(first, TOKEN, key);
  assertEquals((await refresh(first, { DPoP })).status, 200);
  for (const at of [first, ...others]) {
    assertRefused(await refresh(at, { DPoP }), "invalid_dpop_proof");
  }
  // Nor for a code that it did not come with.
  const code = await obtainCode(first, client);
  assertRefused(
    await post(others[0]!, TOKEN, exchangeForm(client, code), { DPoP }),
    "invalid_dpop_proof",
  );
  const fresh = await proofFor(first, TOKEN, key);
  assertEquals((await post(first, TOKEN, exchangeForm(client, code), { DPoP: fresh })).status, 200);
  assertRefused(await refresh(others[0]!, { DPoP: fresh }), "invalid_dpop_proof");
  // To the last moment at which it would be taken.
  const last = await proofFor(first, TOKEN, key);
  assertEquals((await refresh(first, { DPoP: last })).status, 200);
  for (const process of [first, ...others]) process.world.skew += PROOF_MS - 1000;
  assertRefused(await refresh(others[0]!, { DPoP: last }), "invalid_dpop_proof");
  // All at once: one of them.
  const raced = await proofFor(first, TOKEN, key);
  const all = [first, ...others];
  const tries = Array.from({ length: 6 }, (_, n) => refresh(all[n % 2]!, { DPoP: raced }));
  const statuses = (await Promise.all(tries)).map(({ status }) => status).sort();
  assertEquals(statuses, [200, 400, 400, 400, 400, 400]);
  await end();
});

Deno.test("a proof is used once for a call that changes something, in whichever process", async () => {
  const { gateway: first, others, key, token, end } = await processes();
  const [other] = others;
  const proof = () => proofFor(first, "/mcp", key, { token });
  const used = await proof();
  assertEquals((await callBound(first, token, used, WRITE)).status, 200);
  for (const at of [first, other!]) {
    for (const body of [WRITE, { ...WRITE, id: 2 }, [LIST, { ...WRITE, id: 2 }]]) {
      const { status, json } = await callBound(at, token, used, body);
      assertEquals([status, json.error], [401, "invalid_dpop_proof"]);
    }
  }
  // In a batch, too, and all at once.
  const batch = [LIST, { ...WRITE, id: 2 }, { ...WRITE, id: 3 }];
  const raced = await proof();
  const tries = Array.from(
    { length: 6 },
    (_, n) => callBound(n % 2 === 0 ? first : other!, token, raced, batch),
  );
  const statuses = (await Promise.all(tries)).map(({ status }) => status).sort();
  assertEquals(statuses, [200, 401, 401, 401, 401, 401]);
  // With a nonce it is remembered for as long as the nonce is good.
  const nonce = (await callBound(first, token, await proof())).headers.get("DPoP-Nonce")!;
  const long = await proofFor(first, "/mcp", key, { token, claims: { nonce } });
  assertEquals((await callBound(first, token, long, WRITE)).status, 200);
  for (const process of [first, other!]) process.world.skew += NONCE_MS - 61_000;
  const late = await callBound(other!, token, long, WRITE);
  assertEquals([late.status, late.json.error], [401, "invalid_dpop_proof"]);
  await end();
});

Deno.test("a call that changes something is not done where nobody can say that it was not", async () => {
  const faults: Faults = new Map();
  const stores: Store[] = [];
  const store = (real: Store) => (stores.push(real), failing(real, faults));
  await using all = await openBound({ store });
  const { gateway, token } = all;
  faults.set("proofs.add", 1);
  const failed = await callBound(gateway, token, await all.bent(), WRITE);
  assertEquals([failed.status, failed.json.error], [503, "store_unavailable"]);
  faults.set("proofs.add", 1);
  const refreshed = await all.refresh({ DPoP: await proofFor(gateway, TOKEN, all.key) });
  assertEquals([refreshed.status, refreshed.json.access_token], [503, undefined]);
});

Deno.test("a proof that was used for a call that reads is not taken again by the same process", async () => {
  await using all = await openBound();
  const { gateway, token } = all;
  const kept = async () =>
    (await Array.fromAsync(gateway.records.list({ prefix: ["proofs"] }))).length;
  const before = await kept();
  const used = await all.bent();
  assertEquals((await callBound(gateway, token, used)).status, 200);
  for (const body of [LIST, WRITE]) {
    const { status, json } = await callBound(gateway, token, used, body);
    assertEquals([status, json.error], [401, "invalid_dpop_proof"]);
  }
  // It cost no write.
  assertEquals(await kept(), before);
  assertEquals((await callBound(gateway, token, await all.bent(), WRITE)).status, 200);
  assertEquals(await kept(), before + 1);
});

Deno.test("a stranger's proofs are written down nowhere", async () => {
  await using all = await openBound();
  const { gateway, token, client } = all;
  const thief = await newProofKey();
  const kept = async () =>
    (await Array.fromAsync(gateway.records.list({ prefix: ["proofs"] }))).length;
  const before = await kept();
  const DPoP = () => proofFor(gateway, TOKEN, thief);
  assertRefused(await all.refresh({ DPoP: await DPoP() }));
  const foreign = { grant_type: "refresh_token", client_id: client.id };
  const refresh_token = `sb_rt_${randomSecret()}`;
  const answer = await post(gateway, TOKEN, { ...foreign, refresh_token }, { DPoP: await DPoP() });
  assertRefused(answer);
  const code = exchangeForm(client, randomSecret());
  assertRefused(await post(gateway, TOKEN, code, { DPoP: await DPoP() }));
  await callBound(gateway, token, await all.bent({}, "/mcp", thief), WRITE);
  assertEquals(await kept(), before);
});

Deno.test("a bound refresh token with another key, or without a proof, gives nothing", async () => {
  await using all = await openBound();
  const { gateway, key } = all;
  const thief = await newProofKey();
  for (let n = 0; n < 2; n++) {
    assertRefused(await all.refresh());
    assertRefused(await all.refresh({ DPoP: await proofFor(gateway, TOKEN, thief) }));
    assertRefused(await all.refresh({ DPoP: "" }), "invalid_dpop_proof");
    // And the one who has the key goes on.
    assertEquals((await all.refresh({ DPoP: await proofFor(gateway, TOKEN, key) })).status, 200);
  }
});

Deno.test("a code that is bound to a key is nothing with another key, or without a proof", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const thief = await newProofKey();
  const code = await obtainCode(gateway, client, { params: { dpop_jkt: key.jkt } });
  assertRefused(await exchange(gateway, client, code));
  const stolen = { DPoP: await proofFor(gateway, TOKEN, thief) };
  assertRefused(await post(gateway, TOKEN, exchangeForm(client, code), stolen));
  const own = { DPoP: await proofFor(gateway, TOKEN, key) };
  assertEquals((await post(gateway, TOKEN, exchangeForm(client, code), own)).status, 200);
});

Deno.test("a client that wants bound tokens alone gets no others, also while its host is out", async () => {
  const web = new Web();
  const { jwks_uri: _, token_endpoint_auth_method: __, ...document } = documentOf();
  web.sites.set(DOCUMENT, { ...document, dpop_bound_access_tokens: true });
  await using gateway = await openGateway({ fetchDocument: web.fetchDocument });
  const registered = await register(gateway, { dpop_bound_access_tokens: true });
  assertEquals(registered.json.dpop_bound_access_tokens, true);
  for (const client of [documentClient(), documentClient(registered.json.client_id)]) {
    const key = await newProofKey();
    const code = await obtainCode(gateway, client);
    assertRefused(await exchange(gateway, client, code), "invalid_dpop_proof");
    const headers = { DPoP: await proofFor(gateway, TOKEN, key) };
    const { json } = await post(gateway, TOKEN, exchangeForm(client, code), headers);
    web.sites.clear();
    gateway.world.skew += DOCUMENT_TTL_MS;
    await gateway.restart({});
    assertRefused(await refresh(gateway, client, json.refresh_token));
    const again = await obtainCode(gateway, client);
    assertRefused(await exchange(gateway, client, again), "invalid_dpop_proof");
    const next = { DPoP: await proofFor(gateway, TOKEN, key) };
    const grant = { grant_type: "refresh_token", client_id: client.id };
    const refreshing = { ...grant, refresh_token: json.refresh_token };
    assertEquals((await post(gateway, TOKEN, refreshing, next)).json.token_type, "DPoP");
  }
  // One that proves who it is has refresh tokens that are not bound.
  const own = await newKey();
  const jwks = { keys: [own.publicJwk] };
  const more = { token_endpoint_auth_method: "private_key_jwt", jwks };
  const { json } = await register(gateway, { dpop_bound_access_tokens: true, ...more });
  const client = documentClient(json.client_id);
  const proof = async () => asserting(await assertion(gateway, own, { id: client.id }));
  const fields = { ...exchangeForm(client, await obtainCode(gateway, client)), ...await proof() };
  const headers = { DPoP: await proofFor(gateway, TOKEN, await newProofKey()) };
  const { refresh_token } = (await post(gateway, TOKEN, fields, headers)).json;
  const bare = await refresh(gateway, client, refresh_token, await proof());
  assertRefused(bare, "invalid_dpop_proof");
});

Deno.test("a token that is bound to what is not known here is nobody's", async () => {
  const line = newKeyLine("k1");
  await using all = await openBound({ env: { ENCRYPTION_KEYS: line } });
  const signing = (await (await importKeyRing(parseKeyRing(line))).signingKey("k1"))!;
  const claims = decodeJwt(all.token);
  for (const cnf of [{}, { jkt: 1 }, { "x5t#S256": "x" }, "x", null, [all.key.jkt]]) {
    const token = await new SignJWT({ ...claims, cnf })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "k1" }).sign(signing);
    await assertDead(all.gateway, token);
    const proof = await proofFor(all.gateway, "/mcp", all.key, { token });
    assertEquals((await callBound(all.gateway, token, proof)).status, 401);
  }
});

/** Two processes on one database, and a client with bound tokens. */
async function processes() {
  const line = newKeyLine("k1");
  const all = await openBound({ env: { ENCRYPTION_KEYS: line } });
  const { gateway, client, key, token, refreshToken: refresh_token } = all;
  const other = await openGateway({
    kvPath: gateway.kvPath,
    env: { ENCRYPTION_KEYS: line, PUBLIC_URL: gateway.url, ALLOWED_HOSTS: "localhost" },
  });
  // Each test's clock stands at its own beginning.
  other.world.skew += gateway.world.now() - other.world.now();
  const grant = { grant_type: "refresh_token", client_id: client.id, refresh_token };
  return {
    ...{ gateway, client, key, token, others: [other] },
    refresh: (at: Gateway, headers: Record<string, string>) => post(at, TOKEN, grant, headers),
    async end() {
      await other[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

Deno.test("whoever has a bound token without its key keeps no grant in use", async () => {
  await using all = await openBound();
  const { gateway, key } = all;
  const thief = await newProofKey();
  const used = async () => {
    const [grant] = await Array.fromAsync(gateway.records.list({ prefix: ["grants"] }));
    return grant!.version;
  };
  const before = await used();
  // "Last used" is exact to the hour.
  gateway.world.skew += 3_540_000;
  const { json } = await all.refresh({ DPoP: await proofFor(gateway, TOKEN, key) });
  const token = json.access_token;
  gateway.world.skew += 120_000;
  await assertDead(gateway, token);
  await callBound(gateway, token, await proofFor(gateway, "/mcp", thief, { token }));
  assertEquals(await used(), before);
  await callBound(gateway, token, await proofFor(gateway, "/mcp", key, { token }));
  assertNotEquals(await used(), before);
});
