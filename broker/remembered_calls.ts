/**
 * Tool calls that must not happen twice. A voice app that got no answer asks
 * again; the issue it wanted must not be created again.
 *
 * A call is noted before it runs, and the note is renewed while it runs. What
 * is left afterwards is its outcome, or that it was done; a call that failed
 * leaves nothing and may be tried again. A note that nobody renewed any more
 * belongs to a process that died on the way: what it did is not known, and the
 * same key never runs again. Whoever has looked asks with a new one.
 *
 * @module
 */

import { keptOutcome, LIFETIMES, namesOf, rememberedOf, RUNNING_MS } from "./call_record.ts";
import type { CallKey, Remembered, RememberedCall } from "./core/call.ts";
import { until } from "./core/deadline.ts";
import { FIRST_PAUSE_MS, insist } from "./core/patience.ts";
import { saidOf } from "./core/own_words.ts";
import { Refusal } from "./core/refusal.ts";
import type { ExpiringStore, Store } from "./core/store.ts";
import type { World } from "./core/world.ts";

/** Two renewals may fail before a call that runs is taken for cut off. */
const RENEWAL_MS = 20_000;
const POLL_MS = 100;
/** An outcome that the store does not take is kept in this process, and tried again, this long. */
export const RECORD_PATIENCE_MS = 5 * 60_000;

/** Where calls are remembered, and by which clock. */
export interface RememberDeps {
  store: Pick<Store, "calls">;
  world: World;
}

/** Remembers calls; one per isolate. */
export class RememberedCalls {
  readonly #calls: ExpiringStore<RememberedCall>;
  readonly #world: World;
  /** What could not be recorded yet, by its record. */
  readonly #unrecorded = new Map<string, RememberedCall>();
  readonly #recording = new Set<Promise<void>>();
  /** What the calls that run here will leave, by their owner. */
  readonly #running = new Map<string, Promise<RememberedCall | null>>();

  constructor({ store, world }: RememberDeps) {
    this.#calls = store.calls;
    this.#world = world;
  }

  /**
   * Runs a call, or gives what the same call gave before. `worthKeeping` says
   * which outcomes are final; after another one the call may be tried again.
   * Once it has run its outcome is returned, whatever happens to the store.
   *
   * @throws {StoreError} where this call was not run.
   */
  async once<T>(
    callKey: CallKey,
    run: () => Promise<T>,
    worthKeeping: (outcome: T) => boolean,
    signal: AbortSignal,
  ): Promise<Remembered<T>> {
    const { id, call } = namesOf(callKey);
    const { subject } = callKey;
    let lifetimeMs = LIFETIMES[callKey.key.kind];
    let forWaiters = callKey.key.kind === "running" || undefined;
    const owner = this.#world.secret();
    const begun = () => {
      const runningUntil = this.#world.now() + RUNNING_MS;
      const expiresAt = runningUntil + lifetimeMs;
      return { subject, call, owner, forWaiters, runningUntil, expiresAt };
    };
    const came = { call, isNamedWhileRunning: forWaiters === true, hasWaited: false };
    let version = await this.#begin(id, owner, begun());
    while (version === null) {
      const found = await this.#recall<T>(id, came, signal);
      if (found.kind === "remembered") return found.remembered;
      if (found.kind === "over" && !found.over.forWaiters) {
        // Whoever made that one by its id may come again, and hears of this one then.
        forWaiters = undefined;
        lifetimeMs = Math.max(lifetimeMs, LIFETIMES.id);
      }
      version = found.kind === "free"
        ? await this.#begin(id, owner, begun())
        : await this.#beginInPlaceOf(id, owner, begun(), found.over);
    }
    const leaving = Promise.withResolvers<RememberedCall | null>();
    this.#running.set(owner, leaving.promise);
    const done = new AbortController();
    const renewing = this.#renew(id, owner, begun, done.signal);
    // Until it says how it ended: nobody knows what a call did that threw.
    let left: RememberedCall | null = { ...begun(), runningUntil: 0 };
    try {
      const outcome = await run();
      const expiresAt = this.#world.now() + lifetimeMs;
      left = worthKeeping(outcome)
        ? { subject, call, owner, forWaiters, ...keptOutcome(outcome), expiresAt }
        : null;
      return { kind: "outcome", outcome, repeated: false };
    } finally {
      done.abort();
      const isRenewed = await renewing;
      await this.#leave(id, owner, left, isRenewed ? undefined : version);
      this.#running.delete(owner);
      leaving.resolve(left);
    }
  }

