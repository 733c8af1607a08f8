/**
 * Reads what was written down, page by page: one costs so many blocks at most,
 * however much there is.
 *
 * @module
 */

import {
  type ActivityPage,
  type ActivityRange,
  type ActivityReader,
  type ActivityStore,
  type ActivityView,
  LONGEST_ACTIVITY_PAGE,
} from "../broker/core/activity.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { ACTIVITY_KEPT_MS, BLOCK_MS, usesOf } from "./block.ts";
import { isBlockId, justBehind, timeOfBlock } from "./block_id.ts";

/** The newest blocks tell of every account's last use, also where as many processes write. */
export const BLOCKS_LOOKED_AT = 8;
/** A page is read from at most so many blocks. */
export const BLOCKS_OF_A_PAGE = 64;
/** So many are asked for at a time. */
const AT_ONCE = 16;

/** A reader of all subjects' activity. */
export function createActivityReader(
  store: ActivityStore,
  world: Pick<World, "now">,
): ActivityReader {
  return {
    page: (subject, range) => readPage(store, subject, range, world.now()),
    async lastUse(subject) {
      const found = await store.list(subject, { limit: BLOCKS_LOOKED_AT });
      const blocks = found.flatMap(({ block }) => block ?? []);
      return usesOf(blocks, world.now() - ACTIVITY_KEPT_MS);
    },
  };
}

async function readPage(
  store: ActivityStore,
  subject: Subject,
  { limit: wanted, before, since = 0 }: ActivityRange,
  now: number,
): Promise<ActivityPage> {
  const limit = Math.max(1, Math.min(wanted, LONGEST_ACTIVITY_PAGE));
  const oldest = Math.max(since, now - ACTIVITY_KEPT_MS);
  const entries: ActivityView[] = [];
  let leftOut = 0;
  let place = placeOf(before);
  let isOver = false;
  for (let looked = 0; looked < BLOCKS_OF_A_PAGE && entries.length < limit && !isOver;) {
    const range = { limit: AT_ONCE, before: place && belowOf(place) };
    const found = await store.list(subject, range);
    isOver = found.length < AT_ONCE;
    for (const [at, { id, block }] of found.entries()) {
      if (timeOfBlock(id) + BLOCK_MS < oldest) {
        isOver = true;
        break;
      }
      looked += 1;
      const isBegun = place?.id === id;
      const rest = block?.entries.slice(0, isBegun ? place!.left : undefined) ?? [];
      if (!isBegun) leftOut += block?.leftOut ?? 0;
      const left = Math.max(0, rest.length - (limit - entries.length));
      // The newest stand last.
      entries.push(...rest.slice(left).reverse().filter((entry) => entry.at >= oldest));
      place = { id, left };
      if (entries.length < limit) continue;
      isOver &&= left === 0 && at === found.length - 1;
      break;
    }
  }
  // Several processes write at once; and of equal entries it is the last that counts.
  entries.sort((a, b) => b.at - a.at);
  const isMore = !isOver && place !== undefined;
  return { entries, ...(isMore ? { next: `${place!.id}.${place!.left}` } : {}), leftOut };
}

/** Where a page begins: in a block, of which so many entries are still to come, the oldest. */
interface Place {
  id: string;
  left: number;
}

/** A text that came from outside. */
function placeOf(text: string | undefined): Place | undefined {
  const [id = "", left = "", ...others] = text?.split(".") ?? [];
  if (!isBlockId(id) || !/^\d{1,3}$/.test(left) || others.length > 0) return undefined;
  return { id, left: Number(left) };
}

/** What stands below it: with the block itself, where something of that is still to come. */
function belowOf({ id, left }: Place): string {
  return left === 0 ? id : justBehind(id);
}
