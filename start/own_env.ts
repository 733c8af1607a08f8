/**
 * The environment as a start and a task read it, with what `.env` says beside
 * it: `deno task` runs in the folder of `deno.json`, and people copy
 * `.env.example` there.
 *
 * It is read under `deno task` alone, which says so by `INIT_CWD`: a program
 * that is started by other means (Deno Deploy, a container, a test) has its
 * environment from there, and a file that lies about must change nothing.
 *
 * @module
 */

import { type ConfigError, type Env, isOnDeploy } from "../broker/config/env.ts";
import { readKeyFile } from "../broker/config/vault.ts";
import { kindOf } from "../broker/core/own_words.ts";
import type { Doubt } from "../broker/config/doubts/doubt.ts";

const FILE = ".env";

/** Where variables were looked for, for messages: there is one environment in a process. */
let lookedIn = "the environment";
/** What is wrong with the file itself. */
let doubts: Doubt[] = [];

/** The environment with the key ring, wherever they stand; `ConfigError` where the ring cannot be read. */
export async function ownEnv(): Promise<Env> {
  return await readKeyFile(await ownVariables(), Deno.readTextFile);
}

/** The environment, for who needs no keys. */
export async function ownVariables(): Promise<Env> {
  return await withDotEnv(Deno.env.toObject());
}

/** What is added to faults of the environment: where a variable that is missing was looked for. */
export function whereLooked({ faults }: ConfigError): string {
  const isMissing = faults.some((fault) => /: (is not set|holds no key)/.test(fault));
  const wrong = doubts.filter(({ isFault }) => isFault)
    .map(({ variable, found, cure = "" }) => `\n  ${variable} ${found} ${cure}`);
  return (isMissing ? `\nLooked for in ${lookedIn}.` : "") + wrong.join("");
}

/** Of `.env`, where it was read. */
export function doubtsOfFile(): Doubt[] {
  return doubts;
}

/** What the environment sets counts; what is there and empty is not set. */
async function withDotEnv(outside: Env): Promise<Env> {
  if (isOnDeploy(outside)) return outside;
  lookedIn = "the environment alone: .env is read by `deno task`";
  if (!outside.INIT_CWD) return outside;
  let text: string;
  let path = FILE;
  try {
    path = `${Deno.cwd()}/${FILE}`;
    text = await Deno.readTextFile(FILE);
  } catch (error) {
    const isThere = !(error instanceof Deno.errors.NotFound);
    lookedIn = `the environment, and in ${path}, which ${
      isThere ? `cannot be read (${kindOf(error)})` : `is not there${await others()}`
    }`;
    return outside;
  }
  lookedIn = `the environment, and in ${path}`;
  const { parse } = await import("dotenv");
  const { dotEnvDoubts } = await import("./dot_env.ts");
  doubts = dotEnvDoubts({ text, outside, mode: await modeOf(FILE) });
  for (const [name, value] of Object.entries(parse(text))) {
    // In the process's own environment: the runtime itself reads some of it, such as a KV's token.
    if (value && !outside[name] && isName(name)) Deno.env.set(name, value);
  }
  return Deno.env.toObject();
}

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).mode;
  } catch {
    return null;
  }
}

/** Files that somebody may take for it. */
async function others(): Promise<string> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(".")) {
      if (/^(\.?env(\.[\w.-]+)?|\.env[\w-]+)$/i.test(name) && !/example|sample/i.test(name)) {
        names.push(name);
      }
    }
  } catch {
    return "";
  }
  return names.length === 0 ? "" : `, but ${names.sort().join(", ")} is: only .env is read`;
}

/** What a system takes as a variable's name. */
function isName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
