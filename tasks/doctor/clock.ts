/**
 * This machine's clock, held against those of the others that answered.
 *
 * @module
 */

import type { Finding } from "./finding.ts";
import type { Seen } from "./ways.ts";

/** Assertions of a minute are refused from there on; GitHub Apps' are, for one. */
export const MAX_SKEW_MS = 60_000;

/** Pure. Of several the one in the middle counts: one of them may be wrong itself. */
export function clockFinding(seen: Seen[]): Finding {
  const what = "clock";
  const known = seen.flatMap(({ origin, aheadMs }) =>
    aheadMs === undefined ? [] : [{ host: new URL(origin).host, aheadMs }]
  ).sort((a, b) => a.aheadMs - b.aheadMs);
  const middle = known[Math.floor((known.length - 1) / 2)];
  if (middle === undefined) {
    return { what, state: "note", found: "was held against nobody's: no answer said the time." };
  }
  const seconds = Math.round(Math.abs(middle.aheadMs) / 1000);
  const way = middle.aheadMs > 0 ? "ahead of" : "behind";
  if (Math.abs(middle.aheadMs) <= MAX_SKEW_MS) {
    return { what, state: "ok", found: `${seconds} s ${way} ${middle.host}'s.` };
  }
  return {
    what,
    state: "fault",
    found: `${seconds} s ${way} ${middle.host}'s: links, codes and signed assertions fail by it.`,
    cure: "Let the system set its clock (NTP): `timedatectl set-ntp true`, or the host's settings.",
  };
}
