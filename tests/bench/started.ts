/**
 * Programs in processes of their own, which say nothing and are asked.
 *
 * @module
 */

import { freePort } from "../support/free_port.ts";
import { kill } from "../../start/machine.ts";
import { systemEnv } from "../support/process.ts";
import { Caller, type Question, wireOf } from "./caller.ts";
import type { Target } from "./load.ts";

/** How a program is started. */
export interface Start {
  command: string;
  /** Told its port, and a folder that is removed with it. */
  args(port: number, folder: string): string[];
  env?(port: number, folder: string): Record<string, string>;
  /** Files in its folder, by name. */
  files?: Record<string, string> | undefined;
  /** What it answers with 200 as soon as it works. */
  ready: Question;
  /** Milliseconds until then, at most. */
  patience?: number | undefined;
}

/** A program that answers. */
export interface Started extends Target, AsyncDisposable {
  /** Milliseconds from its start to the first answer. */
  readyMs: number;
}

/** Those that run; whoever stops the bench ends them too. */
const running = new Set<Deno.ChildProcess>();

/** Ends all programs that run, at once. */
export function endAll(): void {
  for (const child of running) kill(child, "SIGKILL");
}

const root = new URL("../../", import.meta.url);
const PATIENCE_MS = 60_000;
/** Between two tries; a cold start is measured in tens of milliseconds. */
const RETRY_MS = 2;

/**
 * Starts a program, and waits for its first answer. Its output goes nowhere: it
 * is written all the same.
 *
 * @throws {Error} where it ends, or does not answer in time; with the end of what it said.
 */
export async function started(start: Start): Promise<Started> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_bench_" });
  const port = freePort();
  const errors = `${folder}/errors.txt`;
  for (const [name, text] of Object.entries(start.files ?? {})) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  const begun = performance.now();
  const child = new Deno.Command("/bin/sh", {
    // The shell is replaced by the program: the child's id is the program's.
    args: [
      "-c",
      'exec "$@" >/dev/null 2>"$ERRORS"',
      "sh",
      start.command,
      ...start.args(port, folder),
    ],
    cwd: root,
    clearEnv: true,
    env: { ...systemEnv(), NO_COLOR: "1", ERRORS: errors, ...start.env?.(port, folder) },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  running.add(child);
  let ended = false;
  const end = child.status.then(() => {
    ended = true;
    running.delete(child);
  });
  const program: Started = {
    port,
    pid: child.pid,
    readyMs: 0,
    async [Symbol.asyncDispose]() {
      if (!ended) kill(child, "SIGTERM");
      const timer = setTimeout(() => kill(child, "SIGKILL"), 6_000);
      await end;
      clearTimeout(timer);
      await Deno.remove(folder, { recursive: true });
    },
  };
  const wire = wireOf(start.ready, port);
  while (!ended && performance.now() - begun < (start.patience ?? PATIENCE_MS)) {
    if (await answers(port, wire)) {
      program.readyMs = performance.now() - begun;
      return program;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  const said = (await Deno.readTextFile(errors)).slice(-2_000);
  await program[Symbol.asyncDispose]();
  throw new Error(
    `${start.command} ${start.args(port, folder).join(" ")}\nhas not answered:\n${said}`,
  );
}

async function answers(port: number, wire: Uint8Array): Promise<boolean> {
  try {
    using caller = new Caller(port);
    return await caller.ask(wire) === 200;
  } catch {
    return false;
  }
}
