/**
 * The keys that seal and open: the first seals, all open.
 *
 * @module
 */

/** One line of the ring: an id that stands beside every box, and 32 bytes. */
export interface KeySpec {
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Imported keys; the raw bytes are gone. */
export interface KeyRing {
  /** Seals. */
  primary: string;
  key(id: string): CryptoKey | undefined;
  ids(): string[];
}

/** Imports each key once, non-extractable: a leak of memory objects does not leak them. */
export async function importKeyRing(specs: KeySpec[]): Promise<KeyRing> {
  const [first] = specs;
  if (first === undefined) throw new TypeError("Cannot make a key ring: it has no key");
  const keys = new Map<string, CryptoKey>();
  for (const { id, bytes } of specs) {
    const usages: KeyUsage[] = ["encrypt", "decrypt"];
    keys.set(id, await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, usages));
  }
  return { primary: first.id, key: (id) => keys.get(id), ids: () => [...keys.keys()] };
}
