import { assertEquals } from "@std/assert";
import { type JWTPayload, SignJWT } from "jose";
import {
  MOST_VERIFIED,
  readOwn,
  type SigningKeys,
  signOwn,
  verifiedCount,
} from "../../gateway/own_jwt.ts";
import { testWorld } from "../support/world.ts";

const ISSUER = "https://gateway.example";
const KIND = { type: "a+jwt", issuer: ISSUER, audience: `${ISSUER}/mcp`, requires: ["sub"] };

async function hmac(hash: string): Promise<CryptoKey> {
  return await crypto.subtle.generateKey({ name: "HMAC", hash }, false, ["sign", "verify"]);
}

async function keysOf(hash = "SHA-256"): Promise<SigningKeys & { key: CryptoKey }> {
  const key = await hmac(hash);
  return {
    key,
    primary: () => Promise.resolve("k1"),
    signingKey: (id) => Promise.resolve(id === "k1" ? key : undefined),
  };
}

function claimsAt(now: number): JWTPayload {
  const iat = Math.floor(now / 1000);
  return { iss: ISSUER, aud: KIND.audience, sub: "github:1", iat, exp: iat + 60 };
}

Deno.test("a JWT of our own is of its type, issuer and audience, and says what it has to", async () => {
  const world = testWorld();
  const keys = await keysOf();
  const claims = claimsAt(world.now());
  const read = async (payload: JWTPayload, type = KIND.type) =>
    (await readOwn(keys, world, await signOwn(keys, type, payload), KIND))?.sub;
  assertEquals(await read(claims), "github:1");
  assertEquals(await read(claims, "b+jwt"), undefined);
  assertEquals(await read({ ...claims, iss: "https://other.example" }), undefined);
  assertEquals(await read({ ...claims, aud: ISSUER }), undefined);
  for (const name of ["iss", "aud", "sub", "iat", "exp"]) {
    const { [name]: _, ...rest } = claims;
    assertEquals(await read(rest), undefined, name);
  }
});

Deno.test("a JWT of our own is for every audience where none is asked for", async () => {
  const world = testWorld();
  const keys = await keysOf();
  const jwt = await signOwn(keys, KIND.type, { ...claimsAt(world.now()), aud: "anybody" });
  const { audience: _, ...kind } = KIND;
  assertEquals((await readOwn(keys, world, jwt, kind))?.aud, "anybody");
});

Deno.test("a JWT of our own lives by this program's clock", async () => {
  const world = testWorld();
  const keys = await keysOf();
  const jwt = await signOwn(keys, KIND.type, claimsAt(world.now()));
  const lives = async () => await readOwn(keys, world, jwt, KIND) !== undefined;
  assertEquals(await lives(), true);
  world.skew += 61_000;
  assertEquals(await lives(), false);
  // Where the clock went back by hours, it was made in a time that has not come.
  world.skew -= 12 * 3600_000;
  assertEquals(await lives(), false);
});

Deno.test("a JWT of our own is signed by one algorithm, with a key that is known", async () => {
  const world = testWorld();
  const [keys, others, long] = [await keysOf(), await keysOf(), await keysOf("SHA-512")];
  const claims = claimsAt(world.now());
  const read = async (jwt: string, known: SigningKeys = keys) =>
    await readOwn(known, world, jwt, KIND);
  const signed = (alg: string, kid: string | undefined, key: CryptoKey) =>
    new SignJWT(claims).setProtectedHeader({ alg, typ: KIND.type, ...(kid && { kid }) }).sign(key);
  assertEquals((await read(await signed("HS256", "k1", keys.key)))?.sub, "github:1");
  assertEquals(await read(await signed("HS256", "k2", keys.key)), undefined);
  assertEquals(await read(await signed("HS256", undefined, keys.key)), undefined);
  assertEquals(await read(await signOwn(others, KIND.type, claims)), undefined);
  assertEquals(await read(await signed("HS512", "k1", long.key), long), undefined);
});

Deno.test("a signature is judged once, and what is remembered of it ends with the token and its key", async () => {
  const world = testWorld();
  let key: CryptoKey | undefined = await hmac("SHA-256");
  const keys: SigningKeys = {
    primary: () => Promise.resolve("k1"),
    signingKey: () => Promise.resolve(key),
  };
  const jwt = await signOwn(keys, KIND.type, claimsAt(world.now()));
  const read = (kind = KIND) => readOwn(keys, world, jwt, kind);
  assertEquals((await read())?.sub, "github:1");
  assertEquals(verifiedCount(keys), 1);
  assertEquals((await read())?.sub, "github:1");
  assertEquals(verifiedCount(keys), 1);
  // What is known of it is known of this kind of token alone.
  assertEquals(await read({ ...KIND, audience: "https://other.example" }), undefined);
  assertEquals(await read({ ...KIND, issuer: "https://other.example" }), undefined);
  assertEquals(await read({ ...KIND, type: "b+jwt" }), undefined);
  assertEquals(await readOwn(keys, world, jwt.slice(0, -2), KIND), undefined);
  assertEquals(verifiedCount(keys), 1);

  const right = key;
  key = await hmac("SHA-256");
  assertEquals(await read(), undefined, "another key under the same id");
  assertEquals(verifiedCount(keys), 0);
  key = right;
  assertEquals((await read())?.sub, "github:1");
  key = undefined;
  assertEquals(await read(), undefined, "the key is gone");
  key = right;
  assertEquals((await read())?.sub, "github:1");
  world.skew += 61_000;
  assertEquals(await read(), undefined, "it has ended");
  assertEquals(verifiedCount(keys), 0);
});

Deno.test("what is remembered of signatures is bounded, and holds nothing of what is forged", async () => {
  const world = testWorld();
  const keys = await keysOf();
  const others = await keysOf();
  const claims = claimsAt(world.now());
  for (let made = 0; made < MOST_VERIFIED + 20; made++) {
    const payload = { ...claims, jti: String(made) };
    const forged = await signOwn(others, KIND.type, payload);
    assertEquals(await readOwn(keys, world, forged, KIND), undefined);
    const jwt = await signOwn(keys, KIND.type, payload);
    assertEquals((await readOwn(keys, world, jwt, KIND))?.jti, String(made));
  }
  assertEquals(verifiedCount(keys), MOST_VERIFIED);
});
