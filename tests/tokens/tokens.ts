/**
 * How many tokens a model reads of a text: o200k, which OpenAI's models use and
 * others come near to.
 *
 * @module
 */

const root = new URL("../../", import.meta.url);

/** The numbers of tokens of some texts. */
export async function tokensOf(texts: string[]): Promise<number[]> {
  const config = "tests/tokens/packages.json";
  const encoding = "gpt-tokenizer/encoding/o200k_base";
  const args = [
    "run",
    "--allow-all",
    "--quiet",
    "--config",
    config,
    "tests/tokens/count.ts",
    encoding,
  ];
  const how = { args, cwd: root, env: { NO_COLOR: "1" }, stdin: "piped", stdout: "piped" } as const;
  const counting = new Deno.Command(Deno.execPath(), how).spawn();
  const input = counting.stdin.getWriter();
  await input.write(new TextEncoder().encode(JSON.stringify(texts)));
  await input.close();
  const { success, stdout } = await counting.output();
  if (!success) throw new Error("Cannot count tokens");
  return JSON.parse(new TextDecoder().decode(stdout));
}
