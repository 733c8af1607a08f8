import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  Courtesy,
  LONGEST_PAUSE_MS,
  QUESTIONS_AT_A_TIME,
} from "../../../broker/moving/courtesy.ts";
import { MAX_CLOCK_SKEW_MS } from "../../../broker/core/clock.ts";
import { AnsweredNo } from "../../../broker/core/answered_no.ts";
import type {
  AuthorizationServer,
  TokenAnswer,
} from "../../../broker/core/authorization_server.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { unavailable } from "../../../broker/moving/import_item.ts";
import { LONGEST_HOLD_OFF_MS } from "../../../broker/tokens/freshness.ts";
import { HOLD_OFF_MS } from "../../../broker/tokens/refresh_rules.ts";
import { handWorld } from "../../support/hand_world.ts";

const server = (name: string) => ({ name, title: name }) as AuthorizationServer;
const ZOO = server("zoo");
const quiet = () => false;

/** Questions that are answered when the test says so. */
function questions(courtesy: Courtesy, count: number, of = ZOO) {
  const answers: (() => void)[] = [];
  const all = Array.from(
    { length: count },
    () => courtesy.ask(of, () => new Promise<void>((resolve) => void answers.push(resolve))),
  );
  return { answers, all };
}

Deno.test("a provider is asked a few questions at a time, and another one beside it", async () => {
  const world = handWorld(quiet);
  const courtesy = new Courtesy(world);
  const { answers, all } = questions(courtesy, QUESTIONS_AT_A_TIME + 2);
  const others = questions(courtesy, 1, server("other"));
  await world.pass(0);
  assertEquals([answers.length, others.answers.length], [QUESTIONS_AT_A_TIME, 1]);
  for (let done = 0; done < all.length; done++) {
    answers[done]!();
    await world.pass(0);
  }
  await Promise.all(all);
  assertEquals(answers.length, all.length);
});

Deno.test("a question that fails gives its place to the next one", async () => {
  const world = handWorld(quiet);
  const courtesy = new Courtesy(world);
  for (let n = 0; n < 3 * QUESTIONS_AT_A_TIME; n++) {
    const asked = courtesy.ask(ZOO, () => Promise.reject(new TypeError("no")));
    await assertRejects(() => asked, TypeError);
  }
});

Deno.test("nobody is asked while a pause lasts that was asked for, and a long one is refused", async () => {
  const world = handWorld(quiet);
  const courtesy = new Courtesy(world);
  assert(courtesy.failed(ZOO, new AnsweredNo("slow down", 429, 30)));
  const { answers, all } = questions(courtesy, 1);
  await world.pass(29_000);
  assertEquals(answers.length, 0);
  await world.pass(1_500);
  answers[0]!();
  await Promise.all(all);

  courtesy.failed(ZOO, new AnsweredNo("slow down", 503, 300));
  const refused = await assertRejects(() => courtesy.ask(ZOO, () => Promise.resolve()), Refusal);
  assertEquals(refused.reason, { code: "provider_unavailable", title: "zoo", retryAfter: 300 });
  assert(300_000 > LONGEST_PAUSE_MS);
  await world.pass(300_001);
  await courtesy.ask(ZOO, () => Promise.resolve());
});

Deno.test("an answer about one account is no reason for a pause, and three silences are", async () => {
  const world = handWorld(quiet);
  const courtesy = new Courtesy(world);
  for (let n = 0; n < 10; n++) assert(!courtesy.failed(ZOO, new AnsweredNo("who?", 401)));
  await courtesy.ask(ZOO, () => Promise.resolve());
  for (let n = 0; n < 3; n++) assert(courtesy.failed(ZOO, new TypeError("network")));
  const { answers, all } = questions(courtesy, 1);
  await world.pass(20_000);
  assertEquals(answers.length, 0);
  await world.pass(20_000);
  answers[0]!();
  await Promise.all(all);
});

