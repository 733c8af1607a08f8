/**
 * Ends that a connection has by itself, see `known_ends.ts`: its app is warned
 * once of each, ahead.
 *
 * The time of the warning stands on the list of what is due (`sweep.ts`), as a
 * place to look at and no more: where a refresh moves the end on, the entry
 * stays, and whoever comes by it files another one. So a refresh that moves the
 * end each time writes nothing more than one that does not.
 *
 * @module
 */

import type { KnownEnds } from "../core/authorization_server.ts";
import type { Connection } from "../core/connection.ts";
import type { EndReason } from "../core/events.ts";
import { type End, endOf, isKeptAlive } from "./known_ends.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A warning comes so long before the end. */
export const WARNED_AHEAD_MS = 7 * DAY_MS;
/** Or so long, where all of its life is shorter than this. */
export const SHORT_LIFE = { ms: 8 * DAY_MS, aheadMs: DAY_MS };
/** Of what lives shorter than this nobody is warned: it would be at every connect. */
export const TOO_SHORT_MS = 2 * DAY_MS;
/** A refresh that could put an end off, and fails, is tried again after this. */
export const PUT_OFF_AGAIN_MS = HOUR_MS;
/** Ends that differ by less are one: providers say them as a number of seconds from now. */
const SAME_MS = HOUR_MS;

/** When its app is warned; `undefined`: of one that comes too soon after it is known. */
export function warningTime({ at, since }: End): number | undefined {
  const life = at - since;
  return life < TOO_SHORT_MS ? undefined : at - aheadOf(life);
}

function aheadOf(life: number): number {
  return life < SHORT_LIFE.ms ? SHORT_LIFE.aheadMs : WARNED_AHEAD_MS;
}

/** What is known beside the connection. */
export interface Known {
  /** Of its provider. */
  ends: KnownEnds | undefined;
  now: number;
}

/** A connection that is about to be written, and when it is to be looked at, where that is new. */
export interface Planned {
  connection: Connection;
  warnAt?: number | undefined;
}

/** Sees to it that it is looked at in time. `filed`: what stands on the list already. */
export function planWarning(
  connection: Connection,
  filed: Pick<Connection, "warnAt" | "warnedOf"> | undefined,
  { ends, now }: Known,
): Planned {
  const { warnAt: listed, warnedOf } = filed ?? {};
  const next = {
    ...connection,
    ...(listed === undefined ? {} : { warnAt: listed }),
    ...(warnedOf === undefined ? {} : { warnedOf }),
  };
  const end = endOf(connection, ends);
  const wanted = end && warningTime(end);
  if (wanted === undefined || connection.status !== "active") return { connection: next };
  // Of what is held for an import nobody is told; what becomes of it is looked at then.
  if (connection.heldFor !== undefined) return { connection: next };
  if (isTold(end!, warnedOf)) return { connection: next };
  // An entry whose time has come is taken off the list by whoever looks.
  if (listed !== undefined && listed > now && listed <= wanted + SAME_MS) {
    return { connection: next };
  }
  return { connection: { ...next, warnAt: wanted }, warnAt: wanted };
}

/** What is to be done with one whose time on the list has come. */
export type Looked =
  | { kind: "nothing" }
  /** Its app is told of this end. */
  | { kind: "warn"; connection: Connection; end: { endsAt: number; reason: EndReason } }
  /** The end has moved on: it is looked at then. */
  | { kind: "later"; connection: Connection; warnAt: number };

/** Looks at it again. */
export function lookAtEnd(connection: Connection, { ends, now }: Known): Looked {
  const { warnAt: listed, warnedOf } = connection;
  if (listed === undefined || listed > now) return { kind: "nothing" };
  const end = endOf(connection, ends);
  const wanted = end && warningTime(end);
  const isOver = end === undefined || wanted === undefined || end.at <= now ||
    connection.status !== "active" || connection.endedAt !== undefined || isTold(end, warnedOf);
  // The entry goes; the next end is filed by whoever writes it.
  if (isOver) return { kind: "nothing" };
  if (wanted > now) {
    return { kind: "later", connection: { ...connection, warnAt: wanted }, warnAt: wanted };
  }
  const told = { ...connection, warnAt: undefined, warnedOf: end.at };
  return { kind: "warn", connection: told, end: { endsAt: end.at, reason: end.reason } };
}

/** Whether, and how, a connection that nobody uses is refreshed to put its end off. */
export interface PuttingOff {
  /** Should it fail, there is time to try again before its app is told. */
  mayWait: boolean;
}

/** `undefined`: it does not end soon, a refresh would not help, or nobody has used it for too long. */
export function puttingOff(connection: Connection, { ends, now }: Known): PuttingOff | undefined {
  const end = endOf(connection, ends);
  const wanted = end && warningTime(end);
  if (wanted === undefined || wanted > now || end!.at <= now || !end!.mayMove) return undefined;
  if (connection.status !== "active" || !isKeptAlive(connection, now)) return undefined;
  return { mayWait: end!.at - now > (end!.at - wanted) / 2 };
}

function isTold({ at }: End, warnedOf = -Infinity): boolean {
  return at <= warnedOf + SAME_MS;
}
