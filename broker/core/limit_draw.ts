/**
 * How a process takes its part of a limit: what it may hand out by itself
 * afterwards, so that a request is counted without asking anybody. Pure: `now`
 * is an argument.
 *
 * A limit holds in every stretch of time that is as long as its window, wherever
 * it begins: what was used is kept with when it was, and is free again a window
 * later, no sooner. What a process has taken ahead counts as used until it says
 * what became of it, and if it never does, until a window after it had to be used.
 *
 * @module
 */

import type { BudgetSize } from "./budget.ts";
import type { LimitLease, LimitPart, LimitRecord } from "./limits.ts";

/** The part of a limit that processes together may have taken ahead; it is lost where they use none of it. */
const MOST_AHEAD = 0.08;
/** The part of a limit that a process begins with, and what it counts by itself before it asks at all. */
const FIRST_PART = 1 / 50;
/** A part that was used up within this share of a window was too small, after that other one too large. */
const SOON = 1 / 60;
const LATE = 1 / 10;
/** So many processes are told apart; further ones take nothing ahead. */
const MOST_PROCESSES = 16;
/** What is used within this share of a window is free again together, with the last of it. */
const TOGETHER = 1 / 20;
/** What is taken ahead is to be used within this share of a window. */
const LEASE = 1 / 2;

/**
 * What is counted in a process before it asks: most callers are far below, and nothing is written of
 * them. Five processes together admit a tenth too much by it; of less than 50 everything is asked for.
 */
export function freeUnits({ limit }: BudgetSize): number {
  return Math.floor(limit * FIRST_PART);
}

/** What a process asks for. */
export interface Draw {
  /** A few letters of its own. */
  process: string;
  /** What is left of what it has taken ahead. */
  held: number;
  /** What it has counted without having been given it. */
  unreported: number;
  /** What it took ahead the last time; 0: nothing yet. */
  last: number;
  /** Ms since then. */
  lasted: number;
  /** Who waits, and for how many; whoever came first is first. */
  waiting: readonly number[];
}

/** What comes of it. */
export interface Drawn {
  /** How it stands then. */
  record: LimitRecord;
  /** Whether that is to be written. */
  isChanged: boolean;
  /** For each who waits, whether it is let in; that is counted. */
  letIn: boolean[];
  /** What was held and is no more: the time to use it is over. */
  givenBack: boolean;
  /** Taken ahead, beside what is held. */
  ahead: number;
  /** Until when all that is held is to be used. */
  leaseUntil: number;
  /** Of the whole limit, what is used or held by whoever. */
  taken: number;
}

/** `seen`: what stands there, by the clock here; `null`: nothing. */
export function draw(
  seen: LimitRecord | null,
  { process, held, unreported, last, lasted, waiting }: Draw,
  { limit, windowMs }: BudgetSize,
  now: number,
): Drawn {
  const parts = livingParts(seen, windowMs, now);
  const leases = livingLeases(seen, windowMs, now);
  const at = leases.findIndex(([of]) => of === process);
  const [own] = at < 0 ? [] : leases.splice(at, 1);
  const kept = own !== undefined && own[2] > now ? held : 0;
  const used = (own === undefined ? 0 : own[1] - held) + unreported;
  addUnits(parts, used, windowMs, now);
  let left = limit - takenOf({ parts, leases }) - kept;
  const letIn = waiting.map((units) => {
    const isIn = units <= left;
    if (isIn) left -= units;
    return isIn;
  });
  const served = waiting.reduce((sum, units, n) => letIn[n] ? sum + units : sum, 0);
  addUnits(parts, served, windowMs, now);
  const processes = leases.length + 1;
  const pace = lasted < windowMs * SOON ? 2 : lasted > windowMs * LATE ? 0.5 : 1;
  const batch = last === 0 ? limit * FIRST_PART : last * pace;
  const most = processes > MOST_PROCESSES ? 0 : Math.floor(limit * MOST_AHEAD / processes) - kept;
  // What is left at the end is shared: nobody should hold all of it and use a part.
  const ahead = Math.max(0, Math.min(Math.max(1, Math.floor(batch)), most, left / processes | 0));
  const leaseUntil = now + windowMs * LEASE;
  if (kept + ahead > 0) leases.push([process, kept + ahead, leaseUntil]);
  const record = { at: now, by: process, parts, leases };
  return {
    record,
    isChanged: used !== 0 || served > 0 || ahead > 0 || own !== undefined,
    letIn,
    givenBack: kept !== held,
    ahead,
    leaseUntil,
    taken: takenOf(record),
  };
}

/** Of a limit, what is used or held by whoever, but for one process's own. */
export function takenBy(record: LimitRecord, windowMs: number, now: number, not?: string): number {
  return takenOf({
    parts: livingParts(record, windowMs, now),
    leases: livingLeases(record, windowMs, now).filter(([of]) => of !== not),
  });
}

/** Ms until there are so many again, if nobody else takes them; a window where there never are. */
export function waitFor(
  units: number,
  record: LimitRecord,
  { limit, windowMs }: BudgetSize,
  now: number,
): number {
  if (units > limit) return windowMs;
  const ends = [
    ...livingParts(record, windowMs, now).map(([, last, used]) => [last, used] as const),
    ...livingLeases(record, windowMs, now).map(([, leased, until]) => [until, leased] as const),
  ].sort(([one], [other]) => one - other);
  let missing = units - limit + ends.reduce((sum, [, used]) => sum + used, 0);
  for (const [end, used] of ends) {
    if (missing <= 0) return 0;
    missing -= used;
    if (missing <= 0) return end + windowMs - now;
  }
  return 0;
}

function takenOf({ parts, leases }: Pick<LimitRecord, "parts" | "leases">): number {
  let taken = 0;
  for (const [, , units] of parts) taken += units;
  for (const [, units] of leases) taken += units;
  return taken;
}

function livingParts(record: LimitRecord | null, windowMs: number, now: number): LimitPart[] {
  return (record?.parts ?? []).filter(([, last]) => last + windowMs > now).map((part) => [...part]);
}

/** Of whoever has not said what became of it, it may all have been used, and at the last moment. */
function livingLeases(record: LimitRecord | null, windowMs: number, now: number): LimitLease[] {
  return (record?.leases ?? []).filter(([, , until]) => until + windowMs > now);
}

/** Less than nothing: who was counted has not come. */
function addUnits(parts: LimitPart[], units: number, windowMs: number, now: number): void {
  const last = parts.at(-1);
  if (units > 0) {
    if (last === undefined || now - last[0] > windowMs * TOGETHER) parts.push([now, now, units]);
    else [last[1], last[2]] = [now, last[2] + units];
    return;
  }
  let left = -units;
  for (let at = parts.length; at-- > 0 && left > 0;) {
    const part = parts[at]!;
    const less = Math.min(left, part[2]);
    part[2] -= less;
    left -= less;
    if (part[2] === 0) parts.splice(at, 1);
  }
}
