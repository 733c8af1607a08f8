import { assert, assertEquals, assertRejects } from "@std/assert";
import { z } from "zod";
import { createApiClient } from "../../mcp/api_client.ts";
import { github } from "../../providers/github/github.ts";
import { tokenSetOf } from "../support/api.ts";
import {
  LONGEST_APP_PAUSE_MS,
  MOST_TURNS_WAITING,
  PAUSES_KNOWN_MS,
  PROVIDER_AT_ONCE,
  ProviderCrowds,
  TURN_WAIT_MS,
} from "../../mcp/provider_crowds.ts";
import { ApiError } from "../../providers/provider.ts";
import { apiError } from "../../providers/google/api_error.ts";
import { createProviderStore } from "../../vault/provider_records.ts";
import { testWorld } from "../support/world.ts";
import { testAll } from "../vault/databases.ts";

const caller = (subject: string, provider = "google", account?: string) => ({
  ...{ provider, title: "Google", subject, account },
});

/** Requests that are answered when the test says so, in the order in which they were sent. */
function start() {
  const world = testWorld();
  const crowds = new ProviderCrowds(world);
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  const send = (who: string, provider?: string, signal = new AbortController().signal) =>
    crowds.turn(caller(who, provider), signal, () => {
      sent.push(who);
      return new Promise<string>((resolve) => answers.push(() => resolve(who)));
    });
  const settle = async () => {
    for (let n = 0; n < 20; n++) await undefined;
  };
  return { world, crowds, sent, answers, send, settle };
}

async function waitOf(run: () => Promise<unknown>): Promise<number | undefined> {
  const { fault } = await assertRejects(run, ApiError);
  assertEquals(fault.kind, "rate_limited");
  return fault.retryAfter;
}

Deno.test("one person's flood takes turns with the single request of another", async () => {
  const { sent, answers, send, settle } = start();
  const flood = Array.from({ length: PROVIDER_AT_ONCE + 50 }, () => send("flood"));
  const single = send("single");
  await settle();
  assertEquals([sent.length, sent.includes("single")], [PROVIDER_AT_ONCE, false]);
  // Another provider is another matter.
  const other = send("flood", "github");
  await settle();
  assertEquals(sent.length, PROVIDER_AT_ONCE + 1);
  answers[0]!();
  answers[1]!();
  await settle();
  assert(sent.includes("single"), "it is the next but one at the latest");
  for (let n = 0; n < answers.length; n++) {
    answers[n]!();
    await settle();
  }
  assertEquals((await Promise.all([...flood, single, other])).length, PROVIDER_AT_ONCE + 52);
});

Deno.test("a turn is waited for so long and no longer, and so many wait", async () => {
  const { world, answers, send, settle, sent } = start();
  world.speed = 10_000;
  const first = Array.from({ length: PROVIDER_AT_ONCE }, () => send("flood"));
  assertEquals(await waitOf(() => send("late")), 1);
  const gone = new AbortController();
  const left = send("gone", "google", gone.signal);
  gone.abort();
  world.speed = 1;
  const waiting = Array.from({ length: MOST_TURNS_WAITING }, () => send("flood"));
  await settle();
  assertEquals(await waitOf(() => send("flood")), 1);
  // Who has given up is passed over: nothing is sent for it when its turn comes.
  for (let n = 0; n < answers.length; n++) {
    answers[n]!();
    await settle();
  }
  await Promise.all([...first, ...waiting, left]);
  assertEquals(sent.filter((who) => who === "late"), []);
  assert(TURN_WAIT_MS > 0);
});

Deno.test("where the account has too much its own calls wait, and where the app has all do, for the true time", async () => {
  const { world, crowds } = start();
  const never = new AbortController().signal;
  const now = () => Promise.resolve("done");
  const turn = (subject: string, account?: string, provider?: string) =>
    crowds.turn(caller(subject, provider, account), never, now);
  crowds.slowDown(caller("ana", "google", "work"), 30, undefined);
  world.skew += 10_000;
  assertEquals(await waitOf(() => turn("ana", "work")), 20);
  assertEquals([await turn("ana", "home"), await turn("ben", "work")], ["done", "done"]);
  world.skew += 20_000;
  assertEquals(await turn("ana", "work"), "done");
  crowds.slowDown(caller("ana"), 3_600, "app");
  assertEquals(await waitOf(() => turn("ben")), LONGEST_APP_PAUSE_MS / 1000);
  assertEquals(await turn("ben", undefined, "github"), "done");
  world.skew += LONGEST_APP_PAUSE_MS;
  assertEquals(await turn("ben"), "done");
});

