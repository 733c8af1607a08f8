/** Whose process a request goes to, what it is started with, and how many there are. */

import { assertEquals } from "@std/assert";
import type { ProcessSpec } from "../../../broker/core/system_user.ts";
import type { LocalUpstream } from "../../../broker/core/upstream.ts";
import { type Sender, UpstreamClients } from "../../../mcp/upstream/client.ts";
import { DEFAULT_PROCESSES, ProcessPlaces } from "../../../mcp/upstream/processes.ts";
import { SESSION_IDLE_MS } from "../../../mcp/upstream/sessions.ts";
import { CHANGED, settled } from "../../support/hand_exchange.ts";
import { handProcess, polite } from "../../support/hand_process.ts";
import { handSleeps } from "../../support/hand_sleeps.ts";
import { faultOf } from "../../support/replying_server.ts";
import { testWorld } from "../../support/world.ts";

type Subject = `${string}:${string}`;
const PERSONAL: Partial<LocalUpstream> = {
  per: "person",
  provider: "notes",
  tokenEnv: "NOTES_TOKEN",
};

/** Clients of a local server, whose processes answer each call unless they are held. */
function start(more: Partial<LocalUpstream> = {}, fails?: Error) {
  const world = testWorld();
  const { asleep } = handSleeps(world);
  const places = new ProcessPlaces();
  let taken = 0;
  const { take } = places;
  places.take = async () => {
    const leave = await take.call(places);
    taken += 1;
    return () => (taken -= 1, leave());
  };
  const spec: LocalUpstream = {
    kind: "stdio",
    name: "notes",
    title: "Notes",
    timeoutMs: 60_000,
    command: "notes",
    args: [],
    env: { MODE: "quiet" },
    ...more,
  };
  const state = { isHeld: false, isSilent: false };
  const started: ProcessSpec[] = [];
  const processes: ReturnType<typeof handProcess>[] = [];
  const startProcess = (process: ProcessSpec) => {
    if (fails !== undefined) throw fails;
    started.push(process);
    processes.push(handProcess((message, say) => {
      if (!state.isSilent) polite(message, say);
      if (message.method === "tools/call" && !state.isHeld) {
        say({ jsonrpc: "2.0", id: message.id, result: {} });
      }
    }));
    return processes.at(-1)!.started;
  };
  const asked: string[] = [];
  const broker = {
    token: ({ subject }: { subject: string }) => {
      asked.push(subject);
      return Promise.resolve({ tokens: { accessToken: `token-of-${subject}` }, account: "1" });
    },
  };
  const deps = { world, broker: broker as never, fetch, startProcess, places };
  const clients = new UpstreamClients(spec, deps);
  const call = (subject: Subject, capabilities?: Record<string, unknown>) => {
    const { signal } = new AbortController();
    const visitor = {
      subject,
      actor: { kind: "client", id: "1" },
      tokens: new Set(),
      capabilities,
    };
    return clients.with(
      visitor as Sender,
      signal,
      (session) => session.request("tools/call", {}, { signal, timeoutMs: 60_000 }),
    );
  };
  return {
    spec,
    world,
    clients,
    deps,
    state,
    started,
    processes,
    asked,
    call,
    asleep,
    places,
    taken: () => taken,
  };
}

Deno.test("one process is everybody's: it is given nobody's token, told what nobody's client can, and stays", async () => {
  const { call, started, processes, asked, asleep, clients } = start({ provider: "notes" });
  await call("a:ana", { elicitation: {} });
  await call("a:bo");
  assertEquals(started.map(({ env }) => env), [{ MODE: "quiet" }]);
  assertEquals(asked, []);
  assertEquals(processes[0]!.heard[0]!.params.capabilities, {});
  assertEquals(asleep(SESSION_IDLE_MS), []);
  await clients.end("a:ana");
  await call("a:ana");
  assertEquals(started.length, 1);
  await clients.close();
  await processes[0]!.started.ended;
});

