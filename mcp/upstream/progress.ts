/**
 * How an upstream's progress reaches the caller: some of it. Each notification
 * is kept in memory until its caller has read it.
 *
 * @module
 */

import type { UpstreamProgress } from "./session.ts";

/** Of one call; those that come after them are not passed on. */
export const MAX_PROGRESS = 1_000;
/** Characters of a message; a longer one is cut off. */
export const MAX_PROGRESS_MESSAGE = 1_000;

/** Passes progress on until there was enough, or until the caller has gone. */
export function relay(
  onprogress: (progress: UpstreamProgress) => void,
  caller: AbortSignal,
): (progress: UpstreamProgress) => void {
  let count = 0;
  return ({ progress, total, message }) => {
    count += 1;
    if (count > MAX_PROGRESS || caller.aborted) return;
    // Member by member: what else the upstream puts there is not for the caller.
    onprogress({
      progress,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message: message.slice(0, MAX_PROGRESS_MESSAGE) }),
    });
  };
}
