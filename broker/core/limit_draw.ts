/**
 * How a process takes its part of a limit: what it may hand out by itself
 * afterwards, so that a request is counted without asking anybody. Pure: `now`
 * is an argument.
 *
 * @module
 */

import type { BudgetSize } from "./budget.ts";
import type { LimitRecord } from "./limits.ts";

/** The part of a limit that the parts of all processes together may be; what is not used of it is lost. */
const MOST_HELD = 0.08;
/** The part of a limit that a process begins with, and what it counts by itself before it asks at all. */
const FIRST_PART = 1 / 50;
/** A part that was used up within this share of a window was too small, after that other one too large. */
const SOON = 1 / 60;
const LATE = 1 / 10;
/** So many processes are told apart; more count as that many. */
const MOST_PROCESSES = 16;

/**
 * Of a small limit this many are free all the same, up to a twentieth: a client that renews its tokens
 * once or twice in an hour costs no write.
 */
const FEW = { units: 4, part: 1 / 20 };

/** What is counted in a process before it asks: most callers are far below, and nothing is written of them. */
export function freeUnits({ limit }: BudgetSize): number {
  const few = Math.min(FEW.units, Math.floor(limit * FEW.part));
  return Math.max(few, Math.floor(limit * FIRST_PART));
}

/** What a process asks for. */
export interface Draw {
  /** A few letters of its own. */
  process: string;
  /** What it has counted without having been given it. */
  unreported: number;
  /** What it was given the last time in this window; 0: nothing yet. */
  last: number;
  /** Ms since then. */
  lasted: number;
  /** What waits for it. */
  waiting: number;
  /** When a window ends that begins by this. */
  endsAt: number;
  /** The window that it saw last, and when that is over by its own clock. */
  known?: KnownWindow | undefined;
}

/** A window by the clock of whoever began it, and by the clock here. */
export interface KnownWindow {
  endsAt: number;
  until: number;
}

/** What comes of it. */
export interface Drawn {
  /** What is to be written; absent: there is nothing to write. */
  record?: LimitRecord | undefined;
  granted: number;
  /** Whether nobody is given any more in this window. */
  isSpent: boolean;
  /** Ms until the window is over. */
  leftMs: number;
  /** The window that it is about. */
  endsAt: number;
  /** Of the whole limit, what was handed out. */
  used: number;
}

/**
 * Ms that are left of a window, by a clock that may differ from the one of whoever wrote it. One that is
 * ahead is seen by what it wrote in our future. A window that one behind has begun ends for us as much
 * too early as the clocks differ.
 */
function leftOf(
  { endsAt, at }: LimitRecord,
  { windowMs }: BudgetSize,
  known: KnownWindow | undefined,
  now: number,
): number {
  // Seen before: what a wrong clock says of it is waited out once, and not for ever.
  if (known?.endsAt === endsAt) return Math.min(known.until - now, windowMs);
  return Math.min(endsAt - Math.max(at, now), windowMs);
}

/** `seen`: what stands there; `null`: nothing, or a window that is known to be over. */
export function draw(
  seen: LimitRecord | null,
  { process, unreported, last, lasted, waiting, endsAt, known }: Draw,
  size: BudgetSize,
  now: number,
): Drawn {
  const { limit, windowMs } = size;
  const rest = seen === null ? 0 : leftOf(seen, size, known, now);
  const goesOn = seen !== null && rest > 0;
  const before = goesOn ? seen : { endsAt, at: now, used: 0, by: [] };
  const leftMs = goesOn ? rest : endsAt - now;
  const by = before.by.includes(process) ? before.by : [...before.by, process];
  const processes = Math.min(by.length, MOST_PROCESSES);
  const left = Math.max(0, limit - before.used - unreported);
  const most = Math.max(1, Math.floor(limit * MOST_HELD / processes));
  const pace = lasted < windowMs * SOON ? 2 : lasted > windowMs * LATE ? 0.5 : 1;
  const batch = last === 0 ? limit * FIRST_PART : last * pace;
  // What is left at the end is shared: nobody should hold all of it and use a part.
  const granted = Math.min(
    Math.max(1, Math.floor(batch), Math.ceil(waiting)),
    most,
    Math.ceil(left / processes),
  );
  const used = before.used + unreported + granted;
  const isSpent = used >= limit;
  const drawn = { granted, isSpent, leftMs, endsAt: before.endsAt, used };
  if (granted === 0 && unreported === 0) return drawn;
  // Written by whoever is behind, it would look as if the one ahead had been right.
  const record = {
    endsAt: before.endsAt,
    at: Math.max(before.at, now),
    used,
    by: by.slice(0, MOST_PROCESSES),
  };
  return { ...drawn, record };
}
