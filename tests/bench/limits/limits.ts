/**
 * The least that an answer can cost: a bare Hono that does nothing of ours.
 *
 * @module
 */

import { HEALTH, PEOPLE, PERSON } from "../switchboard.ts";
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

/** With a file that it reads before it answers. */
async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, text);
  try {
    return await use(file);
  } finally {
    await Deno.remove(file);
  }
}

/** Hono, with an answer that was ready before. */
export async function startFixedAnswer(answer: string): Promise<Started> {
  return await withFile(answer, (file) => startLimit("fixed_answer.ts", () => [file]));
}

/** Hono, and one fetch with JSON in and out. */
export async function startDirectFetch(address: string, answer: string): Promise<Started> {
  return await withFile(answer, (file) => startLimit("direct_fetch.ts", () => [address, file]));
}

/** The SDK's client, which makes so many calls per request. */
export async function startDirectClient(
  { address, tool, calls }: { address: string; tool: string; calls: number },
): Promise<Started> {
  return await startLimit("direct_client.ts", () => [address, tool, String(calls)]);
}

/** Hono, one KV get, one record opened. */
export async function startBareToken(answer: string): Promise<Started> {
  return await startLimit("token.ts", (folder) => [
    `${folder}/kv.sqlite`,
    answer,
    PERSON,
    ...PEOPLE,
  ]);
}

/** Hono, zod, and an opened KV. */
export async function startBareStart(): Promise<Started> {
  return await startLimit("start.ts", (folder) => [`${folder}/kv.sqlite`]);
}
