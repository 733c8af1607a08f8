/**
 * Blocks of what was done for a subject, sealed whole. They end by themselves.
 *
 * @module
 */

import type { ActivityBlock, ActivityStore, FoundBlock } from "../broker/core/activity.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { World } from "../broker/core/world.ts";
import type { KeyRing } from "./key_ring.ts";
import { activityKey, activityPrefix } from "./keys.ts";
import { type CutBox, opened, sealed } from "./pieces.ts";
import type { Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface ActivityRecord extends CutBox {
  v: 1;
  /** Epoch ms. */
  expires_at: number;
}

/** Blocks of one commit: with their entries in the index of ends well below its limits. */
const AT_ONCE = 10;

/** {@linkcode ActivityStore} on {@linkcode Records}. */
export function createActivityStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): ActivityStore {
  const sealing = ({ subject, id, ...value }: ActivityBlock) => {
    const ends = { at: value.expiresAt, now: clock.now() };
    const clear = { expires_at: value.expiresAt };
    // A block has one end, and grows only: nothing of what it was is left over.
    return sealed(ring, { key: activityKey(subject, id), value, clear, before: null, ends });
  };
  return {
    async put(blocks) {
      for (let at = 0; at < blocks.length; at += AT_ONCE) {
        const changes = await Promise.all(blocks.slice(at, at + AT_ONCE).map(sealing));
        const all = changes.flatMap(({ sets }) => sets);
        if (await isOpen(records.commit({ sets: all }))) continue;
        // Which one it was is not said.
        for (const { sets } of changes) await isOpen(records.commit({ sets }));
      }
    },
    async list(subject, { limit, before }) {
      const prefix = activityPrefix(subject);
      const end = before === undefined ? undefined : activityKey(subject, before);
      const found: FoundBlock[] = [];
      for await (
        const entry of records.list<ActivityRecord>({ prefix, end, limit, reverse: true })
      ) {
        const id = String(entry.key.at(-1));
        try {
          const block = await opened(records, ring, entry);
          const plain = block?.plain as Omit<ActivityBlock, "subject" | "id"> | undefined;
          found.push({ id, block: plain && { ...plain, subject, id } });
        } catch (error) {
          // Its key is gone, and it hides nothing but itself.
          if (!(error instanceof VaultError)) throw error;
          found.push({ id });
        }
      }
      return found;
    },
  };
}

/** `false`: somebody was deleted a moment ago, and nothing is kept of them. */
async function isOpen(commit: Promise<unknown>): Promise<boolean> {
  try {
    await commit;
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.reason.code === "user_deleted") return false;
    throw error;
  }
}
