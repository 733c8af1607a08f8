import { assert, assertEquals } from "@std/assert";
import { Budget } from "../../../broker/core/budget.ts";

const SIZE = { limit: 3, windowMs: 1_000 };

Deno.test("a budget admits so many in a window, and tells the true time to wait", () => {
  const budget = new Budget(SIZE);
  assertEquals([0, 10, 20].map((now) => budget.hit("a", now)), [0, 0, 0]);
  assertEquals([budget.hit("a", 400), budget.hit("a", 999)], [600, 1]);
  assertEquals(budget.hit("b", 400), 0);
  assertEquals([budget.hit("a", 1_000), budget.wait("a", 1_000)], [0, 0]);
});

Deno.test("a refusal does not prolong the wait", () => {
  const budget = new Budget(SIZE);
  for (let n = 0; n < 3; n++) budget.hit("a", 0);
  for (let now = 0; now < 1_000; now += 10) assert(budget.hit("a", now) > 0);
  assertEquals(budget.hit("a", 1_000), 0);
});

Deno.test("a flood of other keys clears no count, and takes no more memory", () => {
  const budget = new Budget(SIZE, 100);
  for (let n = 0; n < 3; n++) budget.hit("attacker", 0);
  for (let n = 0; n < 10_000; n++) {
    // Two hits each: below the limit, and still they give way first.
    budget.hit(`made up ${n}`, 1);
    budget.hit(`made up ${n}`, 1);
  }
  assertEquals([budget.size, budget.hit("attacker", 2)], [100, 998]);
});

Deno.test("a memory full of keys at their limit locks nobody new out, and is free again later", () => {
  const budget = new Budget(SIZE, 10);
  for (let n = 0; n < 30; n++) budget.hit(`heavy ${n % 10}`, 0);
  assertEquals([budget.hit("new", 1), budget.size], [0, 10]);
  for (let n = 0; n < 10; n++) assertEquals(budget.hit(`later ${n}`, 1_000), 0);
  // All of them are remembered, none of before: the window is over.
  for (let n = 0; n < 20; n++) budget.hit(`later ${n % 10}`, 1_001);
  for (let n = 0; n < 10; n++) assertEquals(budget.hit(`later ${n}`, 1_002), 998);
});

Deno.test("a clock that ran ahead and was set right leaves nobody waiting", () => {
  const budget = new Budget(SIZE);
  const ahead = 24 * 3600_000;
  for (let n = 0; n < 3; n++) budget.hit("a", ahead);
  assertEquals([budget.wait("a", 0), budget.hit("a", 0), budget.hit("a", 0)], [0, 0, 0]);
  assertEquals([budget.hit("a", 0), budget.hit("a", 0)], [0, 1_000]);
});

Deno.test("a clock that is set back lets nobody wait for longer than a window", () => {
  const budget = new Budget(SIZE);
  for (let n = 0; n < 3; n++) budget.hit("a", 1_000_000);
  assertEquals([budget.wait("a", 1_000_000), budget.isCounted("a", 1_000_000)], [1_000, true]);
  assertEquals([budget.wait("a", 0), budget.isCounted("a", 0), budget.hit("a", 0)], [0, false, 0]);
});
