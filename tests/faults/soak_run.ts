/**
 * A soak in one mode: round after round the token sets expire, all callers
 * come at once, processes die, and every answer is held against what the
 * provider says.
 *
 * @module
 */

import { Dice } from "../support/fuzz/dice.ts";
import { type Caller, type Outcome, release } from "./callers.ts";
import { ask, type Fleet, signIn, TAKEOVER } from "./fleet.ts";
import { Judge } from "./judge.ts";
import { Killer } from "./killer.ts";
import { type Mode, type ServerLog, SLOW_MS } from "./protocol.ts";
import { type Death, Report } from "./soak_report.ts";

/** What a soak is asked to do. */
export interface SoakOptions {
  mode: Mode;
  seconds: number;
  seed: number;
  processes: number;
  callers: number;
  connections: number;
  kills: number;
  points: Death[];
  /** Of an access token, in seconds. */
  lifetime: number;
}

/** A random death comes this early in a round, when most is under way. */
const RANDOM_DEATH_MS = 400;
/** What callers may be ahead of the crowd. */
const HEAD_START_MS = 50;
/** After a round that took more of a token's life than this, the next refresh may have begun. */
const OVERRUN_SHARE = 0.7;
/** A kill that nobody can be brought to is given up after so many rounds. */
const IDLE_KILL_ROUNDS = 10;
/** How many ask again for a connection that is lost. */
const ASKERS = 20;

/** The token set that a user has. */
interface Current {
  token: string;
  expiresAt: number;
}

/** One soak. */
export class Soak {
  readonly #fleet: Fleet;
  readonly #options: SoakOptions;
  readonly #dice: Dice;
  readonly #report: Report;
  readonly #killer: Killer;
  readonly #judge: Judge;
  readonly #accounts: string[];
  readonly #current = new Map<string, Current>();

  constructor(fleet: Fleet, options: SoakOptions) {
    const { mode, seed, callers, processes, connections } = options;
    this.#fleet = fleet;
    this.#options = options;
    this.#dice = new Dice(seed);
    this.#report = new Report(mode, callers, processes);
    this.#killer = new Killer(fleet, this.#dice, this.#report);
    this.#judge = new Judge(fleet.provider, this.#report, this.#killer.killed);
    this.#accounts = Array.from({ length: connections }, (_, index) => `${mode}-${index + 1}`);
  }

  async run(): Promise<Report> {
    const { seconds, kills } = this.#options;
    const report = this.#report;
    const end = performance.now() + seconds * 1000;
    await Promise.all(this.#accounts.map((account) => this.#fleet.connect(account)));
    await this.#readTokens();
    let idle = 0;
    while (performance.now() < end || (report.killed < kills && idle < IDLE_KILL_ROUNDS)) {
      const before = report.killed;
      // One calm round in three; the first is one.
      const calm = report.calmRounds === 0 || this.#dice.int(3) === 0;
      await this.#stale();
      if (calm || before >= kills) await this.#calmRound();
      else {
        await this.#killRound(kills - before);
        idle = report.killed === before ? idle + 1 : 0;
      }
      await this.#readTokens();
    }
    report.takeovers = this.#said(TAKEOVER);
    report.sightings.locked += this.#said("is locked");
    return report;
  }

  #said(words: string): number {
    return this.#fleet.workers.reduce((sum, worker) => sum + worker.said(words), 0);
  }

