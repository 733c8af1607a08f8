import { assertEquals, assertThrows } from "@std/assert";
import { base64url } from "jose";
import { Refusal } from "../../../broker/core/refusal.ts";
import {
  isSane,
  keysOfDocument,
  MAX_CLIENT_KEYS,
  readKeySet,
  RSA_BITS,
} from "../../../gateway/clients/client_keys.ts";
import { newKey } from "../../support/proving_client.ts";

const { publicJwk: ec, privateJwk } = await newKey();
const { publicJwk: rsa } = await newKey("RS256");

function modulus(bits: number, zeros = 0): string {
  const bytes = new Uint8Array(zeros + Math.ceil(bits / 8)).fill(255);
  bytes.fill(0, 0, zeros);
  bytes[zeros] = 0xff >> ((8 - (bits % 8)) % 8);
  return base64url.encode(bytes);
}

Deno.test("keys are of kinds and sizes that nobody breaks", () => {
  const { least, most } = RSA_BITS;
  for (const bits of [least, 3072, 4096, most]) {
    assertEquals(isSane({ kty: "RSA", e: "AQAB", n: modulus(bits) }), true, `${bits}`);
  }
  for (const bits of [1, 512, 1024, least - 1, most + 1]) {
    assertEquals(isSane({ kty: "RSA", e: "AQAB", n: modulus(bits) }), false, `${bits}`);
  }
  // Zeros in front make a number no longer.
  for (const zeros of [128, 129, 200]) {
    assertEquals(isSane({ kty: "RSA", e: "AQAB", n: modulus(1024, zeros) }), false, `${zeros}`);
  }
  const nothing = base64url.encode(new Uint8Array(256));
  assertEquals(isSane({ kty: "RSA", e: "AQAB", n: nothing }), false);
  for (const e of ["AQ", "Aw", "", "AAEAAQ", undefined]) {
    const key = { kty: "RSA", n: modulus(2048), ...(e === undefined ? {} : { e }) };
    assertEquals(isSane(key), false, e);
  }
  const x = base64url.encode(new Uint8Array(32));
  const weak = [
    { kty: "RSA", e: "AQAB", n: `${modulus(2048)}==` },
    // Cut short within a byte.
    { kty: "RSA", e: "AQAB", n: "A".repeat(341) },
    { kty: "RSA", e: "AQAB", n: modulus(2048).replaceAll("_", "/") },
    { kty: "EC", crv: "P-384", x, y: x },
    { kty: "EC", crv: "secp256k1", x, y: x },
    { kty: "EC", crv: "P-256", x },
    { kty: "EC", crv: "P-256", x: "AAAA", y: x },
    { kty: "EC", crv: "P-256", x, y: "AAAA" },
    { kty: "OKP", crv: "X25519", x },
    { kty: "OKP", crv: "Ed448", x },
    { kty: "OKP", crv: "Ed25519", x: "AAAA" },
    { kty: "oct" },
    { kty: "" },
  ];
  for (const key of weak) assertEquals(isSane(key), false, JSON.stringify(key));
});

Deno.test("of a set those keys count that are for signatures, with what is needed of them", () => {
  const set = {
    keys: [
      { ...ec, kid: "enc", use: "enc" },
      { ...ec, kid: "ops", key_ops: ["encrypt"] },
      { ...ec, kid: "text", x: 1 },
      { ...rsa, kid: "short", n: modulus(1024) },
      { ...ec, kid: "right", use: "sig", key_ops: ["verify"], x5c: ["MII…"], note: "x" },
    ],
  };
  assertEquals<unknown>(readKeySet(set), [{ ...ec, kid: "right", use: "sig" }]);
  assertThrows(() => readKeySet({ keys: set.keys.slice(0, -1) }), Refusal);
});

Deno.test("a set with a key that is not public is no set, nor is one that is too long", () => {
  const bad: unknown[] = [
    { keys: [privateJwk] },
    { keys: [rsa, privateJwk] },
    { keys: [{ ...ec, d: null }] },
    { keys: [ec, { kty: "oct", k: "AAAA" }] },
    { keys: [{ ...rsa, p: "x" }] },
    { keys: Array(MAX_CLIENT_KEYS + 1).fill(ec) },
    { keys: [ec, null] },
    { keys: "x" },
    { keys: [] },
    [ec],
    null,
    undefined,
  ];
  for (const set of bad) assertThrows(() => readKeySet(set), Refusal);
});

Deno.test("a document that names keys and no method proves itself by them", () => {
  const jwks_uri = "https://app.example/jwks.json";
  assertEquals(keysOfDocument({ jwks_uri })?.uri, jwks_uri);
  assertEquals<unknown>(keysOfDocument({ jwks: { keys: [ec] } })?.list, [ec]);
  assertEquals(keysOfDocument({}), undefined);
  assertEquals(keysOfDocument({ token_endpoint_auth_method: "none", jwks_uri }), undefined);
  const elsewhere = [
    "http://app.example/jwks.json",
    "https://me@app.example/jwks.json",
    "https://:pw@app.example/jwks.json",
    "https://app.example/jwks.json#x",
    "/jwks.json",
  ];
  for (const uri of elsewhere) assertThrows(() => keysOfDocument({ jwks_uri: uri }), Refusal);
});
