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

import { setImmediate } from "node:timers";
import { Refresher } from "../../../broker/tokens/refresher.ts";
import type { Refreshed } from "../../../broker/tokens/refresh_rules.ts";
import type { Need } from "../../../broker/tokens/freshness.ts";
import type {
  AuthorizationServer,
  OAuthFlow,
  TokenAnswer,
} from "../../../broker/core/authorization_server.ts";
import type { Connection, TokenSet } from "../../../broker/core/connection.ts";
import type { Lease, Store, Stored } from "../../../broker/core/store.ts";
import type { World } from "../../../broker/core/world.ts";

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 0, 1, 12);
const LIFETIME_MS = 60 * MINUTE_MS;
/** A caller that waits this long never leaves: no search fires such a timer. */
const FOREVER_MS = Number.MAX_SAFE_INTEGER / 2;

/** No run is longer: who goes on for so many steps goes on for ever. */
const LONGEST_RUN = 1000;

/** What a provider does with the refresh token that was used. */
export type Rotation =
  /** It stays good. */
  | "keeps"
  /** It is used up; the answer brings the next one. */
  | "rotates"
  /** And when it comes again, everything from that authorization ends (RFC 9700 §4.14.2). */
  | "revokes_reused";

/** One authorization by the person, with what was issued on it. */
interface Grant {
  latest: number;
  revoked: boolean;
}

/**
 * The provider. Its tokens tell where they are from: `a1.2` and `r1.2` are the
 * third token set of the second authorization.
 */
export class ModelProvider {
  readonly #grants: Grant[] = [];
  /** Access tokens → when they end and who got them. */
  readonly issued: { accessToken: string; until: number; to: string }[] = [];
  /** Refresh requests, by whom. */
  readonly requests: string[] = [];
  /** Refresh tokens that were answered with `invalid_grant`. */
  readonly refused: string[] = [];
  /** Access tokens of the token sets that it was asked to revoke. */
  readonly revoked: string[] = [];
  /** Given to the first refresh requests; it changes nothing. */
  readonly answers: TokenAnswer[] = [];
  /** Does not hear of revocations. */
  deaf = false;

  constructor(readonly rotation: Rotation) {}

  /** The person authorizes (again). */
  authorize(to: string, now: number, leftMs = LIFETIME_MS): TokenSet {
    this.#grants.push({ latest: 0, revoked: false });
    const grant = this.#grants.length - 1;
    const accessToken = this.#issue(grant, 0, to, now + leftMs);
    return {
      accessToken,
      tokenType: "Bearer",
      scopes: [],
      refreshToken: `r${grant}.0`,
      issuedAt: now + leftMs - LIFETIME_MS,
      expiresAt: now + leftMs,
    };
  }

  refresh(refreshToken: string, to: string, now: number): TokenAnswer {
    this.requests.push(to);
    const answer = this.answers.shift() ?? this.#answer(refreshToken, to, now);
    if (answer.kind === "rejected" && answer.code === "invalid_grant") {
      this.refused.push(refreshToken);
    }
    return answer;
  }

  #answer(refreshToken: string, to: string, now: number): TokenAnswer {
    const { grant, serial } = placeOf(refreshToken);
    const state = this.#grants[grant]!;
    if (!this.accepts(refreshToken)) {
      if (this.rotation === "revokes_reused" && serial < state.latest) state.revoked = true;
      return { kind: "rejected", code: "invalid_grant" };
    }
    state.latest += 1;
    const accessToken = this.#issue(grant, state.latest, to, now + LIFETIME_MS);
    const rotated = this.rotation === "keeps" ? {} : { refreshToken: `r${grant}.${state.latest}` };
    const expiresIn = LIFETIME_MS / 1000;
    return { kind: "issued", tokens: { accessToken, tokenType: "Bearer", expiresIn, ...rotated } };
  }

  /** Ends the authorization, where the refresh token still stands for it (RFC 7009 §2.1). */
  revoke({ accessToken, refreshToken }: TokenSet): boolean {
    this.revoked.push(accessToken);
    if (!this.deaf && this.accepts(refreshToken!)) {
      this.#grants[placeOf(refreshToken!).grant]!.revoked = true;
    }
    return !this.deaf;
  }

  /** Whether a refresh with it would bring a token set. */
  accepts(refreshToken: string): boolean {
    const { grant, serial } = placeOf(refreshToken);
    const { latest, revoked } = this.#grants[grant]!;
    return !revoked && (this.rotation === "keeps" || serial === latest);
  }

  /** Whether its API takes the access token. */
  opens(accessToken: string, now: number): boolean {
    const found = this.issued.find((one) => one.accessToken === accessToken);
    return found !== undefined && found.until > now &&
      !this.#grants[placeOf(accessToken).grant]!.revoked;
  }

  state(): unknown {
    return [this.#grants, this.issued, this.requests, this.refused, this.revoked];
  }

  #issue(grant: number, serial: number, to: string, until: number): string {
    const accessToken = `a${grant}.${serial}`;
    this.issued.push({ accessToken, until, to });
    return accessToken;
  }
}

