/**
 * Writes down what is noted. Whoever notes something puts it into a list and
 * goes on; about a second later the list is written, a block for each subject
 * and one sum for each figure. When the store is out it is tried for a while,
 * and then left out: the log says once how much.
 *
 * @module
 */

import type {
  Activity,
  ActivityBlock,
  ActivityEntry,
  ActivityStore,
  Figure,
} from "../broker/core/activity.ts";
import { type FigureStore, type FigureSum, hourOf } from "../broker/core/counts.ts";
import { insist } from "../broker/core/patience.ts";
import { saidOf } from "../broker/core/own_words.ts";
import { sideBySide } from "../broker/core/side_by_side.ts";
import { isPermanent } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { isDone, OpenBlock } from "./block.ts";
import { blockId, processOf } from "./block_id.ts";
import { BLOCKS_LOOKED_AT } from "./reader.ts";

/** So late is written what was noted. */
export const ACTIVITY_FLUSH_MS = 1_000;
/** So much may wait to be written, what is the same once; what comes beyond it is left out. */
export const MOST_WAITING = 20_000;
/** So long a store that is out is tried. */
export const ACTIVITY_PATIENCE_MS = 10_000;
/** Blocks that a process keeps open; the one that was used longest ago is closed. */
export const MOST_OPEN = 2_000;
/** Subjects whose blocks are looked up at a time. */
const AT_A_TIME = 8;

/** What writing needs. */
export interface RecorderDeps {
  store: { activity: ActivityStore; figures: FigureStore };
  world: Pick<World, "now" | "sleep" | "log" | "secret">;
}

/** Notes of one process. */
export class ActivityRecorder implements Activity {
  readonly #deps: RecorderDeps;
  readonly #process: string;
  #blocks = 0;
  /** What waits to be written, by subject; what comes again and again is one. */
  #waiting = new Map<Subject, Noted[]>();
  #count = 0;
  /** By figure, hour and provider. */
  #sums = new Map<string, FigureSum>();
  #lost = 0;
  /** The latest is the last. */
  readonly #open = new Map<Subject, OpenBlock>();
  #noted = Promise.withResolvers<void>();
  #hurry = new AbortController();
  #written: Promise<void> = Promise.resolve();
  #isWriting = false;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#process = processOf(deps.world.secret());
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

  /** Resolves when nothing that was noted by now waits to be written. */
  async idle(): Promise<void> {
    while (this.#isWriting || this.#isAnythingNoted()) {
      this.#hurry.abort();
      await this.#written;
    }
  }

  #isAnythingNoted(): boolean {
    return this.#count > 0 || this.#sums.size > 0;
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
    this.#waiting = new Map();
    this.#count = 0;
    let times = 0;
    for (const own of waiting.values()) {
      for (const noted of own) {
        this.#sumUp(noted);
        times += noted.times;
      }
    }
    const sums = [...this.#sums.values()];
    this.#sums.clear();
    const { store, world } = this.#deps;
    let lost = this.#lost;
    this.#lost = 0;
    let detail = "too much at once";
    try {
      await this.#insist(() => store.figures.add(sums));
      if (times > 0) await this.#writeBlocks(waiting);
    } catch (error) {
      // What was put into blocks that are not written is not there either.
      this.#open.clear();
      lost += times;
      detail = saidOf(error);
    }
    if (lost > 0) world.log({ level: "error", event: "activity_dropped", count: lost, detail });
  }

  async #writeBlocks(waiting: Map<Subject, Noted[]>): Promise<void> {
    const blocks = new Set<OpenBlock>();
    await sideBySide(waiting, AT_A_TIME, async ([subject, own]) => {
      let open = this.#open.get(subject);
      for (const { entry, ...times } of own) {
        if (open?.isOpenAt(entry.at) !== true) {
          // Of what was written the store is asked: a person who was deleted since begins anew.
          const isUnwritten = open !== undefined && blocks.has(open);
          const before = isUnwritten ? [open!.toBlock()] : await this.#before(subject);
          open = new OpenBlock(entry, blockId(entry.at, this.#process, ++this.#blocks), before);
        }
        open.add(entry, times);
        blocks.add(open);
      }
      this.#open.delete(subject);
      this.#open.set(subject, open!);
    });
    await this.#insist(() =>
      this.#deps.store.activity.put([...blocks].map((open) => open.toBlock()))
    );
    this.#close();
  }

  /** Of what is open only so much is kept, and nothing that takes no more entries. */
  #close(): void {
    const now = this.#deps.world.now();
    let tooMany = this.#open.size - MOST_OPEN;
    for (const [subject, open] of this.#open) {
      if (tooMany <= 0 && open.isOpenAt(now)) continue;
      this.#open.delete(subject);
      tooMany -= 1;
    }
  }

  async #before(subject: Subject): Promise<ActivityBlock[]> {
    const { activity } = this.#deps.store;
    const found = await this.#insist(() => activity.list(subject, { limit: BLOCKS_LOOKED_AT }));
    return found.flatMap(({ block }) => block ?? []);
  }

  #insist<T>(work: () => Promise<T>): Promise<T> {
    return insist(this.#deps.world, work, {
      forMs: ACTIVITY_PATIENCE_MS,
      longestPauseMs: 2_000,
      again: (error) => !isPermanent(error),
    });
  }

  #sumUp({ entry, at, times }: Noted): void {
    const { what, provider = "" } = entry;
    if (what === "connected" || what === "disconnected") this.#sum(what, provider, { at, times });
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
interface Noted {
  entry: ActivityEntry;
  /** When it came last. */
  at: number;
  times: number;
  /** In which request it came last. */
  requestId: string | undefined;
}

function isSameEntry(one: ActivityEntry, other: ActivityEntry): boolean {
  return one.what === other.what && one.outcome === other.outcome && one.tool === other.tool &&
    one.account === other.account && one.service === other.service &&
    one.provider === other.provider && one.app === other.app &&
    one.actor.kind === other.actor.kind && one.actor.id === other.actor.id &&
    one.actor.name === other.actor.name;
}
