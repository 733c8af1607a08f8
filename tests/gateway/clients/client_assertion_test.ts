import { assertEquals } from "@std/assert";
import {
  type Assertion,
  ASSERTION_MS,
  assertionFault,
  endOfAssertion,
  PROOF_SKEW_MS,
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
