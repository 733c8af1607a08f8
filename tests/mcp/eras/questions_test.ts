import { assert, assertEquals } from "@std/assert";
import type { Acting } from "../../../broker/core/actor.ts";
import { MAX_QUESTIONS, Questions } from "../../../mcp/eras/questions.ts";
import { testWorld } from "../../support/world.ts";

const ANA: Acting = { subject: "voice:ana", actor: { kind: "app", id: "voice" } };
const OTHERS: Acting[] = [
  { subject: "voice:bo", actor: { kind: "app", id: "voice" } },
  { subject: "voice:ana", actor: { kind: "app", id: "other" } },
  { subject: "voice:ana", actor: { kind: "client", id: "voice" } },
];
const YES = { action: "accept", content: { a: 1 } };
const never = new AbortController().signal;

/** Asks, and gives the id that the question went out with. */
function asked(questions: Questions, signal = never) {
  const sent = Promise.withResolvers<string>();
  const answer = questions.ask(ANA, (id) => Promise.resolve(sent.resolve(id)), signal);
  return { id: sent.promise, answer };
}

Deno.test("an answer reaches the question that it names, once", async () => {
  const questions = new Questions(testWorld());
  const [first, second] = [asked(questions), asked(questions)];
  assert(await first.id !== await second.id);
  assert(
    questions.hear(ANA, { jsonrpc: "2.0", id: await second.id, result: { action: "decline" } }),
  );
  assert(questions.hear(ANA, { jsonrpc: "2.0", id: await first.id, result: YES }));
  assertEquals([await first.answer, await second.answer], [YES, { action: "decline" }]);
  assert(!questions.hear(ANA, { jsonrpc: "2.0", id: await first.id, result: YES }));
});

Deno.test("nobody else answers a question, and what is no answer is none", async () => {
  const questions = new Questions(testWorld());
  const stop = new AbortController();
  const { id: sent, answer } = asked(questions, stop.signal);
  const id = await sent;
  for (const other of OTHERS) assert(!questions.hear(other, { jsonrpc: "2.0", id, result: YES }));
  const none = [null, [], "x", { id: 1, result: YES }, { id: `${id}x`, result: YES }, {
    id,
    method: "tools/call",
    result: YES,
  }, [{ id, result: YES }]];
  for (const body of none) assert(!questions.hear(ANA, body), JSON.stringify(body));
  stop.abort();
  assertEquals(await answer, undefined);
  // Too late.
  assert(!questions.hear(ANA, { jsonrpc: "2.0", id, result: YES }));
});

Deno.test("an error, or a result that is none, is no answer", async () => {
  for (
    const reply of [
      { error: { code: -32601, message: "no" } },
      { result: 7 },
      { result: null },
      {},
    ]
  ) {
    const questions = new Questions(testWorld());
    const { id, answer } = asked(questions);
    assert(questions.hear(ANA, { jsonrpc: "2.0", id: await id, ...reply }));
    assertEquals(await answer, undefined);
  }
});

Deno.test("so many questions wait, and no more are asked", async () => {
  const questions = new Questions(testWorld());
  const stop = new AbortController();
  const waiting = Array.from({ length: MAX_QUESTIONS }, () => asked(questions, stop.signal));
  let isSent = false;
  const more = await questions.ask(ANA, () => Promise.resolve(void (isSent = true)), never);
  assertEquals([more, isSent], [undefined, false]);
  stop.abort();
  await Promise.all(waiting.map(({ answer }) => answer));
  const next = asked(questions);
  questions.hear(ANA, { id: await next.id, result: YES });
  assertEquals(await next.answer, YES);
});

Deno.test("a question that could not be sent is not waited for", async () => {
  const questions = new Questions(testWorld());
  const failed = questions.ask(ANA, () => Promise.reject(new TypeError("gone")), never);
  assertEquals(await failed.catch((error) => error.message), "gone");
});

Deno.test("nobody who has hung up is asked", async () => {
  const questions = new Questions(testWorld());
  const gone = AbortSignal.abort();
  let isSent = false;
  const answer = questions.ask(ANA, () => Promise.resolve(void (isSent = true)), gone);
  assertEquals([await answer, isSent], [undefined, false]);
});
