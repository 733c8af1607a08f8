import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  boundedFetch,
  MAX_CONNECTION_BYTES,
  MAX_EVENTS,
  MAX_MESSAGE_BYTES,
  MAX_REQUESTS,
} from "../../../mcp/upstream/bounded.ts";

/** A fetch that gives these chunks to every request, and how often it was too much. */
function giving(type: string, ...chunks: string[]) {
  const state = { exceeded: 0, requests: 0 };
  const platform = () => {
    state.requests += 1;
    const body = ReadableStream.from(chunks).pipeThrough(new TextEncoderStream());
    return Promise.resolve(new Response(body, { headers: { "Content-Type": type } }));
  };
  const world = { sleep: () => Promise.resolve() };
  const fetch = boundedFetch({ fetch: platform, world }, () => void state.exceeded++);
  return { state, read: async () => (await (await fetch("http://localhost/")).text()).length };
}

const EVENTS = "text/event-stream; charset=utf-8";
const HALF = "a".repeat(MAX_MESSAGE_BYTES / 2);

Deno.test("a JSON answer may be as long as a message, and no longer", async () => {
  const most = giving("application/json", HALF, HALF);
  assertEquals([await most.read(), most.state.exceeded], [MAX_MESSAGE_BYTES, 0]);
  const over = giving("application/json", HALF, HALF, "a");
  await assertRejects(() => over.read(), RangeError);
  assertEquals(over.state.exceeded, 1);
});

Deno.test("each event may be as long as a message, whatever its lines end with", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const event = `data: ${HALF}${end}${end}`;
    const two = giving(EVENTS, event, event);
    assertEquals(await two.read(), 2 * event.length, JSON.stringify(end));
    // A line that ends ends no event.
    const one = giving(EVENTS, `data: ${HALF}${end}`, `data: ${HALF}${end}${end}`);
    await assertRejects(() => one.read(), RangeError);
    // Nor does the end of a line that arrives in two pieces.
    const cut = [...`data: ${HALF}`.match(/.{1,1000000}/g)!, ...end];
    await assertRejects(() => giving(EVENTS, ...cut, ...cut).read(), RangeError);
  }
});

Deno.test("a connection may bring so many bytes, whatever they are", async () => {
  const { read, state } = giving("application/json", HALF);
  for (let bytes = 0; bytes < MAX_CONNECTION_BYTES; bytes += HALF.length) await read();
  assertEquals(state.exceeded, 0);
  await assertRejects(read, RangeError);
  const before = state.requests;
  await assertRejects(read, RangeError);
  assertEquals(state.requests, before);
});

Deno.test("a connection may bring so many events, whatever is in them", async () => {
  const half = "data\n\n".repeat(MAX_EVENTS / 2);
  const { read, state } = giving(EVENTS, half);
  await read();
  await read();
  assertEquals(state.exceeded, 0);
  await assertRejects(read, RangeError);
  await assertRejects(() => giving(EVENTS, "\n".repeat(MAX_EVENTS + 1)).read(), RangeError);
});

Deno.test("a flood of events lets others have their turn, however few chunks it comes in", async () => {
  const event = 'data: {"jsonrpc":"2.0"}\n\n';
  const flood = new TextEncoder().encode(event.repeat(MAX_EVENTS));
  let passed = 0;
  let sinceTurn = 0;
  let longest = 0;
  let slept = 0;
  const sleep = (ms: number) => {
    slept += ms;
    longest = Math.max(longest, sinceTurn);
    sinceTurn = 0;
    return Promise.resolve();
  };
  const headers = { "Content-Type": EVENTS };
  const platform = () => Promise.resolve(new Response(flood, { headers }));
  const fetch = boundedFetch({ fetch: platform, world: { sleep } }, () => {});
  for await (const piece of (await fetch("http://localhost/")).body!) {
    passed += piece.length;
    sinceTurn += piece.length;
  }
  assertEquals(passed, flood.length);
  // A second's work for the SDK is six thousand events.
  assert(longest > 0 && longest < 10_000, `${longest} bytes in one turn`);
  // Long enough for a caller's hanging up to spare most of the work.
  assert(slept > 500, `slept ${slept} ms`);
});

Deno.test("a long message is not held up by turns", async () => {
  const event = `data: ${HALF}\n\n`;
  let turns = 0;
  const sleep = () => Promise.resolve(void turns++);
  const headers = { "Content-Type": EVENTS };
  const platform = () => Promise.resolve(new Response(event, { headers }));
  const fetch = boundedFetch({ fetch: platform, world: { sleep } }, () => {});
  assertEquals((await (await fetch("http://localhost/")).text()).length, event.length);
  assertEquals(turns, 0);
});

Deno.test("a connection may make so many requests", async () => {
  const { read, state } = giving("application/json", "{}");
  for (let requests = 0; requests < MAX_REQUESTS; requests++) await read();
  await assertRejects(read, RangeError);
  assertEquals(state, { exceeded: 1, requests: MAX_REQUESTS });
});
