/** When a connection ends by itself, of all that is said and documented. */

import { assertEquals } from "@std/assert";
import type { KnownEnds } from "../../../broker/core/authorization_server.ts";
import type { Connection, TokenSet } from "../../../broker/core/connection.ts";
import {
  type Ending,
  endOf,
  isKeptAlive,
  KEPT_ALIVE_MS,
  shownEnd,
} from "../../../broker/tokens/known_ends.ts";
import { planWarning, warningTime } from "../../../broker/tokens/expiry.ts";

const DAY = 24 * 3_600_000;
const [SIGNED_IN, NOW] = [1_000 * DAY, 1_010 * DAY];
const TOKENS: TokenSet = {
  ...{ accessToken: "a", tokenType: "Bearer", refreshToken: "r", scopes: ["mail", "openid"] },
  ...{ refreshIssuedAt: SIGNED_IN, issuedAt: NOW, expiresAt: NOW + DAY / 24 },
};
const IDLE: KnownEnds = { idleMs: 90 * DAY };
const TEST: KnownEnds = { max: { ms: 7 * DAY, reason: "test_mode", spares: ["openid"] } };

function connection(more: Partial<TokenSet> = {}): Ending {
  const tokens = { ...TOKENS, ...more };
  return { tokens, connectedAt: SIGNED_IN, usedAt: NOW, signedInAt: SIGNED_IN };
}

const ROWS: Record<string, [Ending, KnownEnds | undefined, unknown[]]> = {
  "nothing is known": [connection(), undefined, []],
  "counted from the last refresh": [connection(), IDLE, [NOW + 90 * DAY, "unused", true]],
  "counted from the sign-in": [connection(), TEST, [SIGNED_IN + 7 * DAY, "test_mode", false]],
  "the first of both": [
    connection(),
    { ...IDLE, ...TEST },
    [SIGNED_IN + 7 * DAY, "test_mode", false],
  ],
  "a refresh token of before": [
    connection({ refreshIssuedAt: SIGNED_IN - DAY }),
    TEST,
    [SIGNED_IN + 6 * DAY, "test_mode", false],
  ],
  "one that each refresh hands out anew": [
    connection({ refreshIssuedAt: NOW }),
    TEST,
    [SIGNED_IN + 7 * DAY, "test_mode", false],
  ],
  "nothing but what is spared": [connection({ scopes: ["openid"] }), TEST, []],
  "an import, whose sign-in nobody saw": [
    { ...connection({ refreshIssuedAt: 0 }), signedInAt: undefined },
    TEST,
    [],
  ],
  "an import that was never refreshed": [connection({ issuedAt: 0 }), IDLE, []],
  "what the answer says counts, and may move": [
    connection({ refreshExpiresAt: NOW + 200 * DAY, refreshEndSince: NOW }),
    { ...IDLE, ...TEST },
    [NOW + 200 * DAY, "refresh_token_expires", true],
  ],
  "what a refresh has left where it was": [
    connection({ refreshExpiresAt: NOW + DAY, refreshEndSince: SIGNED_IN }),
    IDLE,
    [NOW + DAY, "refresh_token_expires", false],
  ],
  "the secret of the client ends before": [
    connection({ clientEndsAt: NOW + 5 * DAY }),
    IDLE,
    [NOW + 5 * DAY, "client_secret_expires", false],
  ],
  "and after": [connection({ clientEndsAt: NOW + 99 * DAY }), IDLE, [
    NOW + 90 * DAY,
    "unused",
    true,
  ]],
  "no refresh token": [
    connection({ refreshToken: undefined, expiresAt: NOW + 60 * DAY }),
    IDLE,
    [NOW + 60 * DAY, "access_token_expires", false],
  ],
  "a key, which has no end": [
    connection({ refreshToken: undefined, expiresAt: undefined }),
    undefined,
    [],
  ],
  "an installation, which renews itself": [
    connection({ refreshToken: undefined, renewal: { id: "1" } }),
    IDLE,
    [],
  ],
};

Deno.test("endOf() is the first end that is known, and says whether a refresh may move it", () => {
  for (const [name, [one, known, expected]] of Object.entries(ROWS)) {
    const end = endOf(one, known);
    assertEquals(end === undefined ? [] : [end.at, end.reason, end.mayMove], expected, name);
  }
});

Deno.test("what is shown is no end that is put off, as long as it is", () => {
  const both = { ...IDLE, max: { ms: 365 * DAY, reason: "sign_in_expires" as const } };
  assertEquals(shownEnd(connection(), IDLE, NOW), undefined);
  assertEquals(shownEnd(connection(), both, NOW), SIGNED_IN + 365 * DAY);
  const unused = { ...connection(), usedAt: NOW - KEPT_ALIVE_MS - 1 };
  assertEquals(isKeptAlive(unused, NOW), false);
  assertEquals(shownEnd(unused, IDLE, NOW), NOW + 90 * DAY);
});

Deno.test("warningTime() is a week ahead, a day of a short life, and not of what is too short", () => {
  const ahead = (days: number) => {
    const at = NOW + days * DAY;
    const time = warningTime({ at, since: NOW, reason: "unused", mayMove: true });
    return time && (at - time) / DAY;
  };
  assertEquals([1.9, 2, 7, 7.9, 8, 90].map(ahead), [undefined, 1, 1, 1, 7, 7]);
});

Deno.test("planWarning() files one entry, and another where that is past or was told", () => {
  const one: Connection = {
    ...{ subject: "voice:1", provider: "p", account: "1", label: "", status: "active" },
    ...{ ...connection(), updatedAt: NOW },
  };
  const known = { ends: IDLE, now: NOW };
  const wanted = NOW + 83 * DAY;
  const filed = (
    before?: Pick<Connection, "warnAt" | "warnedOf">,
    more: Partial<Connection> = {},
  ) => planWarning({ ...one, ...more }, before, known).warnAt;
  assertEquals(filed(), wanted);
  assertEquals(filed({ warnAt: NOW + DAY }), undefined, "one stands on the list");
  assertEquals(filed({ warnAt: wanted + DAY }), wanted, "that one is too late");
  // Its time came while it was given up, or nobody could act for it: whoever looked took it away.
  assertEquals(filed({ warnAt: NOW - DAY }), wanted);
  assertEquals(filed({ warnedOf: NOW + 90 * DAY }), undefined);
  assertEquals(filed({ warnedOf: NOW }), wanted, "of another end");
  assertEquals(filed(undefined, { heldFor: "voice:1" }), undefined);
  assertEquals(filed(undefined, { status: "reauthorization_required" }), undefined);
});
