/**
 * What decisions need from outside, passed in: clock, chance, log, metrics.
 *
 * @module
 */

import type { Awaitable } from "./awaitable.ts";
import type { Timing } from "./time_spent.ts";

/** What the broker needs from outside, passed in. */
export interface World {
  /** Epoch ms. */
  now(): number;
  /** A 256-bit random value as base64url. */
  secret(): string;
  /** Resolves after `ms`, or when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Rings after `ms`, unless what it returns is called before. Absent: {@linkcode World.sleep} does it,
   * which costs a promise, a signal and a listener more.
   */
  alarm?(ms: number, ring: () => void): () => void;
  /** 0 ≤ n < 1, for jitter. */
  random(): number;
  log(event: LogEvent): void;
  metrics: Metrics;
  /** Where what is done is traced; absent: nowhere. */
  spans?: Spans | undefined;
  /** Whose time it is that requests take; absent: nobody asks. */
  timing?: Timing | undefined;
  /** Aborts soon after the program has closed its door: whoever still sends a request holds it up. */
  leaving?: AbortSignal | undefined;
}

/** A piece of work, as a trace shows it. All words are of fixed lists: no person, record or secret. */
export interface SpanOf {
  /** Such as `refresh github`. */
  name: string;
  attributes?: Readonly<Record<string, string>> | undefined;
  /** Work that was asked for by somebody else. @default false */
  isAsked?: boolean | undefined;
  /** The `traceparent` that its caller gives it in so many words, unread; only of one who is known. */
  caller?: string | undefined;
}

/** Traces of what is done. Whatever happens to them, the work is done. */
export interface Spans {
  /** Does work, in which other spans begin as children. `failure`: why its outcome is none, if so. */
  within<T>(
    span: SpanOf,
    work: () => Awaitable<T>,
    failure?: (outcome: T) => string | undefined,
  ): Awaitable<T>;
  /** Begins what has no children, and only as a part of something; returns its end. */
  part(name: string, attributes: Readonly<Record<string, string>>): SpanEnd;
  /** What goes on now, as a `traceparent`, for the operator's own servers; `undefined`: nothing does. */
  traceparent(): string | undefined;
}

/** Ends a span; `failure`: a word for why it came to nothing. */
export type SpanEnd = (failure?: string) => void;

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
