import { assertEquals } from "@std/assert";
import { MAX_CLOCK_SKEW_MS } from "../../../broker/core/clock.ts";
import type { Connection } from "../../../broker/core/connection.ts";
import { decide, GIVEN_UP_MS, isGivenUp } from "../../../broker/tokens/freshness.ts";
import { afterAnswer } from "../../../broker/tokens/refresh_rules.ts";
import {
  afterRefusal,
  isRefusedForLong,
  isTriedAgain,
  REFUSED_MS,
  TRIED_AGAIN_MS,
} from "../../../broker/tokens/refusals.ts";
import { storedOf } from "../fixtures.ts";

const NOW = 10_000_000_000;
const LATER = NOW + REFUSED_MS;
const DEAD = { accessToken: "a", tokenType: "Bearer", refreshToken: "r", scopes: [] };

function connection(more: Partial<Connection> = {}): Connection {
  const tokens = { ...DEAD, issuedAt: NOW - 2, expiresAt: NOW - 1 };
  return storedOf("1", [], { tokens, ...more }).value;
}

Deno.test("afterRefusal() gives up after a day, while others were refreshed lately and since", () => {
  const skew = MAX_CLOCK_SKEW_MS;
  const cases: [since: number | undefined, at: number, others: number | undefined, boolean][] = [
    [undefined, NOW, NOW, false],
    [NOW, LATER - 1, LATER - 1, false],
    [NOW, LATER, LATER, true],
    [NOW, LATER, undefined, false],
    // Its own last success, by a clock that is a little ahead.
    [NOW, LATER, NOW + skew, false],
    [NOW, LATER, NOW + skew + 1, true],
    // Others are refused by now, too.
    [NOW, LATER + REFUSED_MS, LATER, false],
    // Noted by a clock that runs ahead of ours.
    [NOW, LATER, LATER + skew + 1, false],
    [LATER + skew + 1, LATER, LATER, false],
  ];
  for (const [refusedSince, at, others, isUp] of cases) {
    const next = afterRefusal(connection({ refusedSince }), at, others);
    const about = JSON.stringify([refusedSince, at, others]);
    assertEquals(next.givenUpUntil, isUp ? at + GIVEN_UP_MS : undefined, about);
    assertEquals(next.refusedSince! <= at, true, about);
  }
});

Deno.test("a connection that is given up asks the person while nothing lives, and not the provider", () => {
  const given = connection({ givenUpUntil: NOW + GIVEN_UP_MS });
  assertEquals(decide(given, NOW), "reauthorize");
  assertEquals(decide(given, NOW + GIVEN_UP_MS), "refresh");
  const living = { ...DEAD, issuedAt: NOW - 10_000, expiresAt: NOW + 10 };
  assertEquals(decide({ ...given, tokens: living }, NOW), "use_until_retry");
  // By a clock that was wrong: it does not last until the right one gets there.
  const wrong = connection({ givenUpUntil: NOW + GIVEN_UP_MS + MAX_CLOCK_SKEW_MS + 1 });
  assertEquals([isGivenUp(wrong, NOW), decide(wrong, NOW)], [false, "refresh"]);
});

Deno.test("afterAnswer() forgets refusals at a success and an end, and keeps their beginning else", () => {
  const before = connection({ refusedSince: NOW - 5, givenUpUntil: NOW, clientRefused: true });
  const tokens = { accessToken: "b", tokenType: "Bearer" };
  const marks = (
    { refusedSince, givenUpUntil, clientRefused, status }: Connection,
  ) => [refusedSince, givenUpUntil, clientRefused, status];
  const over = [undefined, undefined, undefined];
  assertEquals(marks(afterAnswer(before, { kind: "issued", tokens }, NOW)), [...over, "active"]);
  const dead = afterAnswer(before, { kind: "rejected", code: "invalid_grant" }, NOW);
  assertEquals(marks(dead), [...over, "reauthorization_required"]);
  const held: ReturnType<typeof marks> = [NOW - 5, undefined, undefined, "active"];
  assertEquals(marks(afterAnswer(before, { kind: "failed", reason: "502" }, NOW)), held);
  for (const code of ["invalid_client", "unauthorized_client"]) {
    const client = afterAnswer(before, { kind: "rejected", code }, LATER, { othersAt: LATER });
    assertEquals(marks(client), [NOW - 5, undefined, true, "active"]);
  }
  const refused = { kind: "rejected", code: "unknown_error" } as const;
  assertEquals(marks(afterAnswer(before, refused, NOW)), held);
  const given = afterAnswer(before, refused, LATER, { othersAt: LATER });
  assertEquals(marks(given), [NOW - 5, LATER + GIVEN_UP_MS, undefined, "active"]);
  assertEquals([isRefusedForLong(before, NOW), isRefusedForLong(before, LATER)], [false, true]);
});

Deno.test("afterRefusal() takes what a clock that is a little ahead has noted for now", () => {
  for (const [since, noted] of [[NOW - 5, NOW - 5], [NOW + 1_000, NOW]] as const) {
    const { refusedSince } = afterRefusal(connection({ refusedSince: since }), NOW, undefined);
    assertEquals(refusedSince, noted);
  }
});

Deno.test("isTriedAgain() ends after a month", () => {
  const tried = (now: number) => isTriedAgain(connection({ refusedSince: NOW }), now);
  assertEquals([tried(NOW + TRIED_AGAIN_MS - 1), tried(NOW + TRIED_AGAIN_MS)], [true, false]);
});
