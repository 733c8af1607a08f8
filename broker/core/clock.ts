/**
 * What a clock can be trusted with. Clocks are set: forward, and back again. A
 * time that was noted while a clock ran ahead must not last until the right
 * clock reaches it, so whoever reads one asks here.
 *
 * @module
 */

/** Clocks of two processes differ by less than this. */
export const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/** What other processes that share a store say of their clocks. */
export interface Clocks {
  /**
   * How far the slowest of them may be behind this process's, in ms; 0: there is no other, or none
   * is. One that has ended without a word looks like one that is behind, for some minutes.
   */
  behind(now: number): Promise<number>;
  /** How far the fastest of them is ahead for certain, in ms; 0: none is. */
  ahead(now: number): Promise<number>;
}

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

/**
 * As {@linkcode isToCome}, of an end that another process may have set, whose clock is behind: there
 * it is not over yet. The others are asked only where it looks over, and was not long ago.
 */
export async function isOpen(
  clocks: Clocks,
  end: number,
  now: number,
  longest: number,
): Promise<boolean> {
  if (isToCome(end, now, longest)) return true;
  if (end > now || now - end >= MAX_CLOCK_SKEW_MS) return false;
  return now - end < await clocks.behind(now);
}

/** Of a process beside which there is no other. */
export const ALONE: Clocks = {
  behind: () => Promise.resolve(0),
  ahead: () => Promise.resolve(0),
};
