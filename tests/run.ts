/**
 * `deno task test`: what must hold. Ends with one line that counts it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { DAYS, movedBy } from "./support/process.ts";
import { withoutProcesses } from "./support/test_files.ts";

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

/** Runs `deno` and passes its output on; returns it too. */
async function deno(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ ok: boolean; output: string }> {
  const how = { args, env, stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(Deno.execPath(), how).spawn();
  let output = "";
  const pass = async (
    from: ReadableStream<Uint8Array<ArrayBuffer>>,
    to: { write(bytes: Uint8Array): Promise<number> },
  ) => {
    const decoder = new TextDecoder();
    for await (const chunk of from) {
      output += decoder.decode(chunk, { stream: true });
      for (let sent = 0; sent < chunk.length;) sent += await to.write(chunk.subarray(sent));
    }
  };
  const [{ success }] = await Promise.all([
    child.status,
    pass(child.stdout, Deno.stdout),
    pass(child.stderr, Deno.stderr),
  ]);
  return { ok: success, output };
}

const { days, paths, "no-processes": alone = false } = parse(Deno.args);

/** A failed step counts as one failed test. */
let failed = 0;
for (const step of Deno.args.length > 0 ? [] : [["fmt", "--check"], ["lint"], ["check"]]) {
  console.log(`deno ${step.join(" ")}`);
  if (!(await deno(step)).ok) failed += 1;
}

const wanted = paths.length > 0 ? paths : ["tests/"];
const files = alone ? await withoutProcesses(wanted) : wanted;
const env: Record<string, string> = days === undefined ? {} : { [DAYS]: days };
const flags = ["--allow-all", "--no-check", "--parallel", ...movedBy(days)];
const tests = await deno(["test", ...flags, ...files], env);
// deno-lint-ignore no-control-regex -- the summary is coloured on some terminals
const summary = tests.output.replaceAll(/\x1b\[[\d;]*m/g, "")
  .match(/^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/m);
const passed = Number(summary?.[1] ?? 0);
failed += Number(summary?.[2] ?? 1);
// Leaks and errors outside of tests fail a run without a failed test.
if (!tests.ok && failed === 0) failed = 1;

console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
