/** One request to a remote server: what ends it, how its streams are read, and what is left behind. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { MAX_MESSAGE_BYTES, MAX_REQUESTS } from "../../../mcp/upstream/bounded.ts";
import { RESUME_MS, TRAILING_MS } from "../../../mcp/upstream/exchange.ts";
import { UpstreamFault } from "../../../mcp/upstream/fault.ts";
import { MAX_MESSAGE_VALUES } from "../../../mcp/upstream/rpc.ts";
import {
  ANSWER,
  events,
  LOG,
  settled,
  startExchange,
  TIMEOUT_MS,
} from "../../support/hand_exchange.ts";

const faultOf = async (run: Promise<unknown>) => {
  const { why, mayBeDone } = await assertRejects(() => run, UpstreamFault);
  return [why.kind, mayBeDone];
};

Deno.test("a request ends with whoever asked, with its session and with its time, and a server of sessions is told", async () => {
  type Started = ReturnType<typeof startExchange>;
  const ends: [(started: Started) => void, string, boolean][] = [
    [({ stop }) => stop.abort(new Error("hung up")), "dropped", true],
    [({ asleep }) => asleep(TIMEOUT_MS)[0]!.end(), "timeout", true],
    // Its session ends by itself.
    [({ closing }) => closing.abort(new Error("closed")), "dropped", false],
  ];
  const stalled = () => Promise.resolve(new Response(new ReadableStream()));
  for (const [end, kind, isTold] of ends) {
    for (const isStateful of [true, false]) {
      for (const answer of [undefined, stalled, () => Promise.resolve(events().response)]) {
        const started = startExchange({ isStateful });
        if (answer !== undefined) started.answers["tools/call"] = answer;
        const running = started.call();
        await settled();
        end(started);
        assertEquals(await faultOf(running), [kind, true]);
        assertEquals(started.told("tools/call")[0]!.signal.aborted, true);
        const cancelled = started.told("notifications/cancelled");
        const expected = isTold && isStateful ? [{ requestId: 7 }] : [];
        assertEquals(cancelled.map(({ message }) => message.params), expected);
        assertEquals(started.asleep(TIMEOUT_MS), []);
      }
    }
  }
  const { call, stop, told } = startExchange();
  stop.abort(new Error("hung up"));
  assertEquals(await faultOf(call()), ["dropped", false]);
  assertEquals(told("tools/call"), []);
});

Deno.test("what is told a server of sessions does not wait for it, nor outlive the session", async () => {
  for (const isClosed of [true, false]) {
    const { call, stop, asleep, closing, told } = startExchange();
    const running = call();
    await settled();
    stop.abort(new Error("hung up"));
    await faultOf(running);
    const { signal } = told("notifications/cancelled")[0]!;
    assertEquals(signal.aborted, false);
    if (isClosed) closing.abort();
    else asleep(TRAILING_MS)[0]!.end();
    await settled();
    assertEquals(signal.aborted, true);
  }
});

Deno.test("an answer that breaks off was dropped, and one that is no answer cannot be read", async () => {
  const many = `[${"0,".repeat(MAX_MESSAGE_VALUES)}0]`;
  const broken = () => {
    const stream = new ReadableStream({ pull: (it) => it.error(new TypeError("reset")) });
    return new Response(stream, { headers: { "Content-Type": "application/json" } });
  };
  const inStream = (text: string) => {
    const stream = events();
    stream.raw(`data: ${text}\n\n`);
    return stream.response;
  };
  const cases: [() => Response, string][] = [
    [broken, "dropped"],
    [() => new Response(many), "unreadable"],
    [() => inStream(many), "unreadable"],
  ];
  for (const [answer, kind] of cases) {
    const { call, answers } = startExchange();
    answers["tools/call"] = () => Promise.resolve(answer());
    assertEquals(await faultOf(call()), [kind, true]);
  }
});

Deno.test("behind its answer a stream is read to its end, for a moment, and nobody waits for it", async () => {
  const ends: [(started: ReturnType<typeof startExchange>) => void, boolean][] = [
    [({ asleep }) => asleep(TRAILING_MS)[0]!.end(), true],
    [({ closing }) => closing.abort(), true],
    [() => {}, false],
  ];
  for (const [end, isEnded] of ends) {
    const started = startExchange();
    const { call, answers, told, asleep } = started;
    const stream = events();
    answers["tools/call"] = () => Promise.resolve(stream.response);
    stream.say(ANSWER);
    assertEquals(await call(), ANSWER.result);
    assertEquals(asleep(TIMEOUT_MS), []);
    end(started);
    await settled();
    assertEquals(told("tools/call")[0]!.signal.aborted, isEnded);
    if (isEnded) continue;
    for (let n = 0; n < 3; n++) stream.say(LOG);
    await settled();
    assertEquals(stream.isRead(), true);
    stream.close();
    await settled();
    assertEquals([stream.state.isCancelled, asleep(TRAILING_MS)], [false, []]);
  }
});

Deno.test("a request leaves nothing at the signals that outlive it", async () => {
  const { call, answers, closing, stop } = startExchange();
  let listening = 0;
  for (const { signal } of [closing, stop]) {
    const { addEventListener, removeEventListener } = AbortSignal.prototype;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listening += 1;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listening -= 1;
      removeEventListener.apply(signal, args);
    };
  }
  const stream = events();
  answers["tools/call"] = () => Promise.resolve(stream.response);
  stream.say(ANSWER);
  await call();
  stream.close();
  await settled();
  assertEquals(listening, 0);
});

Deno.test("a stream whose server asks without end, or says too much, is given up and let go", async () => {
  const floods: ((say: ReturnType<typeof events>) => void)[] = [
    ({ say }) => {
      for (let id = 0; id <= MAX_REQUESTS; id++) say({ jsonrpc: "2.0", id, method: "ping" });
    },
    ({ raw }) => raw(`data: ${"x".repeat(MAX_MESSAGE_BYTES + 1)}`),
  ];
  for (const flood of floods) {
    const { call, answers, told } = startExchange();
    const stream = events();
    answers["tools/call"] = () => Promise.resolve(stream.response);
    stream.say(LOG, "e1");
    flood(stream);
    assertEquals(await faultOf(call()), ["too_much", true]);
    assertEquals(stream.state.isCancelled, true);
    // It could be taken up again, and is not.
    assertEquals(told("GET"), []);
  }
});

Deno.test("a stream is taken up behind the last event that had an id, when its server last said", async () => {
  for (const retry of [undefined, 40]) {
    const { call, answers, asleep, sent } = startExchange();
    const [first, second] = [events(), events()];
    answers["tools/call"] = () => Promise.resolve(first.response);
    answers.GET = () => Promise.resolve(second.response);
    if (retry !== undefined) first.raw(`retry: ${retry}\n`);
    first.say(LOG, "e1");
    first.say(LOG);
    first.close();
    const running = call();
    await settled();
    const [pause] = asleep(retry ?? RESUME_MS);
    assert(pause !== undefined);
    pause.end();
    second.say(ANSWER);
    assertEquals(await running, ANSWER.result);
    assertEquals(sent.at(-1)!.headers.get("Last-Event-ID"), "e1");
    second.close();
  }
});
