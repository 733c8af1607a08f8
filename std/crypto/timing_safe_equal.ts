/**
 * `@std/crypto/timing-safe-equal` for machines that cannot reach JSR.
 *
 * @module
 */

import { timingSafeEqual as equal } from "node:crypto";

/** Whether two byte sequences are equal, in a time that depends on their length only. */
export function timingSafeEqual(
  a: ArrayBufferView | ArrayBufferLike | DataView,
  b: ArrayBufferView | ArrayBufferLike | DataView,
): boolean {
  const left = bytes(a);
  const right = bytes(b);
  return left.byteLength === right.byteLength && equal(left, right);
}

function bytes(data: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
