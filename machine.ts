/**
 * What this machine has: files that may be there, and for local upstreams
 * users, and processes that run as one of them.
 *
 * @module
 */

import {
  type ProcessSpec,
  type StartedProcess,
  type SystemUsers,
  usersOf,
} from "./broker/core/system_user.ts";

/** A process that was asked to end has this long, twice: for its input's end, and for SIGTERM. */
export const END_PATIENCE_MS = 2_000;

/** As whom this process can start others; `undefined`: as nobody else. */
export async function systemUsers(): Promise<SystemUsers | undefined> {
  // Elsewhere users stand in other places than this file.
  if (Deno.build.os !== "linux") return undefined;
  const { state } = await Deno.permissions.query({ name: "sys", kind: "uid" });
  if (state !== "granted" || Deno.uid() !== 0) return undefined;
  // Some containers have none: numbers are users all the same.
  return usersOf(await textOf("/etc/passwd") ?? "", 0);
}

/** The operator's own providers, as JSON: `PROVIDERS`, or `providers.json`. */
export async function providerSpecs({ PROVIDERS }: { PROVIDERS?: string | undefined }) {
  return PROVIDERS || (await textOf("providers.json") ?? "[]");
}

/** A file's text; `undefined` where there is none. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Starts a process as another user, without the groups of this one, and with
 * nothing of this one's environment but where programs are. It begins in `/`:
 * the gateway's folder may be closed to it, and is none of its business.
 *
 * By `Deno.Command`: `node:child_process` of Deno 2.5 takes `uid`, and starts
 * the process as root (seen November 2026).
 */
export function startAs({ command, args, env, user }: ProcessSpec): StartedProcess {
  const { uid, gid, name, home } = user;
  const path = Deno.env.get("PATH");
  const inherited = { HOME: home, USER: name, LOGNAME: name, ...(path && { PATH: path }) };
  const child = new Deno.Command(command, {
    args,
    uid,
    gid,
    cwd: "/",
    clearEnv: true,
    env: { ...inherited, ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const ended = child.status.then(() => {});
  return {
    input: child.stdin,
    output: child.stdout,
    ended,
    async end() {
      if (await endsWithin(ended)) return;
      kill(child, "SIGTERM");
      if (await endsWithin(ended)) return;
      kill(child, "SIGKILL");
      await ended;
    },
  };
}

async function endsWithin(ended: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), END_PATIENCE_MS);
  const inTime = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    // It ended in this moment.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}
