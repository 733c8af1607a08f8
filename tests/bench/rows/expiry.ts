/**
 * Row `expiry`: a thousand callers in three processes want one person's token at
 * the moment when it has ended. Held against what the same callers wait for a
 * token that is fresh, in turns.
 *
 *     deno run -A tests/bench/rows/expiry.ts [rounds]
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Question } from "../caller.ts";
import { median } from "../contest.ts";
import type { Finding, Row } from "../finding.ts";
import { Callers, connectFor, type Herd, startHerd } from "../herd.ts";
import { appHeaders } from "../switchboard.ts";

/** The figures of one run. Waits are in ms. */
export interface Expiry {
  callers: number;
  processes: number;
  /** What the provider takes to answer. */
  takesMs: number;
  /** Requests that the provider got at each expiry. */
  requests: number[];
  /** The 99th percentile of the callers' waits, in each round. */
  fresh: number[];
  expired: number[];
  /** By how much the second was more than the first and the provider's answer, in each round. */
  beyond: number[];
}

/** What is measured. */
export interface ExpiryOptions {
  rounds: number;
  /** @default 1000 */
  callers?: number | undefined;
  /** @default 3 */
  processes?: number | undefined;
  /** @default 200 */
  takesMs?: number | undefined;
}

const HOUR = 3_600;

/**
 * Starts three gateways on one KV file and a token endpoint, and lets the callers go: for a token
 * that is fresh, and for one that has ended, in turns.
 *
 * @throws {Error} where an answer is wrong: what is answered wrongly is not timed.
 */
export async function measureExpiry(
  { rounds, callers: count = 1_000, processes = 3, takesMs = 200 }: ExpiryOptions,
): Promise<Expiry> {
  await using herd = await startHerd({ processes, takesMs });
  using callers = await Callers.connect(herd.gateways, count);
  const found: Expiry = {
    ...{ callers: count, processes, takesMs },
    ...{ requests: [], fresh: [], expired: [], beyond: [] },
  };
  // The first two are not counted: nothing is compiled yet.
  for (let round = -2; round < rounds; round++) {
    const fresh = await one(herd, callers, `fresh${round}`, HOUR);
    const expired = await one(herd, callers, `expired${round}`, -HOUR);
    assertEquals(fresh.requests, 0);
    if (round < 0) continue;
    found.requests.push(expired.requests);
    found.fresh.push(fresh.p99);
    found.expired.push(expired.p99);
    found.beyond.push(expired.p99 - fresh.p99 - takesMs);
  }
  return found;
}

/** One release of all callers, for a person of its own. */
async function one(herd: Herd, callers: Callers, user: string, seconds: number) {
  await connectFor(herd, user, seconds);
  const before = await herd.refreshes();
  const { waits, answers } = await callers.release(tokenOf(user));
  const [answer, ...others] = answers;
  assertEquals(others, [], "everybody gets the same token");
  assertEquals(
    answer?.startsWith(seconds > 0 ? `200 first-${user}` : "200 refreshed-"),
    true,
    answer,
  );
  const sorted = waits.toSorted((a, b) => a - b);
  return {
    p99: sorted[Math.floor(0.99 * sorted.length)] ?? NaN,
    requests: await herd.refreshes() - before,
  };
}

function tokenOf(user: string): Question {
  const body = JSON.stringify({ user_id: user });
  return { method: "POST", path: "/token/google", headers: appHeaders, body };
}

export const expiryRow: Row = {
  name: "expiry",
  async run({ rounds, say }): Promise<Finding[]> {
    say("1,000 callers at expiry, 3 processes");
    const { callers, processes, takesMs, ...found } = await measureExpiry({ rounds });
    const what = `${callers.toLocaleString("en")} callers at expiry, ${processes} processes`;
    const fresh = Math.round(median(found.fresh));
    const expired = Math.round(median(found.expired));
    return [
      {
        what: `${what}: requests to the provider`,
        unit: "requests",
        ours: Math.max(...found.requests),
        budget: { most: 1 },
      },
      {
        what: `${what}: p99 beyond a fresh token's and the provider's answer`,
        unit: "ms",
        ours: Math.round(median(found.beyond)),
        budget: { most: 50 },
        note: `p99 ${expired}, of a fresh token ${fresh}, the provider takes ${takesMs}`,
      },
    ];
  },
  async check() {
    const { requests } = await measureExpiry({ rounds: 1, callers: 60, processes: 2, takesMs: 50 });
    assertEquals(requests, [1]);
  },
};

if (import.meta.main) console.log(await measureExpiry({ rounds: Number(Deno.args[0] ?? 5) }));
