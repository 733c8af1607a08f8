/** Refreshing ahead of need for many people, over several processes, on a clock that flies. */

import { assert, assertEquals } from "@std/assert";
import type { Connection } from "../../../broker/core/connection.ts";
import type { TokenAnswer } from "../../../broker/core/authorization_server.ts";
import type { Due, Stored } from "../../../broker/core/store.ts";
import { HOLD_OFF_MS, type Refreshed } from "../../../broker/tokens/refresh_rules.ts";
import { AT_ONCE, PER_SECOND, ProviderPace } from "../../../broker/tokens/pace.ts";
import { dueTime } from "../../../broker/tokens/refresh_rules.ts";
import { REFRESH_MARGIN_MS } from "../../../broker/tokens/freshness.ts";
import { RUN_MS, type SweepDeps, sweepDue } from "../../../broker/tokens/sweep.ts";
import { quickWorld } from "../../support/quick_time.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How a provider is, at a time. */
type Conduct = (now: number) => { takesMs: number; answer?: TokenAnswer };

const well: Conduct = () => ({ takesMs: 300 });

/** The list of what is due, by whole seconds: what a database does with keys. */
function dueList() {
  const at = new Map<number, Map<string, Due>>();
  let versions = 0;
  let first = Infinity;
  const idOf = ({ provider, account }: Due["ref"]) => `${provider}/${account}`;
  const add = (ref: Due["ref"], time: number): Due => {
    const due = { ref, at: Math.round(time / 1_000) * 1_000, version: String(++versions) };
    at.set(due.at, (at.get(due.at) ?? new Map()).set(idOf(ref), due));
    first = Math.min(first, due.at);
    return due;
  };
  const remove = ({ ref, at: time }: Due) => {
    at.get(time)?.delete(idOf(ref));
    if (at.get(time)?.size === 0) at.delete(time);
  };
  return {
    add,
    left: () => [...at.values()].reduce((sum, { size }) => sum + size, 0),
    due(now: number, limit: number, after?: Due): Promise<Due[]> {
      const found: Due[] = [];
      let isBehind = after !== undefined;
      while (first <= now && !at.has(first)) first += 1_000;
      for (let time = Math.max(first, after?.at ?? 0); time <= now; time += 1_000) {
        isBehind &&= time === after!.at;
        for (const due of at.get(time)?.values() ?? []) {
          if (isBehind && due.version <= after!.version) continue;
          if (found.push(due) === limit) return Promise.resolve(found);
        }
      }
      return Promise.resolve(found);
    },
    postpone(some: Due[], time: number): Promise<Due[] | null> {
      const isThere = ({ ref, at: time, version }: Due) =>
        at.get(time)?.get(idOf(ref))?.version === version;
      if (!some.every(isThere)) return Promise.resolve(null);
      some.forEach(remove);
      return Promise.resolve(some.map(({ ref }) => add(ref, time)));
    },
    settle: (some: Due[]) => Promise.resolve(some.forEach(remove)),
  };
}

