/**
 * Nothing grows with the people that were seen: what the program remembers of
 * somebody is bounded, and over after a while. In a process of its own, since
 * only garbage that is collected shows what is left.
 */

import { assert } from "@std/assert";
import { runDeno } from "../support/process.ts";

const ROUNDS = 4;
const PEOPLE = 2_000;
/** In bytes. What is kept of somebody by mistake weighs a hundred at least. */
const MOST_PER_PERSON = 50;

Deno.test("people who came and went leave nothing behind in memory", async () => {
  const file = new URL("growth.ts", import.meta.url).pathname;
  const options = ["-A", "--no-check", "--quiet", "--v8-flags=--expose-gc"];
  await using child = runDeno(["run", ...options, file, `${ROUNDS}`, `${PEOPLE}`], {});
  const [, json = ""] = await child.said(/ended (.*)\n/);
  const alive: number[] = JSON.parse(json);
  // What is loaded and compiled once is there after the first rounds.
  const [, from = 0, , to = 0] = alive;
  const perPerson = (to - from) / (2 * PEOPLE);
  assert(perPerson < MOST_PER_PERSON, `${Math.round(perPerson)} bytes a person: ${alive}`);
});
