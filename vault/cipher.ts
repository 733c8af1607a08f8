/**
 * Sealing and opening of one value for one KV key.
 *
 * @module
 */

import { VaultError } from "../broker/core/store_errors.ts";
import type { KeyRing } from "./key_ring.ts";
import type { TextKey } from "./keys.ts";

const encoder = new TextEncoder();

/** Sealed bytes and the id of the key that opens them. */
export interface Box {
  key: string;
  box: Uint8Array;
}

/** Seals JSON with the ring's primary key, bound to the KV key it will stand under. */
export async function seal(ring: KeyRing, at: TextKey, value: unknown): Promise<Box> {
  const id = await ring.primary();
  const key = await ring.key(id);
  // Its file may have lost it since a moment ago.
  if (key === undefined) return await seal(ring, at, value);
  return { key: id, box: await key.seal(JSON.stringify(value), bound(at)) };
}

/**
 * Opens what {@linkcode seal} made for the same KV key.
 *
 * @throws {VaultError} when the ring lacks the key, has another one under its
 * id, or the box was made for another record or was changed.
 */
export async function open(ring: KeyRing, at: TextKey, { key: id, box }: Box): Promise<unknown> {
  const record = () => at.slice(0, -1).join("/");
  const key = await ring.key(id);
  if (key === undefined) {
    throw new VaultError(
      "unknown_key",
      `Cannot open ${record()}: it is sealed with key "${id}", which ENCRYPTION_KEYS does not list. ` +
        `Add that key at the end of the list; nothing is lost.`,
    );
  }
  let plaintext: string;
  try {
    plaintext = await key.open(box as Uint8Array<ArrayBuffer>, bound(at));
  } catch (cause) {
    throw new VaultError(
      "cannot_open",
      `Cannot open ${record()}: key "${id}" of ENCRYPTION_KEYS is not the key that sealed it, ` +
        `or the record was changed or moved. Nothing is lost: bring the right key back.`,
      { cause },
    );
  }
  return JSON.parse(plaintext);
}

/** Additional data: the box opens only where it was made for. */
function bound(at: TextKey): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(["switchboard/1", ...at]));
}
