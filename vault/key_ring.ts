/**
 * The keys that seal and open: the first seals, all open. A ring whose keys
 * stand in a file follows the file: whoever uses it looks again after a second,
 * so a key that left the file soon opens nothing and verifies nothing.
 *
 * @module
 */

import { saidOf } from "../broker/core/own_words.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { LogEvent } from "../broker/core/world.ts";
import { type BoxKey, createBoxKey } from "./box_key.ts";
import { createNaming, deriveSigningKey, type Naming } from "./signing_keys.ts";

/** One line of the ring: an id that stands beside every box, and 32 bytes. */
export interface KeySpec {
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Imported keys, each for its one use; nobody gets the bytes. */
export interface KeyRing {
  /**
   * The id of the key that seals: the first that was not retired.
   *
   * @throws {VaultError} `retired_key` where all of them were.
   */
  primary(): Promise<string>;
  /** All ids, in the order of the ring. */
  ids(): Promise<string[]>;
  /** Seals and opens. */
  key(id: string): Promise<BoxKey | undefined>;
  /** The key of the same id that signs gateway tokens. */
  signingKey(id: string): Promise<CryptoKey | undefined>;
  /**
   * What a text is called by each key of the ring, in its order. Two processes whose rings have a
   * key in common have a name in common.
   */
  pseudonyms(text: string): Promise<string[]>;
  /** This key was retired: it opens what is left, and never seals again. */
  retire(id: string): void;
}

/** What one entry of the ring was imported as. */
interface Imported {
  box: BoxKey;
  /** The same secret for HKDF: signing keys are derived from it. */
  base: CryptoKey;
  signing?: Promise<CryptoKey> | undefined;
  naming?: Promise<Naming> | undefined;
}

/** Reads the ring's source again; for a source that a running program can read twice. */
export type ReloadKeys = () => Promise<KeySpec[]>;

/** Where the keys come from after the start. */
export interface RingOptions {
  reload?: ReloadKeys | undefined;
  log?: ((event: LogEvent) => void) | undefined;
  /** A clock that nobody sets, in ms. @default performance.now */
  now?: (() => number) | undefined;
}

/** Whoever uses the ring has the source read again after this. */
export const RELOAD_MS = 1000;
/**
 * Ids that the ring does not know have it read at once, but no more of them
 * within {@linkcode RELOAD_MS}: anybody can name one in a forged gateway token.
 */
const MAX_UNKNOWN = 16;

/** Imports each key once, non-extractable: a leak of objects does not leak them. */
export async function importKeyRing(
  specs: KeySpec[],
  { reload, log = () => {}, now = () => performance.now() }: RingOptions = {},
): Promise<KeyRing> {
  let keys = await importKeys(specs);
  let lookedAt = -Infinity;
  let reading = Promise.resolve();
  let fault: string | undefined;
  const retired = new Set<string>();
  const searches = new Map<string, Promise<void>>();

  /** Half a file is no ring: what cannot be read leaves the keys as they are. */
  async function read(source: ReloadKeys): Promise<void> {
    try {
      const found = await importKeys(await source());
      const ids = [...found.keys()].join();
      if (ids !== [...keys.keys()].join()) {
        log({ level: "info", event: "keys_reloaded", keys: ids });
      }
      keys = found;
      fault = undefined;
    } catch (error) {
      const detail = saidOf(error);
      if (detail !== fault) log({ level: "error", event: "keys_not_reloaded", detail });
      fault = detail;
    }
  }

  /** One reading after the other, so that each sees what was there when it was asked for. */
  function look(): Promise<void> {
    if (reload !== undefined) reading = reading.then(() => read(reload));
    return reading;
  }

  function lookAgain(): Promise<void> {
    if (now() - lookedAt < RELOAD_MS) return reading;
    lookedAt = now();
    searches.clear();
    return look();
  }

  async function find(id: string): Promise<Imported | undefined> {
    await lookAgain();
    if (!keys.has(id)) {
      if (!searches.has(id) && searches.size < MAX_UNKNOWN) searches.set(id, look());
      await searches.get(id);
    }
    return keys.get(id);
  }

  return {
    async primary() {
      await lookAgain();
      const id = keys.keys().find((id) => !retired.has(id));
      if (id === undefined) throw retiredError([...keys.keys()]);
      return id;
    },
    async ids() {
      await lookAgain();
      return [...keys.keys()];
    },
    key: async (id) => (await find(id))?.box,
    async signingKey(id) {
      const found = await find(id);
      return found && await (found.signing ??= deriveSigningKey(found.base));
    },
    async pseudonyms(text) {
      await lookAgain();
      return await Promise.all([...keys.values()].map((key) => pseudonym(key, text)));
    },
    retire(id) {
      retired.add(id);
      // Its successor may stand in the file already.
      lookedAt = -Infinity;
    },
  };
}

async function pseudonym(key: Imported, text: string): Promise<string> {
  const naming = await (key.naming ??= createNaming(key.base));
  return await naming(text);
}

function retiredError(ids: string[]): VaultError {
  const names = ids.map((id) => `"${id}"`).join(", ");
  return new VaultError(
    "retired_key",
    `Cannot seal: "deno task rekey" has retired every key of ENCRYPTION_KEYS (${names}). ` +
      `Put the key in front that is used elsewhere, or a new one under an id that was never used.`,
  );
}

async function importKeys(specs: KeySpec[]): Promise<Map<string, Imported>> {
  if (specs.length === 0) throw new TypeError("Cannot make a key ring: it has no key");
  const keys = new Map<string, Imported>();
  for (const { id, bytes } of specs) {
    const usages: KeyUsage[] = ["deriveKey", "deriveBits"];
    const base = await crypto.subtle.importKey("raw", bytes, "HKDF", false, usages);
    keys.set(id, { box: await createBoxKey(bytes), base });
  }
  return keys;
}
