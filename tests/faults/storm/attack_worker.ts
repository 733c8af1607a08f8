/**
 * The attackers, in a thread of their own: their work must not hold up the
 * honest callers' clocks.
 *
 * @module
 */

import { Dice } from "../../support/fuzz/dice.ts";
import { type Attack, type Attacker, attacks, bentUsers, connectAttacker } from "./attacks.ts";
import type { Order } from "./outside.ts";

/** What the thread is told. */
export type Command =
  | {
    kind: "set up";
    attacker: Pick<Attacker, "origins" | "publicUrl" | "apiKey" | "people" | "patienceMs">;
    seed: number;
  }
  /** So many at a time, each after a pause; each kind once where `rounds` says how often. */
  | {
    kind: "attack";
    /** All, where it is not said. */
    names?: string[] | undefined;
    atOnce: number;
    paceMs: number;
    rounds?: number | undefined;
  }
  | { kind: "rest" };

/** What it tells. */
export type Reported =
  | { kind: "ready" }
  | { kind: "resting" }
  | { kind: "answered"; attack: string; text: string }
  | { kind: "done"; attack: string; failed?: string | undefined }
  | { kind: "order"; order: Order };

const self = globalThis as unknown as {
  onmessage: (event: MessageEvent<Command>) => void;
  postMessage(reported: Reported): void;
};

let attacker: Attacker;
let stop = new AbortController();

function attackerFor(attack: string): Attacker {
  return { ...attacker, seen: (text) => self.postMessage({ kind: "answered", attack, text }) };
}

async function setUp(command: Command & { kind: "set up" }): Promise<void> {
  attacker = {
    ...command.attacker,
    dice: new Dice(command.seed),
    seen: () => {},
    order: (order) => self.postMessage({ kind: "order", order }),
  };
  for (const user of bentUsers) await connectAttacker(attackerFor("set-up"), user);
  self.postMessage({ kind: "ready" });
}

/** What an attacker does not get is no fault of anybody: it hangs up, is refused, or waits too long. */
async function perform({ name, run }: Attack): Promise<void> {
  const failed = await run(attackerFor(name)).then(() => undefined, (error) => String(error));
  self.postMessage({ kind: "done", attack: name, failed });
}

function pick(chosen: Attack[]): Attack {
  let left = attacker.dice.int(chosen.reduce((sum, { weight }) => sum + weight, 0));
  return chosen.find(({ weight }) => (left -= weight) < 0)!;
}

async function attack(command: Command & { kind: "attack" }): Promise<void> {
  const { names, atOnce, paceMs, rounds } = command;
  const chosen = attacks.filter(({ name }) => names?.includes(name) ?? true);
  stop = new AbortController();
  const { signal } = stop;
  const endless = async () => {
    while (!signal.aborted) {
      await perform(pick(chosen));
      await new Promise((resolve) => setTimeout(resolve, attacker.dice.int(2 * paceMs + 1)));
    }
  };
  const counted = async () => {
    for (let round = 0; round < rounds!; round++) await Promise.all(chosen.map(perform));
  };
  await (rounds === undefined ? Promise.all(Array.from({ length: atOnce }, endless)) : counted());
  self.postMessage({ kind: "resting" });
}

self.onmessage = ({ data }) => {
  switch (data.kind) {
    case "set up":
      return void setUp(data);
    case "attack":
      return void attack(data);
    case "rest":
      return stop.abort();
  }
};
