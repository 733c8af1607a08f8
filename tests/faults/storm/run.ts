/**
 * A storm: starts everything, lets honest callers work alone, beside attackers,
 * and through upheavals, and judges what came of it.
 *
 * @module
 */

import { randomSecret } from "../../../broker/core/secrets.ts";
import { digestHex } from "../../../tasks/key.ts";
import { holdings } from "../../support/disconnects.ts";
import { Dice } from "../../support/fuzz/dice.ts";
import type { Command, Reported } from "./attack_worker.ts";
import { work } from "./caller.ts";
import { Gateways } from "./gateways.ts";
import { emailOf, Ledger, type Told } from "./ledger.ts";
import { Line } from "./line.ts";
import type { Order } from "./outside.ts";
import { DESK, newPerson, type Person, settleIn } from "./person.ts";
import { type Phase, Report } from "./report.ts";
import { type Output, OutputWatch, type Secrets } from "./secrets.ts";
import { KeyFile, type Upheaval, upheave } from "./upheavals.ts";

/** How a storm is made up. */
export interface StormOptions {
  seed: number;
  people: number;
  processes: number;
  attackers: number;
  /** How long an attacker waits for an answer. */
  patienceMs?: number | undefined;
  /** Names of the attacks that are made; all, where that is not said. */
  attacks?: string[] | undefined;
  /** Between two deeds of a caller, on average. */
  paceMs: number;
  /** Of an honest access token, in seconds. */
  lifetime: number;
  /** Whether gateways can be asked what is alive in their heaps. */
  measuresHeap?: boolean | undefined;
  /** Between callers and gateways; a test of the oracle puts a liar there. */
  send?: typeof fetch | undefined;
}

/** How long a part of a phase lasts: so many deeds of each caller, or so many milliseconds. */
export type Span = { deeds: number } | { ms: number };

const SETTLED_AT_ONCE = 8;
const ATTACK_PACE_MS = 400;
/** Longer than a gateway lets a call run that asks for no time of its own. */
const PATIENCE_MS = 35_000;
const SAMPLE_MS = 1_000;
/** What was said last needs a moment to come over. */
const SETTLE_MS = 500;
/** Between two upheavals. */
const BREATH_MS = 5_000;

