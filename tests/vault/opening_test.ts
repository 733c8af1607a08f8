import { assertEquals, assertRejects } from "@std/assert";
import { encryptAesGcm } from "@std/crypto/aes-gcm";
import { loadNodeCrypto } from "../../broker/core/node_crypto.ts";
import { createOpening } from "../../vault/opening.ts";

const BYTES = new Uint8Array(32).map((_, at) => at);
const PLACE = new TextEncoder().encode('["switchboard/1","connections","voice:u"]');
const encoder = new TextEncoder();

async function sealedBy(bytes: Uint8Array<ArrayBuffer>, text: string) {
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  const box = await encryptAesGcm(key, encoder.encode(text), { additionalData: PLACE });
  return { opening: createOpening(key, bytes), box };
}

async function opensWhatWasSealed() {
  for (const text of ["", "{}", "é€𝄞\u0000", "\ufeffx", "long ".repeat(100_000)]) {
    const { opening, box } = await sealedBy(BYTES, text);
    assertEquals(await opening.open(box, PLACE), text);
    // A piece of a larger buffer, as the database may hand one over.
    const larger = new Uint8Array(box.length + 20);
    larger.set(box, 7);
    assertEquals(await opening.open(larger.subarray(7, 7 + box.length), PLACE), text);
  }
}

async function opensNothingElse() {
  const { opening, box } = await sealedBy(BYTES, '{"secret":"x"}');
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