/** People with connections, and the processes that refresh them. */
function start(processes: number, providers: Record<string, Conduct>) {
  const world = quickWorld();
  const list = dueList();
  const connections = new Map<string, Stored<Connection>>();
  const requests: { provider: string; account: string; at: number; process: number }[] = [];
  let late = 0;
  /** How many are under way at once at most, by process and provider. */
  const under = new Map<string, { now: number; most: number }>();
  const keyOf = ({ provider, account }: Due["ref"]) => `${provider}/${account}`;

  const put = (value: Connection) => {
    connections.set(keyOf(value), { value, version: String(world.now()) });
    const dueAt = dueTime(value, world.now(), world.random());
    if (dueAt !== undefined) list.add(value, dueAt);
  };
  const connect = (provider: string, account: string, at: number) => {
    const { value } = storedOf(account, ["mail"], { provider, usedAt: at });
    const tokens = { ...value.tokens, issuedAt: at, expiresAt: at + HOUR_MS, refreshToken: "r" };
    put({ ...value, tokens });
  };

  const deps = (process: number): SweepDeps => {
    const pace = new ProviderPace();
    const ensure = async (
      { name }: { name: string },
      stored: Stored<Connection>,
      _need: unknown,
      waitMs: number,
    ): Promise<Refreshed> => {
      const { value } = stored;
      if (value.tokens.expiresAt! - world.now() > 16 * MINUTE_MS) return { kind: "ready", stored };
      if (value.tokens.expiresAt! - world.now() < REFRESH_MARGIN_MS) late += 1;
      requests.push({ provider: name, account: value.account, at: world.now(), process });
      const running = under.get(`${process}/${name}`) ?? { now: 0, most: 0 };
      under.set(`${process}/${name}`, running);
      running.most = Math.max(running.most, ++running.now);
      const { takesMs, answer } = providers[name]!(world.now());
      await world.sleep(Math.min(takesMs, waitMs));
      running.now -= 1;
      if (takesMs > waitMs) return { kind: "ready", stored };
      const now = world.now();
      pace.answered(name, answer ?? { kind: "issued", tokens: {} as never }, now);
      if (answer?.kind === "failed") {
        const held = Math.max(HOLD_OFF_MS, (answer.retryAfter ?? 0) * 1_000);
        const failed = { ...stored, value: { ...value, holdOffUntil: now + held } };
        connections.set(keyOf(value), failed);
        return { kind: "ready", stored: failed };
      }
      const { holdOffUntil: _, ...rest } = value;
      put({ ...rest, tokens: { ...value.tokens, issuedAt: now, expiresAt: now + HOUR_MS } });
      return { kind: "ready", stored: connections.get(keyOf(value))! };
    };
    return {
      servers: serversOf(...Object.keys(providers).map((name) => serverOf({ name }))),
      connections: {
        ...list,
        get: (ref: Due["ref"]) => Promise.resolve(connections.get(keyOf(ref)) ?? null),
      },
      refresher: { ensure },
      pace,
      world,
      isServed: () => true,
    } as unknown as SweepDeps;
  };

  /** A run every minute in each process, none beside another of its own. */
  const minutes = (count: number) => {
    const each = async (process: SweepDeps) => {
      for (let minute = 0; minute < count; minute++) {
        const next = world.now() + MINUTE_MS;
        await sweepDue(process);
        await world.sleep(Math.max(0, next - world.now()));
      }
    };
    return world.until(Promise.all(all.map(each)));
  };
  const all = Array.from({ length: processes }, (_, process) => deps(process));
  return {
    world,
    list,
    connect,
    requests,
    minutes,
    all,
    late: () => late,
    most: () => Math.max(0, ...[...under.values()].map(({ most }) => most)),
  };
}

/** How many there are in each minute. */
function byMinute(times: number[]): number[] {
  const counts = new Map<number, number>();
  for (const time of times) {
    const minute = Math.floor(time / MINUTE_MS);
    counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }
  return [...counts.values()];
}

for (const processes of [1, 3]) {
  Deno.test(`${processes} processes keep 100,000 people's token sets fresh for an hour, each asked for once`, async () => {
    const t = start(processes, { acme: well });
    const people = 100_000;
    for (let at = 0; at < people; at++) {
      t.connect("acme", String(at), t.world.now() - t.world.random() * 44 * MINUTE_MS);
    }
    await t.minutes(44);
    assertEquals(t.late(), 0, "nobody has to wait");
    const asked = new Map<string, number>();
    for (const { account } of t.requests) asked.set(account, (asked.get(account) ?? 0) + 1);
    // Whose hour ended within these minutes, once; nobody's ended twice.
    assertEquals(Math.max(...asked.values()), 1);
    assert(asked.size > 0.8 * people, String(asked.size));
    assertEquals(t.list.left(), people, "each is on the list once");
    assert(t.most() <= AT_ONCE, String(t.most()));
    const shares = Array.from(
      { length: processes },
      (_, mine) => t.requests.filter(({ process }) => process === mine).length,
    );
    assert(shares.every((share) => share > t.requests.length / processes / 4), String(shares));
  });
}

