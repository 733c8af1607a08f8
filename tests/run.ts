/**
 * `deno task test`: format, lint, types, all tests; ends with one line that
 * counts them.
 *
 * @module
 */

/** Runs `deno` and passes its output on; returns it too. */
async function deno(...args: string[]): Promise<{ ok: boolean; output: string }> {
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped" })
    .spawn();
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

/** A failed step counts as one failed test. */
let failed = 0;
for (const step of [["fmt", "--check"], ["lint"], ["check"]]) {
  console.log(`deno ${step.join(" ")}`);
  if (!(await deno(...step)).ok) failed += 1;
}

const tests = await deno("test", "--allow-all", "--no-check", "--parallel", "tests/");
// deno-lint-ignore no-control-regex -- the summary is coloured on some terminals
const summary = tests.output.replaceAll(/\x1b\[[\d;]*m/g, "")
  .match(/^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/m);
const passed = Number(summary?.[1] ?? 0);
failed += Number(summary?.[2] ?? 1);
// Leaks and errors outside of tests fail a run without a failed test.
if (!tests.ok && failed === 0) failed = 1;

console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
