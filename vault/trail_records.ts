/**
 * Connects, step by step: records that expire, under the digest of a connect's id, and beside each
 * one for every reference by which it is asked for, which says nothing but of which connect that is.
 *
 * @module
 */

import type { ConnectTrail } from "../broker/core/connect_trail.ts";
import { digest } from "../broker/core/secrets.ts";
import { sideBySide } from "../broker/core/side_by_side.ts";
import type { TrailStore } from "../broker/core/store.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { createExpiringStore } from "./expiring_records.ts";
import type { KeyRing } from "./key_ring.ts";
import { keyOfOwned, ownedPrefix } from "./keys.ts";
import type { Records } from "./records.ts";

/** That a request was one of a connect's. */
interface Reference {
  subject: Subject;
  /** The connect's id. */
  of: string;
  expiresAt: number;
}

const CONCURRENCY = 8;

/** {@linkcode TrailStore} on {@linkcode Records}. */
export function createTrailStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): TrailStore {
  const store = createExpiringStore<ConnectTrail | Reference>(records, ring, clock, "trails");
  const live = async (key: string) => {
    const found = await store.peek(key);
    return found !== null && found.value.expiresAt > clock.now() ? found.value : undefined;
  };
  return {
    async read(id) {
      const found = await store.peek(digest(id));
      return found === null || "of" in found.value
        ? null
        : { value: found.value, version: found.version };
    },
    async write(trail, version, references) {
      const { id, subject, expiresAt } = trail;
      // First these: a reference that leads nowhere does no harm, and one that is missing is missed.
      for (const reference of references) {
        await store.add(digest(reference), { subject, of: id, expiresAt }, clock.now());
      }
      const written = version === null
        ? await store.add(digest(id), trail, clock.now())
        : await store.replace(digest(id), trail, version);
      return written !== null;
    },
    async find(reference) {
      const found = await live(digest(reference));
      const trail = found !== undefined && "of" in found ? await live(digest(found.of)) : found;
      return trail === undefined || "of" in trail ? null : trail;
    },
    async list(subject, most) {
      const keys: string[] = [];
      const all = records.list({ prefix: ownedPrefix(subject, "trails"), limit: most + 1 });
      for await (const { key } of all) keys.push(String(keyOfOwned(key)[1]));
      const trails: ConnectTrail[] = [];
      await sideBySide(keys.slice(0, most), CONCURRENCY, async (key) => {
        const found = await live(key).catch((error) => {
          // Nothing of one that cannot be opened is known.
          if (!(error instanceof VaultError)) throw error;
          return undefined;
        });
        if (found !== undefined && !("of" in found) && found.subject === subject) {
          trails.push(found);
        }
      });
      return { trails, areAll: keys.length <= most };
    },
  };
}