Deno.test("a process of a person has that person's token where it is wanted, and ends with the person's session", async () => {
  const { call, started, processes, asleep, clients, taken } = start(PERSONAL);
  for (const subject of ["a:ana", "a:bo", "a:ana"] as const) await call(subject);
  assertEquals(started.map(({ env }) => env), [
    { MODE: "quiet", NOTES_TOKEN: "token-of-a:ana" },
    { MODE: "quiet", NOTES_TOKEN: "token-of-a:bo" },
  ]);
  assertEquals(taken(), 2);
  await clients.end("a:ana");
  await processes[0]!.started.ended;
  await settled();
  assertEquals(taken(), 1);
  assertEquals(asleep(SESSION_IDLE_MS).length, 1);
  asleep(SESSION_IDLE_MS)[0]!.end();
  await processes[1]!.started.ended;
  await settled();
  assertEquals(taken(), 0);
  for (const none of [{ tokenEnv: undefined }, { provider: undefined }]) {
    const without = start({ ...PERSONAL, ...none } as Partial<LocalUpstream>);
    await without.call("a:ana");
    assertEquals(without.started.map(({ env }) => env), [{ MODE: "quiet" }]);
    await without.clients.close();
  }
});

Deno.test("there are no more processes than may be, where all of them are in use", async () => {
  for (const maxProcesses of [undefined, 2]) {
    const most = maxProcesses ?? DEFAULT_PROCESSES;
    const { call, state, started, clients } = start({ ...PERSONAL, maxProcesses });
    state.isHeld = true;
    const running = Array.from({ length: most }, (_none, at) => call(`a:${at}`));
    for (const one of running) one.catch(() => {});
    await settled();
    assertEquals(await faultOf(() => call("a:more")), ["no_place", false]);
    assertEquals(started.length, most);
    await clients.close();
  }
});

Deno.test("a process of a person's that nobody uses makes room for another upstream's, and everybody's does not", async () => {
  for (const [more, isEnded] of [[PERSONAL, true], [{}, false]] as const) {
    const { call, places, processes, clients } = start(more);
    await call("a:ana");
    // Until there is none left.
    const takes = async () => {
      for (;;) await places.take();
    };
    assertEquals(await faultOf(takes), ["no_place", false]);
    assertEquals(processes[0]!.isClosed(), isEnded);
    await clients.close();
  }
});

Deno.test("a process that cannot be started takes no place, and the log says why", async () => {
  const { call, taken, world } = start({}, new Deno.errors.NotFound("no such command"));
  assertEquals(await faultOf(() => call("a:ana")), ["not_started", false]);
  assertEquals(taken(), 0);
  assertEquals(world.events.map(({ event, upstream }) => [event, upstream]), [
    ["upstream_not_started", "notes"],
  ]);
  assertEquals(typeof world.events[0]!.detail, "string");
  // Nothing starts processes here.
  const { spec, deps } = start();
  const clients = new UpstreamClients(spec, { ...deps, startProcess: undefined });
  const { signal } = new AbortController();
  const visitor = { subject: "a:ana", actor: { kind: "client", id: "1" }, tokens: new Set() };
  const never = () => clients.with(visitor as never, signal, () => Promise.reject(new Error()));
  assertEquals(await faultOf(never), ["not_started", false]);
});

Deno.test("a process that ends by itself is said in the log, with its last words, and leaves its place", async () => {
  const { call, processes, world, taken } = start();
  await call("a:ana");
  processes[0]!.complain("out of memory\n");
  await settled();
  processes[0]!.exit();
  await settled();
  assertEquals(taken(), 0);
  assertEquals(world.events.map(({ event, stderr }) => [event, String(stderr).trim()]), [
    ["upstream_process_ended", "out of memory"],
  ]);
  // One that ended before it had greeted is said once.
  const absent = start();
  absent.state.isSilent = true;
  const broken = faultOf(() => absent.call("a:ana"));
  await settled();
  absent.processes[0]!.exit();
  assertEquals(await broken, ["dropped", false]);
  assertEquals(absent.world.events.map(({ event }) => event), ["upstream_not_started"]);
});

Deno.test("what everybody's process says has changed is of all, and what a person's does is of that person", async () => {
  for (const [more, subject] of [[{}, undefined], [PERSONAL, "a:ana"]] as const) {
    const { deps, spec, processes } = start(more);
    for (const isHeard of [true, false]) {
      const told: unknown[] = [];
      const heard = (of: unknown, { method }: { method: string }) => void told.push([of, method]);
      const clients = new UpstreamClients(spec, { ...deps, ...(isHeard && { heard }) });
      const { signal } = new AbortController();
      const visitor = { subject: "a:ana", actor: { kind: "client", id: "1" }, tokens: new Set() };
      await clients.with(visitor as never, signal, async (session) => {
        processes.at(-1)!.say(CHANGED);
        await settled();
        return await session.request("tools/call", {}, { signal, timeoutMs: 60_000 });
      });
      assertEquals(told, isHeard ? [[subject, CHANGED.method]] : []);
      await clients.close();
    }
  }
});
