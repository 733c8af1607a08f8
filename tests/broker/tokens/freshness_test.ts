import { assertEquals } from "@std/assert";
import type { IssuedTokens } from "../../../broker/core/authorization_server.ts";
import { MAX_CLOCK_SKEW_MS } from "../../../broker/core/clock.ts";
import {
  ASSUMED_LIFETIME_MS,
  decide,
  heldOffFor,
  heldSince,
  isAlive,
  isStale,
  JUST_ISSUED_MS,
  LONGEST_HOLD_OFF_MS,
  LONGEST_LIFETIME_MS,
  REFRESH_MARGIN_MS,
  tokenSetOf,
} from "../../../broker/tokens/freshness.ts";
import type { Connection, TokenSet } from "../../../broker/core/connection.ts";

const MINUTE_MS = 60_000;

function tokens(lifetimeMs: number | undefined, refreshToken?: string): TokenSet {
  return {
    accessToken: "a",
    tokenType: "Bearer",
    scopes: [],
    issuedAt: 0,
    ...(lifetimeMs === undefined ? {} : { expiresAt: lifetimeMs }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

function connection(tokens: TokenSet, more: Partial<Connection> = {}): Connection {
  return {
    subject: "voice:u",
    provider: "p",
    account: "1",
    label: "l",
    status: "active",
    connectedAt: 0,
    updatedAt: 0,
    tokens,
    ...more,
  };
}

Deno.test("isStale() leaves five minutes of an hour", () => {
  const hour = tokens(60 * MINUTE_MS);
  assertEquals(isStale(hour, 55 * MINUTE_MS - 1), false);
  assertEquals(isStale(hour, 55 * MINUTE_MS), true);
  assertEquals(isStale(tokens(undefined), Number.MAX_SAFE_INTEGER), false);
});

Deno.test("isStale() never calls a new token stale, however short it lives", () => {
  for (const lifetime of [1000, MINUTE_MS, 4 * MINUTE_MS]) {
    assertEquals(isStale(tokens(lifetime), 0), false);
    assertEquals(isStale(tokens(lifetime), lifetime * 0.74), false);
    assertEquals(isStale(tokens(lifetime), lifetime * 0.75), true);
  }
});

Deno.test("isStale() takes a token set that ended before it was issued for over, by any clock", () => {
  const over = { ...tokens(9_000), issuedAt: 10_000 };
  for (const now of [9_100, 9_900, 10_000, 20_000]) assertEquals(isStale(over, now), true);
});

Deno.test("isStale() honours min_ttl up to three quarters of a lifetime", () => {
  const hour = tokens(60 * MINUTE_MS);
  assertEquals(isStale(hour, 30 * MINUTE_MS - 1, 30 * MINUTE_MS), false);
  assertEquals(isStale(hour, 30 * MINUTE_MS, 30 * MINUTE_MS), true);
  assertEquals(isStale(hour, 14 * MINUTE_MS, 60 * MINUTE_MS), false);
  assertEquals(isStale(hour, 15 * MINUTE_MS, 60 * MINUTE_MS), true);
});

Deno.test("tokenSetOf() fills in what the provider left out", () => {
  const issued = { accessToken: "a", tokenType: "Bearer" };
  assertEquals(tokenSetOf(issued, 0, { scopes: ["s"] }), tokens2({ scopes: ["s"] }));
  assertEquals(
    tokenSetOf(issued, 0, { scopes: ["s"], refreshToken: "old" }),
    tokens2({ scopes: ["s"], refreshToken: "old", expiresAt: 60 * MINUTE_MS }),
  );
  const full = { ...issued, refreshToken: "new", expiresIn: 10, scopes: [] };
  assertEquals(
    tokenSetOf(full, 5, { scopes: ["s"], refreshToken: "old" }),
    tokens2({ issuedAt: 5, refreshToken: "new", refreshIssuedAt: 5, expiresAt: 10_005 }),
  );
});

Deno.test("a token set that is had anew with a client ends, and is held since the client was handed over", () => {
  const renewal = { id: "c", secret: "s" };
  const first = tokenSetOf({ ...ISSUED, renewal }, 10, { scopes: [] });
  assertEquals(
    first,
    tokens2({
      renewal,
      issuedAt: 10,
      refreshIssuedAt: 10,
      expiresAt: 10 + 60 * MINUTE_MS,
    }),
  );
  const next = tokenSetOf(ISSUED, 20, first);
  assertEquals([next.renewal, heldSince({ tokens: next, connectedAt: 1 })], [renewal, 10]);
  const another = tokenSetOf({ ...ISSUED, renewal }, 30, next);
  assertEquals(heldSince({ tokens: another, connectedAt: 1 }), 30);
});

Deno.test("heldSince() knows a refresh token that is older than the access token", () => {
  const first = tokenSetOf({ ...ISSUED, refreshToken: "r" }, 10, { scopes: [] });
  const kept = tokenSetOf(ISSUED, 20, first);
  const same = tokenSetOf({ ...ISSUED, refreshToken: "r" }, 30, kept);
  const rotated = tokenSetOf({ ...ISSUED, refreshToken: "r2" }, 40, same);
  const since = [first, kept, same, rotated].map((tokens) => heldSince({ tokens, connectedAt: 1 }));
  assertEquals(since, [10, 10, 10, 40]);
  // As before 0.2: nobody knows whether a refresh has rotated it.
  const { refreshIssuedAt: _unknown, ...old } = rotated;
  assertEquals(heldSince({ tokens: old, connectedAt: 1 }), 1);
  const none = tokenSetOf(ISSUED, 50, { scopes: [] });
  assertEquals(heldSince({ tokens: none, connectedAt: 1 }), 50);
});

const ISSUED = { accessToken: "a", tokenType: "Bearer" };

function tokens2(more: Partial<TokenSet>): TokenSet {
  return {
    accessToken: "a",
    tokenType: "Bearer",
    scopes: [],
    issuedAt: 0,
    refreshToken: undefined,
    renewal: undefined,
    extra: undefined,
    tenants: undefined,
    via: undefined,
    refreshIssuedAt: undefined,
    expiresAt: undefined,
    ...more,
  };
}

Deno.test("decide() knows every case", () => {
  const fresh = connection(tokens(60 * MINUTE_MS, "r"));
  const now = 56 * MINUTE_MS;
  const later = 61 * MINUTE_MS;
  const held = { ...fresh, holdOffUntil: later + 1 };
  assertEquals(decide(fresh, 0), "use");
  assertEquals(decide(fresh, 0, { rejected: "another" }), "use");
  assertEquals(decide(fresh, JUST_ISSUED_MS, { rejected: "a" }), "refresh");
  assertEquals(decide(fresh, JUST_ISSUED_MS - 1, { rejected: "a" }), "use_though_refused");
  // Issued in the future, by the clock of another process.
  const issuedAt = (at: number) => ({ ...fresh, tokens: { ...fresh.tokens, issuedAt: at } });
  const refused = { rejected: "a" };
  assertEquals(decide(issuedAt(JUST_ISSUED_MS - 1), 0, refused), "use_though_refused");
  assertEquals(decide(issuedAt(JUST_ISSUED_MS), 0, refused), "refresh");
  const brief = { ...fresh, tokens: { ...fresh.tokens, expiresAt: 10_000 } };
  assertEquals(decide(brief, 9_000, { rejected: "a" }), "refresh", "its life is nearly over");
  assertEquals(decide(fresh, now), "refresh");
  assertEquals(decide(held, now), "use_until_retry");
  assertEquals(decide(held, later), "wait_for_retry");
  assertEquals(decide(held, later + 1), "refresh");
  assertEquals(decide({ ...fresh, status: "reauthorization_required" }, 0), "reauthorize");
  const noRefresh = connection(tokens(60 * MINUTE_MS));
  assertEquals(decide(noRefresh, now), "use");
  assertEquals(decide(noRefresh, later), "reauthorize");
  assertEquals(decide(noRefresh, 0, { rejected: "a" }), "reauthorize");
  assertEquals(decide(connection(tokens(undefined)), later), "use");
});

Deno.test("a token set that was issued by a clock that ran ahead has nothing left", () => {
  const now = 10 * 24 * 60 * MINUTE_MS;
  const issued = (issuedAt: number, refreshToken?: string) => ({
    ...tokens(60 * MINUTE_MS, refreshToken),
    issuedAt,
    expiresAt: issuedAt + 60 * MINUTE_MS,
  });
  const ahead = issued(now + REFRESH_MARGIN_MS + 1, "r");
  assertEquals([isStale(ahead, now), isAlive(ahead, now)], [true, false]);
  assertEquals(decide(connection(ahead), now), "refresh");
  const alone = issued(now + REFRESH_MARGIN_MS + 1);
  assertEquals(decide(connection(alone), now), "reauthorize");
  const near = issued(now + REFRESH_MARGIN_MS, "r");
  assertEquals([isStale(near, now), isAlive(near, now)], [false, true]);
  // Where the provider issues tokens without an end, no clock says anything.
  const endless = { ...tokens(undefined), issuedAt: 2 * now };
  assertEquals(decide(connection(endless), now), "use");
});

Deno.test("a hold-off lasts for as long as one can, and not until a wrong clock's day", () => {
  const stale = connection(tokens(60 * MINUTE_MS, "r"));
  const now = 59 * MINUTE_MS;
  const longest = LONGEST_HOLD_OFF_MS + MAX_CLOCK_SKEW_MS;
  for (
    const [holdOffUntil, left] of [
      [undefined, 0],
      [now, 0],
      [now + 1, 1],
      [now + longest, longest],
      [now + longest + 1, 0],
    ] as const
  ) {
    const held = { ...stale, holdOffUntil };
    assertEquals(heldOffFor(held, now), left);
    assertEquals(decide(held, now), left === 0 ? "refresh" : "use_until_retry");
  }
});

Deno.test("tokenSetOf() believes no length without end, and takes one of none for over", () => {
  const issued = { accessToken: "a", tokenType: "Bearer" };
  const previous = { scopes: [], refreshToken: "r" };
  const cases: [Partial<IssuedTokens>, number][] = [
    [{ expiresIn: 0 }, 0],
    [{ expiresIn: 60 }, 60_000],
    [{ expiresIn: 1e300 }, LONGEST_LIFETIME_MS],
    [{ expiresAt: 5_000_000 }, 4_000_000],
    [{ expiresAt: 5 }, 0],
    [{ expiresAt: 1e300 }, LONGEST_LIFETIME_MS],
    [{ expiresIn: 60, expiresAt: 5_000_000 }, 60_000],
    [{}, ASSUMED_LIFETIME_MS],
  ];
  for (const [end, lifetime] of cases) {
    const tokens = tokenSetOf({ ...issued, ...end }, 1_000_000, previous);
    assertEquals(tokens.expiresAt, 1_000_000 + lifetime, JSON.stringify(end));
    assertEquals(isAlive(tokens, 1_000_000), lifetime > 0);
  }
});

Deno.test("heldSince() is the time of the oldest secret that is held", () => {
  const since = (more: Partial<TokenSet>) =>
    heldSince({ connectedAt: 5, tokens: { ...tokens(undefined), issuedAt: 3, ...more } });
  assertEquals(since({ refreshToken: undefined }), 3);
  assertEquals(since({ refreshToken: "r", refreshIssuedAt: 2 }), 2);
  assertEquals(since({ refreshToken: "r", refreshIssuedAt: 4 }), 3);
  assertEquals(
    since({ refreshToken: "r", refreshIssuedAt: undefined }),
    3,
    "or as it was connected",
  );
});
