import { assert, assertEquals } from "@std/assert";
import type { BudgetSize } from "../../../broker/core/budget.ts";
import { LeasedLimit, LIMIT_OUT_MS } from "../../../broker/core/leased_limit.ts";
import type { LimitStore } from "../../../broker/core/limits.ts";
import { memoryLimitStore as memoryStore } from "../../support/limit_store.ts";
import { testWorld } from "../../support/world.ts";

const MINUTE: BudgetSize = { limit: 1_000, windowMs: 60_000 };

const apart = <T>(work: () => Promise<T>) => work();

function processesOn(store: LimitStore, size = MINUTE, names = ["a", "b"], keys?: number) {
  const world = testWorld();
  const limits = names.map((process) =>
    new LeasedLimit("subject", size, { store, world, process, apart }, keys)
  );
  return { world, limits };
}

/** So many at the same time from each; how many were admitted. */
async function burst(limits: LeasedLimit[], each: number, key = "me"): Promise<number> {
  const waits = await Promise.all(
    limits.flatMap((limit) => Array.from({ length: each }, () => limit.take(key))),
  );
  return waits.filter((wait) => wait === 0).length;
}

/** The most that was admitted in any window, of times and how many. */
function mostInWindow(admitted: [at: number, units: number][], windowMs: number): number {
  let [most, sum, from] = [0, 0, 0];
  for (const [at, units] of admitted) {
    sum += units;
    while (admitted[from]![0] <= at - windowMs) sum -= admitted[from++]![1];
    most = Math.max(most, sum);
  }
  return most;
}

/** What is free in each process. */
const free = (limit: number) => Math.floor(limit / 50);

for (const count of [1, 2, 5]) {
  Deno.test(`${count} processes admit a burst up to the limit, of a small one exactly`, async () => {
    for (const limit of [1, 3, 5, 7, 10, 20, 40, 60, 100, 199, 1_000, 20_000]) {
      const names = Array.from({ length: count }, (_, n) => `p${n}`);
      const { limits, world } = processesOn(memoryStore(), { limit, windowMs: 60_000 }, names);
      const admitted = await burst(limits, limit);
      const most = limit + count * free(limit);
      assert(admitted <= most && admitted >= limit * 0.9, `${admitted} of ${limit}`);
      // Nothing is left, and in the next window there is as much again, though not more.
      assertEquals(await burst(limits, 2 * free(limit) + 10) + admitted <= most, true);
      world.skew += 59_999;
      assertEquals(await burst(limits, 3), 0);
      world.skew += 1;
      // One of them has all of the traffic then.
      let next = 0;
      for (let n = 0; n < 1.2 * limit; n++) next += await burst([limits[0]!], 1);
      assert(next <= limit + free(limit) && next >= limit * 0.9, `${next} of ${limit}`);
    }
  });
}

Deno.test("however requests fall, no stretch of time as long as a window has more than the limit", async () => {
  let seed = 7;
  const chance = () => (seed = seed * 48_271 % 2_147_483_647) / 2_147_483_647;
  for (const limit of [1, 5, 12, 33, 60, 250, 1_000]) {
    for (const count of [1, 2, 5]) {
      const store = memoryStore();
      const names = Array.from({ length: count }, (_, n) => `p${n}`);
      const { limits, world } = processesOn(store, { limit, windowMs: 60_000 }, names);
      const admitted: [number, number][] = [];
      for (let step = 0; step < 150; step++) {
        // Quiet for a while, or in the middle of it; up to twice of the limit at once.
        world.skew += Math.floor(chance() ** 4 * 40_000);
        const each = Math.ceil(chance() ** 3 * 2 * limit / count);
        const at = Math.floor(chance() * count);
        const who = chance() < 0.3 ? limits : [limits[at]!];
        const sum = await burst(who, each);
        if (sum > 0) admitted.push([world.now(), sum]);
        if (chance() > 0.03) continue;
        // One dies with what it has, and another one comes.
        const process = `q${step}`;
        const size = { limit, windowMs: 60_000 };
        limits[at] = new LeasedLimit("subject", size, { store, world, process, apart });
      }
      const most = mostInWindow(admitted, 60_000);
      // Those that died had something free, too.
      assert(most <= limit + 2 * count * free(limit), `${most} of ${limit} at ${count}`);
    }
  }
});

Deno.test("who always comes too often gets nearly all of a limit, beside processes that hold a part", async () => {
  for (const limit of [5, 20, 60, 1_000]) {
    const { limits, world } = processesOn(memoryStore(), { limit, windowMs: 60_000 }, [
      ..."abcde",
    ]);
    // They have taken something ahead, and never come again.
    let admitted = 0;
    for (const idle of limits.slice(1)) admitted += await burst([idle], free(limit) + 1);
    for (let second = 0; second < 300; second++) {
      world.skew += 1_000;
      admitted += await burst([limits[0]!], Math.ceil(limit / 20));
    }
    assert(
      admitted >= 5 * limit * 0.85 && admitted <= 5 * limit * 1.1,
      `${admitted} of 5 ${limit}`,
    );
  }
});

Deno.test("eleven processes that come one after the other admit a tenth too much at most", async () => {
  const names = Array.from({ length: 11 }, (_, n) => `p${n}`);
  const { limits } = processesOn(memoryStore(), MINUTE, names);
  let admitted = 0;
  for (let n = 0; n < 200; n++) {
    for (const limit of limits) admitted += await burst([limit], 1);
  }
  assert(admitted <= 1_100 && admitted >= 900, `${admitted}`);
});

