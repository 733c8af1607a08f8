/**
 * The real program in a process of its own.
 *
 * @module
 */

import { kill } from "../../start/machine.ts";

/** A started program; its output so far. */
export interface Running extends AsyncDisposable {
  child: Deno.ChildProcess;
  output(): string;
  /** Resolves when the output matches. */
  said(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves when it has ended. */
  ended: Promise<Deno.CommandStatus>;
}

/** How many days the clocks of the tests are moved by, if they are. */
export const DAYS = "SWITCHBOARD_TEST_DAYS";

/** Arguments for `deno run` and `deno test`, after which a process has its clock moved. */
export function movedBy(days: string | undefined): string[] {
  if (days === undefined) return [];
  return [`--preload=${new URL(`moved_clock.ts?days=${days}`, import.meta.url)}`];
}

/** Arguments to start `deno` with, so that the clock of a child is where this one's is. */
export function denoArgs([command = "", ...args]: string[]): string[] {
  return [command, ...movedBy(Deno.env.get(DAYS)), ...args];
}

/** What a program needs of the system's own: paths, and the way to the package registry. */
export function systemEnv(): Record<string, string> {
  const names =
    /^(PATH|HOME|TMPDIR|DENO_(DIR|CERT|TLS_CA_STORE)|npm_config_registry)$|^(NODE_EXTRA_CA|SSL_)|_PROXY$/i;
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => names.test(name)),
  );
}

/**
 * Runs `deno` with arguments and exactly these variables beside the system's
 * own; `descriptors`: no more files and sockets at a time; `cwd`: the repository, if nothing else.
 */
export function runDeno(
  args: string[],
  env: Record<string, string>,
  descriptors?: number,
  cwd: string | URL = new URL("../../", import.meta.url),
): Running {
  const inherited = systemEnv();
  const deno = Deno.execPath();
  const [command, ...before] = descriptors === undefined
    ? [deno]
    : ["/bin/sh", "-c", `ulimit -n ${descriptors}; exec "$0" "$@"`, deno];
  const child = new Deno.Command(command!, {
    args: [...before, ...denoArgs(args)],
    cwd,
    clearEnv: true,
    env: {
      ...inherited,
      NO_COLOR: "1",
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((check) => check());
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      wake();
    }
  };
  const reading = Promise.all([collect(child.stdout), collect(child.stderr)]);
  const ended = Promise.all([child.status, reading]).then(([status]) => status);
  let over = false;
  void ended.then(() => {
    over = true;
    wake();
  });
  return {
    child,
    ended,
    output: () => text,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = text.match(pattern);
          if (match !== null) resolve(match);
          else if (over) reject(new Error(`Ended without saying ${pattern}:\n${text}`));
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
    async [Symbol.asyncDispose]() {
      // Deno knows that a program has ended before whoever waits for that is told.
      if (!over) kill(child, "SIGKILL");
      await ended;
    },
  };
}
