/**
 * Opening of what `@std/crypto/aes-gcm` sealed. WebCrypto hands each box to
 * another thread and waits for it, which takes four times as long as the
 * opening; `node:crypto` opens it in place, but loading that takes a third of a
 * start (seen with Deno 2.9, November 2026). So whoever opens much loads it, and
 * until it is there WebCrypto does the work.
 *
 * @module
 */

import { decryptAesGcm } from "@std/crypto/aes-gcm";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A process that opens as many opens many more. */
const MANY = 50;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

type NodeCrypto = typeof import("node:crypto");

/** Opens boxes; see {@linkcode createOpening}. */
export interface Opening {
  /**
   * The text in a box; `bound`: the additional data.
   *
   * @throws {Error} when the box was sealed with another key or for another place, or was changed.
   */
  open(box: Uint8Array<ArrayBuffer>, bound: Uint8Array<ArrayBuffer>): Promise<string>;
}

let opened = 0;
let loading: Promise<void> | undefined;
let node: NodeCrypto | undefined;

/** From now on boxes are opened in place; where that cannot be had they are opened as before. */
export function loadOpening(): Promise<void> {
  return loading ??= import("node:crypto").then((module) => void (node = module), () => {});
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
      if (node !== undefined) return openWith(node, own, box, bound);
      opened += 1;
      if (opened === MANY) void loadOpening().catch(() => {});
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