/** A thread, and what it says. */
function thread<T>(file: string, hear: (told: T) => void): Worker {
  const worker = new Worker(new URL(file, import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<T>) => hear(data);
  return worker;
}

/** Events that are more than news, with what is said of the fault. */
function loggedFaults(outputs: Output[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of outputs) {
    for (const [line] of text().matchAll(/^.*"level":"(?:warn|error)".*$/gm)) {
      const { event, detail = "" } = JSON.parse(line);
      const name = `${event} ${String(detail).slice(0, 60)}`.trimEnd();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

/** One storm. */
export class Storm implements AsyncDisposable {
  readonly report = new Report();
  readonly ledger = new Ledger();
  readonly people: Person[] = [];
  readonly watch: OutputWatch;
  gateways!: Gateways;
  /** Every process's resident bytes so far. */
  readonly #memory = new Map<string, { bytes: number[]; since: number }>();
  readonly #dice: Dice;
  readonly #listening = Promise.withResolvers<Told & { kind: "listening" }>();
  readonly #outside: Worker;
  readonly #attackers: Worker;
  #attackersSay: ((said: Reported["kind"]) => void) | undefined;
  #answered = "";
  #folder = "";
  #keys!: KeyFile;
  #sampling: ReturnType<typeof setInterval> | undefined;

  private constructor(readonly options: StormOptions, readonly secrets: Secrets) {
    this.#dice = new Dice(options.seed);
    this.#outside = thread<Told>("outside.ts", (told) => this.#hear(told));
    this.#attackers = thread<Reported>("attack_worker.ts", (said) => this.#hearAttack(said));
    this.watch = new OutputWatch(secrets, []);
  }

  static async start(options: StormOptions, secrets: Secrets): Promise<Storm> {
    const storm = new Storm(options, secrets);
    try {
      await storm.#start();
      return storm;
    } catch (error) {
      await storm[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { processes, lifetime, measuresHeap, seed } = this.options;
    this.#folder = await Deno.makeTempDir({ prefix: "switchboard_" });
    this.#keys = new KeyFile(this.#folder, this.secrets);
    await this.#keys.add();
    const [clientSecret, voice, mallory] = [randomSecret(), randomSecret(), randomSecret()];
    this.secrets.add({ text: clientSecret, type: "client secret" });
    for (const text of [voice, mallory]) this.secrets.add({ text, type: "API key" });
    this.order({ kind: "start", clientSecret, lifetime });
    const { provider, upstreams } = await this.#listening.promise;
    const env = {
      ...this.#keys.env,
      KV_PATH: this.#kvPath,
      API_KEYS: `voice:sha256:${digestHex(voice)},mallory:sha256:${digestHex(mallory)}`,
      GOOGLE_CLIENT_ID: "storm",
      GOOGLE_CLIENT_SECRET: clientSecret,
      GOOGLE_BASE_URL: provider,
      SIGN_IN_ALLOW: emailOf("*"),
      // Few people do here what many would: no limit of one grant is what is tried.
      ...(measuresHeap ? { LIMITS: "refresh=1000000/h,personal_token=off" } : {}),
      MCP_CLIENTS: JSON.stringify([DESK]),
      UPSTREAMS: JSON.stringify(Object.entries(upstreams).map(([name, url]) => ({ name, url }))),
    };
    const dice = new Dice(seed);
    this.gateways = await Gateways.start({ processes, env, dice, measuresHeap });
    this.watch.outputs.push(...this.gateways.processes.map((process): Output => ({
      name: `the output of ${process.name}`,
      text: () => process.output(),
    })));
    this.#sampling = setInterval(() => this.#sample(), SAMPLE_MS);
    await this.#settle(voice, provider);
    await this.#command({
      kind: "set up",
      attacker: {
        origins: this.gateways.processes.map(({ origin }) => origin),
        publicUrl: this.gateways.publicUrl,
        apiKey: mallory,
        people: this.people.map(({ name }) => name),
        patienceMs: this.options.patienceMs ?? PATIENCE_MS,
      },
      seed: this.options.seed,
    }, "ready");
  }

  async #settle(apiKey: string, provider: string): Promise<void> {
    const { people, seed, send = fetch } = this.options;
    const { gateways, secrets, report, ledger } = this;
    for (let index = 0; index < people; index++) {
      const line = new Line(`h${index}`, { gateways, secrets, report, send });
      // Three of four are users of an app.
      const kind = index % 4 === 3 ? "signed in" : "app user";
      const dice = new Dice(seed * 1_000 + index);
      this.people.push(newPerson(line.who, { kind, line, ledger, dice, apiKey, provider }));
    }
    const rest = this.people.values();
    const settle = async () => {
      for (const person of rest) await settleIn(person);
    };
    await Promise.all(Array.from({ length: SETTLED_AT_ONCE }, settle));
  }

  get #kvPath(): string {
    return `${this.#folder}/kv.sqlite`;
  }

  order(order: Order): void {
    this.#outside.postMessage(order);
  }

  async #command(command: Command, until: Reported["kind"]): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#attackersSay = (said) => said === until && resolve();
      this.#attackers.postMessage(command);
    });
  }

  #hear(told: Told): void {
    if (told.kind === "listening") return this.#listening.resolve(told);
    if (told.kind === "secret") return this.secrets.add(told.secret);
    // What attackers write into their own accounts is theirs.
    if (!told.account.startsWith("x-")) this.ledger.note(told);
  }

  #hearAttack(said: Reported): void {
    switch (said.kind) {
      case "order":
        return this.order(said.order);
      case "done":
        this.report.count("faults", said.attack);
        if (said.failed !== undefined) this.report.count("unanswered", said.attack);
        return;
      case "answered":
        this.#answered += said.text;
        return;
      default:
        return this.#attackersSay?.(said.kind);
    }
  }

  /** What attackers were answered, and what gateways said, since the last look. */
  look(): void {
    const { report, secrets } = this;
    report.leak(this.watch.look());
    const own = (owner: string | undefined) => owner?.startsWith("x-") ?? false;
    const answered = this.#answered;
    this.#answered = answered.slice(-4096);
    report.leak(secrets.find(answered, "an attacker's answer", ({ owner }) => own(owner)));
    report.secretsKnown = secrets.size;
    report.logged = loggedFaults(this.watch.outputs);
    report.memory = [...this.#memory].map(([name, { bytes, since }]) => ({
      name,
      bytes,
      ms: performance.now() - since,
    }));
  }

  async #sample(): Promise<void> {
    for (const { name, isUp, pid, lives } of this.gateways.processes) {
      if (!isUp) continue;
      const life = `${name}, life ${lives.length}`;
      // It may die while it is looked at.
      const held = await holdings(pid).catch(() => undefined);
      if (held === undefined || !(held.resident > 0)) continue;
      const known = this.#memory.get(life) ?? { bytes: [], since: performance.now() };
      this.#memory.set(life, known);
      known.bytes.push(held.resident);
    }
  }

  /** What was held so far counts no more. */
  forgetMemory(): void {
    this.#memory.clear();
  }

  /** The honest callers, without anything beside them. */
  async calm(span: Span): Promise<void> {
    await this.#work("calm", span);
  }

  /** Beside attackers. */
  async storm(span: Span): Promise<void> {
    const attack = {
      kind: "attack",
      names: this.options.attacks,
      atOnce: this.options.attackers,
      paceMs: ATTACK_PACE_MS,
    } as const;
    if ("deeds" in span) {
      const attacking = this.#command({ ...attack, rounds: 1 }, "resting");
      await Promise.all([attacking, this.#work("storm", span)]);
      return;
    }
    this.#attackers.postMessage(attack);
    await this.#work("storm", span);
    await this.#command({ kind: "rest" }, "resting");
  }

  /** Through upheavals, one after the other, until there is none or the time is over. */
  async upheaval(span: Span, next: () => Upheaval | undefined): Promise<void> {
    let isOver = false;
    const working = this.#work("upheaval", span).finally(() => isOver = "ms" in span);
    const { gateways, secrets } = this;
    const order = (order: Order) => this.order(order);
    const deps = {
      gateways,
      secrets,
      order,
      dice: this.#dice,
      kvPath: this.#kvPath,
      keys: this.#keys,
    };
    for (let what = next(); what !== undefined && !isOver; what = next()) {
      await upheave(deps, what);
      this.report.count("faults", what);
      await Promise.race([working, new Promise((resolve) => setTimeout(resolve, BREATH_MS))]);
    }
    await working;
  }

  async #work(phase: Phase, span: Span): Promise<void> {
    const { report, people, options: { paceMs } } = this;
    const stop = new AbortController();
    const timer = "ms" in span ? setTimeout(() => stop.abort(), span.ms) : undefined;
    const deeds = "deeds" in span ? span.deeds : undefined;
    const shift = { phase, report, paceMs, deeds, until: stop.signal };
    await Promise.all(people.map((person) => work(person, shift)));
    clearTimeout(timer);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    for (const what of this.ledger.settle()) {
      report.failures.push({ phase, deed: "write", who: "the ledger", what });
    }
    this.look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sampling);
    this.#attackers.terminate();
    await this.gateways?.[Symbol.asyncDispose]();
    this.#outside.terminate();
    if (this.#folder !== "") await Deno.remove(this.#folder, { recursive: true });
  }
}
