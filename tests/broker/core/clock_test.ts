import { assertEquals } from "@std/assert";
import { isAhead, isToCome, MAX_CLOCK_SKEW_MS } from "../../../broker/core/clock.ts";

const NOW = 1_000_000_000;

Deno.test("isAhead() lets clocks differ by as much as two processes' may", () => {
  for (const moment of [0, NOW, NOW + MAX_CLOCK_SKEW_MS]) assertEquals(isAhead(moment, NOW), false);
  assertEquals(isAhead(NOW + MAX_CLOCK_SKEW_MS + 1, NOW), true);
});

Deno.test("isToCome() believes in no end that lies further ahead than it can have been set", () => {
  const longest = 60_000;
  for (
    const [end, expected] of [
      [NOW - 1, false],
      [NOW, false],
      [NOW + 1, true],
      [NOW + longest, true],
      [NOW + longest + MAX_CLOCK_SKEW_MS, true],
      [NOW + longest + MAX_CLOCK_SKEW_MS + 1, false],
      [NOW + 365 * 24 * 60 * 60_000, false],
      [NaN, false],
    ] as const
  ) assertEquals(isToCome(end, NOW, longest), expected, String(end - NOW));
});
