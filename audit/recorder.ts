/**
 * Writes down what is noted. Whoever notes something puts it into a list and
 * goes on; about a second later the list is written, a block for each subject
 * and one sum for each figure. When the store is out it is tried for a while,
 * and then left out: the log says once how much.
 *
 * @module
 */

import type { Activity, ActivityEntry, Figure } from "../broker/core/activity.ts";
import { type FigureStore, type FigureSum, hourOf } from "../broker/core/counts.ts";
import type { TrailNote } from "../broker/core/connect_trail.ts";
import { lazily } from "../broker/core/lazily.ts";
import { saidOf } from "../broker/core/own_words.ts";
import type { TrailStore } from "../broker/core/store.ts";
import type { Subject } from "../broker/core/subject.ts";
import { isDone } from "./block.ts";
import type { Item } from "./chain.ts";
import { ChainWriter, insistOn, type WriterDeps } from "./chain_writer.ts";

/** So late is written what was noted. */
export const ACTIVITY_FLUSH_MS = 1_000;
/** So much may wait to be written, what is the same once; what comes beyond it is left out. */
export const MOST_WAITING = 20_000;
/** So many steps of connects may wait; what comes beyond them is in the log alone. */
const MOST_STEPS_WAITING = 5_000;
/** Most processes, most of the time, have nobody who connects. */
const trailWriter = lazily(() => import("./trail_writer.ts"));

/** What writing needs. */
export interface RecorderDeps extends WriterDeps {
  store: WriterDeps["store"] & { figures: FigureStore; trails: TrailStore };
}

/** Notes of one process. */
export class ActivityRecorder implements Omit<Activity, "requestId"> {
  readonly #deps: RecorderDeps;
  /** What waits to be written, by subject; what comes again and again is one. */
  #waiting = new Map<Subject, Noted[]>();
  #count = 0;
  /** By figure, hour and provider. */
  #sums = new Map<string, FigureSum>();
  /** Steps of connects. */
  #steps: TrailNote[] = [];
  #lost = 0;
  readonly #writer: ChainWriter;
  #isAnchorWanted = false;
  #noted = Promise.withResolvers<void>();
  #hurry = new AbortController();
  #written: Promise<void> = Promise.resolve();
  #isWriting = false;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#writer = new ChainWriter(deps);
    // One loop from here on, and not one begun by whoever notes: what a request goes by (its caller,
    // its span) would go along with it.
    this.#run().catch((error) =>
      deps.world.log({ level: "error", event: "activity_not_written", detail: saidOf(error) })
    );
  }

  note(entry: ActivityEntry): void {
    const own = this.#waiting.get(entry.subject);
    const last = own?.[own.length - 1];
    // What is counted is counted for its own hour.
    const isSame = last !== undefined && isSameEntry(last.entry, entry) &&
      hourOf(last.at) === hourOf(entry.at);
    if (isSame) {
      last.times += 1;
      last.at = entry.at;
      last.requestId = entry.requestId;
      return;
    }
    if (this.#count >= MOST_WAITING) {
      this.#lost += 1;
      return;
    }
    const { at, requestId } = entry;
    const noted = { entry, at, times: 1, requestId };
    if (own === undefined) this.#waiting.set(entry.subject, [noted]);
    else own.push(noted);
    if (++this.#count === 1) this.#noted.resolve();
  }

  count(figure: Figure, provider: string): void {
    this.#sum(figure, provider, { at: this.#deps.world.now() });
    this.#noted.resolve();
  }

  step(note: TrailNote): void {
    if (this.#steps.length < MOST_STEPS_WAITING) this.#steps.push(note);
    else this.#lost += 1;
    this.#noted.resolve();
  }

  /** Resolves when nothing that was noted by now waits to be written. */
  async idle(): Promise<void> {
    while (this.#isWriting || this.#isAnythingNoted()) {
      this.#hurry.abort();
      await this.#written;
    }
  }

  #isAnythingNoted(): boolean {
    return this.#count > 0 || this.#sums.size > 0 || this.#steps.length > 0 || this.#isAnchorWanted;
  }

  async #run(): Promise<never> {
    for (;;) {
      const written = Promise.withResolvers<void>();
      this.#written = written.promise;
      await this.#noted.promise;
      await this.#deps.world.sleep(ACTIVITY_FLUSH_MS, this.#hurry.signal);
      this.#noted = Promise.withResolvers();
      this.#hurry = new AbortController();
      this.#isWriting = true;
      await this.#write();
      this.#isWriting = false;
      if (this.#isAnythingNoted()) this.#noted.resolve();
      written.resolve();
    }
  }

  /** Does not throw. */
  async #write(): Promise<void> {
    const waiting = this.#waiting;
    const steps = this.#steps;
    this.#steps = [];
    const isAnchorWanted = this.#isAnchorWanted;
    this.#isAnchorWanted = false;
    this.#waiting = new Map();
    this.#count = 0;
    for (const own of waiting.values()) {
      for (const noted of own) this.#sumUp(noted);
    }
    const sums = [...this.#sums.values()];
    this.#sums.clear();
    const { store, world } = this.#deps;
    let lost = this.#lost;
    this.#lost = 0;
    let detail = "too much at once";
    try {
      await insistOn(world, () => store.figures.add(sums));
      await this.#writer.write(waiting);
      await this.#writer.anchor(isAnchorWanted);
      if (steps.length > 0) await (await trailWriter()).writeSteps(this.#deps, steps);
    } catch (error) {
      this.#writer.forget();
      for (const own of waiting.values()) lost += timesOf(own);
      detail = saidOf(error);
    }
    if (lost > 0) world.log({ level: "error", event: "activity_dropped", count: lost, detail });
  }

  /** A chain's state from before is written down where nobody changes it together with the chain. */
  async anchor(): Promise<void> {
    this.#isAnchorWanted = true;
    this.#noted.resolve();
    await this.idle();
  }

  #sumUp({ entry, at, times }: Noted): void {
    const { what, provider = "" } = entry;
    const isChange = what === "connected" || what === "disconnected";
    if (isChange && isDone(entry)) this.#sum(what, provider, { at, times });
    if (what !== "tool_called") return;
    this.#sum("tool_calls", provider, { at, times });
    if (!isDone(entry)) this.#sum("tool_errors", provider, { at, times });
  }

  #sum(figure: Figure, provider: string, { at, times = 1 }: { at: number; times?: number }): void {
    const hour = hourOf(at);
    // Neither of the others has a space in it.
    const key = `${figure} ${hour} ${provider}`;
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { figure, provider, hour, by: times });
    else sum.by += times;
  }
}

/** An entry that waits, and how often it came, without another one of its subject in between. */
type Noted = Item;

function timesOf(noted: Noted[]): number {
  return noted.reduce((sum, { times }) => sum + times, 0);
}

function isSameEntry(one: ActivityEntry, other: ActivityEntry): boolean {
  return one.what === other.what && one.outcome === other.outcome && one.tool === other.tool &&
    one.account === other.account && one.service === other.service &&
    one.provider === other.provider && one.app === other.app &&
    one.about === other.about &&
    one.actor.kind === other.actor.kind && one.actor.id === other.actor.id &&
    one.actor.name === other.actor.name;
}
