/**
 * What can happen next in a model, and how much may still go wrong.
 *
 * @module
 */

import type { ModelOptions } from "./options.ts";
import type { Process, Shared, Step } from "./process.ts";

/** One thing that can happen next. */
export interface Choice {
  label: string;
  perform(): void;
}

/** Operations and timers, and the faults of {@linkcode ModelOptions} while there are any left. */
export class Chances {
  /** Nothing goes wrong any more. */
  isCalm = false;
  readonly #options: ModelOptions;
  readonly #shared: Shared;
  #timersLeft: number;
  #crashesLeft: number;
  #failuresLeft: number;
  /** The store fails the process that {@linkcode ModelOptions.outage} names. */
  #isDown = false;

  constructor(options: ModelOptions, shared: Shared) {
    this.#options = options;
    this.#shared = shared;
    this.#timersLeft = options.timers ?? 0;
    this.#crashesLeft = options.crash === undefined ? 0 : 1;
    this.#failuresLeft = options.outage?.failures ?? 0;
  }

  /** Everything that can happen next; nothing when all processes have ended. */
  of(processes: Process[]): Choice[] {
    const running = processes.filter(({ state }) => state === "running");
    const next = running.flatMap((process) => this.#operations(process));
    next.push(...this.#timers(running, next.length === 0));
    if (running.length > 0 && next.length === 0) {
      this.#shared.violations.push("Somebody waits for ever");
    }
    if (this.isCalm) return next;
    const mortal = running.filter(({ name }) => name === this.#options.crash);
    const crashes = this.#crashesLeft > 0 ? mortal.map((process) => this.#crash(process)) : [];
    return [...next, ...crashes, ...inFlight(processes)];
  }

  state(): unknown {
    return [this.#timersLeft, this.#crashesLeft, `${this.#failuresLeft}`, this.#isDown];
  }

  /** What can become of the operations that a process waits for. */
  #operations(process: Process): Choice[] {
    const isHit = !this.isCalm && process.name === this.#options.outage?.of;
    return process.steps.filter(({ kind }) => kind !== "timer").flatMap((step) => {
      const usesStore = step.kind === "read" || step.kind === "write";
      const canFail = isHit && usesStore && this.#failuresLeft > 0;
      const canWork = step.isReady() && !(canFail && this.#isDown);
      return [
        ...canWork ? [this.#work(process, step)] : [],
        ...canFail ? this.#failures(process, step) : [],
      ];
    });
  }

  #work(process: Process, step: Step): Choice {
    const perform = () => process.answer(step, step.apply());
    return { label: `${process.name}: ${step.name}`, perform };
  }

  #failures(process: Process, step: Step): Choice[] {
    const label = `${process.name}: ${step.name} fails`;
    const perform = () => {
      this.#failuresLeft -= 1;
      this.#isDown = this.#failuresLeft > 0;
      process.fail(step);
    };
    if (step.kind === "read") return [{ label, perform }];
    // The commit went through, and the answer to it was lost.
    const performLate = () => {
      step.apply();
      perform();
    };
    return [{ label, perform }, { label: `${label}, yet is done`, perform: performLate }];
  }

  /** The timers that can fire: any, or where all wait for one, the first. */
  #timers(running: Process[], isIdle: boolean): Choice[] {
    const timers = running.flatMap((process) => process.nextTimer() ?? [])
      .toSorted((a, b) => a.step.due - b.step.due);
    const count = this.#timersLeft > 0 ? timers.length : isIdle ? 1 : 0;
    return timers.slice(0, count).map(({ process, step }) => ({
      label: `${process.name}: timer`,
      perform: () => {
        this.#shared.clock = Math.max(this.#shared.clock, step.due);
        this.#timersLeft = Math.max(0, this.#timersLeft - 1);
        process.answer(step, undefined);
      },
    }));
  }

  /**
   * A process acts on the world by operations alone. So "after an operation
   * took effect, before the process went on" is the same as "before its next
   * operations took effect", and both are this.
   */
  #crash(process: Process): Choice {
    return {
      label: `${process.name} dies`,
      perform: () => {
        this.#crashesLeft -= 1;
        process.state = "crashed";
      },
    };
  }
}

/** What the dead had sent arrives yet, or never. */
function inFlight(processes: Process[]): Choice[] {
  const dead = processes.filter(({ state }) => state === "crashed");
  return dead.flatMap((process) =>
    process.sent().flatMap((step) => {
      const drop = () => process.drop(step);
      const land = () => {
        drop();
        step.apply();
      };
      const label = `(${process.name}: ${step.name})`;
      return [{ label, perform: land }, { label: `${label} is lost`, perform: drop }];
    })
  );
}
