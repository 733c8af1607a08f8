/**
 * Days as a person says them.
 *
 * @module
 */

const HALF_A_YEAR_MS = 183 * 86_400_000;

/** `November 24`, with its year where it is long ago; nothing where it is no date. */
export function speakDay(date: string | null | undefined, now: number): string | undefined {
  const at = Date.parse(date ?? "");
  if (Number.isNaN(at)) return undefined;
  return new Date(at).toLocaleDateString("en-US", {
    month: "long",
    day: "numeric",
    year: Math.abs(at - now) > HALF_A_YEAR_MS ? "numeric" : undefined,
    timeZone: "UTC",
  });
}

/** ` on November 24`, or nothing. */
export function onDay(date: string | null | undefined, now: number): string {
  const day = speakDay(date, now);
  return day === undefined ? "" : ` on ${day}`;
}
