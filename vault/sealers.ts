/**
 * Which processes seal, and with which key: each announces itself at its start,
 * before it seals, when its keys change, and every few minutes while it lives.
 *
 * An announcement is a courtesy towards whoever rotates keys: it tells which
 * processes are not ready for the next step. What must never happen is kept
 * from happening by `retired_keys.ts`.
 *
 * @module
 */

import type { World } from "../broker/core/world.ts";
import { sealerKey, sealerPrefix } from "./keys.ts";
import type { KeyRing } from "./key_ring.ts";
import type { Records } from "./records.ts";
import { listRetired, refuseRetired } from "./retired_keys.ts";
import { SCHEMA_VERSION } from "./schema.ts";

/** The stored value; see SCHEMA.md. */
interface SealerRecord {
  key: string;
  opens: string[];
  since: number;
  /** The indexes that it writes; absent: it is of before 0.2.0, and writes none. */
  indexes?: string[] | undefined;
  /** The newest form of the database that it knows; absent: the first. */
  schema?: number | undefined;
  expires_at: number;
}

/** A process that can seal. Times are epoch ms. */
export interface Announcement {
  /** The id of the key that it seals with. */
  key: string;
  /** The ids of all keys that it can open with. */
  opens: string[];
  since: number;
  /** Whether it writes the index of accounts. */
  indexesAccounts: boolean;
  /** Whether it writes the index of ends. */
  indexesEnds: boolean;
  /** Whether it writes the index of what is whose. */
  indexesOwned: boolean;
  /** Whether it counts connections. */
  counts: boolean;
  /** The newest form of the database that it knows. */
  schema: number;
  expiresAt: number;
}

/** One process among those that seal. */
export interface Sealer {
  /** What its announcement is kept under. */
  id: string;
  /** For everything that is sealed: no box of a retired key gets in. */
  records: Records;
  /**
   * Learns which keys were retired, and announces itself.
   *
   * @throws {VaultError} `retired_key` where no key of the ring may seal.
   */
  begin(): Promise<void>;
  /** Says what it seals with, if that has changed or was said too long ago. */
  announce(): Promise<void>;
  /** It will seal nothing more. */
  leave(): Promise<void>;
}

/** A process that has not announced itself for this long is taken to have ended. */
export const ANNOUNCED_MS = 15 * 60_000;
/** A living process announces itself again after this. */
export const ANNOUNCE_AGAIN_MS = 5 * 60_000;

/** The indexes of accounts, of ends, and of what is whose, as an announcement names them. */
const ACCOUNTS = "accounts";
const ENDS = "ends";
const OWNED = "owned";
const COUNTS = "counts";

/** A process that seals with this ring. */
export function createSealer(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): Sealer {
  const id = crypto.randomUUID();
  const me = sealerKey(id);
  const since = clock.now();
  let said: { what: string; at: number; done: Promise<unknown> } | undefined;

  async function announce(): Promise<void> {
    const [key, opens] = [await ring.primary(), await ring.ids()];
    const now = clock.now();
    const what = JSON.stringify([key, opens]);
    if (said?.what !== what || Math.abs(now - said.at) >= ANNOUNCE_AGAIN_MS) {
      const value: SealerRecord = {
        key,
        opens,
        since,
        indexes: [ACCOUNTS, ENDS, OWNED, COUNTS],
        schema: SCHEMA_VERSION,
        expires_at: now + ANNOUNCED_MS,
      };
      const done = records.commit({ sets: [{ key: me, value, expireIn: ANNOUNCED_MS }] });
      said = { what, at: now, done };
    }
    const mine = said;
    try {
      await mine.done;
    } catch (error) {
      // Nothing was said.
      if (said === mine) said = undefined;
      throw error;
    }
  }

  return {
    id,
    records: refuseRetired(records, ring, announce),
    async begin() {
      for (const id of await listRetired(records)) ring.retire(id);
      await announce();
    },
    announce,
    async leave() {
      await records.commit({ deletes: [me] });
      said = undefined;
    },
  };
}

/** All processes that have announced themselves and may still live. */
export async function listSealers(records: Records, now: number): Promise<Announcement[]> {
  const found: Announcement[] = [];
  for await (const { value } of records.list<SealerRecord>({ prefix: sealerPrefix })) {
    const { key, opens, since, indexes = [], schema = 1, expires_at: expiresAt } = value;
    if (expiresAt <= now) continue;
    const indexing = {
      indexesAccounts: indexes.includes(ACCOUNTS),
      indexesEnds: indexes.includes(ENDS),
      indexesOwned: indexes.includes(OWNED),
      counts: indexes.includes(COUNTS),
    };
    found.push({ key, opens, since, ...indexing, schema, expiresAt });
  }
  return found;
}
