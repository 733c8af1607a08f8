/**
 * What one key of the ring is used for: boxes are sealed and opened as
 * `@std/crypto/aes-gcm` does it (nonce ‖ ciphertext ‖ tag), in place where
 * much is. WebCrypto, which does the first few, hands each box to another
 * thread and waits for it.
 *
 * @module
 */

import { decryptAesGcm, encryptAesGcm } from "@std/crypto/aes-gcm";
import { type NodeCrypto, nodeCrypto } from "../broker/core/node_crypto.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const CIPHER = "aes-256-gcm";
const encoder = new TextEncoder();

/** Seals and opens boxes; see {@linkcode createBoxKey}. */
export interface BoxKey {
  /** A box with the text; it opens with the same `bound` only. */
  seal(text: string, bound: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * The text in a box; `bound`: the additional data.
   *
   * @throws {Error} when the box was sealed with another key or for another place, or was changed.
   */
  open(box: Uint8Array<ArrayBuffer>, bound: Uint8Array<ArrayBuffer>): Promise<string>;
}

/**
 * The only thing that a key can be used for: its bytes stay in here, where no
 * walk through objects comes. A `KeyObject` would be no safer place, and Deno
 * 2.5 takes none for this.
 */
export async function createBoxKey(bytes: Uint8Array<ArrayBuffer>): Promise<BoxKey> {
  const own = bytes.slice();
  const key = await crypto.subtle.importKey("raw", own, "AES-GCM", false, ["encrypt", "decrypt"]);
  return {
    async seal(text, bound) {
      const node = nodeCrypto();
      if (node !== undefined) return sealWith(node, own, text, bound);
      return await encryptAesGcm(key, encoder.encode(text), { additionalData: bound });
    },
    async open(box, bound) {
      const node = nodeCrypto();
      if (node !== undefined) return openWith(node, own, box, bound);
      return decoder.decode(await decryptAesGcm(key, box, { additionalData: bound }));
    },
  };
}

function sealWith(
  { createCipheriv }: NodeCrypto,
  key: Uint8Array,
  text: string,
  bound: Uint8Array,
): Uint8Array<ArrayBuffer> {
  // A nonce that came twice would give the key away: it is as random as the platform's own.
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  const sealed = cipher.update(text, "utf8");
  const rest = cipher.final();
  const box = new Uint8Array(NONCE_BYTES + sealed.length + rest.length + TAG_BYTES);
  let at = 0;
  for (const part of [nonce, sealed, rest, cipher.getAuthTag()]) {
    box.set(part, at);
    at += part.length;
  }
  return box;
}

function openWith(
  { createDecipheriv }: NodeCrypto,
  key: Uint8Array,
  box: Uint8Array,
  bound: Uint8Array,
): string {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw new RangeError("Cannot open: it is no box");
  const end = box.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bound);
  decipher.setAuthTag(box.subarray(end));
  const plain = decipher.update(box.subarray(NONCE_BYTES, end));
  // Only now is it known to be what was sealed.
  decipher.final();
  return plain.toString("utf8");
}
