/**
 * What a clock can be trusted with. Clocks are set: forward, and back again. A
 * time that was noted while a clock ran ahead must not last until the right
 * clock reaches it, so whoever reads one asks here.
 *
 * @module
 */

/** Clocks of two processes differ by less than this. */
export const MAX_CLOCK_SKEW_MS = 5 * 60_000;

/** Whether a moment that is past lies ahead: a clock was wrong when it was noted, or is wrong now. */
export function isAhead(moment: number, now: number): boolean {
  return moment - now > MAX_CLOCK_SKEW_MS;
}

/**
 * Whether an end is still to come that was set `longest` ahead at most. One
 * that lies further ahead was set by a clock that was wrong: it does not count.
 */
export function isToCome(end: number, now: number, longest: number): boolean {
  return end > now && !isAhead(end - longest, now);
}
