/**
 * What runners of tests do: start `deno`, pass on what it says, and count.
 *
 * @module
 */

/** Runs `deno` and passes its output on; returns it too. */
export async function deno(
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

/** How many tests of a `deno test` passed and failed; one failed where it ended before it could count. */
export function countOf({ ok, output }: { ok: boolean; output: string }) {
  // deno-lint-ignore no-control-regex -- the summary is coloured on some terminals
  const summary = output.replaceAll(/\x1b\[[\d;]*m/g, "")
    .match(/^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/m);
  const failed = Number(summary?.[2] ?? 1);
  // Leaks and errors outside of tests fail a run without a failed test.
  return { passed: Number(summary?.[1] ?? 0), failed: !ok && failed === 0 ? 1 : failed };
}

/** Says the count in the last line, as `.ci/run` reads it, and ends the program by it. */
export function end(passed: number, failed: number): never {
  console.log(`${passed} passed, ${failed} failed`);
  return Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
}
