/** Secrets and digests. @alone: what is done without `node:crypto` is done first. */

import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import {
  base64url,
  bytesOfHex,
  isSecret,
  randomSecret,
} from "../../../broker/core/random_secret.ts";
import { loadNodeCrypto, nodeCrypto } from "../../../broker/core/node_crypto.ts";
import { digest, digestHex, passingDigest } from "../../../broker/core/secrets.ts";

/** Texts of every length around SHA-256's blocks of 64 bytes, and such as are no good Unicode. */
const TEXTS = [
  ...Array.from({ length: 200 }, (_, length) => "x".repeat(length)),
  "é".repeat(70),
  ...[127, 128, 129].map((length) => "日".repeat(length)),
  "日本語 🙂",
  "lone \ud800 half",
  "\0",
];

function digestsAreRight() {
  for (const text of TEXTS) {
    const hash = () => createHash("sha256").update(text);
    assertEquals(digest(text), hash().digest("base64url"));
    assertEquals(digestHex(text), hash().digest("hex"));
    assertEquals([...passingDigest(text)], [...hash().digest()]);
    assertEquals(bytesOfHex(digestHex(text)), passingDigest(text));
  }
}

Deno.test("digests are SHA-256, as other programs make it, with and without Node's", async () => {
  digestsAreRight();
  await loadNodeCrypto();
  assert(nodeCrypto() !== undefined);
  digestsAreRight();
});

Deno.test("base64url has no padding, and neither + nor /", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => 255 - index);
  for (const length of [0, 1, 2, 3, 32, 255, 256]) {
    const some = bytes.slice(0, length);
    assertEquals(
      base64url(some),
      btoa(String.fromCharCode(...some))
        .replace(/=+/, "").replace(/\+/g, "-").replace(/\//g, "_"),
    );
  }
  assertEquals(base64url(Uint8Array.of(0xfb, 0xff)), "-_8");
});

Deno.test("random secrets have 256 bits, and are never the same", () => {
  const some = Array.from({ length: 1_000 }, randomSecret);
  assert(some.every(isSecret));
  assertEquals(new Set(some).size, some.length);
  // Every bit is 1 in about half of them.
  const bits = Array.from({ length: 32 * 8 }, () => 0);
  for (const secret of some) {
    const bytes = Uint8Array.from(
      atob(secret.replaceAll("-", "+").replaceAll("_", "/")),
      (character) => character.charCodeAt(0),
    );
    for (const [index] of bits.entries()) bits[index]! += bytes[index >> 3]! >> (index & 7) & 1;
  }
  assert(bits.every((ones) => ones > 350 && ones < 650));
});

Deno.test("a secret is a text, and nothing that reads as one", () => {
  const secret = randomSecret();
  assertEquals([isSecret(secret), isSecret([secret]), isSecret(new String(secret))], [
    true,
    false,
    false,
  ]);
});

Deno.test("a secret is a text, and nothing that reads as one", () => {
  const secret = randomSecret();
  assertEquals([isSecret(secret), isSecret([secret]), isSecret(new String(secret))], [
    true,
    false,
    false,
  ]);
});