Deno.test("a silence or two are no reason for a pause, nor is a pause of a clock that ran ahead", async () => {
  const world = handWorld(quiet);
  let behind = 0;
  const courtesy = new Courtesy({ ...world, now: () => world.now() - behind });
  for (let n = 0; n < 2; n++) assert(courtesy.failed(ZOO, new TypeError("network")));
  const { answers, all } = questions(courtesy, 1);
  await world.pass(0);
  assertEquals(answers.length, 1);
  answers[0]!();
  await Promise.all(all);
  courtesy.failed(ZOO, new AnsweredNo("slow down", 429, 30));
  behind = LONGEST_HOLD_OFF_MS + MAX_CLOCK_SKEW_MS;
  await courtesy.ask(ZOO, () => Promise.resolve());
});

Deno.test("what a refresh is answered counts as well", async () => {
  const world = handWorld(quiet);
  const courtesy = new Courtesy(world);
  const refresh = () => Promise.resolve({ kind: "failed" as const, reason: "429", retryAfter: 20 });
  const slow = { ...ZOO, credential: { kind: "oauth", refresh } } as unknown as AuthorizationServer;
  const { credential } = courtesy.listeningTo(slow);
  assert(credential.kind === "oauth");
  await credential.refresh("token");
  const { answers, all } = questions(courtesy, 1);
  await world.pass(19_000);
  assertEquals(answers.length, 0);
  await world.pass(2_000);
  answers[0]!();
  await Promise.all(all);
});

Deno.test("answers about one token are no reason for a pause, and are no silence", async () => {
  const world = handWorld(quiet);
  const courtesy = new Courtesy(world);
  let answer: TokenAnswer = { kind: "rejected", code: "invalid_grant" };
  const refresh = () => Promise.resolve(answer);
  const bent = { ...ZOO, credential: { kind: "oauth", refresh } } as unknown as AuthorizationServer;
  const { credential } = courtesy.listeningTo(bent);
  assert(credential.kind === "oauth");
  const ask = async (next: TokenAnswer) => {
    answer = next;
    await credential.refresh("token");
  };
  const rejected = answer;
  const failed: TokenAnswer = { kind: "failed", reason: "no answer" };
  for (const next of [rejected, rejected, rejected, failed, failed, rejected, failed, failed]) {
    await ask(next);
  }
  await courtesy.ask(ZOO, () => Promise.resolve());
  // The third one in a row, and the pause it brings is the only one.
  await ask(failed);
  const { answers, all } = questions(courtesy, 1);
  await world.pass(HOLD_OFF_MS - 1);
  assertEquals(answers.length, 0);
  await world.pass(1);
  answers[0]!();
  await Promise.all(all);
  await ask(failed);
  await courtesy.ask(ZOO, () => Promise.resolve());
  await ask({ kind: "rejected", code: "slow_down", retryAfter: 20 });
  const late = questions(courtesy, 1);
  await world.pass(19_000);
  assertEquals(late.answers.length, 0);
  await world.pass(1_000);
  late.answers[0]!();
  await Promise.all(late.all);
});

Deno.test("the longest pause that was asked for counts, and none is for ever", async () => {
  const world = handWorld(quiet);
  const courtesy = new Courtesy(world);
  courtesy.failed(ZOO, new AnsweredNo("slow down", 429, 30));
  courtesy.failed(ZOO, new AnsweredNo("slow down", 429, 1));
  const { answers, all } = questions(courtesy, 1);
  await world.pass(29_000);
  assertEquals(answers.length, 0);
  await world.pass(1_500);
  answers[0]!();
  await Promise.all(all);

  courtesy.failed(ZOO, new AnsweredNo("slow down", 429, 1e9));
  const { reason } = await assertRejects(() => courtesy.ask(ZOO, () => Promise.resolve()), Refusal);
  assertEquals(
    reason.code === "provider_unavailable" && reason.retryAfter,
    LONGEST_HOLD_OFF_MS / 1000,
  );
});

Deno.test("nobody is told to come again at once", () => {
  for (const [ms, seconds] of [[0, 1], [1, 1], [1_001, 2]] as const) {
    const { reason } = unavailable(ZOO, ms);
    assertEquals(reason.code === "provider_unavailable" && reason.retryAfter, seconds);
  }
});
