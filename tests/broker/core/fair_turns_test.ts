import { assert, assertEquals, assertRejects } from "@std/assert";
import { FairTurns } from "../../../broker/core/fair_turns.ts";

/** Turns, and who got one, in order. */
function watched(atOnce: number) {
  const turns = new FairTurns(atOnce);
  const got: string[] = [];
  const ask = (caller: string) => {
    const work = () => Promise.resolve(void got.push(caller));
    return turns.take(caller, work);
  };
  return { turns, got, ask };
}

const many = (count: number, ask: () => Promise<void>) => Array.from({ length: count }, ask);

Deno.test("who waits with one thing comes before another one's hundred", async () => {
  const { got, ask } = watched(1);
  await Promise.all([
    ...many(100, () => ask("greedy")),
    ask("honest"),
    ...many(2, () => ask("other")),
  ]);
  // The first has nobody to wait for.
  const expected = ["greedy", "greedy", "honest", "other", "greedy", "other", "greedy", "greedy"];
  assertEquals(got.slice(0, expected.length), expected);
  assertEquals(got.length, 103);
});

Deno.test("who comes again and again waits for one turn of each other, every time", async () => {
  const { got, ask } = watched(1);
  const greedy = many(100, () => ask("greedy"));
  for (let time = 0; time < 20; time++) {
    const before = got.length;
    await ask("honest");
    const waited = got.slice(before).indexOf("honest");
    assert(waited <= 2, `${waited} turns`);
  }
  await Promise.all(greedy);
});

Deno.test("a caller's own work is done in its own order, all of it when nobody else waits", async () => {
  const turns = new FairTurns(2);
  const done: number[] = [];
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const work = (number: number) => () => Promise.resolve(void done.push(number));
  await Promise.all(numbers.map((number) => turns.take("one", work(number))));
  assertEquals(done, numbers);
});

Deno.test("no more is done at a time than may be, and no less", async () => {
  const turns = new FairTurns(3);
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, running += 1);
    for (let rest = 0; rest < 5; rest++) await Promise.resolve();
    running -= 1;
  };
  await Promise.all(Array.from({ length: 30 }, (_, at) => turns.take(`caller ${at % 7}`, work)));
  assertEquals(most, 3);
});

Deno.test("work that fails is its caller's matter, and the turn goes on", async () => {
  const { turns, got, ask } = watched(1);
  const failing = turns.take("one", () => Promise.reject(new Error("out")));
  const next = ask("two");
  await assertRejects(() => failing, Error, "out");
  await next;
  await assertRejects(
    () =>
      turns.take("one", () => {
        throw new Error("at once");
      }),
    Error,
    "at once",
  );
  await ask("three");
  assertEquals(got, ["two", "three"]);
});

Deno.test("it is known what waits, and nothing is kept of who does not", async () => {
  const { turns, ask } = watched(1);
  const all = [...many(5, () => ask("greedy")), ask("honest")];
  assertEquals([turns.waiting("greedy"), turns.waiting("honest"), turns.callers], [4, 1, 2]);
  await Promise.all(all);
  assertEquals([turns.waiting("greedy"), turns.waiting("honest"), turns.callers], [0, 0, 0]);
});
