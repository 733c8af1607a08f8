/**
 * `@std/crypto/timing-safe-equal` for machines that cannot reach JSR.
 *
 * @module
 */

/** Whether two byte sequences are equal, in a time that depends on their length only. */
export function timingSafeEqual(
  a: ArrayBufferView | ArrayBufferLike | DataView,
  b: ArrayBufferView | ArrayBufferLike | DataView,
): boolean {
  const left = bytes(a);
  const right = bytes(b);
  if (left.byteLength !== right.byteLength) return false;
  // No byte ends the loop or is branched on, as in the published package; `node:crypto` would
  // take a third of a start to load.
  let difference = 0;
  for (let index = 0; index < left.byteLength; index++) {
    difference |= left[index]! ^ right[index]!;
  }
  return difference === 0;
}

function bytes(data: ArrayBufferView | ArrayBufferLike): Uint8Array {
  // Asked for its buffer, an array that lies in the heap is moved out of it first.
  if (data instanceof Uint8Array) return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
