/** Boxes, as WebCrypto and `node:crypto` make them. @alone: WebCrypto's turn is the first one. */

import { assertEquals, assertRejects } from "@std/assert";
import { decryptAesGcm, encryptAesGcm } from "@std/crypto/aes-gcm";
import { macOf } from "../../broker/core/mac.ts";
import { loadNodeCrypto } from "../../broker/core/node_crypto.ts";
import { base64url } from "../../broker/core/random_secret.ts";
import { createBoxKey } from "../../vault/box_key.ts";

const BYTES = new Uint8Array(32).map((_, at) => at);
const PLACE = new TextEncoder().encode('["switchboard/1","connections","voice:u"]');
const encoder = new TextEncoder();

const TEXTS = ["", "{}", "é€𝄞\u0000", "\ufeffx", "long ".repeat(100_000)];

/** By WebCrypto, whatever the process has done. */
async function sealedBy(bytes: Uint8Array<ArrayBuffer>, text: string) {
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  const box = await encryptAesGcm(key, encoder.encode(text), { additionalData: PLACE });
  return { opening: await createBoxKey(bytes), box };
}

async function opensWhatWasSealed() {
  for (const text of TEXTS) {
    const { opening, box } = await sealedBy(BYTES, text);
    assertEquals(await opening.open(box, PLACE), text);
    // Sealed as this process does it, it opens elsewhere, too.
    const own = await opening.seal(text, PLACE);
    assertEquals(await opening.open(own, PLACE), text);
    const key = await crypto.subtle.importKey("raw", BYTES, "AES-GCM", false, ["decrypt"]);
    const plain = await decryptAesGcm(key, own, { additionalData: PLACE });
    assertEquals(new TextDecoder("utf-8", { ignoreBOM: true }).decode(plain), text);
    // A piece of a larger buffer, as the database may hand one over.
    const larger = new Uint8Array(box.length + 20);
    larger.set(box, 7);
    assertEquals(await opening.open(larger.subarray(7, 7 + box.length), PLACE), text);
  }
}

async function opensNothingElse() {
  const opening = await createBoxKey(BYTES);
  const box = await opening.seal('{"secret":"x"}', PLACE);
  for (let at = 0; at < box.length; at++) {
    for (const bit of [1, 128]) {
      const changed = box.slice();
      changed[at]! ^= bit;
      await assertRejects(() => opening.open(changed, PLACE));
    }
  }
  for (let length = 0; length < box.length; length++) {
    await assertRejects(() => opening.open(box.slice(0, length), PLACE));
    await assertRejects(() => opening.open(box.slice(length + 1), PLACE));
  }
  await assertRejects(() => opening.open(new Uint8Array([...box, 0]), PLACE));
  await assertRejects(() => opening.open(box, PLACE.slice(1)));
  await assertRejects(() => opening.open(box, new Uint8Array()));
  const { opening: other } = await sealedBy(BYTES.map((byte) => byte ^ 1), "x");
  await assertRejects(() => other.open(box, PLACE));
}

Deno.test("a box opens, whoever opens it", async (t) => {
  await t.step("by WebCrypto, in a process that has not opened many", opensWhatWasSealed);
  await t.step("in place", async () => {
    await loadNodeCrypto();
    await opensWhatWasSealed();
  });
});

Deno.test("nothing opens in place that was changed, cut, moved or sealed by another key", async () => {
  await loadNodeCrypto();
  await opensNothingElse();
});

Deno.test("what opens in place keeps a key of its own", async () => {
  await loadNodeCrypto();
  const bytes = BYTES.slice();
  const { opening } = await sealedBy(bytes, "x");
  const { box } = await sealedBy(BYTES, "x");
  bytes.fill(0);
  assertEquals(await opening.open(box, PLACE), "x");
});

Deno.test("no two boxes have a nonce in common", async () => {
  await loadNodeCrypto();
  const key = await createBoxKey(BYTES);
  const boxes = await Promise.all(Array.from({ length: 500 }, () => key.seal("x", PLACE)));
  assertEquals(new Set(boxes.map((box) => String(box.subarray(0, 12)))).size, 500);
  assertEquals(new Set(boxes.map(({ length }) => length)), new Set([12 + 1 + 16]));
});

Deno.test("a code is the same, whoever makes it", async () => {
  // RFC 4231, case 2.
  const secret = "Jefe";
  const text = "what do ya want for nothing?";
  const code = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM";
  await loadNodeCrypto();
  assertEquals(await macOf(secret, text), code);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), hmac, false, ["sign"]);
  const other = await crypto.subtle.sign("HMAC", key, encoder.encode(text));
  assertEquals(base64url(new Uint8Array(other)), code);
});
