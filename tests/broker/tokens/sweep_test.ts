/** What stays on the list of refreshes to come. */

import { assertEquals } from "@std/assert";
import type { Connection } from "../../../broker/core/connection.ts";
import type { Due, Stored } from "../../../broker/core/store.ts";
import { VaultError } from "../../../broker/core/store_errors.ts";
import { ProviderPace } from "../../../broker/tokens/pace.ts";
import { AHEAD_MS, type Refreshed, USED_LATELY_MS } from "../../../broker/tokens/refresh_rules.ts";
import { type SweepDeps, sweepDue } from "../../../broker/tokens/sweep.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

type Read = () => Promise<Stored<Connection> | null>;

/** What one run does about one entry. */
async function sweep(
  { more = {}, expiresIn = 60_000, refreshed, read, isServed = true, provider = "acme" }: {
    more?: Partial<Connection>;
    expiresIn?: number;
    refreshed?: (stored: Stored<Connection>) => Refreshed;
    read?: Read;
    isServed?: boolean;
    provider?: string;
  } = {},
) {
  const world = testWorld();
  const now = world.now();
  const stored = storedOf("1", ["mail"], { usedAt: now, ...more });
  const tokens = { ...stored.value.tokens, issuedAt: now - 3_600_000, expiresAt: now + expiresIn };
  const found = { ...stored, value: { ...stored.value, tokens } };
  const due: Due = { at: 1, ref: { ...stored.value, provider }, version: "1" };
  const settled: Due[] = [];
  let left = [due];
  let asked = 0;
  const deps = {
    servers: serversOf(serverOf()),
    connections: {
      due: () => Promise.resolve(left),
      postpone: (some: Due[], at: number) => {
        left = [];
        return Promise.resolve(some.map(({ ref }) => ({ ref, at, version: "2" })));
      },
      get: read ?? (() => Promise.resolve(found)),
      settle: (some: Due[]) => Promise.resolve(void settled.push(...some)),
    },
    refresher: {
      ensure() {
        asked += 1;
        return Promise.resolve(refreshed?.(found) ?? { kind: "ready", stored: found });
      },
    },
    pace: new ProviderPace(),
    world,
    isServed: () => isServed,
  } as unknown as SweepDeps;
  assertEquals(await sweepDue(deps), 1);
  const failed = world.events.some(({ event }) => event === "sweep_failed");
  return { asked, isSettled: settled.length === 1, failed };
}

Deno.test("what a sweep could refresh, or nobody can, is off the list, and what may come is on it", async () => {
  const ends: [(stored: Stored<Connection>) => Refreshed, boolean][] = [
    [() => ({ kind: "gone" }), true],
    [(stored) => ({ kind: "reauthorize", stored }), true],
    [(stored) => ({ kind: "unavailable", stored, retryAfterMs: 1_000 }), false],
    // Held off: what is served is the old one, which ends soon.
    [(stored) => ({ kind: "ready", stored }), false],
  ];
  for (const [refreshed, isSettled] of ends) {
    assertEquals(await sweep({ refreshed }), { asked: 1, isSettled, failed: false });
  }
  const fresh = await sweep({ expiresIn: 2 * AHEAD_MS.most });
  assertEquals(fresh, { asked: 1, isSettled: true, failed: false });
});

Deno.test("a sweep asks nothing for nobody", async () => {
  const nothing = { asked: 0, isSettled: true, failed: false };
  assertEquals(await sweep({ isServed: false }), nothing);
  assertEquals(await sweep({ provider: "gone" }), nothing);
  assertEquals(await sweep({ read: () => Promise.resolve(null) }), nothing);
  const unused = testWorld().now() - USED_LATELY_MS - 60_000;
  assertEquals(await sweep({ more: { usedAt: unused } }), nothing);
  const givenUp = { usedAt: unused, givenUpUntil: 1 };
  assertEquals((await sweep({ more: givenUp })).asked, 1);
});

Deno.test("what cannot be opened leaves the list, and what could not be read stays", async () => {
  const lost = new VaultError("unknown_key", "Cannot open it");
  const failing = (error: Error) => sweep({ read: () => Promise.reject(error) });
  assertEquals(await failing(lost), { asked: 0, isSettled: true, failed: true });
  assertEquals(await failing(new TypeError("out")), { asked: 0, isSettled: false, failed: true });
});