function placeOf(token: string): { grant: number; serial: number } {
  const [grant = NaN, serial = NaN] = token.slice(1).split(".").map(Number);
  return { grant, serial };
}

/** Whether `a` was issued before `b`. */
function isOlder(a: TokenSet, b: TokenSet): boolean {
  const [one, other] = [placeOf(a.accessToken), placeOf(b.accessToken)];
  return one.grant < other.grant || one.grant === other.grant && one.serial < other.serial;
}

/** What a caller got. */
export type Outcome = Refreshed | { kind: "threw" };

/** The store's answer where it gives none. */
class StoreOut extends Error {}

/** An operation that a process waits for. */
interface Step {
  name: string;
  kind: "read" | "write" | "request" | "answer" | "timer";
  /** Of a timer, by the model's clock. */
  due: number;
  isReady(): boolean;
  apply(): unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What can go wrong in a model. */
export interface ModelOptions {
  rotation: Rotation;
  /** How long the stored access token still lives; if not said, it ended 3 minutes ago. */
  leftMs?: number;
  /**
   * How many timers may fire while something else could happen first. When they
   * are used up, time passes only where all are waiting for it.
   */
  timers?: number;
  /**
   * Timers fire at multiples of this, in ms, as on a busy machine: the orders
   * of events are the same, the times at which they happen are fewer. 1,000 if
   * not said.
   */
  tick?: number;
  /** This process may die, at any point. */
  crash?: string;
  /** From any point on, so many store operations of `of` fail in a row. */
  outage?: { of: string; failures: number };
  /** For tests of the model itself: a store that does not check what it should. */
  broken?: "leases" | "versions";
}

/** A caller. */
export interface CallOptions {
  /** How far its process's clock is ahead, in ms. */
  skew?: number;
  need?: Need;
  waitMs?: number;
}

/** One thing that can happen next. */
interface Choice {
  label: string;
  perform(): void;
}

/** One run. */
export class Model {
  readonly provider: ModelProvider;
  readonly trace: string[] = [];
  /** What must never happen, and did. */
  readonly violations: string[] = [];
  /** Access tokens of everything that was ever stored. */
  readonly stored: string[] = [];
  clock = NOON;
  record: Stored<Connection> | null;
  lease: Lease | null = null;
  readonly #options: ModelOptions;
  readonly #processes: Process[] = [];
  #commits = 0;
  #timersLeft: number;
  #crashesLeft: number;
  #failuresLeft: number;
  /** The store fails the process that {@linkcode ModelOptions.outage} names. */
  #isDown = false;
  /** Nothing goes wrong any more. */
  #isCalm = false;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.#timersLeft = options.timers ?? 0;
    this.#crashesLeft = options.crash === undefined ? 0 : 1;
    this.#failuresLeft = options.outage?.failures ?? 0;
    this.provider = new ModelProvider(options.rotation);
    const { leftMs = -3 * MINUTE_MS } = options;
    const tokens = this.provider.authorize("person", this.clock, leftMs);
    this.stored.push(tokens.accessToken);
    const ref = { subject: "voice:u", provider: "p", account: "1" } as const;
    const times = { connectedAt: tokens.issuedAt, updatedAt: tokens.issuedAt };
    const value: Connection = { ...ref, label: "l", status: "active", tokens, ...times };
    this.record = { value, version: this.#version() };
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
    const seen = this.record!;
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
    this.#isCalm = true;
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
    const running = this.#processes.filter(({ state }) => state === "running");
    const next = running.flatMap((process) => this.#operations(process));
    next.push(...this.#timers(running, next.length === 0));
    if (running.length > 0 && next.length === 0) this.violations.push("Somebody waits for ever");
    if (this.#isCalm) return next;
    const mortal = running.filter(({ name }) => name === this.#options.crash);
    const crashes = this.#crashesLeft > 0 ? mortal.map((process) => this.#crash(process)) : [];
    return [...next, ...crashes, ...this.#inFlight()];
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
    const { clock, record, lease, provider, stored } = this;
    const processes = this.#processes.map((process) => process.fingerprint());
    const budgets = [this.#timersLeft, this.#crashesLeft, `${this.#failuresLeft}`, this.#isDown];
    const all = [clock, record, lease, provider.state(), stored, this.#commits, processes, budgets];
    return JSON.stringify(all);
  }

  // The store's side, with the semantics of the ports in broker/types.ts.

  put(next: Connection, version: string | null, release = false): string | null {
    const { record } = this;
    if (this.#options.broken !== "versions" && (record?.version ?? null) !== version) return null;
    this.#checkPut(next, record?.value);
    this.record = { value: next, version: this.#version() };
    this.stored.push(next.tokens.accessToken);
    if (release) this.lease = null;
    return this.record.version;
  }

  delete(version: string): boolean {
    if (this.record?.version !== version) return false;
    this.record = null;
    return true;
  }

  take(lease: Omit<Lease, "version">, over: Lease | undefined): Lease | null {
    const isFree = this.lease?.version === over?.version;
    if (!isFree && this.#options.broken !== "leases") return null;
    this.lease = { ...lease, version: this.#version() };
    return this.lease;
  }

  release({ version }: Lease): void {
    if (this.lease?.version === version) this.lease = null;
  }

  #version(): string {
    return `v${this.#commits++}`;
  }

  #checkPut(next: Connection, previous: Connection | undefined): void {
    if (previous === undefined) return;
    if (isOlder(next.tokens, previous.tokens)) {
      this.violations.push("An older set over a newer one");
    }
    const { refreshToken } = next.tokens;
    if (next.status !== "active" && !this.provider.refused.includes(refreshToken!)) {
      this.violations.push("Marked dead what the provider has not refused");
    }
  }

  #checkOutcome(outcome: Outcome, now: number): void {
    if (outcome.kind !== "ready") return;
    const { accessToken, expiresAt } = outcome.stored.value.tokens;
    if (!this.stored.includes(accessToken)) this.violations.push("A caller sees an unsaved token");
    if (expiresAt! <= now) this.violations.push("A caller gets a token that has ended");
  }

  /** What can become of the operations that a process waits for. */
  #operations(process: Process): Choice[] {
    const isHit = !this.#isCalm && process.name === this.#options.outage?.of;
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
        this.clock = Math.max(this.clock, step.due);
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

  /** What the dead had sent arrives yet, or never. */
  #inFlight(): Choice[] {
    const dead = this.#processes.filter(({ state }) => state === "crashed");
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
}

/** A process with its own clock and its own way to the store and the provider. */
export class Process {
  state: "running" | "done" | "crashed" = "running";
  outcome: Outcome | undefined;
  steps: Step[] = [];
  readonly world: World;
  readonly store: Pick<Store, "connections" | "leases">;
  readonly server: AuthorizationServer;
  #history = 0;
  #secrets = 0;

  constructor(readonly name: string, readonly model: Model, skew: number) {
    this.world = {
      now: () => this.#look(model.clock + skew),
      secret: () => `${name}${this.#secrets++}`,
      random: () => 0.5,
      log: () => {},
      metrics: { refresh: () => {}, waited: () => {}, takeover: () => {} },
      sleep: (ms, signal) => this.#wait({ name: "timer", due: model.timeIn(ms) }, signal),
    };
    this.store = { connections: this.#connections(), leases: this.#leases() };
    this.server = this.#server();
  }

  /** The timer that fires first: within one process they keep their order. */
  nextTimer(): { process: Process; step: Step } | undefined {
    const timers = this.steps.filter(({ kind, due }) => kind === "timer" && due < FOREVER_MS);
    const [step] = timers.toSorted((a, b) => a.due - b.due);
    return step && { process: this, step };
  }

  /** Operations of a dead process that may have left it. */
  sent(): Step[] {
    return this.steps.filter(({ kind }) => kind === "write" || kind === "request");
  }

  answer(step: Step, value: unknown): void {
    this.#remember(step, value);
    step.resolve(value);
  }

  fail(step: Step): void {
    this.#remember(step, "failed");
    step.reject(new StoreOut("The store is out"));
  }

  drop(step: Step): void {
    this.steps = this.steps.filter((other) => other !== step);
  }

  fingerprint(): unknown {
    const { state, steps, outcome } = this;
    if (state === "done") return outcome ?? null;
    return [state, this.#history, steps.map(({ name, due }) => [name, due])];
  }

  #remember(step: Step, value: unknown): void {
    this.drop(step);
    this.#history = numberOf(JSON.stringify([this.name, this.#history, step.name, value]));
  }

  /** At the clock: what it saw there is part of what it knows. */
  #look(now: number): number {
    this.#history = numberOf(JSON.stringify([this.name, this.#history, now]));
    return now;
  }

  /** Waits for its turn, then takes effect. */
  turn<T>(name: string, kind: Step["kind"], apply: () => T): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      this.steps.push({ name, kind, due: 0, isReady: () => true, apply, resolve, reject });
    }) as Promise<T>;
  }

  /** Waits for a time or an event, or until `signal` aborts. */
  #wait(
    { name, due, isReady = () => true }: { name: string; due?: number; isReady?: () => boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    return new Promise((done, reject) => {
      if (signal?.aborted) return done();
      const kind = due === undefined ? "read" : "timer";
      const resolve = () => done();
      const step: Step = { name, kind, due: due ?? 0, isReady, apply: () => {}, resolve, reject };
      this.steps.push(step);
      signal?.addEventListener("abort", () => {
        this.drop(step);
        done();
      }, { once: true });
    });
  }

  #connections(): Store["connections"] {
    const { model } = this;
    return {
      get: () => this.turn("get", "read", () => model.record),
      list: () => this.turn("list", "read", () => model.record === null ? [] : [model.record]),
      put: (next, version, also) =>
        this.turn(
          `put ${next.tokens.accessToken} ${next.status}`,
          "write",
          () => model.put(next, version, also?.release),
        ),
      delete: (_ref, version) => this.turn("delete", "write", () => model.delete(version)),
      changed: (_ref, version, signal) =>
        this.#wait({ name: "changed", isReady: () => model.record?.version !== version }, signal),
      due: () => Promise.resolve([]),
      settle: () => Promise.resolve(),
    };
  }

  #leases(): Store["leases"] {
    const { model } = this;
    return {
      read: () => this.turn("read lease", "read", () => model.lease),
      take: (ref, owner, until, over) =>
        this.turn(
          over === undefined ? "take lease" : over.owner === owner ? "renew lease" : "take over",
          "write",
          () => model.take({ ref, owner, until }, over),
        ),
      release: (lease) => this.turn("release lease", "write", () => model.release(lease)),
    };
  }

  #server(): AuthorizationServer {
    const { model, name } = this;
    const { provider } = model;
    const credential: Pick<OAuthFlow, "kind" | "refresh" | "revoke"> = {
      kind: "oauth",
      refresh: async (refreshToken) => {
        const ask = () => provider.refresh(refreshToken, name, model.clock);
        const answer = await this.turn(`ask with ${refreshToken}`, "request", ask);
        // The answer takes its time, too.
        await this.turn("hear the answer", "answer", () => {});
        return answer;
      },
      revoke: async (tokens) => {
        const revoke = () => provider.revoke(tokens);
        const done = await this.turn(`revoke ${tokens.accessToken}`, "request", revoke);
        return done ? { kind: "revoked" } : { kind: "failed", reason: "500" };
      },
    };
    const server: Partial<AuthorizationServer> = {
      name: "p",
      title: "P",
      services: [],
      impliedScopes: {},
      credential: credential as OAuthFlow,
    };
    return server as AuthorizationServer;
  }
}

/** Small numbers for long texts. */
const numbers = new Map<string, number>();
function numberOf(text: string): number {
  const number = numbers.get(text) ?? numbers.size + 1;
  numbers.set(text, number);
  return number;
}

/** Until every process waits for its next operation: microtasks come before immediates. */
function quiet(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

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
  numbers.clear();
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
