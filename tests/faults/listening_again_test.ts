/** What happens when a program is told to end while it tries to listen again. */

import { assertEquals } from "@std/assert";
import { serve } from "../../start/listening.ts";
import { testWorld } from "../support/world.ts";

Deno.test("a program that was told to end does not listen again", async () => {
  const world = testWorld();
  const sleeps: { ms: number; end: () => void }[] = [];
  let asleep = Promise.withResolvers<void>();
  world.sleep = (ms, signal) =>
    new Promise((resolve) => {
      signal?.addEventListener("abort", () => resolve());
      sleeps.push({ ms, end: resolve });
      asleep.resolve();
    });
  const { connect, serve: listen } = Deno;
  let listened = 0;
  /** The next sleep, once it has begun. */
  const next = async () => {
    while (sleeps.length === 0) {
      await asleep.promise;
      asleep = Promise.withResolvers();
    }
    return sleeps.shift()!;
  };
  try {
    // Nobody can connect, and the port cannot be had back at once.
    const refused = () => Promise.reject(new Deno.errors.ConnectionRefused());
    const listenOnce = (options: Deno.ServeTcpOptions, handler: Deno.ServeHandler) => {
      listened += 1;
      if (listened === 2) throw new Deno.errors.AddrInUse();
      return listen(options, handler);
    };
    Object.assign(Deno, { connect: refused, serve: listenOnce });
    const server = serve({
      port: 0,
      hostname: "127.0.0.1",
      handle: () => new Response(),
      onError: () => new Response(),
      onListen() {},
      isWatched: true,
    }, world);
    (await next()).end();
    (await next()).end();
    const retry = await next();
    assertEquals(listened, 2);
    await server.shutdown();
    retry.end();
    // Whatever goes on after the sleep has gone on by then.
    for (let turn = 0; turn < 20; turn++) await undefined;
    assertEquals(listened, 2);
    assertEquals(world.events.map(({ event }) => event), ["listening_failed"]);
  } finally {
    Object.assign(Deno, { connect, serve: listen });
  }
});
