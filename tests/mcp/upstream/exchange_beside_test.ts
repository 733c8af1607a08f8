/** What a server says and asks beside the answer of one request. */

import { assertEquals } from "@std/assert";
import { Aside } from "../../../mcp/upstream/aside.ts";
import {
  ANSWER,
  CHANGED,
  events,
  LOG,
  QUESTION,
  settled,
  startExchange,
  TIMEOUT_MS,
} from "../../support/hand_exchange.ts";
import { testWorld } from "../../support/world.ts";

Deno.test("progress begins the time anew for whoever wants it, and each other word goes to who is meant", async () => {
  for (const isWanted of [true, false]) {
    const { call, answers, sleeps, heard, asleep } = startExchange();
    const stream = events();
    answers["tools/call"] = () => Promise.resolve(stream.response);
    const [told, notified]: [unknown[], string[]] = [[], []];
    const running = call({
      ...(isWanted && { onprogress: ({ progress }) => void told.push(progress) }),
      onnotification: ({ method }) => void notified.push(method),
    });
    const params = { progressToken: 7, progress: 0.5 };
    stream.say({ jsonrpc: "2.0", method: "notifications/progress", params });
    for (const message of [LOG, CHANGED, { ...ANSWER, id: 99 }]) stream.say(message);
    await settled();
    assertEquals([told, notified], [isWanted ? [0.5] : [], [LOG.method]]);
    assertEquals(heard.map(({ method }) => method), [CHANGED.method]);
    assertEquals(sleeps.filter(({ ms }) => ms === TIMEOUT_MS).length, isWanted ? 2 : 1);
    assertEquals(asleep(TIMEOUT_MS).length, 1);
    stream.say(ANSWER);
    await running;
    stream.close();
  }
});

Deno.test("while a person is asked a server's time rests, until the last question has its answer", async () => {
  const { call, answers, asleep, replies } = startExchange();
  const stream = events();
  answers["tools/call"] = () => Promise.resolve(stream.response);
  const asked: PromiseWithResolvers<Record<string, unknown>>[] = [];
  const onrequest = () => {
    asked.push(Promise.withResolvers());
    return asked.at(-1)!.promise;
  };
  const running = call({ onrequest });
  for (const id of ["a", "b"]) stream.say({ ...QUESTION, id });
  await settled();
  const waiting = [asleep(TIMEOUT_MS).length];
  for (const { resolve } of [...asked]) {
    resolve({ action: "accept" });
    await settled();
    waiting.push(asleep(TIMEOUT_MS).length);
  }
  assertEquals(waiting, [0, 0, 1]);
  assertEquals(replies().map(({ message }) => [message.id, message.result]), [
    ["a", { action: "accept" }],
    ["b", { action: "accept" }],
  ]);
  stream.say({ ...QUESTION, id: "c" });
  await settled();
  stream.say(ANSWER);
  await running;
  // Nobody waits for the server any more.
  asked.at(-1)!.resolve({});
  await settled();
  assertEquals(asleep(TIMEOUT_MS), []);
  stream.close();
});

/** Two streams of one session: the call's, and the one beside it. */
function startBeside() {
  const started = startExchange({ aside: new Aside(testWorld()) });
  const [stream, beside] = [events(), events()];
  started.answers["tools/call"] = () => Promise.resolve(stream.response);
  started.answers.GET = () => Promise.resolve(beside.response);
  const [asked, notified]: [string[], string[]] = [[], []];
  const conversation = {
    onrequest: ({ method }: { method: string }) => {
      asked.push(method);
      return Promise.resolve({ action: "accept" });
    },
    onnotification: ({ method }: { method: string }) => void notified.push(method),
  };
  const gets = () => started.sent.filter(({ method }) => method === "GET");
  return { ...started, stream, beside, asked, notified, conversation, gets };
}

Deno.test("what is said beside the only call counts for it, but for an answer, and ends with it", async () => {
  const { stream, beside, asked, notified, heard, conversation, call, replies, gets } =
    startBeside();
  const running = call(conversation);
  await settled();
  for (const message of [LOG, CHANGED, { ...QUESTION, id: "q" }]) beside.say(message);
  // Whoever may write there could answer in the name of the call's own server.
  beside.say({ ...ANSWER, result: { done: "elsewhere" } });
  await settled();
  assertEquals([asked, notified], [[QUESTION.method], [LOG.method]]);
  assertEquals(heard.map(({ method }) => method), [CHANGED.method]);
  assertEquals(replies().map(({ message }) => message.result), [{ action: "accept" }]);
  assertEquals(gets()[0]!.signal.aborted, false);
  stream.say(ANSWER);
  assertEquals(await running, ANSWER.result);
  assertEquals(gets()[0]!.signal.aborted, true);
  stream.close();
});

Deno.test("what is said beside two calls is about neither: nothing is shown, and questions are refused", async () => {
  const { beside, asked, notified, conversation, call, replies, stop, answers } = startBeside();
  const first = call(conversation);
  await settled();
  answers["tools/call"] = () => Promise.resolve(events().response);
  const second = call(conversation, 8);
  await settled();
  for (const message of [LOG, { ...QUESTION, id: "q" }]) beside.say(message);
  await settled();
  assertEquals([asked, notified], [[], []]);
  assertEquals(replies().map(({ message }) => message.error.code), [-32601]);
  stop.abort(new Error("hung up"));
  for (const running of [first, second]) await running.catch(() => {});
});

Deno.test("nobody listens beside a call whose client can be asked nothing, or whose server keeps no session", async () => {
  const { call, conversation, gets, around, stream } = startBeside();
  const quiet = call();
  await settled();
  stream.say(ANSWER);
  await quiet;
  stream.close();
  around.isStateful = false;
  const stateless = call(conversation);
  await settled();
  await stateless.catch(() => {});
  assertEquals(gets(), []);
});

Deno.test("whoever hangs up while the stream beside a call is opened ends that, too", async () => {
  const { call, conversation, answers, gets, stop } = startBeside();
  delete answers.GET;
  const running = call(conversation);
  await settled();
  stop.abort(new Error("hung up"));
  await running.catch(() => {});
  assertEquals(gets()[0]!.signal.aborted, true);
});
