/**
 * Listens as long as the program runs. Deno stops accepting connections for
 * good at the first fault of it, such as no file descriptor left for one more
 * socket, while the program lives on and nobody starts it anew (seen November
 * 2026). And it has no time limit for who connects and sends no whole request,
 * so that such callers can hold every descriptor there is.
 *
 * @module
 */

import { inOwnWords, kindOf } from "../broker/core/own_words.ts";
import type { World } from "../broker/core/world.ts";

/** What is being answered when nobody can be accepted any more has this long to end. */
const GRACE_MS = 3_000;
/** Between two tries to listen again. */
const RETRY_MS = 250;
/** How often it is looked whether the port still listens; Deno 2.5 tells of the end of it late. */
const WATCH_MS = 10_000;

/** Where to listen, and what to do there. */
export interface Serving {
  port: number;
  /** Absent: at every address. */
  hostname?: string | undefined;
  handle: Deno.ServeHandler;
  onError(error: unknown): Response;
  /** Told once. */
  onListen(port: number): void;
  /** Whether the port is this program's own to connect to. */
  isWatched: boolean;
}

/**
 * Listens until `shutdown()`. Where nobody can be accepted any more, ends every
 * connection after a moment, those that hold a descriptor for nothing among
 * them, and listens again. Throws as `Deno.serve` does where it cannot begin.
 */
export function serve(
  { port, hostname, handle, onError, onListen, isWatched }: Serving,
  world: Pick<World, "log" | "sleep">,
): Pick<Deno.HttpServer, "shutdown"> {
  const where = hostname === undefined ? {} : { hostname };
  let isOver = false;
  let place = port;
  const open = () => {
    const stop = new AbortController();
    const options = { ...where, port: place, signal: stop.signal, onError, onListen: () => {} };
    const server = Deno.serve(options, handle);
    const failed = server.finished.then(() => undefined, (error: unknown) => error);
    return { server, stop, failed };
  };

  let current: ReturnType<typeof open>;
  try {
    current = open();
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    const why = `this program's user may not listen on port ${port}. Set PORT to one from 1024 on`;
    throw inOwnWords(new Error(why, { cause: error }));
  }
  place = (current.server.addr as Deno.NetAddr).port;
  onListen(place);

  const watch = async ({ stop, failed }: typeof current): Promise<unknown> => {
    if (!isWatched) return await failed;
    const watching = new AbortController();
    const gone = async (): Promise<unknown> => {
      while (!watching.signal.aborted && !stop.signal.aborted) {
        await world.sleep(WATCH_MS, watching.signal);
        const fault = watching.signal.aborted ? undefined : await refusalAt(place, hostname);
        if (fault !== undefined) return fault;
      }
      return undefined;
    };
    return await Promise.race([failed, gone()]).finally(() => watching.abort());
  };

  /** `undefined`: it is over. */
  const openAgain = async (): Promise<typeof current | undefined> => {
    while (!isOver) {
      try {
        return open();
      } catch {
        // Descriptors of connections that were ended come back in their own time.
        await world.sleep(RETRY_MS);
      }
    }
    return undefined;
  };

  const keepOpen = async () => {
    for (;;) {
      const fault = await watch(current);
      if (isOver) return;
      world.log({ level: "error", event: "listening_failed", detail: kindOf(fault) });
      await world.sleep(GRACE_MS);
      // What is being answered has the time that `shutdown()` gives it.
      if (isOver) return;
      current.stop.abort();
      const next = await openAgain();
      if (next === undefined) return;
      current = next;
      world.log({ level: "info", event: "listening_again", port: place });
    }
  };
  keepOpen().catch((error) =>
    world.log({ level: "error", event: "listening_failed", detail: kindOf(error) })
  );

  return {
    async shutdown() {
      isOver = true;
      await current.server.shutdown();
    },
  };
}

/** Why nothing takes connections at a port; `undefined` where something does, or nobody can know. */
async function refusalAt(port: number, hostname = "0.0.0.0"): Promise<unknown> {
  const own = { "0.0.0.0": "127.0.0.1", "::": "::1" }[hostname] ?? hostname;
  try {
    (await Deno.connect({ port, hostname: own })).close();
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.ConnectionRefused ? error : undefined;
  }
}
