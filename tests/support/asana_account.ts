/**
 * A person connected to the emulated Asana, for the tests of its tools.
 *
 * @module
 */

import { asana } from "../../providers/asana/asana.ts";
import { asanaTools } from "../../providers/asana/tools.ts";
import { answeredBy, callTool, type Json, NOW } from "./api.ts";
import {
  type AsanaSeed,
  type AsanaState,
  plainTask,
  startAsanaEmulator,
} from "./asana_emulator.ts";
import { freePort } from "./free_port.ts";
import { connect, type Connected } from "./more_emulators.ts";

/** What the emulator has by itself. */
export const WORKSPACE = "1200000000000010";
export const PROJECT = "1200000000000020";
export const TASK = "1200000000000030";
export const [TODO, DOING] = ["1200000000000040", "1200000000000041"];

/** The emulator, and a person who is connected to it. */
export interface AsanaAccount extends Connected {
  /** The one that Asana and the tools both look at; it stands still until the test moves it. */
  clock: { now: number };
  /** What the emulator knows, read past the code under test. */
  state(): AsanaState;
  /** A task, in the same way. */
  task(gid: string): AsanaState["tasks"][number];
  call(name: string, args: Record<string, unknown>): ReturnType<typeof callTool>;
}

/** Starts one. */
export async function startAsana(seed: AsanaSeed = {}, scopes?: string[]): Promise<AsanaAccount> {
  const clock = { now: NOW };
  const emulator = await startAsanaEmulator(freePort(), seed, () => clock.now);
  const connected = await connect(asana, emulator.url, "octocat@example.com", scopes);
  const state = () => emulator.snapshot().state;
  return {
    ...connected,
    clock,
    state,
    task: (gid) => state().tasks.find((task) => task.gid === gid)!,
    call: (name, args) => callTool(asanaTools, name, args, connected.api, clock.now),
    async [Symbol.asyncDispose]() {
      await connected[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}

/** A task of a seed. */
export function taskOf(gid: string, name: string, fields: Json = {}): AsanaState["tasks"][number] {
  const place = { workspace: WORKSPACE, projects: [PROJECT] };
  return { ...plainTask(gid, name, NOW), ...place, ...fields };
}

/** Asana, answering by hand: by the method and path that are asked for, else `*`. */
export function asanaAnswering(answers: Record<string, Json>, sent: Json[] = []) {
  return answeredBy(asana, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.replace("/api/1.0", "");
    const body = request.method === "GET" ? undefined : await request.json();
    sent.push({ path, query: Object.fromEntries(searchParams), body });
    const answer = answers[`${request.method} ${path}`] ?? answers["*"] ?? { data: [] };
    return answer instanceof Response ? answer.clone() : Response.json(answer);
  });
}
