/**
 * The keys that seal and open: the first seals, all open.
 *
 * @module
 */

import { deriveSigningKey } from "./signing_keys.ts";

/** One line of the ring: an id that stands beside every box, and 32 bytes. */
export interface KeySpec {
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Imported keys; the raw bytes are gone. */
export interface KeyRing {
  /** The id of the key that seals. */
  primary(): string;
  /** Looks again where the keys come from, if they can change, before it gives up. */
  key(id: string): Promise<CryptoKey | undefined>;
  /** The key of the same id that signs gateway tokens. */
  signingKey(id: string): Promise<CryptoKey | undefined>;
}

/** What one entry of the ring was imported as. */
interface Imported {
  sealing: CryptoKey;
  /** The same secret for HKDF: signing keys are derived from it. */
  base: CryptoKey;
  signing?: Promise<CryptoKey> | undefined;
}

/** Reads the ring's source again; for a source that a running program can read twice. */
export type ReloadKeys = () => Promise<KeySpec[]>;

/** A box under an unknown key does not make the program read its source more often than this. */
const RELOAD_PAUSE_MS = 1000;

/** Imports each key once, non-extractable: a leak of memory objects does not leak them. */
export async function importKeyRing(specs: KeySpec[], reload?: ReloadKeys): Promise<KeyRing> {
  let keys = await importKeys(specs);
  let reloading: Promise<void> | undefined;
  let lookedAt = -Infinity;

  function lookAgain(source: ReloadKeys): Promise<void> {
    if (performance.now() - lookedAt < RELOAD_PAUSE_MS) return Promise.resolve();
    return reloading ??= source().then(importKeys).then((found) => {
      keys = found;
    }).finally(() => {
      lookedAt = performance.now();
      reloading = undefined;
    });
  }

  async function find(id: string): Promise<Imported | undefined> {
    if (!keys.has(id) && reload !== undefined) await (reloading ?? lookAgain(reload));
    return keys.get(id);
  }

  return {
    primary: () => keys.keys().next().value!,
    key: async (id) => (await find(id))?.sealing,
    async signingKey(id) {
      const found = await find(id);
      return found && await (found.signing ??= deriveSigningKey(found.base));
    },
  };
}

async function importKeys(specs: KeySpec[]): Promise<Map<string, Imported>> {
  if (specs.length === 0) throw new TypeError("Cannot make a key ring: it has no key");
  const keys = new Map<string, Imported>();
  for (const { id, bytes } of specs) {
    const usages: KeyUsage[] = ["encrypt", "decrypt"];
    const sealing = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, usages);
    const base = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
    keys.set(id, { sealing, base });
  }
  return keys;
}
