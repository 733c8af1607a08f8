/**
 * Ends processes in the middle of their work, and starts them again.
 *
 * @module
 */

import type { Dice } from "../support/fuzz/dice.ts";
import type { Fleet, Worker } from "./fleet.ts";
import type { Death, Report } from "./soak_report.ts";

/** Plans the deaths of a fleet's processes, and sees to it that they come back. */
export class Killer {
  /** Processes that were killed, as the provider knows them. */
  readonly killed = new Set<string>();
  readonly #fleet: Fleet;
  readonly #dice: Dice;
  readonly #report: Report;
  readonly #planned = new Map<Worker, Death>();
  readonly #revived = new Map<Worker, PromiseWithResolvers<void>>();
  #timers: Promise<void>[] = [];

  constructor(fleet: Fleet, dice: Dice, report: Report) {
    this.#fleet = fleet;
    this.#dice = dice;
    this.#report = report;
    for (const worker of fleet.workers) {
      this.#revived.set(worker, Promise.withResolvers());
      void this.#watch(worker);
    }
  }

  /**
   * Some processes are to die in the round that begins now, the random ones
   * within `spanMs`. Returns the places of those that die at their next refresh.
   */
  async plan(count: number, points: Death[], spanMs: number): Promise<number[]> {
    const left = [...this.#fleet.workers];
    const armed: number[] = [];
    for (let n = 0; n < count && left.length > 0; n++) {
      const [worker] = left.splice(this.#dice.int(left.length), 1) as [Worker];
      const death = this.#dice.pick(points);
      this.#planned.set(worker, death);
      if (death === "random") this.#timers.push(this.#killAfter(worker, this.#dice.int(spanMs)));
      else {
        await worker.control({ arm: death });
        armed.push(this.#fleet.workers.indexOf(worker));
      }
    }
    return armed;
  }

  /** Who was to die and did not is spared; who died runs again. */
  async settle(): Promise<void> {
    await Promise.all(this.#timers);
    this.#timers = [];
    for (const worker of [...this.#planned.keys()]) {
      const died = this.#revived.get(worker)!.promise;
      const spared = this.#planned.get(worker) !== "random" &&
        await worker.control({ arm: null }).then(() => true, () => false);
      if (spared) this.#planned.delete(worker);
      else await died;
    }
  }

  async #killAfter(worker: Worker, ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    worker.running.child.kill("SIGKILL");
  }

  async #watch(worker: Worker): Promise<void> {
    for (;;) {
      const { id, running } = worker;
      await running.ended;
      if (worker.isOver) return;
      this.#note(worker, id);
      await worker.start();
      this.#planned.delete(worker);
      this.#revived.get(worker)!.resolve();
      this.#revived.set(worker, Promise.withResolvers());
    }
  }

  #note(worker: Worker, id: string): void {
    const death = this.#planned.get(worker);
    this.killed.add(id);
    if (death !== undefined) this.#report.kills[death] += 1;
    else this.#report.violations.push(`${id} ended by itself:\n${worker.running.output()}`);
  }
}