testAll(
  "what a provider asks one process holds in the others, and no account reads of another",
  async (records) => {
    const world = testWorld();
    const [here, there] = [1, 2].map(() => new ProviderCrowds(world, createProviderStore(records)));
    const never = new AbortController().signal;
    let sent = 0;
    const ask = (at: ProviderCrowds, subject: string, account?: string) =>
      at.turn(caller(subject, "google", account), never, () => Promise.resolve(sent += 1));
    // Both have called before, and know of nothing.
    for (const at of [here!, there!]) await ask(at, "ana", "work");
    here!.slowDown(caller("ana", "google", "work"), 30, undefined);
    const noted = async () => {
      while ((await records.get(["providers", "google", "paused"])) === null) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await noted();
    world.skew += PAUSES_KNOWN_MS;
    assertEquals(await waitOf(() => ask(there!, "ana", "work")), 30 - PAUSES_KNOWN_MS / 1000);
    await ask(there!, "ana", "home");
    await ask(there!, "ben", "work");
    const stored = (await records.get(["providers", "google", "paused"]))!.value;
    assert(!/ana|work/.test(JSON.stringify(stored)), JSON.stringify(stored));
    world.skew += 30_000;
    await ask(there!, "ana", "work");
    assertEquals(sent, 5);
  },
);

Deno.test("a store that is out holds up no call", async () => {
  const world = testWorld();
  world.speed = 1_000;
  const stuck = () => new Promise<never>(() => {});
  const failing = () => Promise.reject(new Error("out"));
  for (const out of [stuck, failing]) {
    const crowds = new ProviderCrowds(world, { pauses: out, notePause: out });
    const never = new AbortController().signal;
    assertEquals(await crowds.turn(caller("ana"), never, () => Promise.resolve("done")), "done");
    crowds.slowDown(caller("ana"), 30, "app");
    await waitOf(() => crowds.turn(caller("ana"), never, () => Promise.resolve("done")));
  }
});

Deno.test("Google says of a limit whose it is, where it does", () => {
  const limits = (reason: string, metadata?: Record<string, string>) => {
    const details = metadata === undefined
      ? []
      : [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, metadata }];
    const errors = [{ reason, message: "m" }];
    return apiError(429, new Headers(), { error: { code: 429, message: "m", errors, details } })
      .limitOf;
  };
  assertEquals(
    ["dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded"].map((one) => limits(one)),
    ["app", undefined, undefined],
  );
  const named = (quota_limit: string) => limits("RATE_LIMIT_EXCEEDED", { quota_limit });
  assertEquals(
    [named("ReadsPerMinutePerProject"), named("ReadsPerMinutePerProjectPerUser")],
    ["app", undefined],
  );
});

Deno.test("GitHub's account waits until its hour is over, and not for a limit of one kind of request", async () => {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  const told: [string, number][] = [];
  for (const resource of ["core", "search"]) {
    const headers = {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 600),
      "x-ratelimit-resource": resource,
    };
    const said = { message: "API rate limit exceeded" };
    const client = createApiClient({
      world: testWorld(),
      provider: github.create(settings),
      tokens: () => Promise.resolve(tokenSetOf("t")),
      fetch: () => Promise.resolve(Response.json(said, { status: 403, headers })),
      limit: new AbortController(),
      slowDown: (seconds) => told.push([resource, seconds]),
    });
    await assertRejects(() => client.json("/user", z.unknown()), ApiError);
  }
  assertEquals(told.length, 1);
  const [resource, seconds] = told[0]!;
  assert(resource === "core" && seconds > 500 && seconds <= 600, `${told}`);
});
