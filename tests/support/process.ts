/**
 * The real program in a process of its own.
 *
 * @module
 */

/** A started program; its output so far. */
export interface Running extends AsyncDisposable {
  child: Deno.ChildProcess;
  output(): string;
  /** Resolves when the output matches. */
  said(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves when it has ended. */
  ended: Promise<Deno.CommandStatus>;
}

/** Runs `deno` with arguments and exactly these variables beside the system's own. */
export function runDeno(args: string[], env: Record<string, string>): Running {
  const keep = ["PATH", "HOME", "DENO_DIR", "TMPDIR", "NPM_CONFIG_REGISTRY", "npm_config_registry"];
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: new URL("../../", import.meta.url),
    clearEnv: true,
    env: {
      ...Object.fromEntries(keep.flatMap((name) => {
        const value = Deno.env.get(name);
        return value === undefined ? [] : [[name, value]];
      })),
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
      if (!over) child.kill("SIGKILL");
      await ended;
    },
  };
}
