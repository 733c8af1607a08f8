import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  LONGEST_APP_PAUSE_MS,
  MOST_TURNS_WAITING,
  PROVIDER_AT_ONCE,
  ProviderCrowds,
  TURN_WAIT_MS,
} from "../../mcp/provider_crowds.ts";
import { ApiError } from "../../providers/provider.ts";
import { apiError } from "../../providers/google/api_error.ts";
import { testWorld } from "../support/world.ts";

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