Deno.test("what was connected together is not refreshed together", async () => {
  const t = start(2, { acme: well });
  for (let at = 0; at < 5_000; at++) t.connect("acme", String(at), t.world.now());
  await t.minutes(55);
  const minutes = byMinute(t.requests.map(({ at }) => at));
  assertEquals(t.requests.length, 5_000);
  assert(minutes.length >= 10 && Math.max(...minutes) < 700, String(minutes));
});

Deno.test("a provider that does not answer holds up no other, and is asked a few times a minute", async () => {
  const t = start(2, { acme: well, slow: () => ({ takesMs: HOUR_MS }) });
  for (const [provider, people] of [["slow", 3_000], ["acme", 1_000]] as const) {
    for (let at = 0; at < people; at++) {
      t.connect(provider, String(at), t.world.now() - (45 + 5 * t.world.random()) * MINUTE_MS);
    }
  }
  await t.minutes(10);
  const asked = (name: string) => t.requests.filter(({ provider }) => provider === name);
  assertEquals(asked("acme").length, 1_000);
  assertEquals(t.most(), AT_ONCE);
  assert(Math.max(...byMinute(asked("slow").map(({ at }) => at))) <= 4 * AT_ONCE);
});

Deno.test("a provider that asks for time gets it, and then everybody is refreshed", async () => {
  const begun = quickWorld().now();
  const busy = { kind: "failed", reason: "429", retryAfter: 150 } as const;
  const t = start(1, {
    acme: well,
    busy: (now) => ({ takesMs: 100, ...(now < begun + 5_000 ? { answer: busy } : {}) }),
  });
  for (const provider of ["busy", "acme"]) {
    for (let at = 0; at < 500; at++) {
      t.connect(provider, String(at), t.world.now() - (50 + 3 * t.world.random()) * MINUTE_MS);
    }
  }
  await t.minutes(6);
  const times = t.requests.filter(({ provider }) => provider === "busy").map(({ at }) =>
    at - begun
  );
  const [first, later] = [times.filter((at) => at < 5_000), times.filter((at) => at >= 5_000)];
  assert(first.length > 0 && first.length <= AT_ONCE, String(first.length));
  assert(Math.min(...later) >= 150_000, "all of the time that it asked for");
  assertEquals(
    new Set(t.requests.map(({ provider, account }) => `${provider} ${account}`)).size,
    1_000,
  );
});

Deno.test("a run that is cut off goes on in the next where it stopped", async () => {
  const t = start(1, { acme: () => ({ takesMs: 10_000 }) });
  for (let at = 0; at < 400; at++) t.connect("acme", String(at), t.world.now() - 55 * MINUTE_MS);
  const before = t.world.now();
  const about = await t.world.until(sweepDue(t.all[0]!));
  assert(t.world.now() - before <= RUN_MS + 10_000);
  assert(about > 0 && about < 400, String(about));
  await t.minutes(4);
  assertEquals(t.requests.map(({ account }) => Number(account)).sort((a, b) => a - b), [
    ...Array(400).keys(),
  ]);
});

Deno.test("a provider is not asked more often in a second than it may be, in one process", async () => {
  const t = start(1, { acme: () => ({ takesMs: 1 }) });
  for (let at = 0; at < 1_000; at++) t.connect("acme", String(at), t.world.now() - 55 * MINUTE_MS);
  await t.minutes(1);
  const inSecond = new Map<number, number>();
  for (const { at } of t.requests) {
    const second = Math.floor(at / 1_000);
    inSecond.set(second, (inSecond.get(second) ?? 0) + 1);
  }
  assertEquals(t.requests.length, 1_000);
  assert(Math.max(...inSecond.values()) <= PER_SECOND + AT_ONCE + 1);
});

Deno.test("processes that begin at the same moment share what is due, and take nothing twice", async () => {
  const t = start(3, { acme: () => ({ takesMs: 200 }) });
  for (let at = 0; at < 3_000; at++) t.connect("acme", String(at), t.world.now() - 55 * MINUTE_MS);
  await t.minutes(1);
  assertEquals(t.requests.length, 3_000);
  assertEquals(new Set(t.requests.map(({ account }) => account)).size, 3_000);
  for (let mine = 0; mine < 3; mine++) {
    const share = t.requests.filter(({ process }) => process === mine).length;
    assert(share > 500, `${mine}: ${share}`);
  }
});
