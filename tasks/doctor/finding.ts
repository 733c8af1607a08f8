/**
 * What a look at a deployment found, and how it is told.
 *
 * @module
 */

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at: "configuration", "database". */
  what: string;
  /** `note`: as it is, perhaps on purpose; `fault`: something does not work, or will not. */
  state: "ok" | "note" | "fault";
  /** What was found, in a sentence. Never a secret. */
  found: string;
  /** What to do. */
  cure?: string | undefined;
}

/** Findings about one thing that was looked at; a fault never goes without its cure. */
export function findingsAbout(what: string) {
  return {
    ok: (found: string): Finding => ({ what, state: "ok", found }),
    note: (found: string, cure?: string): Finding => ({ what, state: "note", found, cure }),
    fault: (found: string, cure: string): Finding => ({ what, state: "fault", found, cure }),
  };
}

/** Whether all works. */
export function isWell(findings: Finding[]): boolean {
  return findings.every(({ state }) => state !== "fault");
}

/** For a terminal: a line each, its cure below it. */
export function linesOf(findings: Finding[]): string[] {
  return findings.flatMap(({ what, state, found, cure }) => {
    const line = `${state.padEnd(6)} ${what}: ${found}`;
    return cure === undefined ? [line] : [line, `       → ${cure}`];
  });
}

/** How many of them are what. */
export function countsOf(findings: Finding[]): { faults: number; notes: number } {
  const of = (wanted: Finding["state"]) => findings.filter(({ state }) => state === wanted).length;
  return { faults: of("fault"), notes: of("note") };
}

/** The last line for a terminal. */
export function summaryOf(findings: Finding[]): string {
  const { faults, notes } = countsOf(findings);
  const said = notes === 1 ? "1 note" : `${notes} notes`;
  return faults === 0
    ? `No fault, ${said}.`
    : `${faults === 1 ? "1 fault" : `${faults} faults`}, ${said}.`;
}
