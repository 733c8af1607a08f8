/**
 * `deno task bench`: what requests cost here beside the least that they can
 * cost, and beside what else one could run. Prints the table and writes
 * `BENCH.md`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { Finding, Row, RowOptions } from "./finding.ts";
import { canMeasure } from "./process_tree.ts";
import { writePage } from "./page.ts";
import { peerTable, table } from "./report.ts";
import { rows } from "./rows/rows.ts";
import { smoke } from "./smoke.ts";
import { endAll } from "./started.ts";
import { loadAverage } from "./surroundings.ts";

const USAGE = `deno task bench [options]
  --only list,call   these rows alone, of ${rows.map(({ name }) => name).join(", ")};
                     BENCH.md stays as it is
  --rounds 5         each is measured so many times, in turns
  --no-peers         without the programs of others; nothing is fetched
  --minutes 1        how long 16 callers ask
  --whole            what takes long in full: ten minutes, a million connections
  --smoke            each row's answers and counts, once, in seconds; nothing is timed`;

/** Prints the usage and ends the program. */
function usage(fault: string): never {
  console.error(`${fault}\n\n${USAGE}`);
  return Deno.exit(2);
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: "string" },
        rounds: { type: "string", default: "5" },
        "no-peers": { type: "boolean", default: false },
        minutes: { type: "string" },
        whole: { type: "boolean", default: false },
        smoke: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    return usage((error as Error).message);
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) usage(`--${name} must be more than 0, not ${text}`);
  return value;
}

function wanted(only: string | undefined): Row[] {
  if (only === undefined) return rows;
  return only.split(",").map((name) =>
    rows.find((row) => row.name === name) ?? usage(`--only: there is no row ${name}`)
  );
}

async function main(): Promise<void> {
  const values = parse(Deno.args);
  if (values.smoke) Deno.exit(await smoke() ? 0 : 1);
  if (!canMeasure()) usage("Only Linux says what a process has used");
  const options: RowOptions = {
    rounds: positive("rounds", values.rounds),
    peers: !values["no-peers"],
    minutes: positive("minutes", values.minutes ?? (values.whole ? "10" : "1")),
    whole: values.whole,
    say: (text) => console.error(`… ${text}`),
  };
  const loadBefore = loadAverage();
  const findings: Finding[] = [];
  let left = wanted(values.only);
  const end = async (code: number): Promise<never> => {
    // Where it is stopped, nothing stays behind, and what was measured is not lost.
    endAll();
    console.log(`${table(findings)}\n\n${peerTable(findings)}`);
    const unmeasured = left.map(({ name }) => name);
    if (values.only === undefined && findings.length > 0) {
      await writePage(findings, { ...options, loadBefore, unmeasured });
    }
    return Deno.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => void end(130));
  }
  let failed = false;
  for (const row of left) {
    try {
      findings.push(...await row.run(options));
    } catch (error) {
      // The rest is worth having.
      failed = true;
      console.error(`${row.name}:`, error);
      findings.push({ what: row.name, unit: "ms", note: "failed" });
    }
    left = left.slice(1);
  }
  await end(failed ? 1 : 0);
}

if (import.meta.main) await main();
