/**
 * Checks, each of one thing, that run side by side: none waits for another, and
 * none holds up the whole for longer than its time.
 *
 * @module
 */

import { traceOf } from "../../broker/core/trace_of.ts";
import type { Finding } from "./finding.ts";

/** One thing to look at. */
export interface Check {
  /** What its findings are about. */
  what: string;
  /** May throw: that is a finding, too. */
  run(): Promise<Finding[]>;
}

/** How long anybody waits, in ms. */
export interface Patience {
  /** For one answer of another machine. */
  answerMs: number;
  /** For all that one check does. */
  checkMs: number;
}

export const PATIENCE: Patience = { answerMs: 8_000, checkMs: 25_000 };

/** What they found, in their own order, whichever was done first. */
export async function runChecks(
  checks: Check[],
  { checkMs }: Pick<Patience, "checkMs">,
): Promise<Finding[]> {
  return (await Promise.all(checks.map((check) => runOne(check, checkMs)))).flat();
}

async function runOne({ what, run }: Check, checkMs: number): Promise<Finding[]> {
  const { promise: late, resolve } = Promise.withResolvers<Finding[]>();
  const found = `was not looked at to the end: no answer within ${checkMs / 1000} seconds.`;
  const timer = setTimeout(() => resolve([{ what, state: "fault", found }]), checkMs);
  const looked = Promise.resolve().then(run).catch((error): Finding[] => {
    const { name, at } = traceOf(error);
    return [{ what, state: "fault", found: `could not be looked at: ${name} at ${at}.` }];
  });
  return await Promise.race([looked, late]).finally(() => clearTimeout(timer));
}
