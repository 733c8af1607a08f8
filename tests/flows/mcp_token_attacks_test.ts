import { assertEquals } from "@std/assert";
import { decodeJwt, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { newKeyLine } from "../../tasks/key.ts";
import {
  assertDead,
  assertWorks,
  obtainTokens,
  openGateway,
  withToken,
} from "../support/attacks.ts";
import { call, type Gateway } from "../support/gateway.ts";
import { newClient, refresh } from "../support/mcp_client.ts";

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
