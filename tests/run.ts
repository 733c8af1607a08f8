/**
 * `deno task test`: what must hold. Ends with one line that counts it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { countOf, deno, end } from "./support/deno_step.ts";
import { DAYS, movedBy } from "./support/process.ts";
import { grouped, testFiles } from "./support/test_files.ts";

const USAGE = `deno task test [options] [tests/…]
  --days 400      the clocks of the tests and of all that they start are so many days ahead;
                  --days=-30 sets them back
  --no-processes  leaves out the tests that start processes

Without any of these, format, lint and types are checked too.`;

/** Prints the usage and ends the program. */
function usage(fault: string): never {
  console.error(`${fault}\n\n${USAGE}`);
  return Deno.exit(2);
}

function parse(args: string[]) {
  const options = { days: { type: "string" }, "no-processes": { type: "boolean" } } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.days !== undefined && !/^-?\d+$/.test(values.days)) {
      usage(`--days must be a whole number, not ${values.days}`);
    }
    return { ...values, paths: positionals };
  } catch (error) {
    return usage((error as Error).message);
  }
}

const { days, paths, "no-processes": alone = false } = parse(Deno.args);

/** A failed step counts as one failed test. */
let failed = 0;
for (const step of Deno.args.length > 0 ? [] : [["fmt", "--check"], ["lint"], ["check"]]) {
  console.log(`deno ${step.join(" ")}`);
  if (!(await deno(step)).ok) failed += 1;
}

const found = await testFiles(paths.length > 0 ? paths : ["tests/"]);
const folder = await grouped(alone ? { ...found, starting: [] } : found);
const env: Record<string, string> = days === undefined ? {} : { [DAYS]: days };
const flags = ["--allow-all", "--no-check", "--parallel", ...movedBy(days)];
const tests = await deno(["test", ...flags, folder], env);
await Deno.remove(folder, { recursive: true });
const counted = countOf(tests);
end(counted.passed, failed + counted.failed);
