import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LEAVING_MS } from "../../broker/core/deadline.ts";
import { ARRIVING_MS, Drain, MOST_NAMED, TELLING_MS } from "../../start/draining.ts";
import { handSleeps } from "../support/hand_sleeps.ts";
import { testWorld } from "../support/world.ts";

const TIMES = { delayMs: 1_000, graceMs: 10_000 };
const GRACE = TIMES.graceMs - TELLING_MS;

/** A server in the middle of what it does, whose times are over when the test says so. */
async function serving(handle: (request: Request) => Response | Promise<Response>) {
  const world = testWorld();
  const { asleep } = handSleeps(world);
  const leaving = new AbortController();
  const drain = new Drain({ world, version: "1", secure: true, leaving });
  const begun = new Map<string, PromiseWithResolvers<void>>();
  const beginning = (path: string) => {
    if (!begun.has(path)) begun.set(path, Promise.withResolvers());
    return begun.get(path)!;
  };
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    drain.answering((request) => {
      beginning(new URL(request.url).pathname).resolve();
      return handle(request);
    }),
  );
  const ask = (path: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${server.addr.port}${path}`, init);
  /** Resolves when somebody sleeps that long; ends it. */
  const over = async (ms: number) => {
    while (asleep(ms).length === 0) await new Promise((resolve) => setTimeout(resolve));
    asleep(ms).forEach(({ end }) => end());
  };
  await Promise.resolve();
  return {
    ...{ world, drain, server, ask, over, leaving },
    begun: (path: string) => beginning(path).promise,
    named: () => world.events.filter(({ event }) => event === "request_cut_off"),
  };
}

const idle = () => Promise.resolve();

Deno.test("a program that ends says so on /health first, and serves on", async () => {
  const { world, drain, server, ask, over } = await serving(() => new Response("served"));
  const before = await ask("/health");
  assertEquals([before.status, await before.text()], [200, "served"]);
  const ended = drain.end(server, TIMES, idle);
  const health = await ask("/health");
  assertEquals(health.status, 503);
  assertEquals(await health.json(), { status: "draining", version: "1" });
  assertEquals(health.headers.get("cache-control"), "no-store");
  const head = await ask("/health", { method: "HEAD" });
  assertEquals(head.status, 503);
  const deep = await ask("/health?deep");
  assertEquals((await deep.json()).status, "draining");
  const response = await ask("/mcp", { method: "POST", body: "{}" });
  assertEquals([response.status, await response.text()], [200, "served"]);
  assertEquals(response.headers.get("connection"), "close");
  await over(TIMES.delayMs);
  await ended;
  assertEquals(drain.running, 0);
  assertEquals(world.events.map(({ event }) => event), ["draining"]);
});

Deno.test("an answer that cannot be changed says too that its connection is not used again", async () => {
  const { drain, server, ask, over } = await serving(() => Response.redirect("http://127.0.0.1/x"));
  const ended = drain.end(server, TIMES, idle);
  const response = await ask("/", { redirect: "manual" });
  assertEquals([response.status, response.headers.get("connection")], [302, "close"]);
  assertEquals(response.headers.get("location"), "http://127.0.0.1/x");
  await response.body?.cancel();
  await over(TIMES.delayMs);
  await ended;
});

Deno.test("what was accepted is answered, and what it has left to do is done", async () => {
  const held = Promise.withResolvers<void>();
  const { drain, server, ask, over, begun, named } = await serving(async () => {
    await held.promise;
    return new Response("late");
  });
  const asked = ask("/mcp", { method: "POST", body: "{}" });
  await begun("/mcp");
  let isIdle = false;
  const ended = drain.end(server, { ...TIMES, delayMs: 0 }, () => {
    isIdle = drain.running === 0;
    return Promise.resolve();
  });
  await ask("/mcp").then(() => assert(false, "nobody is accepted any more"), () => {});
  held.resolve();
  const response = await asked;
  assertEquals([await response.text(), response.headers.get("connection")], ["late", "close"]);
  await ended;
  assert(isIdle);
  assertEquals(named(), []);
  await over(GRACE);
});

Deno.test("what is not answered in time is told so, and is in the log without what may name a person", async () => {
  const never = new Promise<Response>(() => {});
  const { world, drain, server, ask, over, begun, named } = await serving(() => never);
  const asked = [ask("/mcp"), ask("/users/ada%40example.com?key=secret-1", { method: "DELETE" })];
  await Promise.all([begun("/mcp"), begun("/users/ada%40example.com")]);
  const ended = drain.end(server, { ...TIMES, delayMs: 0 }, idle);
  await over(GRACE);
  for (const response of await Promise.all(asked)) {
    assertEquals([response.status, response.headers.get("retry-after")], [503, "1"]);
    const { error, error_description } = await response.json();
    assertEquals(error, "server_restarting");
    assertStringIncludes(error_description, "may have been done");
  }
  await ended;
  assertEquals(named().map(({ route }) => route).sort(), ["DELETE /users/…", "GET /mcp"]);
  assertEquals(world.events.at(-1), { level: "warn", event: "requests_cut_off", count: 2 });
  assert(!JSON.stringify(world.events).match(/ada|secret/));
});

Deno.test("an answer that has begun is cut off, and told in the log as that", async () => {
  const { drain, server, ask, over, named } = await serving(() =>
    new Response(
      new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1)) }, { highWaterMark: 0 }),
    )
  );
  const response = await ask("/mcp");
  const reader = response.body!.getReader();
  await reader.read();
  const ended = drain.end(server, { ...TIMES, delayMs: 0 }, idle);
  await over(GRACE);
  await over(TELLING_MS);
  await ended;
  assertEquals(named().map((line) => line.began_to_answer), [true]);
  await reader.cancel();
  await server.finished;
});

Deno.test("however many are cut off, the log names some and counts all", async () => {
  const never = new Promise<Response>(() => {});
  const { world, drain, server, ask, over, named } = await serving(() => never);
  const asked = Array.from({ length: MOST_NAMED + 5 }, () => ask("/mcp"));
  while (drain.running < asked.length) await new Promise((resolve) => setTimeout(resolve));
  const ended = drain.end(server, { ...TIMES, delayMs: 0 }, idle);
  await over(GRACE);
  for (const response of await Promise.all(asked)) await response.body?.cancel();
  await ended;
  assertEquals(named().length, MOST_NAMED);
  assertEquals(world.events.at(-1)!.count, asked.length);
});

Deno.test("those that have waited longest are named, whatever was answered meanwhile", async () => {
  const answers = new Map<string, (response: Response) => void>();
  const { drain, server, ask, begun, over, named } = await serving((request) =>
    new Promise((answer) => answers.set(new URL(request.url).pathname, answer))
  );
  const asked: Promise<Response>[] = [];
  for (const path of ["/a", "/b", "/c", "/d"]) {
    asked.push(ask(path));
    await begun(path);
  }
  // What came last takes the place of what is answered.
  answers.get("/a")!(new Response("done"));
  assertEquals(await (await asked[0]!).text(), "done");
  while (drain.running > 3) await new Promise((resolve) => setTimeout(resolve));
  const ended = drain.end(server, { ...TIMES, delayMs: 0 }, idle);
  await over(GRACE);
  for (const response of await Promise.all(asked.slice(1))) await response.body?.cancel();
  await ended;
  assertEquals(named().map(({ route }) => route), ["GET /b", "GET /c", "GET /d"]);
});

Deno.test("a handler that fails, and a caller who hangs up, leave nothing behind", async () => {
  const held = Promise.withResolvers<void>();
  const { drain, server, ask, over, begun } = await serving(async ({ url }) => {
    if (url.endsWith("/fails")) throw new Error("as planned");
    await held.promise;
    return new Response();
  });
  const failed = await ask("/fails");
  assertEquals(failed.status, 500);
  await failed.body?.cancel();
  const leaving = new AbortController();
  const left = ask("/left", { signal: leaving.signal }).catch(() => {});
  await begun("/left");
  leaving.abort();
  await left;
  held.resolve();
  const ended = drain.end(server, { ...TIMES, delayMs: 0 }, idle);
  await ended;
  assertEquals(drain.running, 0);
  await over(GRACE);
});

Deno.test("a stranger who never finishes asking holds up no end", async () => {
  const { drain, server, over, leaving, named } = await serving(() => new Response());
  const { port, hostname } = server.addr as Deno.NetAddr;
  const words = new TextEncoder();
  const half = ["G", "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Le"];
  const sockets = await Promise.all(half.map(async (text) => {
    const socket = await Deno.connect({ port, hostname });
    await socket.write(words.encode(text));
    return socket;
  }));
  const ended = drain.end(server, { ...TIMES, delayMs: 0 }, idle);
  await over(LEAVING_MS);
  assert(leaving.signal.aborted);
  // The grace is not used up.
  await ended;
  assertEquals(named(), []);
  sockets.forEach((socket) => socket.close());
  await server.finished;
  await over(GRACE);
});

Deno.test("what was asked before is waited for, though somebody never finishes asking", async () => {
  const held = Promise.withResolvers<void>();
  const { drain, server, ask, over, begun } = await serving(async () => {
    await held.promise;
    return new Response("late");
  });
  const { port, hostname } = server.addr as Deno.NetAddr;
  const socket = await Deno.connect({ port, hostname });
  await socket.write(new TextEncoder().encode("GET /"));
  const asked = ask("/mcp");
  await begun("/mcp");
  let isOver = false;
  const ended = drain.end(server, { ...TIMES, delayMs: 0 }, idle).then(() => isOver = true);
  await over(LEAVING_MS);
  await new Promise((resolve) => setTimeout(resolve));
  assert(!isOver);
  held.resolve();
  assertEquals(await (await asked).text(), "late");
  await over(ARRIVING_MS);
  await ended;
  socket.close();
  await server.finished;
  await over(GRACE);
});
