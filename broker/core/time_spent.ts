/**
 * Whose time it was that a request took: measured where it is spent, said by `Server-Timing`.
 *
 * @module
 */

/** What a request waits for: our database, a provider's token endpoint, a provider's API. */
export type TimedPart = "vault" | "refresh" | "provider";

/** Ends a part. To be called once. */
export type PartEnd = () => void;

/** A request, whose time is kept. */
export interface Timed {
  readonly spending: TimeSpent;
}

/** Measures what is done for requests. */
export interface Timing {
  /** A part begins; `request`: the one that it is for, if that is not the one being answered. */
  begin(part: TimedPart, request?: Timed): PartEnd;
}

/** Measures nothing. */
export const UNTIMED: PartEnd = () => {};

/** Of one request, in ms. What is done side by side counts once. */
export class TimeSpent {
  vault = 0;
  refresh = 0;
  provider = 0;
  readonly #running = { vault: 0, refresh: 0, provider: 0 };
  readonly #since = { vault: 0, refresh: 0, provider: 0 };

  /** A part begins. `now`: ms since any moment. */
  begin(part: TimedPart, now: () => number): PartEnd {
    const running = this.#running;
    // What a refresh itself waits for is the refresh's time.
    if (part !== "refresh" && running.refresh > 0) return UNTIMED;
    if (running[part]++ === 0) this.#since[part] = now();
    return () => {
      if (--running[part] === 0) this[part] += now() - this.#since[part];
    };
  }
}
