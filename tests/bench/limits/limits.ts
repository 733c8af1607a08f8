/**
 * The least that an answer can cost: a bare Hono that does nothing of ours.
 *
 * @module
 */

import { HEALTH } from "../switchboard.ts";
import { type Started, started } from "../started.ts";

const here = new URL("./", import.meta.url);
const FLAGS = ["run", "--quiet", "--unstable-kv", "--allow-net", "--allow-read", "--allow-write"];

/** A file of this folder, started with the same Deno as ours. */
function startLimit(file: string, args: (folder: string) => string[]): Promise<Started> {
  const path = new URL(file, here).pathname;
  return started({
    command: Deno.execPath(),
    args: (port, folder) => [...FLAGS, path, String(port), ...args(folder)],
    ready: HEALTH,
  });
}

/** Hono, with an answer that was ready before. */
export async function startFixedAnswer(answer: string): Promise<Started> {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, answer);
  try {
    return await startLimit("fixed_answer.ts", () => [file]);
  } finally {
    await Deno.remove(file);
  }
}

/** Hono, one KV get, one record opened. */
export async function startBareToken(answer: string): Promise<Started> {
  return await startLimit("token.ts", (folder) => [`${folder}/kv.sqlite`, answer]);
}
