import { assert, assertEquals } from "@std/assert";
import type { TokenAnswer } from "../../../broker/core/authorization_server.ts";
import { MAX_CLOCK_SKEW_MS } from "../../../broker/core/clock.ts";
import type { Connection, TokenSet } from "../../../broker/core/connection.ts";
import type { Lease } from "../../../broker/core/store.ts";
import {
  type Decision,
  JUST_ISSUED_MS,
  LONGEST_HOLD_OFF_MS,
} from "../../../broker/tokens/freshness.ts";
import {
  afterAnswer,
  AHEAD_MS,
  dueTime,
  HOLD_OFF_MS,
  isLapsed,
  LEASE_MS,
  outcomeOf,
  sameTokens,
  settle,
  settleAfterWait,
  USED_LATELY_MS,
} from "../../../broker/tokens/refresh_rules.ts";
import { storedOf } from "../fixtures.ts";

const NOW = 1_000_000_000;
const HOUR_MS = 60 * 60_000;

const TOKENS: TokenSet = {
  accessToken: "a1",
  tokenType: "Bearer",
  refreshToken: "r1",
  issuedAt: NOW,
  expiresAt: NOW + HOUR_MS,
  scopes: ["mail"],
};

function storedWith(tokens: Partial<TokenSet> = {}, more: Partial<Connection> = {}) {
  return storedOf("1", [], { tokens: { ...TOKENS, ...tokens }, ...more });
}

Deno.test("isLapsed() goes by how long a lease was seen unchanged, or by a time far past", () => {
  const lease = (until: number): Lease => ({
    ref: { subject: "voice:u", provider: "acme", account: "1" },
    owner: "other",
    until,
    version: "1",
  });
  const cases: [until: number, firstSeen: number, lapsed: boolean][] = [
    [NOW + LEASE_MS, NOW, false],
    [NOW + LEASE_MS, NOW - LEASE_MS + 1, false],
    [NOW + LEASE_MS, NOW - LEASE_MS, true],
    // The holder's clock may be behind ours: `until` alone says little.
    [NOW - 1, NOW, false],
    [NOW - MAX_CLOCK_SKEW_MS + 1, NOW, false],
    [NOW - MAX_CLOCK_SKEW_MS, NOW, true],
    // Or ahead: it is not waited for longer than a lease.
    [NOW + HOUR_MS, NOW - LEASE_MS, true],
  ];
  for (const [until, firstSeen, lapsed] of cases) {
    assertEquals(isLapsed(lease(until), firstSeen, NOW), lapsed, `${until - NOW} ${firstSeen}`);
  }
});

Deno.test("sameTokens() compares both tokens", () => {
  const { value } = storedWith();
  assert(sameTokens(value, storedWith({ scopes: [] }, { label: "other" }).value));
  assert(!sameTokens(value, storedWith({ accessToken: "a2" }).value));
  assert(!sameTokens(value, storedWith({ refreshToken: "r2" }).value));
});

Deno.test("settle() answers every decision but the one to refresh", () => {
  const stored = storedWith({}, { holdOffUntil: NOW + 7 });
  const answers: Record<Decision, unknown> = {
    use: { kind: "ready", stored },
    use_until_retry: { kind: "ready", stored },
    use_though_refused: { kind: "ready", stored },
    wait_for_retry: { kind: "unavailable", stored, retryAfterMs: 7 },
    reauthorize: { kind: "reauthorize", stored },
    refresh: null,
  };
  for (const [decision, answer] of Object.entries(answers)) {
    assertEquals(settle(stored, decision as Decision, NOW), answer, decision);
  }
});