Deno.test("ten thousand requests write little, those of somebody far below the limit nothing", async () => {
  const store = memoryStore();
  const size = { limit: 12_000, windowMs: 60_000 };
  const { limits: [one] } = processesOn(store, size, ["a"]);
  let later = 0;
  for (let n = 0; n < 240; n++) if (one!.take("small") instanceof Promise) later += 1;
  assertEquals([store.writes - 1 <= 0, later], [true, 0]);
  for (let n = 0; n < 10_000; n++) {
    const wait = one!.take("large");
    if (wait instanceof Promise) later += 1;
    assertEquals(await wait, 0);
  }
  // Some had to wait: nothing else happens here between two requests.
  assert(store.writes <= 20, `${store.writes} writes`);
  assert(later <= 20, `${later} waited`);
});

Deno.test("what is told to wait is let in then, and not before", async () => {
  for (const process of [0, 1]) {
    const { limits, world } = processesOn(memoryStore());
    await burst(limits, 1_200);
    world.skew += 12_345;
    const wait = await limits[process]!.take("me");
    assertEquals(wait, 60_000 - 12_345);
    world.skew += wait - 1;
    assertEquals(await limits[process]!.take("me"), 1);
    world.skew += 1;
    assertEquals(await limits[process]!.take("me"), 0);
  }
});

Deno.test("whoever is refused asks and writes nothing", async () => {
  const store = memoryStore();
  const { limits } = processesOn(store);
  await burst(limits, 1_200);
  const before = [store.reads, store.writes];
  for (let n = 0; n < 10_000; n++) assert(limits[0]!.take("me") as number > 0);
  assertEquals([store.reads, store.writes], before);
});

Deno.test("a process that was started anew goes on in the same window", async () => {
  const store = memoryStore();
  const { world, limits: [first] } = processesOn(store, MINUTE, ["a"]);
  let admitted = 0;
  for (let n = 0; n < 700; n++) admitted += await burst([first!], 1);
  const again = new LeasedLimit("subject", MINUTE, { store, world, process: "b", apart });
  for (let n = 0; n < 700; n++) admitted += await burst([again], 1);
  assert(admitted >= 900 && admitted <= 1_100, `${admitted}`);
});

Deno.test("a store that is out refuses nobody for it, and hears of all afterwards", async () => {
  const store = memoryStore();
  const { limits: [one, other], world } = processesOn(store);
  store.isOut = true;
  assertEquals(await burst([one!], 600), 600);
  assertEquals(await burst([one!], 600), 400);
  assert(one!.take("me") as number > 0);
  store.isOut = false;
  world.skew += LIMIT_OUT_MS;
  // Somebody else, with half of it: what was counted while it was out is told.
  assertEquals(await burst([one!], 1), 0);
  await one!.take("me");
  const others = await burst([other!], 1_000);
  assert(others <= 100, `${others}`);
});

Deno.test("a store that does not answer is waited for so long and no longer", async () => {
  const world = testWorld();
  world.speed = 1_000;
  const never = () => new Promise<never>(() => {});
  const store = { read: never, put: never };
  const limit = new LeasedLimit("subject", MINUTE, { store, world, process: "a", apart });
  assertEquals(await burst([limit], 1_100), 1_000);
});

Deno.test("clocks that differ give nobody a second limit", async () => {
  for (const ahead of [30_000, -30_000, 5 * 60_000, -5 * 60_000]) {
    const store = memoryStore();
    const { limits: [one], world } = processesOn(store, MINUTE, ["a"]);
    const other = testWorld();
    other.now = () => world.now() + ahead;
    const two = new LeasedLimit("subject", MINUTE, { store, world: other, process: "b", apart });
    const admitted = await burst([one!, two], 800);
    assert(admitted <= 1_100 && admitted >= 900, `${admitted}`);
    // What they have taken ahead is used up then.
    assert(await burst([one!, two], 200) + admitted <= 1_100);
    const waits = [await one!.take("me"), await two.take("me")];
    for (const wait of waits) assert(wait > 0 && wait <= 60_000, `${waits}`);
    // They have met: later nobody takes what the other has counted for over, first here, then there.
    world.skew += 3 * 60_000;
    const again = await burst([two], 800) + await burst([one!], 800);
    assert(again <= 1_100 && again >= 900, `${again}`);
  }
});

Deno.test("a record of a clock that is wrong by days blocks nobody for longer than a window", async () => {
  const store = memoryStore();
  const { limits: [one], world } = processesOn(store, MINUTE, ["a"]);
  const other = testWorld();
  other.now = () => world.now() + 9 * 24 * 60 * 60_000;
  const two = new LeasedLimit("subject", MINUTE, { store, world: other, process: "b", apart });
  await burst([two], 1_200);
  assertEquals(await burst([one!], 1_200) <= 20, true);
  const wait = await one!.take("me");
  assert(wait > 0 && wait <= 60_000, `${wait}`);
  world.skew += wait;
  assert(await burst([one!], 1_200) >= 900);
});

Deno.test("a flood of addresses keeps memory and records bounded, and clears no count", async () => {
  const store = memoryStore();
  const size = { limit: 100, windowMs: 60_000 };
  const { limits: [one] } = processesOn(store, size, ["a"], 100);
  await burst([one!], 110, "attacker");
  for (let n = 0; n < 2_000; n++) await burst([one!], 5, `2001:db8:0:${n}`);
  assert(one!.count <= 100, `${one!.count}`);
  assert(one!.take("attacker") as number > 0);
  // Each has drawn twice at most of those that may.
  assert(store.writes <= 100 * 8, `${store.writes}`);
});

Deno.test("several at once count as several", async () => {
  const { limits: [one] } = processesOn(memoryStore(), MINUTE, ["a"]);
  let admitted = 0;
  for (let n = 0; n < 100; n++) if (await one!.take("me", 20) === 0) admitted += 20;
  assert(admitted >= 900 && admitted <= 1_100, `${admitted}`);
});
