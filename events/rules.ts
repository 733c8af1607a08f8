/**
 * Decisions about sending events: when one is tried again, when a receiver is
 * left alone, what an answer means. Pure: `now` is an argument.
 *
 * @module
 */

import { isAhead } from "../broker/core/clock.ts";
import type { Delivery, KeptEvent, ReceiverState } from "../broker/core/events.ts";

/** One event is tried for so long, from its first attempt on. */
export const TRIED_MS = 3 * 24 * 60 * 60_000;
/** Between two attempts: this long at first, twice as long each time, and never longer than that. */
export const RETRY_MS = { first: 10_000, longest: 60 * 60_000 };
/** So many failures after each other, of whichever events, say that the receiver is down. */
export const FAILURES_TO_PAUSE = 5;
/** A receiver that is down is left alone: this long at first, twice as long each time. */
export const PAUSE_MS = { first: 15_000, longest: 5 * 60_000 };
/** A `Retry-After` is honoured up to this. */
export const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
/** For all of an attempt. */
export const ATTEMPT_MS = 15_000;
/** So long an attempt that is under way may take when the program ends. */
export const ENDING_MS = 2_000;
/** The right to send one person's events lasts so long, and is renewed by each attempt. */
export const LANE_MS = 60_000;
/** So many people's events are sent to one receiver at a time. */
export const LANES_AT_ONCE = 8;
/** A run by the clock begins nothing after this, and so is over before the next one, a minute later. */
export const DELIVERY_RUN_MS = 40_000;

/** What a receiver answered, or why there is no answer. */
export type Outcome =
  | { kind: "answered"; status: number; retryAfterMs?: number | undefined }
  | { kind: "failed"; fault: string }
  /** This program is about to end. Whether it came through nobody knows. */
  | { kind: "cut_off" };

/** What an attempt means for the event. */
export function afterAttempt(
  { delivery }: Pick<KeptEvent, "delivery">,
  outcome: Exclude<Outcome, { kind: "cut_off" }>,
  now: number,
  random: number,
): Delivery {
  const attempts = (delivery?.attempts ?? 0) + 1;
  const firstAt = delivery?.firstAt ?? now;
  const said = outcome.kind === "answered"
    ? { status: outcome.status, fault: faultOf(outcome.status) }
    : { fault: outcome.fault };
  const tried = { attempts, firstAt, at: now, ...said };
  if (isTaken(outcome)) return { ...tried, state: "delivered" };
  if (now - firstAt >= TRIED_MS) return { ...tried, state: "gave_up" };
  const doubled = RETRY_MS.first * 2 ** Math.min(attempts - 1, 20);
  // From three quarters to one and a quarter: those that failed together come apart.
  const pause = Math.min(doubled, RETRY_MS.longest) * (0.75 + random / 2);
  const asked = outcome.kind === "answered" ? outcome.retryAfterMs ?? 0 : 0;
  const wait = Math.max(pause, Math.min(asked, LONGEST_RETRY_AFTER_MS));
  return { ...tried, state: "failing", nextAt: Math.round(now + wait) };
}

/** Whether the receiver has it. */
export function isTaken(outcome: Outcome): boolean {
  return outcome.kind === "answered" && outcome.status >= 200 && outcome.status < 300;
}

function faultOf(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  return status >= 300 && status < 400 ? "a redirect, which is not followed" : `status ${status}`;
}

/** What an attempt means for its receiver; `undefined`: nothing that must be written down. */
export function receiverAfter(
  state: ReceiverState,
  outcome: Exclude<Outcome, { kind: "cut_off" }>,
  now: number,
): ReceiverState | undefined {
  const last = outcome.kind === "answered"
    ? { lastStatus: outcome.status, lastFault: faultOf(outcome.status), lastAt: now }
    : { lastStatus: undefined, lastFault: outcome.fault, lastAt: now };
  if (isTaken(outcome)) {
    if (state.failingSince === undefined) return undefined;
    const { failingSince: _f, failures: _n, pausedUntil: _p, ...rest } = state;
    return { ...rest, ...last, recoveredAt: now };
  }
  if (outcome.kind === "answered" && outcome.status === 410) {
    return { ...state, ...last, offSince: now };
  }
  const failures = (state.failures ?? 0) + 1;
  const failing = { ...state, ...last, failingSince: state.failingSince ?? now, failures };
  // What speaks of one event is no reason to keep the others.
  const isDown = outcome.kind === "failed" || outcome.status === 429 || outcome.status >= 500;
  if (!isDown || failures < FAILURES_TO_PAUSE) return failing;
  const doubled = PAUSE_MS.first * 2 ** Math.min(failures - FAILURES_TO_PAUSE, 20);
  const asked = outcome.kind === "answered" ? outcome.retryAfterMs ?? 0 : 0;
  const pause = Math.max(
    Math.min(doubled, PAUSE_MS.longest),
    Math.min(asked, LONGEST_RETRY_AFTER_MS),
  );
  return { ...failing, pausedUntil: now + pause };
}

/** How much longer nothing is sent to it, in ms; `Infinity`: it is switched off. */
export function restOf({ offSince, pausedUntil = 0 }: ReceiverState, now: number): number {
  if (offSince !== undefined) return Infinity;
  // A clock that ran ahead when it was noted holds nothing up.
  if (isAhead(pausedUntil - LONGEST_RETRY_AFTER_MS, now)) return 0;
  return Math.max(0, pausedUntil - now);
}

/** How much longer an event is held back, in ms: not at all once its receiver has taken something. */
export function heldBack(
  { delivery }: Pick<KeptEvent, "delivery">,
  { recoveredAt = 0, pausedUntil = 0 }: ReceiverState,
  now: number,
): number {
  const { nextAt, at } = delivery ?? {};
  if (nextAt === undefined || at === undefined) return 0;
  // Or was left alone since: somebody has to try whether it is back.
  if (at < Math.max(recoveredAt, pausedUntil)) return 0;
  if (isAhead(nextAt - LONGEST_RETRY_AFTER_MS * 1.25, now)) return 0;
  return Math.max(0, nextAt - now);
}

/** Up to when wakes are looked at: after a receiver came back also those that were put off. */
export function wokenUntil(
  { recoveredAt, pausedUntil }: ReceiverState,
  now: number,
): number {
  const horizon = RETRY_MS.longest * 1.25;
  const isBack = recoveredAt !== undefined && now - recoveredAt < horizon;
  return Math.floor(isBack || pausedUntil !== undefined ? now + horizon : now);
}
