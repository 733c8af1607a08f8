/**
 * What this machine has: files that may be there, and for local upstreams
 * users, and processes that run as one of them.
 *
 * @module
 */

import { inOwnWords, kindOf } from "../broker/core/own_words.ts";
import {
  type ProcessSpec,
  type StartedProcess,
  type SystemUsers,
  usersOf,
} from "../broker/core/system_user.ts";

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
    throw inOwnWords(
      new Error(`${path} is there, and cannot be read (${kindOf(error)})`, { cause: error }),
    );
  }
}

/** What a process inherits that runs as the gateway's own user: where its home and programs are. */
const INHERITED = Deno.build.os === "windows"
  ? ["PATH", "USERNAME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "TEMP"]
  : ["PATH", "HOME", "USER", "LOGNAME"];
/** Of util-linux; it sets a limit, and becomes the command. */
const PRLIMIT = "/usr/bin/prlimit";

/**
 * Starts a process with nothing of this one's environment but where programs
 * are, and whose home is where. One of another user is without the groups of
 * this one, and begins in `/`: the gateway's folder may be closed to it, and is
 * none of its business.
 *
 * By `Deno.Command`: `node:child_process` of Deno 2.5 takes `uid`, and starts
 * the process as root (seen November 2026).
 */
export function startProcess(spec: ProcessSpec): StartedProcess {
  const { user, env } = spec;
  const { command, args } = limited(spec);
  const as = user === undefined ? {} : { uid: user.uid, gid: user.gid, cwd: "/" };
  const child = new Deno.Command(command, {
    args,
    ...as,
    clearEnv: true,
    env: { ...inherited(user), ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const ended = child.status.then(() => {});
  return {
    input: child.stdin,
    output: child.stdout,
    errors: child.stderr,
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

function inherited(user: ProcessSpec["user"]): Record<string, string> {
  const own = Object.fromEntries(INHERITED.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
  if (user === undefined) return own;
  const { home, name } = user;
  return { ...("PATH" in own && { PATH: own.PATH! }), HOME: home, USER: name, LOGNAME: name };
}

/**
 * The command with its limit. Of what it keeps (`RLIMIT_DATA`), not of its
 * addresses (`RLIMIT_AS`): Deno sets aside so many of those that it does not
 * start with 2 GB, and uses few (seen November 2026).
 */
function limited({ command, args, memoryMb }: ProcessSpec): Pick<ProcessSpec, "command" | "args"> {
  if (memoryMb === undefined) return { command, args };
  if (!canLimitMemory()) throw inOwnWords(new Error("memory_mb needs prlimit of util-linux"));
  return { command: PRLIMIT, args: [`--data=${memoryMb * 1024 * 1024}`, "--", command, ...args] };
}

/** Whether processes can be kept to a limit of memory here. */
export function canLimitMemory(): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    return Deno.statSync(PRLIMIT).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function endsWithin(ended: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), END_PATIENCE_MS);
  const inTime = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

/** Sends a signal; to one that has ended it sends nothing. */
export function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    // It ended in this moment.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}
