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

for (const limit of [1, 7, 40, 100, 1_000, 20_000]) {
  Deno.test(`two processes admit ${limit} together, and little more or less`, async () => {
    const { limits, world } = processesOn(memoryStore(), { limit, windowMs: 60_000 });
    const admitted = await burst(limits, limit);
    assert(admitted <= limit * 1.1 && admitted >= limit * 0.9, `${admitted} of ${limit}`);
    // One after the other, too, and in the next window as many again.
    assertEquals(await burst(limits, 10), 0);
    world.skew += 60_000;
    let next = 0;
    for (let n = 0; n < 1.2 * limit; n++) next += await burst([limits[n % 2]!], 1);
    assert(next <= limit * 1.1 && next >= limit * 0.9, `${next} of ${limit}`);
  });
}

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

Deno.test("clocks that differ move a window, and give nobody a second one", async () => {
  for (const ahead of [30_000, -30_000]) {
    const store = memoryStore();
    const { limits: [one], world } = processesOn(store, MINUTE, ["a"]);
    const other = testWorld();
    other.now = () => world.now() + ahead;
    const two = new LeasedLimit("subject", MINUTE, { store, world: other, process: "b", apart });
    const admitted = await burst([one!, two], 800);
    assert(admitted <= 1_100 && admitted >= 900, `${admitted}`);
    const waits = [await one!.take("me"), await two.take("me")];
    for (const wait of waits) assert(wait > 0 && wait <= 60_000, `${waits}`);
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
