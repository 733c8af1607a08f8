/**
 * `BENCH.md`: written anew by each whole run, but for what is kept by hand.
 *
 * @module
 */

import type { Finding, RowOptions } from "./finding.ts";
import { peerTable, table } from "./report.ts";
import { loadAverage, machine, versions } from "./surroundings.ts";

const file = new URL("../../BENCH.md", import.meta.url);

/** From here on it is nobody's but whoever wrote it. */
const BY_HAND = "## What was tried";
const EMPTY = `${BY_HAND}

| what | before | after | kept |
| --- | --- | --- | --- |
`;

/** What a run was made with. */
export interface Circumstances extends Pick<RowOptions, "rounds" | "minutes" | "whole"> {
  /** The load average when it began. */
  loadBefore: number;
  /** Rows that it was stopped before. */
  unmeasured: string[];
}

/** Writes the page, and keeps the part by hand. */
export async function writePage(findings: Finding[], run: Circumstances): Promise<void> {
  const old = await Deno.readTextFile(file).catch(() => "");
  await Deno.writeTextFile(file, pageOf(findings, await aboutRun(run), old));
}

/** The page, with the part by hand of the one before. */
export function pageOf(findings: Finding[], about: string, old: string): string {
  const at = old.indexOf(`\n${BY_HAND}\n`);
  const byHand = at < 0 ? EMPTY : old.slice(at + 1);
  const peers = peerTable(findings);
  return `# What it costs

Written by \`deno task bench\`, down to "What was tried", which is kept by hand. The real program, started as
\`deno task start\` does, on a KV file, with an API key, limits and its log, beside the least that the same answer can
cost. All are asked in turns in one run; figures are medians of the rounds, ratios medians of the rounds' own ratios.
Processor time is that of the whole process tree, so that what else the machine does counts little. **Ratios count**,
other figures belong to this machine. A load average above the number of cores says that other programs ran beside it: then
what keeps much in the processor's caches looks dearer by the limit than it is, and waits in ms say little.

\`\`\`sh
deno task bench                         # all rows, and this file; Linux, Node.js, the package registry
deno task bench --only list,call,token  # some rows; this file stays as it is
deno task bench --whole                 # ten minutes under load, a million connections
deno task bench --smoke                 # whether the answers are right, in seconds
\`\`\`

${about}

## Beside the limit

${table(findings)}

## Beside what else one could run

${peers}

${byHand}`;
}

async function aboutRun(
  { rounds, minutes, whole, loadBefore, unmeasured }: Circumstances,
): Promise<string> {
  // What is measured is itself one process that wants to run, or two.
  const [before, after] = [loadBefore, loadAverage()].map((load) => load.toFixed(1));
  const lacks = unmeasured.length === 0
    ? ""
    : `\n- The run was stopped before these rows: ${unmeasured.join(", ")}`;
  return `- ${
    new Date().toISOString().slice(0, 10)
  }, ${rounds} rounds, ${minutes} min under constant load, ${
    whole ? "everything in full" : "shortened where a line says so"
  }
- ${await machine()}; load average ${before} before and ${after} after
- ${await versions()}${lacks}`;
}
