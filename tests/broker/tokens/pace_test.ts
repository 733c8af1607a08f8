import { assert, assertEquals } from "@std/assert";
import type { TokenAnswer } from "../../../broker/core/authorization_server.ts";
import { LONGEST_HOLD_OFF_MS } from "../../../broker/tokens/freshness.ts";
import {
  AT_ONCE,
  FAILURES_IN_A_ROW,
  PER_SECOND,
  ProviderPace,
} from "../../../broker/tokens/pace.ts";
import { HOLD_OFF_MS } from "../../../broker/tokens/refresh_rules.ts";

const NOW = 1_000_000_000;
const DAY_MS = 24 * 60 * 60_000;
const failed = (retryAfter?: number): TokenAnswer => ({
  kind: "failed",
  reason: "503",
  retryAfter,
});
const refused = (code: string): TokenAnswer => ({ kind: "rejected", code });
const issued = { kind: "issued", tokens: {} } as unknown as TokenAnswer;

Deno.test("a provider is left alone when it says so, or fails a few times in a row", () => {
  const after = (...answers: TokenAnswer[]) => {
    const pace = new ProviderPace();
    for (const answer of answers) pace.answered("acme", answer, NOW);
    assertEquals(pace.isPaused("other", NOW), false);
    return pace.isPaused("acme", NOW);
  };
  const few = Array.from({ length: FAILURES_IN_A_ROW - 1 }, () => failed());
  assertEquals(after(), false);
  assertEquals(after(...few), false);
  assertEquals(after(...few, failed()), true);
  assertEquals(after(...few, issued, failed()), false, "others fare well");
  assertEquals(after(failed(1)), true);
  // About one connection, and about this program.
  assertEquals(after(...few, refused("invalid_grant"), failed()), false);
  assertEquals(after(...few, refused("invalid_client")), true);
  assertEquals(after(...few, failed(), issued), false, "it is well again");
});

Deno.test("a pause lasts for what was asked, within bounds, and longer each time", () => {
  const pauseOf = (pace: ProviderPace) => {
    let ms = 0;
    while (pace.isPaused("acme", NOW + ms)) ms += 1_000;
    return ms;
  };
  const asked = (seconds: number) => {
    const pace = new ProviderPace();
    pace.answered("acme", failed(seconds), NOW);
    return pauseOf(pace);
  };
  assertEquals(asked(1), HOLD_OFF_MS);
  assertEquals(asked(90), 90_000);
  assertEquals(asked(1e9), LONGEST_HOLD_OFF_MS);
  const pace = new ProviderPace();
  const pauses: number[] = [];
  for (let count = 1; count <= 20 * AT_ONCE; count++) {
    pace.unanswered("acme", NOW);
    pauses.push(pauseOf(pace));
  }
  assertEquals(pauses[FAILURES_IN_A_ROW - 2], 0);
  assertEquals(pauses[FAILURES_IN_A_ROW - 1], HOLD_OFF_MS);
  assertEquals(pauses[FAILURES_IN_A_ROW + AT_ONCE], 2 * HOLD_OFF_MS);
  assertEquals(pauses.at(-1), LONGEST_HOLD_OFF_MS);
});

Deno.test("a pause of a clock that ran ahead does not last", () => {
  const pace = new ProviderPace();
  pace.answered("acme", failed(60), NOW + DAY_MS);
  assertEquals(pace.isPaused("acme", NOW), false);
  pace.answered("acme", failed(60), NOW);
  assertEquals(pace.isPaused("acme", NOW), true);
});

Deno.test("turns are so many a second, after a few at once, by a clock that is set, too", () => {
  const pace = new ProviderPace();
  const turns = (count: number, now: number) =>
    Array.from({ length: count }, () => pace.turn("acme", now));
  assertEquals(turns(AT_ONCE, NOW), Array(AT_ONCE).fill(0));
  const each = 1_000 / PER_SECOND;
  assertEquals(turns(4, NOW), [0, each, 2 * each, 3 * each]);
  assertEquals(pace.turn("other", NOW), 0);
  assertEquals(
    turns(AT_ONCE, NOW + 60_000),
    Array(AT_ONCE).fill(0),
    "rested, and no more than that",
  );
  assert(pace.turn("acme", NOW + 60_000) <= each);
  assertEquals(pace.turn("acme", NOW), 0, "set back");
});
