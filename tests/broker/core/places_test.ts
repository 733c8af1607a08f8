import { assert, assertEquals } from "@std/assert";
import { Places } from "../../../broker/core/places.ts";

const SIZE = { perOwner: 3, all: 5, lifetimeMs: 1_000 };

Deno.test("an owner without a place left loses the oldest of its own", () => {
  const places = new Places(SIZE);
  for (const record of ["a1", "a2", "a3"]) assertEquals(places.take("a", record, 0), []);
  assertEquals(places.take("b", "b1", 0), []);
  assertEquals([places.take("a", "a4", 1), places.take("a", "a5", 2)], [["a1"], ["a2"]]);
  assertEquals([places.held("a"), places.held("b")], [3, 1]);
});

Deno.test("where all places are taken, whoever has the most loses one", () => {
  const places = new Places(SIZE);
  places.take("honest", "h", 0);
  for (let n = 0; n < 3; n++) places.take("flood", `f${n}`, 1);
  places.take("other", "o", 2);
  assertEquals(places.take("new", "n", 3), ["f0"]);
  assertEquals(places.count, 5);
});

Deno.test("a flood of 10,000 from some owners drops its own, and keeps its bounds", () => {
  const places = new Places({ ...SIZE, perOwner: 1_000, all: 100 });
  places.take("honest", "h", 0);
  const dropped = Array.from(
    { length: 10_000 },
    (_, n) => places.take(`flood ${n % 20}`, `${n}`, 1),
  );
  assertEquals([places.held("honest"), places.count], [1, 100]);
  assert(!dropped.flat().includes("h"));
});

Deno.test("what has expired or has left holds no place", () => {
  const places = new Places(SIZE);
  for (const [n, record] of ["a1", "a2", "a3"].entries()) places.take("a", record, n);
  assertEquals([places.wait("a", 10), places.wait("a", 1_000), places.wait("b", 10)], [990, 0, 0]);
  places.leave("a2");
  assertEquals(places.take("a", "a4", 10), []);
  assertEquals([places.take("a", "a5", 1_002), places.held("a")], [[], 2]);
});

Deno.test("a record that takes a place again holds one", () => {
  const places = new Places(SIZE);
  for (let n = 0; n < 5; n++) assertEquals(places.take("a", "same", n), []);
  assertEquals([places.held("a"), places.count], [1, 1]);
});

Deno.test("what took a place while the clock ran ahead does not keep it", () => {
  const places = new Places(SIZE);
  for (const record of ["a1", "a2", "a3"]) places.take("a", record, 24 * 3600_000);
  assertEquals([places.wait("a", 0), places.take("a", "a4", 0), places.held("a")], [0, [], 1]);
});
