/**
 * Opening of what `@std/crypto/aes-gcm` sealed: in place where much is opened.
 * WebCrypto, which opens the first few, hands each box to another thread and
 * waits for it.
 *
 * @module
 */

import { decryptAesGcm } from "@std/crypto/aes-gcm";
import { type NodeCrypto, nodeCrypto } from "../broker/core/node_crypto.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Opens boxes; see {@linkcode createOpening}. */
export interface Opening {
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
export function createOpening(key: CryptoKey, bytes: Uint8Array): Opening {
  const own = bytes.slice();
  return {
    async open(box, bound) {
      const node = nodeCrypto();
      if (node !== undefined) return openWith(node, own, box, bound);
      return decoder.decode(await decryptAesGcm(key, box, { additionalData: bound }));
    },
  };
}

function openWith(
  { createDecipheriv }: NodeCrypto,
  key: Uint8Array,
  box: Uint8Array,
  bound: Uint8Array,
): string {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw new RangeError("Cannot open: it is no box");
  const end = box.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bound);
  decipher.setAuthTag(box.subarray(end));
  const plain = decipher.update(box.subarray(NONCE_BYTES, end));
  // Only now is it known to be what was sealed.
  decipher.final();
  return plain.toString("utf8");
}
