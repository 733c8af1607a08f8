/**
 * The real program: `main.ts` as `deno task start` starts it, on a KV file of
 * its own, with an API key and two providers set up, its limits and its log on.
 *
 * @module
 */

import denoJson from "../../deno.json" with { type: "json" };
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { Caller, type Question, wireOf } from "./caller.ts";
import { type Start, type Started, started } from "./started.ts";

const API_KEY = "bench-api-key";
/** All is counted as it is usual; one person asks more in a minute than a thousand do. */
const LIMITS = ["api_key", "subject", "client", "token"].map((name) => `${name}=10000000/min`)
  .join();
/** For whom the app calls. */
export const PERSON = "ana";
/** For whom each of several callers calls. */
export const PEOPLE: readonly string[] = Array.from({ length: 8 }, (_, at) => `ana-${at + 1}`);
/** What `/token` hands out. */
export const ACCESS_TOKEN = `gho_${"a1B2".repeat(9)}`;

/** The headers of an app that calls for a person. */
export const appHeaders: Record<string, string> = {
  "Authorization": `Bearer ${API_KEY}`,
  "Content-Type": "application/json",
  "X-User-Id": PERSON,
};

/** What hands out a person's token. */
export const tokenQuestion = (person: string, headers = appHeaders): Question => ({
  method: "POST",
  path: "/token/github",
  headers,
  body: JSON.stringify({ user_id: person }),
});

export const HEALTH: Question = { method: "GET", path: "/health" };

/** What `deno task start` tells the engine, and what it allows. */
export function startFlags(): string[] {
  return denoJson.tasks.start.command.split(" ").filter((word) => word.startsWith("--"));
}

/** How it is started; a row may add variables, or ask it something else first. */
export function switchboardStart(more: Record<string, string> = {}, ready = HEALTH): Start {
  const [_deno = "", ...args] = denoJson.tasks.start.command.split(" ");
  return {
    command: Deno.execPath(),
    args: () => args,
    env: (port, folder) => ({
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      DATA_DIR: folder,
      KV_PATH: `${folder}/kv.sqlite`,
      ENCRYPTION_KEYS: newKeyLine("k1"),
      API_KEYS: `voice:sha256:${digestHex(API_KEY)}`,
      LIMITS,
      GITHUB_CLIENT_ID: "id",
      GITHUB_CLIENT_SECRET: "secret",
      GOOGLE_CLIENT_ID: "id",
      GOOGLE_CLIENT_SECRET: "secret",
      ...more,
    }),
    ready,
  };
}

/** Started, and with a connection of each person's to GitHub. */
export async function startSwitchboard(more: Record<string, string> = {}): Promise<Started> {
  const program = await started(switchboardStart(more));
  const { status, body } = await ask(program.port, {
    method: "POST",
    path: "/connections/import?verify=none",
    headers: appHeaders,
    body: JSON.stringify([PERSON, ...PEOPLE].map((person, at) => ({
      service: "github",
      user_id: person,
      account: { id: `58323${at}`, label: person },
      access_token: ACCESS_TOKEN,
      scope: "repo",
    }))),
  });
  if (status === 200 && body.split('"imported"').length === PEOPLE.length + 2) return program;
  await program[Symbol.asyncDispose]();
  throw new Error(`The connection was not imported: ${status} ${body}`);
}

/** One question to a program that runs. */
export async function ask(port: number, question: Question) {
  using caller = new Caller(port);
  return await caller.read(wireOf(question, port));
}
