/**
 * Every order in which the database operations of a few processes can take
 * effect. Each process waits before each operation until the search picks it;
 * one may die at any of them. Orders that cannot be told apart (the same
 * commits, and everybody has seen the same) are gone through once.
 *
 * @module
 */

import type { Records } from "../../../vault/records.ts";
import { ModelGateway } from "./gateway.ts";
import type { Scene } from "./scene.ts";

/** What a process does; what it returns is its outcome. */
export type Doing = (gateway: ModelGateway) => Promise<unknown>;

/** How a process ended. */
export type Outcome = { kind: "done"; value: unknown } | { kind: "dead" };

/** An operation that waits for its turn. */
interface Waiting {
  name: string;
  go(): Promise<string>;
}

/** A process that is run step by step. */
class Racer {
  waiting: Waiting | undefined;
  outcome: Outcome | undefined;
  /** What it has seen so far. */
  seen = "";
  #settled = Promise.withResolvers<void>();

  constructor(scene: Scene, doing: Doing, isBroken: boolean) {
    const records = this.#gated(scene.records, isBroken);
    const gateway = new ModelGateway(records, scene.ring, scene.shared);
    doing(gateway).then(
      (value) => this.#end({ kind: "done", value }),
      (error) => this.#settled.reject(error),
    );
  }

  /** Resolves when it waits for an operation, or has ended. */
  settled(): Promise<void> {
    return this.#settled.promise;
  }

  async step(): Promise<string> {
    const { name, go } = this.waiting!;
    this.waiting = undefined;
    this.#settled = Promise.withResolvers();
    const answer = await go();
    this.seen += `${name}:${answer};`;
    await this.settled();
    return answer;
  }

  die(): void {
    this.waiting = undefined;
    this.outcome = { kind: "dead" };
  }

  #end(outcome: Outcome): void {
    this.outcome = outcome;
    this.#settled.resolve();
  }

  #turn<T>(name: string, run: () => Promise<T>, said: (value: T) => string): Promise<T> {
    return new Promise((resolve, reject) => {
      const go = async () => {
        try {
          const value = await run();
          resolve(value);
          return said(value);
        } catch (error) {
          reject(error);
          throw error;
        }
      };
      this.waiting = { name, go };
      this.#settled.resolve();
    });
  }

  #gated(records: Records, isBroken: boolean): Records {
    return {
      ...records,
      get: (key) =>
        this.#turn(`get ${key[0]}`, () => records.get(key), (found) => found?.version ?? "none"),
      commit: (change) =>
        this.#turn(
          "commit",
          () => records.commit(isBroken ? { ...change, checks: [] } : change),
          (version) => version ?? "lost",
        ),
    };
  }
}

/** A place in the search where there was a choice. */
interface Fork {
  taken: number;
  of: number;
}

/** One of several choices. */
type Choice = { racer: number; dies: boolean };

/** What may go wrong. */
export interface RaceOptions {
  /** How many of the processes may die. */
  deaths?: number;
  /** For a test of the model itself: a database that checks no version. */
  isBroken?: boolean;
}

/**
 * Runs `doings` against each other from a moment on, in every order; `check`
 * sees each end. Returns how many runs that took.
 */
export async function race(
  scene: Scene,
  doings: Doing[],
  check: (end: Scene, outcomes: Outcome[]) => Promise<void>,
  { deaths = 0, isBroken = false }: RaceOptions = {},
): Promise<number> {
  const known = new Set<string>();
  const forks: Fork[] = [];
  let runs = 0;
  do {
    const end = scene.copy("a race");
    const racers = doings.map((doing) => new Racer(end, doing, isBroken));
    const order: string[] = [];
    runs += 1;
    try {
      const isNew = await run({ racers, forks, known, deaths, order });
      if (isNew) await check(end, racers.map(({ outcome }) => outcome!));
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error([said, ...scene.trail, ...order].join("\n"), { cause: error });
    }
    while (forks.length > 0 && ++forks.at(-1)!.taken >= forks.at(-1)!.of) forks.pop();
  } while (forks.length > 0);
  return runs;
}

/** One run along the choices that are next; `false` where it came to what is known. */
async function run(
  { racers, forks, known, deaths, order }: {
    racers: Racer[];
    forks: Fork[];
    known: Set<string>;
    deaths: number;
    order: string[];
  },
): Promise<boolean> {
  await Promise.all(racers.map((racer) => racer.settled()));
  const commits: string[] = [];
  for (let depth = 0;; depth += 1) {
    const dead = racers.filter(({ outcome }) => outcome?.kind === "dead").length;
    const choices: Choice[] = racers.flatMap(({ waiting }, racer) =>
      waiting === undefined ? [] : [false, ...dead < deaths ? [true] : []].map((dies) => ({
        racer,
        dies,
      }))
    );
    let fork = forks[depth];
    if (fork === undefined) {
      const state = JSON.stringify([commits, racers.map(({ seen, outcome }) => [seen, outcome])]);
      if (known.has(state)) return false;
      known.add(state);
      if (choices.length === 0) return true;
      forks.push(fork = { taken: 0, of: choices.length });
    }
    const { racer, dies } = choices[fork.taken]!;
    const one = racers[racer]!;
    if (dies) {
      order.push(`${racer} dies`);
      one.die();
      continue;
    }
    const { name } = one.waiting!;
    const answer = await one.step();
    order.push(`${racer}: ${name} ${answer}`);
    if (name === "commit" && answer !== "lost") commits.push(`${racer}`);
  }
}
