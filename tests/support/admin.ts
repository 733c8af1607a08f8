/**
 * `deno task admin`, run as an operator runs it.
 *
 * @module
 */

import denoJson from "../../deno.json" with { type: "json" };
import { denoArgs, systemEnv } from "./process.ts";

const ADMIN = denoJson.tasks.admin.command.split(" ").slice(1);

/** What it printed. */
export interface AdminRun {
  code: number;
  out: string;
  err: string;
  /** What it printed as JSON. */
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  json: any;
}

/** Runs a command with exactly these variables beside the system's own, with nobody at a terminal. */
export async function admin(env: Record<string, string>, ...args: string[]): Promise<AdminRun> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: denoArgs([...ADMIN, ...args]),
    cwd: new URL("../../", import.meta.url),
    clearEnv: true,
    env: { ...systemEnv(), NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  const run: AdminRun = { code, out: out!, err: err!, json: undefined };
  try {
    run.json = JSON.parse(out!);
  } catch {
    // It printed something else.
  }
  return run;
}
