/**
 * Runs what people paste into a shell, with programs in the place of the real
 * ones that write down how they were called.
 *
 * @module
 */

/** One call of a program. */
export interface Call {
  /** The program and its words. */
  args: string[];
  /** What came in. */
  input: string;
}

const PROGRAMS = ["claude", "codex", "gemini", "code", "uv", "curl"];

/** Writes each word, and the input, with a NUL behind it; then another NUL. */
const STUB = `#!/bin/sh
name=\${0##*/}
printf '%s\\0' "$name" "$@" >>"$CALLS"
for word do if [ "$word" = @- ]; then input=$(cat); fi; done
printf 'input:%s\\0\\0' "\${input-}" >>"$CALLS"
`;

/** The calls, in their order. Fails where the shell does. */
export async function runInShell(script: string): Promise<Call[]> {
  const folder = await Deno.makeTempDir();
  try {
    const calls = `${folder}/calls`;
    await Deno.writeTextFile(calls, "");
    for (const name of PROGRAMS) {
      await Deno.writeTextFile(`${folder}/${name}`, STUB, { mode: 0o755 });
    }
    const shell = new Deno.Command("bash", {
      args: ["-euc", script],
      clearEnv: true,
      // Nothing else can be run: whatever an address could smuggle in fails.
      env: {
        PATH: `${folder}:/usr/bin:/bin`,
        CALLS: calls,
        ELEVENLABS_API_KEY: "e",
        VAPI_API_KEY: "v",
        SWITCHBOARD_API_KEY: "s",
      },
      cwd: folder,
    });
    const { success, stdout, stderr } = await shell.output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    if (!success || said !== "") throw new Error(`The shell said ${said} to ${script}`);
    const text = await Deno.readTextFile(calls);
    return text.split("\0\0").slice(0, -1).map((call) => {
      const words = call.split("\0");
      return { args: words.slice(0, -1), input: words.at(-1)!.slice("input:".length) };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