Deno.test("settleAfterWait() takes what others stored meanwhile, however long it lives", () => {
  const seen = storedWith();
  const long = { minTtl: 50 * 60_000 };
  const brief = { issuedAt: NOW, expiresAt: NOW + 20 * 60_000 };
  const renewed = storedWith({ accessToken: "a2", ...brief });
  const old = storedWith(brief);
  const ended = storedWith({}, { status: "reauthorization_required" });
  const kindOf = (...args: Parameters<typeof settleAfterWait>) => settleAfterWait(...args)?.kind;
  const late = NOW + 10 * 60_000;
  assertEquals(kindOf(seen, null, {}, NOW), "gone");
  assertEquals(kindOf(seen, ended, {}, NOW), "reauthorize");
  assertEquals(kindOf(seen, renewed, long, late), "ready");
  assertEquals(kindOf(seen, old, long, late), undefined);
  const soon = NOW + JUST_ISSUED_MS;
  assertEquals(kindOf(seen, seen, { rejected: "a1" }, soon), undefined);
  assertEquals(kindOf(seen, seen, { rejected: "a1" }, soon - 1), "ready", "only just issued");
  // What the API refused is not good again because somebody stored it.
  const other = storedWith({ accessToken: "a0" });
  assertEquals(kindOf(other, seen, { rejected: "a1" }, soon), undefined);
  assertEquals(kindOf(other, seen, { rejected: "a0" }, NOW), "ready");
});

const ISSUED: TokenAnswer = {
  kind: "issued",
  tokens: { accessToken: "a2", tokenType: "Bearer", expiresIn: 60 },
};

Deno.test("afterAnswer() keeps what was issued, and ends a hold-off", () => {
  const { value } = storedWith({}, { holdOffUntil: NOW + 1, status: "active", usedAt: 5 });
  const next = afterAnswer(value, ISSUED, NOW);
  const token = { ...TOKENS, accessToken: "a2", issuedAt: NOW, expiresAt: NOW + 60_000 };
  const tokens = {
    ...token,
    refreshIssuedAt: undefined,
    renewal: undefined,
    extra: undefined,
    tenants: undefined,
    via: undefined,
  };
  const { holdOffUntil: _over, ...rest } = value;
  assertEquals(next, { ...rest, tokens, usedAt: NOW, updatedAt: NOW });
  assertEquals("holdOffUntil" in next, false);
});

Deno.test("afterAnswer() does not take a refresh ahead of need for use", () => {
  const { value } = storedWith({}, { usedAt: 5 });
  assertEquals(afterAnswer(value, ISSUED, NOW, { ahead: true }).usedAt, 5);
  assertEquals(afterAnswer(value, ISSUED, NOW).usedAt, NOW);
});

Deno.test("afterAnswer() ends a connection for invalid_grant alone", () => {
  const { value } = storedWith();
  const ended = afterAnswer(value, { kind: "rejected", code: "invalid_grant" }, NOW);
  assertEquals(ended, { ...value, status: "reauthorization_required", updatedAt: NOW });
  for (const code of ["invalid_client", "unauthorized_client"]) {
    const held = afterAnswer(value, { kind: "rejected", code }, NOW);
    const holdOffUntil = NOW + HOLD_OFF_MS;
    assertEquals(held, { ...value, holdOffUntil, clientRefused: true, updatedAt: NOW }, code);
  }
  for (const code of ["invalid_request", "INVALID_GRANT", "unknown_error"]) {
    const held = afterAnswer(value, { kind: "rejected", code }, NOW);
    const holdOffUntil = NOW + HOLD_OFF_MS;
    assertEquals(held, { ...value, holdOffUntil, refusedSince: NOW, updatedAt: NOW }, code);
  }
});

Deno.test("afterAnswer() keeps what was moved meanwhile where it went", () => {
  const { value } = storedWith({}, { status: "moved", moved: { to: "key", at: NOW } });
  const tokens = { accessToken: "a2", tokenType: "Bearer", refreshToken: "r2" };
  const answers: TokenAnswer[] = [
    { kind: "issued", tokens },
    { kind: "rejected", code: "invalid_grant" },
    { kind: "failed", reason: "down" },
  ];
  for (const answer of answers) {
    const { status, moved } = afterAnswer(value, answer, NOW);
    assertEquals([status, moved], ["moved", { to: "key", at: NOW }], answer.kind);
  }
  assertEquals(afterAnswer(value, answers[0]!, NOW).tokens.refreshToken, "r2");
});

