/**
 * A model of several processes that share one connection, and a search through
 * every order in which their operations can take effect.
 *
 * The processes run the real `Refresher`. Whatever it asks of its world (the
 * store, the provider, a timer) waits until the search picks it; then it takes
 * effect at once and its process runs on to its next operations. Time passes by
 * timers alone, so a run with the same picks is the same run.
 *
 * What bounds the search: how many timers fire before their turn
 * ({@linkcode ModelOptions.timers}), and the grid on which they fire
 * ({@linkcode ModelOptions.tick}). Within these it is complete.
 *
 * @module
 */

import { nextTick } from "node:process";
import type { Connection } from "../../../broker/core/connection.ts";
import { Refresher } from "../../../broker/tokens/refresher.ts";
import { Chances, type Choice } from "./chances.ts";
import type { CallOptions, ModelOptions } from "./options.ts";
import { LIFETIME_MS, ModelProvider } from "./provider.ts";
import { FOREVER_MS, type Outcome, Process, type Shared, StoreOut } from "./process.ts";
import { ModelStore } from "./store.ts";

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 0, 1, 12);

/** No run is longer: who goes on for so many steps goes on for ever. */
const LONGEST_RUN = 1000;

/** One run. */
export class Model implements Shared {
  readonly provider: ModelProvider;
  readonly trace: string[] = [];
  /** What must never happen, and did. */
  readonly violations: string[] = [];
  clock = NOON;
  readonly store: ModelStore;
  readonly #options: ModelOptions;
  readonly #processes: Process[] = [];
  readonly #chances: Chances;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.provider = new ModelProvider(options.rotation);
    const { leftMs = -3 * MINUTE_MS } = options;
    const tokens = this.provider.authorize("person", this.clock, leftMs);
    const ref = { subject: "voice:u", provider: "p", account: "1" } as const;
    const times = { connectedAt: tokens.issuedAt, updatedAt: tokens.issuedAt };
    const first: Connection = { ...ref, label: "l", status: "active", tokens, ...times };
    this.store = new ModelStore(this, first, options.broken);
    this.#chances = new Chances(options, this);
  }

  /** What the caller in a process got. */
  outcome(name: string): Outcome | undefined {
    return this.#processes.find((process) => process.name === name)?.outcome;
  }

  /** Starts a process; its clock is `skew` ms ahead. */
  start(name: string, run: (process: Process) => Promise<unknown>, skew = 0): Process {
    const process = new Process(name, this, skew);
    this.#processes.push(process);
    run(process).then(
      () => process.state = "done",
      (error) => this.violations.push(`${name} failed: ${error}`),
    );
    return process;
  }

  /** Starts a process in which one caller wants the connection's token. */
  call(name: string, { skew = 0, need = {}, waitMs = FOREVER_MS }: CallOptions = {}): Process {
    const seen = this.store.record!;
    return this.start(name, async (process) => {
      const refresher = new Refresher(process);
      try {
        process.outcome = await refresher.ensure(process.server, seen, need, waitMs);
      } catch (error) {
        if (!(error instanceof StoreOut)) throw error;
        process.outcome = { kind: "threw" };
      }
      this.#checkOutcome(process.outcome, process.world.now());
      // Its refresh goes on without it.
      await refresher.idle();
    }, skew);
  }

  /** Somebody else's doing, at any point, at once. */
  interject(name: string, apply: () => unknown): void {
    this.start(name, (process) => process.turn("acts", "write", apply));
  }

  /** A caller that comes when everything has settled and every access token has ended. */
  async callLater(): Promise<Outcome> {
    this.#chances.isCalm = true;
    this.clock += 2 * LIFETIME_MS;
    const process = this.call(`later caller ${this.#processes.length}`);
    await quiet();
    for (let [next] = this.choices(); next !== undefined; [next] = this.choices()) {
      await this.perform(next);
    }
    if (process.outcome === undefined) throw new Error("Cannot go on: the later caller is stuck");
    return process.outcome;
  }

  /** Everything that can happen next; nothing when all processes have ended. */
  choices(): Choice[] {
    return this.#chances.of(this.#processes);
  }

  async perform({ label, perform }: Choice): Promise<void> {
    if (this.trace.push(label) > LONGEST_RUN) throw new Error("No end in sight");
    perform();
    await quiet();
  }

  /** When a timer of `ms` fires. */
  timeIn(ms: number): number {
    const { tick = 1000 } = this.#options;
    return Math.ceil((this.clock + ms) / tick) * tick;
  }

  /**
   * Two runs with the same fingerprint have the same future: a process is code
   * without a will of its own, so what it was answered so far says all about it.
   */
  fingerprint(): string {
    const { clock, store, provider } = this;
    const processes = this.#processes.map((process) => process.fingerprint());
    const all = [clock, store.state(), provider.state(), processes, this.#chances.state()];
    return JSON.stringify(all);
  }

  #checkOutcome(outcome: Outcome, now: number): void {
    if (outcome.kind !== "ready") return;
    const { accessToken, expiresAt } = outcome.stored.value.tokens;
    if (!this.store.stored.includes(accessToken)) {
      this.violations.push("A caller sees an unsaved token");
    }
    if (expiresAt! <= now) this.violations.push("A caller gets a token that has ended");
  }
}

/**
 * Until every process waits for its next operation: Deno runs ticks when no
 * microtask is left. (An immediate does the same, and takes a millisecond on
 * Deno 2.5: a search has a million of them.)
 */
export function quiet(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}
