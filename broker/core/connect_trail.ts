/**
 * One connect, step by step, as it is kept for whoever runs the program: when, in which request, and
 * how it ended. Nothing of it is secret. Times are epoch ms. Pure.
 *
 * @module
 */

import type { Actor } from "./actor.ts";
import type { Subject } from "./subject.ts";

/** The steps, in their order; the last four are ends. */
export type Step =
  | "link_made"
  | "link_opened"
  /** An app has handed over what it holds: an API key, a client, tokens. */
  | "received"
  /** The provider takes it, and has said whose it is. */
  | "checked"
  | "set_out"
  | "came_back"
  | "connected"
  /** It waits for its app to claim it. */
  | "handed_off"
  | "claimed"
  | "failed";

/** A step that was taken. */
export interface TrailStep {
  /** When; of one that was taken several times in a row, when last. */
  at: number;
  step: Step;
  /** As the answer, the page and the log call the request. */
  requestId?: string | undefined;
  /** Of one that failed: the code of why. */
  error?: string | undefined;
  /** The same in words of ours. */
  detail?: string | undefined;
  /** How often in a row; absent: once. */
  times?: number | undefined;
}

/** A connect. */
export interface ConnectTrail {
  id: string;
  subject: Subject;
  /** Who began it; absent: nobody knows. */
  actor?: Pick<Actor, "kind" | "id" | "name"> | undefined;
  provider: string;
  service?: string | undefined;
  /** In the order of their times. */
  steps: TrailStep[];
  expiresAt: number;
}

/** A step, and which connect it is of. */
export interface TrailNote extends Omit<ConnectTrail, "steps" | "expiresAt"> {
  taken: TrailStep;
  /** How the connect began, where that was kept nowhere until now. */
  before?: TrailStep | undefined;
}

/** A connect is kept for so long from its first step on, as long as what was done is. */
export const TRAIL_KEPT_MS = 30 * 24 * 60 * 60_000;
/** Steps of one connect. Whoever opens a link again and again writes no more than these. */
export const MOST_STEPS = 40;
/** So often in a row is counted. */
const MOST_TIMES = 100;

const DONE: Step[] = ["connected", "handed_off", "claimed"];

/** A connect with one step more; the same object where nothing more of it is kept. */
export function withStep(
  trail: ConnectTrail | undefined,
  { taken, before, ...of }: TrailNote,
): ConnectTrail {
  const known = trail ?? { ...of, steps: before === undefined ? [] : [before], expiresAt: 0 };
  const steps = stepsWith(known.steps, taken);
  if (steps === known.steps) return known;
  // By one process's clock or another's: the first that was noted counts.
  const { at } = known.steps[0] ?? taken;
  return { ...known, steps, expiresAt: at + TRAIL_KEPT_MS };
}

function stepsWith(steps: TrailStep[], taken: TrailStep): TrailStep[] {
  const last = steps.at(-1);
  if (last !== undefined && isRepeated(last, taken)) {
    const { times = 1 } = last;
    if (times >= MOST_TIMES) return steps;
    return [...steps.slice(0, -1), { ...taken, times: times + 1 }];
  }
  // How it ended is worth more than how it went on in between.
  if (steps.length >= MOST_STEPS) {
    if (!DONE.includes(taken.step)) return steps;
    steps = steps.slice(0, -1);
  }
  // What another process noted later may have been written first.
  const at = steps.findLastIndex((each) => each.at <= taken.at) + 1;
  return steps.toSpliced(at, 0, taken);
}

/** Of failures each has its own reference, by which it is asked for. */
function isRepeated(last: TrailStep, { step, at }: TrailStep): boolean {
  return last.step === step && step !== "failed" && last.at <= at;
}

/**
 * The reference of a page, or a connect's id, in what somebody was told or has copied; `undefined`:
 * there is none in it.
 */
export function referenceIn(said: string): string | undefined {
  return /c-[0-9a-v]{10}\b|[0-9a-hjkmnp-tv-z]{9}-[0-9a-hjkmnp-tv-z]{7}\b/
    .exec(said.slice(0, 200).toLowerCase())?.[0];
}

/** How a connect stands. `open`: nobody has come back yet, or ever will. */
export function standingOf({ steps }: Pick<ConnectTrail, "steps">): "done" | "failed" | "open" {
  const { step } = steps.findLast(({ step }) => step !== "link_opened") ?? {};
  if (step === "connected" || step === "claimed") return "done";
  return step === "failed" ? "failed" : "open";
}
