import { assertEquals, assertRejects } from "@std/assert";
import { notDone, UpstreamFault } from "../../../mcp/upstream/fault.ts";
import {
  FIRST_REST_MS,
  MAX_PROCESSES,
  ProcessPlaces,
  Rests,
  STEADY_MS,
} from "../../../mcp/upstream/processes.ts";
import type { UpstreamSession } from "../../../mcp/upstream/session.ts";
import { type Keeping, type KeptSession, Sessions } from "../../../mcp/upstream/sessions.ts";

const never = new AbortController().signal;

/** Sessions of a test, and what became of each. */
function keeping(more: Partial<Keeping> = {}) {
  const opened: string[] = [];
  const closed: string[] = [];
  const ends = new Map<string, () => void>();
  const idle: (() => void)[] = [];
  const clock = { now: 0 };
  const world = {
    now: () => clock.now,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        idle.push(resolve);
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  const sessions = new Sessions(world, { most: 2, idleMs: 1, isStrict: false, ...more });
  const use = <T>(
    key: string,
    work: (session: UpstreamSession) => Promise<T>,
    token = "t",
    signal = never,
  ) => {
    const open = (): Promise<KeptSession> => {
      const name = `${key}${opened.filter((one) => one.startsWith(key)).length + 1}`;
      opened.push(name);
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      ends.set(name, resolve);
      const session = { instructions: name } as UpstreamSession;
      return Promise.resolve({
        ended,
        as: (wanted) => wanted === token ? session : undefined,
        close: () => Promise.resolve(void closed.push(name)),
      });
    };
    return sessions.use(key, { token, signal, open }, work);
  };
  const named = (key: string, token?: string) =>
    use(key, ({ instructions }) => Promise.resolve(instructions), token);
  return { sessions, opened, closed, ends, idle, clock, use, named };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("a session is opened once for all who come at the same time, and kept", async () => {
  const { named, opened, closed } = keeping();
  assertEquals(await Promise.all([named("a"), named("a"), named("b")]), ["a1", "a1", "b1"]);
  assertEquals(await named("a"), "a1");
  assertEquals([opened, closed], [["a1", "b1"], []]);
});

Deno.test("where there are too many, the one that was used the longest ago is ended", async () => {
  const { named, closed, sessions } = keeping();
  await named("a");
  await named("b");
  await named("a");
  await named("c");
  assertEquals([sessions.size, closed], [2, ["b1"]]);
});

Deno.test("none is ended while somebody is in it", async () => {
  const { use, named, closed, sessions } = keeping();
  const stay = Promise.withResolvers<void>();
  const inside = [use("a", () => stay.promise), use("b", () => stay.promise)];
  await named("c");
  await sessions.end((key) => key === "a");
  assertEquals(closed, []);
  stay.resolve();
  await Promise.all(inside);
  assertEquals(closed, ["a1"]);
});

Deno.test("a session that gave way ends with the last of those who are in it", async () => {
  const { use, closed, sessions } = keeping();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const inside = [use("a", () => first.promise), use("a", () => second.promise)];
  await turn();
  await sessions.end((key) => key === "a");
  first.resolve();
  await inside[0];
  assertEquals(closed, []);
  second.resolve();
  await inside[1];
  assertEquals(closed, ["a1"]);
});

Deno.test("where there may never be more, who comes last is told so", async () => {
  const { use, named } = keeping({ isStrict: true });
  const stay = Promise.withResolvers<void>();
  const inside = [use("a", () => stay.promise), use("b", () => stay.promise)];
  const why = await assertRejects(() => named("c"), UpstreamFault);
  assertEquals([why.why.kind, why.mayBeDone], ["no_place", false]);
  stay.resolve();
  await Promise.all(inside);
  assertEquals(await named("c"), "c1");
});

Deno.test("a session that nobody uses ends, and not one that is used again", async () => {
  const { named, idle, clock, closed } = keeping({ idleMs: 100 });
  await named("a");
  clock.now = 60;
  await named("a");
  // The wait that began with the first use ends, with 60 ms left.
  clock.now = 100;
  idle[0]!();
  await turn();
  assertEquals([closed, idle.length], [[], 2]);
  clock.now = 160;
  idle[1]!();
  await turn();
  assertEquals(closed, ["a1"]);
  assertEquals(await named("a"), "a2");
});

Deno.test("a session that somebody is in does not end with its wait", async () => {
  const { named, use, idle, clock, closed } = keeping({ idleMs: 100 });
  await named("a");
  const stay = Promise.withResolvers<void>();
  const inside = use("a", () => stay.promise);
  clock.now = 1_000;
  idle[0]!();
  await turn();
  assertEquals(closed, []);
  stay.resolve();
  await inside;
  clock.now = 1_100;
  idle[1]!();
  await turn();
  assertEquals(closed, ["a1"]);
});

Deno.test("one that ended by itself, or that its server has forgotten, is opened anew", async () => {
  const { named, use, ends } = keeping();
  await named("a");
  ends.get("a1")!();
  await turn();
  assertEquals(await named("a"), "a2");
  const forgotten = () => Promise.reject(notDone({ kind: "no_session" }));
  await assertRejects(() => use("a", forgotten), UpstreamFault);
  assertEquals(await named("a"), "a3");
});

Deno.test("one with another token for good is not used with this one", async () => {
  const { named, closed } = keeping();
  assertEquals([await named("a", "old"), await named("a", "new")], ["a1", "a2"]);
  assertEquals(closed, ["a1"]);
});

Deno.test("one that could not be opened keeps nobody from trying", async () => {
  const { sessions, named } = keeping();
  const open = () => Promise.reject(notDone({ kind: "unreachable" }));
  const work = () => Promise.resolve("never");
  await assertRejects(
    () => sessions.use("a", { token: "t", signal: never, open }, work),
    UpstreamFault,
  );
  assertEquals(await named("a"), "a1");
});

Deno.test("who does not wait for the opening leaves it to the others", async () => {
  const { sessions } = keeping();
  const opening = Promise.withResolvers<KeptSession>();
  const stop = new AbortController();
  const open = () => opening.promise;
  const work = ({ instructions }: UpstreamSession) => Promise.resolve(instructions);
  const first = sessions.use("a", { token: "t", signal: stop.signal, open }, work);
  const second = sessions.use("a", { token: "t", signal: never, open }, work);
  stop.abort(new DOMException("Too late", "TimeoutError"));
  const why = await assertRejects(() => first, UpstreamFault);
  assertEquals([why.why.kind, why.mayBeDone], ["timeout", false]);
  const session = { instructions: "a" } as UpstreamSession;
  const ended = new Promise<void>(() => {});
  opening.resolve({ ended, as: () => session, close: () => Promise.resolve() });
  assertEquals(await second, "a");
});

Deno.test("all are ended at the end, and none is opened after it", async () => {
  const { sessions, named, use, closed } = keeping();
  await named("a");
  const stay = Promise.withResolvers<void>();
  const inside = use("b", () => stay.promise);
  await turn();
  await sessions.close();
  assertEquals(closed, ["a1", "b1"]);
  stay.resolve();
  await inside;
  await assertRejects(() => named("c"), Error);
  assertEquals(closed, ["a1", "b1"]);
});

Deno.test("places for processes are lent by those who need none at the moment", async () => {
  const places = new ProcessPlaces();
  let unused = 0;
  const backs: (() => void)[] = [];
  places.add({
    endUnused() {
      if (unused === 0) return Promise.resolve(false);
      unused -= 1;
      backs.shift()!();
      return Promise.resolve(true);
    },
  });
  for (let n = 0; n < MAX_PROCESSES; n++) backs.push(await places.take());
  await assertRejects(() => places.take(), UpstreamFault, "no_place");
  unused = 1;
  const back = await places.take();
  await assertRejects(() => places.take(), UpstreamFault, "no_place");
  // What was given back twice is one place.
  back();
  back();
  await places.take();
  await assertRejects(() => places.take(), UpstreamFault, "no_place");
});

Deno.test("a server that fails again and again rests for longer and longer, alone", async () => {
  let now = 1_000_000;
  const rests = new Rests({ now: () => now });
  const failing = () => Promise.reject(notDone({ kind: "not_started" }));
  const restsFor: number[] = [];
  const tries: string[] = [];
  while (restsFor.length < 8) {
    const { why } = await rests.open("a", failing).catch((error) => error);
    tries.push(why.kind);
    if (why.kind !== "resting") continue;
    restsFor.push(why.retryAfter);
    now += why.retryAfter * 1_000;
  }
  assertEquals(restsFor, [1, 2, 4, 8, 16, 32, 60, 60]);
  assertEquals(tries.slice(0, 4), ["not_started", "not_started", "resting", "not_started"]);
  // Another person's server is none of it.
  await assertRejects(() => rests.open("b", failing), UpstreamFault, "not_started");
});

Deno.test("a process that ends soon rests like one that does not start, and one that ran for long does not", async () => {
  let now = 0;
  const rests = new Rests({ now: () => now });
  /** Runs for so long, and ends by itself. */
  const run = async (ms: number) => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    await rests.open("a", () => Promise.resolve({ ended } as KeptSession));
    now += ms;
    resolve();
    await turn();
  };
  for (let times = 0; times < 2; times++) await run(STEADY_MS - 1);
  const fault = await assertRejects(() => run(0), UpstreamFault);
  assertEquals([fault.why.kind, fault.mayBeDone], ["resting", false]);
  now += FIRST_REST_MS;
  await run(STEADY_MS);
  // What was before is forgotten.
  await run(0);
  await run(STEADY_MS);
});
