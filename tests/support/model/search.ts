/**
 * The search through every order in which a model's operations can take effect.
 *
 * @module
 */

import { type Model, quiet } from "./model.ts";
import { forgetNumbers } from "./process.ts";

/** So many ways that break a rule are looked at, to report the shortest. */
const SHORTER_TRIES = 200;

/** What a search went through. */
export interface Explored {
  /** Runs from the start, each along a way that no other run took. */
  runs: number;
  /** Different situations. */
  states: number;
  /** Different situations in which everything had ended. */
  ends: number;
  /** Orders of operations that this amounts to. */
  interleavings: number;
}

/** A situation on the way of the present run. */
interface Fork {
  state: string;
  taken: number;
  of: number;
  interleavings: number;
}

/**
 * Depth first through every choice, each run from the start. A situation that
 * was reached before is not gone through again. `check` sees each end. Throws
 * with the shortest way that breaks a rule.
 */
export async function explore(
  build: () => Model,
  check: (model: Model) => void | Promise<void>,
): Promise<Explored> {
  const known = new Map<string, number>();
  const forks: Fork[] = [];
  const explored: Explored = { runs: 0, states: 0, ends: 0, interleavings: 0 };
  let shortest: { trace: string[]; error: unknown } | undefined;
  let triesLeft = SHORTER_TRIES;
  forgetNumbers();
  do {
    const model = build();
    let ways = 1;
    try {
      const rest = await follow(model, forks, known);
      if (rest === undefined) {
        explored.ends += 1;
        await check(model);
        assertLawful(model);
      }
      ways = rest ?? 1;
    } catch (error) {
      const { trace } = model;
      if (trace.length < (shortest?.trace.length ?? Infinity)) shortest = { trace, error };
      triesLeft -= 1;
    }
    explored.runs += 1;
    explored.interleavings = backtrack(forks, known, ways);
  } while (forks.length > 0 && triesLeft > 0);
  explored.states = known.size;
  if (shortest === undefined) return explored;
  const { trace, error } = shortest;
  throw new Error(`${error instanceof Error ? error.message : error}\n${trace.join("\n")}`);
}

/**
 * Repeats the run up to the last fork and goes on into the new: to an end, or
 * to a situation that is known, from where it returns the number of ways on.
 */
async function follow(
  model: Model,
  forks: Fork[],
  known: Map<string, number>,
): Promise<number | undefined> {
  await quiet();
  for (let depth = 0;; depth += 1) {
    assertLawful(model);
    const choices = model.choices();
    let fork = forks[depth];
    if (fork === undefined) {
      const state = model.fingerprint();
      if (known.has(state)) return known.get(state)!;
      known.set(state, 1);
      if (choices.length === 0) return undefined;
      forks.push(fork = { state, taken: 0, of: choices.length, interleavings: 0 });
    }
    await model.perform(choices[fork.taken]!);
  }
}

function assertLawful({ violations }: Model): void {
  if (violations.length > 0) throw new Error(violations.join("; "));
}

/** To the last fork with a choice that was not taken yet; returns all ways so far. */
function backtrack(forks: Fork[], known: Map<string, number>, ways: number): number {
  for (let fork = forks.at(-1); fork !== undefined; fork = forks.at(-1)) {
    fork.interleavings += ways;
    if (++fork.taken < fork.of) break;
    ways = fork.interleavings;
    known.set(fork.state, ways);
    forks.pop();
  }
  return ways;
}
