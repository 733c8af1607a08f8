import { assertEquals, assertThrows } from "@std/assert";
import { Refusal } from "../../broker/core/refusal.ts";
import { GUESSES, Guesses, KNOWN_MS, MAX_KNOWN } from "../../gateway/guesses.ts";
import { testWorld } from "../support/world.ts";

const HERE = "198.51.100.7";

/** Guesses, and an address that guessed too often. */
function start() {
  const world = testWorld();
  const guesses = new Guesses(world);
  const guessed = (address = HERE) => {
    for (let n = 0; n <= GUESSES.limit; n++) {
      try {
        guesses.judge(address, undefined);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
  };
  const passes = (who: string, address = HERE) => {
    try {
      guesses.judge(address, who);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return false;
    }
  };
  return { world, guesses, guessed, passes };
}

Deno.test("an address that guessed too often is not listened to, but for whoever was right from there", () => {
  const { world, guesses, guessed, passes } = start();
  assertEquals(passes("voice"), true);
  guessed();
  assertThrows(() => guesses.judge(HERE, undefined), Refusal);
  assertEquals([passes("voice"), passes("mail"), passes("voice", "203.0.113.9")], [
    true,
    false,
    true,
  ]);
  world.skew += GUESSES.windowMs;
  assertEquals(passes("mail"), true);
});

Deno.test("whoever is right again is known for a day from then, and for no longer", () => {
  const { world, guessed, passes } = start();
  passes("voice");
  world.skew += KNOWN_MS / 2 + 1;
  passes("voice");
  world.skew += KNOWN_MS - 1;
  guessed();
  assertEquals(passes("voice"), true);
  world.skew += 2 * KNOWN_MS;
  guessed();
  assertEquals(passes("voice"), false);
  // It is noted from time to time only.
  world.skew += GUESSES.windowMs;
  passes("voice");
  world.skew += KNOWN_MS / 2 - 1;
  passes("voice");
  world.skew += KNOWN_MS / 2 + 1;
  guessed();
  assertEquals(passes("voice"), false);
});

Deno.test("where too many are known, the one that was right the longest ago is forgotten", () => {
  const { world, guessed, passes } = start();
  passes("first");
  passes("second");
  world.skew += KNOWN_MS / 2 + 1;
  passes("first");
  for (let n = 2; n < MAX_KNOWN; n++) passes(`${n}`, `address ${n}`);
  passes("one more");
  guessed();
  assertEquals([passes("first"), passes("second"), passes("one more")], [true, false, true]);
  guessed("address 2");
  assertEquals(passes("2", "address 2"), true);
});