  /** What everybody has now. Whoever has little time left is refreshed here, uncounted. */
  async #readTokens(): Promise<void> {
    await Promise.all(this.#accounts.map(async (account) => {
      const [outcome] = await this.#release([{ account, via: "token", worker: 0 }]);
      const { token, expiresAt } = outcome!;
      if (token !== undefined) this.#current.set(account, { token, expiresAt: expiresAt! });
      else this.#report.violations.push(`${account} has no token between rounds: ${outcome!.kind}`);
    }));
    await this.#log();
  }

  /** Until no token set is fresh: some rounds find old tokens that still live, some find none. */
  async #stale(): Promise<void> {
    const last = Math.max(...[...this.#current.values()].map(({ expiresAt }) => expiresAt));
    // Stale is who has less than a quarter of its life left.
    const early = this.#options.lifetime * 1000 / 8;
    const at = last + (this.#dice.int(2) === 0 ? -early : 100);
    await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
  }

  async #log(): Promise<ServerLog> {
    const log = await this.#fleet.log();
    this.#judge.note(log);
    return log;
  }

  #crowd(): Caller[] {
    const { callers, processes } = this.#options;
    return Array.from({ length: callers }, () => ({
      account: this.#dice.pick(this.#accounts),
      via: this.#dice.int(3) === 0 ? "tool" : "token",
      worker: this.#dice.int(processes),
    }));
  }

  async #release(callers: Caller[]): Promise<Outcome[]> {
    const { workers } = this.#fleet;
    const look = (outcome: Outcome) => this.#judge.look(outcome);
    return await release(workers, callers, this.#report.sightings, look);
  }

  async #calmRound(): Promise<void> {
    const report = this.#report;
    const crowd = this.#crowd();
    const asked = this.#accounts.filter((name) => crowd.some(({ account }) => account === name));
    const start = performance.now();
    const outcomes = await this.#release(crowd);
    const took = performance.now() - start;
    const log = await this.#log();
    report.calmRounds += 1;
    report.calmWaits.push(...outcomes.map(({ waitMs }) => waitMs));
    const dead = await this.#settle(outcomes);
    if (took > this.#options.lifetime * 1000 * OVERRUN_SHARE) {
      report.overruns += 1;
      return;
    }
    for (const account of asked.filter((account) => !dead.includes(account))) {
      this.#judge.calmRound(account, outcomes, log, this.#current.get(account)!.token);
    }
  }

  async #killRound(left: number): Promise<void> {
    const { processes, points, mode } = this.#options;
    const report = this.#report;
    const count = Math.min(left, 1 + this.#dice.int(processes));
    const span = RANDOM_DEATH_MS + (mode === "slow" ? SLOW_MS : 0);
    const armed = await this.#killer.plan(count, points, span);
    const shift = this.#dice.int(this.#accounts.length);
    // Each comes a little before the crowd, so that its process is the one that refreshes.
    const scouts = armed.map((worker, index): Caller => ({
      account: this.#accounts[(shift + index) % this.#accounts.length]!,
      via: "token",
      worker,
    }));
    const ahead = this.#release(scouts);
    await new Promise((resolve) => setTimeout(resolve, this.#dice.int(HEAD_START_MS)));
    const crowd = await this.#release(this.#crowd());
    const outcomes = [...await ahead, ...crowd];
    await this.#killer.settle();
    await this.#log();
    report.killRounds += 1;
    report.killWaits.push(...outcomes.map(({ waitMs }) => waitMs));
    await this.#settle(outcomes);
  }

  /** Judges the answers; connections that ended are looked into and connected again. */
  async #settle(outcomes: Outcome[]): Promise<string[]> {
    const ended = new Set(
      outcomes.flatMap(({ kind, caller }) => kind === "reauthorize" ? caller.account : []),
    );
    const unwinnable = [...ended].filter((account) => this.#judge.isUnwinnable(account));
    this.#report.unwinnable += unwinnable.length;
    this.#report.lost += ended.size - unwinnable.length;
    await this.#judge.wrongAnswers(outcomes, unwinnable);
    for (const account of ended) await this.#heal(account);
    return [...ended];
  }

  /** All are told to reconnect, the provider is left in peace, and a reconnect mends the record. */
  async #heal(account: string): Promise<void> {
    const { workers } = this.#fleet;
    const askers = Array.from({ length: ASKERS }, (_, index): Caller => ({
      account,
      via: index % 2 === 0 ? "token" : "tool",
      worker: index % workers.length,
    }));
    const told = await this.#release(askers);
    const { refreshes } = await this.#log();
    const links = told.flatMap(({ connectUrl }) => connectUrl ?? []);
    this.#expect(links.length === ASKERS, `${account}: not all are told to reconnect`);
    const again = refreshes.some((refresh) => refresh.account === account);
    this.#expect(!again, `${account}: the provider was asked again`);
    if (links[0] === undefined) return;
    const [before] = await this.#connections(account);
    await signIn(links[0], account);
    const [after, ...others] = await this.#connections(account);
    const isSame = others.length === 0 && after?.status === "active" &&
      after.connected_at === before?.connected_at;
    this.#expect(isSame, `${account}: a reconnect did not mend the record`);
    if (isSame) this.#report.healed += 1;
  }

  async #connections(account: string): Promise<{ status: string; connected_at: number }[]> {
    const { url } = this.#fleet.workers[0]!;
    return (await ask(`${url}/connections?user_id=${account}`)).json.connections;
  }

  #expect(holds: boolean, violation: string): void {
    if (!holds) this.#report.violations.push(violation);
  }
}
