/**
 * All that is kept of a subject's chain, a few blocks at a time: however long it
 * is, no more of it is in memory.
 *
 * @module
 */

import type { ActivityStore, FoundBlock } from "../broker/core/activity.ts";
import type { Subject } from "../broker/core/subject.ts";

/** So many are read at a time. */
const AT_ONCE = 16;

/** The newest first. */
export async function* blocksOf(
  store: Pick<ActivityStore, "list">,
  subject: Subject,
): AsyncGenerator<FoundBlock> {
  let before: string | undefined;
  for (;;) {
    const page = await store.list(subject, { limit: AT_ONCE, before });
    yield* page;
    if (page.length < AT_ONCE) return;
    before = page.at(-1)!.id;
  }
}
