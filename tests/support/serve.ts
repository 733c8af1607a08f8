/**
 * A server on this machine that a test can end.
 *
 * @module
 */

/** How long running requests have before their connections are ended, in milliseconds. */
const DRAIN_MS = 2_000;
/** How long an answer's last bytes have, in milliseconds. */
const SETTLE_MS = 50;

/** A running server. */
export interface TestServer extends AsyncDisposable {
  port: number;
  /** Ends it: running requests are answered first, for two seconds. */
  close(): Promise<void>;
}

/** Starts one on loopback; without a port it takes a free one. */
export function serve(
  handler: Deno.ServeHandler<Deno.NetAddr>,
  port = 0,
): TestServer {
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const server = Deno.serve(
    { port, hostname: "127.0.0.1", onListen: () => {}, signal: stop.signal },
    (request, info) => {
      // What becomes of the answer is the test's to see.
      const over = info.completed.catch(() => {}).finally(() => running.delete(over));
      running.add(over);
      return handler(request, info);
    },
  );
  const close = async () => {
    // Not by shutdown(): in Deno 2.5 it waits for ever for a connection on which nothing was sent,
    // and a pool of connections opens such; in every Deno for a stream whose reader has left.
    if (running.size > 0) {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, DRAIN_MS);
      await Promise.race([Promise.all(running), late]);
      clearTimeout(timer);
      // An answer counts as completed just before its last bytes are on their way.
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
    stop.abort();
    await server.finished;
  };
  return { port: (server.addr as Deno.NetAddr).port, close, [Symbol.asyncDispose]: close };
}
