/**
 * A link that an app opens in a pop-up of its own page, and what that page hears
 * of its end.
 *
 * @module
 */

/** What an app hears: in the query of its `return_to`, or in a message to its page. */
export type Told =
  /** The code is no proof of anything until the app's backend has claimed it. */
  | { code: string; service: string }
  | {
    error: string;
    service: string;
    /** What became of access that was given and not kept, as a refusal has it. */
    access?: string | undefined;
  };

/** A pop-up of ours, as its own script has to know it. */
export interface Popup {
  /** The one web origin that may hear of it. */
  origin: string;
  /** Tells it from other trips in the same tab; no secret. */
  trip: string;
  /** Absent as long as it has not ended. */
  told?: Told | undefined;
}

/** How it ended, and where the browser goes: a pop-up may have nowhere to go. */
export type Ending =
  & { told: Told }
  & (
    | { redirectTo: URL; popup?: undefined }
    | { redirectTo?: URL | undefined; popup: Popup }
  );
