import { assertEquals } from "@std/assert";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import {
  type Assertion,
  ASSERTION_MS,
  assertionFault,
  endOfAssertion,
  PROOF_SKEW_MS,
  readAssertion,
  signedBy,
} from "../../../gateway/clients/client_assertion.ts";
import { ASSERTION_ALGORITHMS } from "../../../gateway/clients/client_keys.ts";

const NOW = 1_700_000_000_000;
const ISSUER = "https://gateway.example";
const CLIENT = "https://app.example/client.json";

/** What is wrong with an assertion that is right but for this. */
function faultOf(
  { header = {}, claims = {}, algorithm }: {
    header?: Record<string, unknown>;
    claims?: Record<string, unknown>;
    algorithm?: string;
  } = {},
): string | undefined {
  const exp = NOW / 1000 + 60;
  const assertion: Assertion = {
    text: "",
    header: { alg: "ES256", ...header },
    claims: { iss: CLIENT, sub: CLIENT, aud: ISSUER, exp, jti: "x", ...claims },
  };
  const keys = { uri: "https://app.example/jwks.json", algorithm };
  return assertionFault(assertion, { clientId: CLIENT, keys, audiences: [ISSUER], now: NOW });
}

Deno.test("assertionFault() allows the algorithms that are offered, and the client's own alone", () => {
  for (const alg of ASSERTION_ALGORITHMS) assertEquals(faultOf({ header: { alg } }), undefined);
  for (const alg of ["none", "HS256", "ES384", "RS384", "RS1", "es256", "", undefined, ["ES256"]]) {
    assertEquals(faultOf({ header: { alg } }), "alg is not allowed", String(alg));
  }
  assertEquals(faultOf({ algorithm: "RS256" }), "alg is not allowed");
  assertEquals(faultOf({ header: { alg: "RS256" }, algorithm: "RS256" }), undefined);
});

Deno.test("assertionFault() takes no time that is none", () => {
  assertEquals(faultOf(), undefined);
  for (const exp of [undefined, null, "1700000060", NaN, Infinity, [NOW], true, {}]) {
    assertEquals(faultOf({ claims: { exp } }), "exp is missing");
  }
  const latest = (NOW + ASSERTION_MS + PROOF_SKEW_MS) / 1000;
  assertEquals(faultOf({ claims: { exp: latest } }), undefined);
  assertEquals(faultOf({ claims: { exp: latest + 1 } }), "exp is too far ahead");
  const earliest = (NOW - PROOF_SKEW_MS) / 1000;
  assertEquals(faultOf({ claims: { exp: earliest + 1 } }), undefined);
  assertEquals(faultOf({ claims: { exp: earliest } }), "exp is past");
});

Deno.test("an assertion is remembered for as long as it is taken", () => {
  const exp = NOW / 1000;
  const end = endOfAssertion({ text: "", header: {}, claims: { exp } });
  assertEquals(end, NOW + PROOF_SKEW_MS);
});

Deno.test("assertionFault() takes what is of its client, for this server alone, and of now", () => {
  for (const typ of ["JWT", "jwt", "client-authentication+jwt"]) {
    assertEquals(faultOf({ header: { typ } }), undefined, typ);
  }
  for (const typ of ["at+jwt", "dpop+jwt", "", 7, null, ["JWT"]]) {
    assertEquals(faultOf({ header: { typ } }), "typ is that of something else", String(typ));
  }
  for (const name of ["iss", "sub"]) {
    for (const who of ["https://other.example/client.json", "", undefined, [CLIENT]]) {
      const claims = { [name]: who };
      assertEquals(faultOf({ claims }), "iss and sub are not the client", name);
    }
  }
  assertEquals(faultOf({ claims: { aud: [ISSUER] } }), undefined);
  const other = "https://other.example";
  for (const aud of [undefined, other, [], [other], [ISSUER, other], [[ISSUER]], `${ISSUER}/x`]) {
    assertEquals(faultOf({ claims: { aud } }), "aud is not this server alone", String(aud));
  }
  for (const name of ["iat", "nbf"]) {
    const latest = (NOW + PROOF_SKEW_MS) / 1000;
    assertEquals(faultOf({ claims: { [name]: latest } }), undefined);
    for (const time of [latest + 1, "0", null, NaN]) {
      assertEquals(faultOf({ claims: { [name]: time } }), `${name} is ahead`, String(time));
    }
  }
  for (const jti of [undefined, "", 7, "x".repeat(10_000)]) {
    assertEquals(faultOf({ claims: { jti } }), "jti is missing or too long");
  }
});

Deno.test("signedBy() tells a key that is not there from a signature that is wrong", async () => {
  const make = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const { kty, crv, x, y } = await exportJWK(publicKey);
    return { privateKey, jwk: { kty: kty!, crv, x, y, kid } as never };
  };
  const [one, two, thief] = [await make("one"), await make("two"), await make("one")];
  const signed = async (key: CryptoKey, kid?: string) => {
    const jwt = new SignJWT({}).setProtectedHeader({ alg: "ES256", ...(kid && { kid }) });
    return readAssertion(await jwt.sign(key))!;
  };
  const keys = { uri: "https://app.example/jwks.json", algorithm: undefined };
  const list = [one.jwk, two.jwk];
  assertEquals(await signedBy(list, await signed(one.privateKey, "one"), keys), "right");
  assertEquals(await signedBy([one.jwk], await signed(one.privateKey), keys), "right");
  assertEquals(await signedBy(list, await signed(thief.privateKey, "one"), keys), "wrong");
  assertEquals(await signedBy(list, await signed(one.privateKey, "two"), keys), "wrong");
  assertEquals(await signedBy(list, await signed(one.privateKey, "three"), keys), "unknown_key");
  assertEquals(await signedBy([], await signed(one.privateKey, "one"), keys), "unknown_key");
  // Two keys that fit, and none that is named.
  assertEquals(await signedBy(list, await signed(one.privateKey), keys), "wrong");
  const only = { ...keys, algorithm: "RS256" };
  assertEquals(await signedBy(list, await signed(one.privateKey, "one"), only), "wrong");
  assertEquals(readAssertion("no JWT"), undefined);
});
