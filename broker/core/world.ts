/**
 * What decisions need from outside, passed in: clock, chance, log, metrics.
 *
 * @module
 */

/** What the broker needs from outside, passed in. */
export interface World {
  /** Epoch ms. */
  now(): number;
  /** A 256-bit random value as base64url. */
  secret(): string;
  /** Resolves after `ms`, or when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ n < 1, for jitter. */
  random(): number;
  log(event: LogEvent): void;
  metrics: Metrics;
}

/** How a refresh ended. */
export type RefreshOutcome =
  | "refreshed"
  /** The provider ended the grant. */
  | "reauthorization_required"
  | "failed"
  /** Somebody else had stored a newer token set by then. */
  | "superseded"
  /** The person disconnected while the provider was being asked. */
  | "gone";

/** What is counted. No label ever names a person, a record or a token. */
export interface Metrics {
  refresh(provider: string, outcome: RefreshOutcome): void;
  /** A caller waited this long for a refresh, in ms. */
  waited(provider: string, ms: number): void;
  /** A lease was taken over from a holder that had died. */
  takeover(provider: string): void;
}

/** One structured log line. Nothing in it is ever a secret. */
export interface LogEvent {
  level: "info" | "warn" | "error";
  event: string;
  [detail: string]: string | number | boolean | undefined;
}
