/**
 * The loop of one honest caller: a deed, its judgement, a pause.
 *
 * @module
 */

import { type Deed, deeds, refreshClient } from "./deeds.ts";
import { TOKEN_ENDED, TryLater } from "./line.ts";
import { connect, type Person } from "./person.ts";
import type { Phase, Report } from "./report.ts";

/** Whoever is told to wait must have succeeded after this, hold-offs and dead processes included. */
const PATIENCE_MS = 150_000;

/** When a caller ends: after so many deeds, or when it is told to. */
export interface Shift {
  phase: Phase;
  report: Report;
  /** Between two deeds, on average. */
  paceMs: number;
  /** After so many, if that is said. */
  deeds?: number | undefined;
  until: AbortSignal;
}

/** Does deeds by the person's own dice. */
export async function work(person: Person, shift: Shift): Promise<void> {
  const { paceMs, deeds: most = Infinity, until } = shift;
  const own = deeds.filter(({ who }) => who === "both" || who === person.kind);
  // Not all at once.
  await pause(person.dice.int(paceMs + 1), until);
  for (let count = 0; count < most && !until.aborted; count++) {
    await perform(person, pick(person, own), shift);
    await pause(person.dice.int(2 * paceMs + 1), until);
  }
}

function pick({ dice }: Person, own: Deed[]): Deed {
  let left = dice.int(own.reduce((sum, { weight }) => sum + weight, 0));
  return own.find(({ weight }) => (left -= weight) < 0)!;
}

async function perform(person: Person, deed: Deed, { phase, report }: Shift): Promise<void> {
  const start = performance.now();
  const waited = () => performance.now() - start;
  for (let attempt = 0;; attempt++) {
    try {
      // What a process took along when it died is connected again.
      if (attempt > 0) await mend(person);
      await deed.run(person, attempt);
      return report.done(phase, deed.name, waited());
    } catch (error) {
      const mayWait = error instanceof TryLater && phase === "upheaval";
      if (!mayWait || waited() > PATIENCE_MS) {
        const what = error instanceof Error ? error.message : String(error);
        if (!report.isOver) {
          report.failures.push({ phase, deed: deed.name, who: person.name, what });
        }
        return;
      }
      if (error.message === REAUTHORIZE) broken.add(person);
      if (error.message === TOKEN_ENDED) ended.add(person);
      report.count("healed", error.message.replace(/ [(:].*$/s, ""));
      await new Promise((resolve) => setTimeout(resolve, error.ms));
    }
  }
}

const REAUTHORIZE = "reauthorization_required";
/** Those who were told to connect again. */
const broken = new WeakSet<Person>();
/** Those whose client was told that its access token has ended. */
const ended = new WeakSet<Person>();

async function mend(person: Person): Promise<void> {
  if (ended.delete(person)) await refreshClient(person);
  if (!broken.has(person)) return;
  const { main, second, hasSecond } = person.accounts;
  for (const account of hasSecond ? [main, second] : [main]) await connect(person, account);
  broken.delete(person);
}

function pause(ms: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      until.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    until.addEventListener("abort", done);
    if (until.aborted) done();
  });
}