  /** Resolves when everything is recorded, or given up. */
  async idle(): Promise<void> {
    while (this.#recording.size > 0) await Promise.all(this.#recording);
  }

  /** The version of the call's note; `null`: the same one was begun before. */
  async #begin(id: string, owner: string, begun: RememberedCall): Promise<string | null> {
    if (this.#unrecorded.has(id)) return null;
    try {
      return await this.#calls.add(id, begun, this.#world.now());
    } catch (error) {
      // It may stand there all the same, for a call that never ran.
      this.#record(id, owner, null);
      throw error;
    }
  }

  /** The version of the call's note, in the place of another call's; `null`: it is not that any more. */
  async #beginInPlaceOf(
    id: string,
    owner: string,
    begun: RememberedCall,
    over: RememberedCall,
  ): Promise<string | null> {
    if (this.#unrecorded.get(id) === over) this.#unrecorded.delete(id);
    const stored = await this.#calls.peek(id);
    if (stored === null || stored.value.owner !== over.owner) return null;
    try {
      return await this.#calls.replace(id, begun, stored.version);
    } catch (error) {
      // As in #begin().
      this.#record(id, owner, null);
      throw error;
    }
  }

  /** Waits for the first call's outcome. */
  async #recall<T>(
    id: string,
    came: { call: string; isNamedWhileRunning: boolean; hasWaited: boolean },
    signal: AbortSignal,
  ): Promise<Found<T>> {
    for (;;) {
      const found = this.#unrecorded.get(id) ?? (await this.#calls.peek(id))?.value;
      const now = this.#world.now();
      if (found === undefined) return { kind: "free" };
      // Where its outcome could not be recorded its note stands in the store, and for longer.
      if (found.expiresAt <= now) return { kind: "over", over: found };
      const remembered = rememberedOf<T>(found, came.call, now);
      if (remembered.kind === "running" && !signal.aborted) {
        came.hasWaited = true;
        const { owner } = found;
        const here = owner === undefined ? undefined : this.#running.get(owner);
        if (here === undefined) {
          await this.#world.sleep(POLL_MS, signal);
          continue;
        }
        // It rejects where this one waits no longer, and for nothing else.
        const left = await until(signal, here).catch(() => undefined);
        if (left === null) return { kind: "free" };
        return { kind: "remembered", remembered: rememberedOf(left ?? found, came.call, now) };
      }
      // One of the two names it only while it runs, and it was over before this one came.
      const isAnother = (came.isNamedWhileRunning || found.forWaiters) && !came.hasWaited &&
        remembered.kind !== "running";
      if (isAnother) return { kind: "over", over: found };
      return { kind: "remembered", remembered };
    }
  }

  /** Until `done`: a call that runs is known to run, however long it takes. Whether it was told. */
  async #renew(
    id: string,
    owner: string,
    begun: () => RememberedCall,
    done: AbortSignal,
  ): Promise<boolean> {
    for (let isTold = false;; isTold = true) {
      await this.#world.sleep(RENEWAL_MS, done);
      if (done.aborted) return isTold;
      try {
        const stored = await this.#calls.peek(id);
        if (stored?.value.owner !== owner) continue;
        // Where it was sealed anew meanwhile the next renewal still comes in time.
        await this.#calls.replace(id, begun(), stored.version);
      } catch (error) {
        this.#log("warn", "call_not_renewed", error);
      }
    }
  }

  /** Does not throw, and waits for one try only: the call's outcome is on its way. */
  async #leave(
    id: string,
    owner: string,
    left: RememberedCall | null,
    version: string | undefined,
  ): Promise<void> {
    try {
      // Nearly always the note is as it was put there: it is not read for that.
      if (version !== undefined && await this.#writeOver(id, left, version)) return;
      await this.#write(id, owner, left);
    } catch (error) {
      this.#log("warn", "call_not_recorded_yet", error);
      this.#record(id, owner, left);
    }
  }

  /** Goes on trying, beside everything else; what is left of the call is known here meanwhile. */
  #record(id: string, owner: string, left: RememberedCall | null): void {
    if (left !== null) this.#unrecorded.set(id, left);
    const recording = this.#insist(() => this.#write(id, owner, left)).finally(() => {
      // Another call may have taken its place.
      if (this.#unrecorded.get(id) === left) this.#unrecorded.delete(id);
      this.#recording.delete(recording);
    });
    this.#recording.add(recording);
  }

  /** Does not throw. The first try has failed just now. */
  async #insist(write: () => Promise<void>): Promise<void> {
    // Whoever it was for has been deleted meanwhile: nothing is to be kept.
    const again = (error: unknown) => !(error instanceof Refusal);
    const patience = { forMs: RECORD_PATIENCE_MS, longestPauseMs: 5_000, again };
    try {
      await this.#world.sleep(FIRST_PAUSE_MS);
      await insist(this.#world, write, patience);
    } catch (error) {
      this.#log("error", "call_not_recorded", error);
    }
  }

  /** Puts what is left in the place of the call's own note; `null` takes the note away. */
  async #write(id: string, owner: string, left: RememberedCall | null): Promise<void> {
    for (;;) {
      const stored = await this.#calls.peek(id);
      if (stored !== null && stored.value.owner !== owner) return;
      if (stored === null) {
        // Nobody could renew it for so long that the store has forgotten it.
        if (left !== null) await this.#calls.add(id, left, this.#world.now());
        return;
      }
      if (await this.#writeOver(id, left, stored.version)) return;
    }
  }

  async #writeOver(id: string, left: RememberedCall | null, version: string): Promise<boolean> {
    return left === null
      ? await this.#calls.take(id, version)
      : await this.#calls.replace(id, left, version) !== null;
  }

  #log(level: "warn" | "error", event: string, error: unknown): void {
    this.#world.log({ level, event, detail: saidOf(error) });
  }
}

/** What was found of a call that was begun before. */
type Found<T> =
  /** It left nothing: this one may run. */
  | { kind: "free" }
  /** It is another one of the same name, or its time is over: this one may run in its place. */
  | { kind: "over"; over: RememberedCall }
  | { kind: "remembered"; remembered: Remembered<T> };