Deno.test("afterAnswer() honours Retry-After between the usual and the longest hold-off", () => {
  const { value } = storedWith();
  const waits: [retryAfter: number, ms: number][] = [
    [0, HOLD_OFF_MS],
    [1, HOLD_OFF_MS],
    [120, 120_000],
    [86_400, LONGEST_HOLD_OFF_MS],
  ];
  for (const [retryAfter, ms] of waits) {
    const next = afterAnswer(value, { kind: "failed", reason: "429", retryAfter }, NOW);
    assertEquals([next.holdOffUntil, next.status], [NOW + ms, "active"]);
    assertEquals(next.tokens, value.tokens);
  }
  const next = afterAnswer(value, { kind: "failed", reason: "502" }, NOW);
  assertEquals(next.holdOffUntil, NOW + HOLD_OFF_MS);
});

Deno.test("outcomeOf() hands out what was issued, even where it is stale already", () => {
  const fresh = storedWith();
  assertEquals(outcomeOf(fresh, NOW), { kind: "ready", stored: fresh });
  const stale = storedWith({ issuedAt: NOW - HOUR_MS, expiresAt: NOW + 1 });
  assertEquals(outcomeOf(stale, NOW), { kind: "ready", stored: stale });
  const ended = storedWith({}, { status: "reauthorization_required" });
  assertEquals(outcomeOf(ended, NOW).kind, "reauthorize");
});

Deno.test("dueTime() is between sixteen and six minutes before the end", () => {
  const { value } = storedWith({}, { usedAt: NOW });
  const end = NOW + HOUR_MS;
  assertEquals(dueTime(value, NOW, 0), end - AHEAD_MS.least);
  assertEquals(dueTime(value, NOW, 0.5), end - (AHEAD_MS.least + AHEAD_MS.most) / 2);
  assert(dueTime(value, NOW, 0.999)! > end - AHEAD_MS.most);
});

Deno.test("dueTime() is none where a refresh ahead of need is not worth it", () => {
  const used = { usedAt: NOW };
  const lasting = 2 * AHEAD_MS.most;
  const cases: Record<string, [Partial<TokenSet>, Partial<Connection>, isDue: boolean]> = {
    "as it should be": [{}, used, true],
    "it never ends": [{ expiresAt: undefined }, used, false],
    "it cannot be refreshed": [{ refreshToken: undefined }, used, false],
    "it is over": [{}, { ...used, status: "reauthorization_required" }, false],
    "it lives long enough": [{ expiresAt: NOW + lasting }, used, true],
    "it lives too briefly": [{ expiresAt: NOW + lasting - 1 }, used, false],
    "it was used lately": [{}, { usedAt: NOW - USED_LATELY_MS }, true],
    "nobody wanted it lately": [{}, { usedAt: NOW - USED_LATELY_MS - 1 }, false],
    "nobody ever wanted it": [{}, {}, false],
  };
  for (const [what, [tokens, more, isDue]] of Object.entries(cases)) {
    assertEquals(dueTime(storedWith(tokens, more).value, NOW, 0) !== undefined, isDue, what);
  }
});

Deno.test("sameTokens() tells two token sets apart by each of their secrets", () => {
  const of = (more: Partial<TokenSet>) => {
    const { value } = storedOf("1", []);
    const renewal = { id: "i", secret: "s" };
    return { ...value, tokens: { ...value.tokens, refreshToken: "r", renewal, ...more } };
  };
  assert(sameTokens(of({}), of({ issuedAt: 9 })));
  const others: Partial<TokenSet>[] = [
    { accessToken: "another" },
    { refreshToken: "another" },
    { renewal: { id: "another", secret: "s" } },
    { renewal: { id: "i", secret: "another" } },
  ];
  for (const other of others) assert(!sameTokens(of({}), of(other)), JSON.stringify(other));
});
