import { assertEquals, assertRejects } from "@std/assert";
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
  const fetch = boundedFetch(
    () => {
      state.requests += 1;
      const body = ReadableStream.from(chunks).pipeThrough(new TextEncoderStream());
      return Promise.resolve(new Response(body, { headers: { "Content-Type": type } }));
    },
    () => void state.exceeded++,
  );
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

Deno.test("a connection may make so many requests", async () => {
  const { read, state } = giving("application/json", "{}");
  for (let requests = 0; requests < MAX_REQUESTS; requests++) await read();
  await assertRejects(read, RangeError);
  assertEquals(state, { exceeded: 1, requests: MAX_REQUESTS });
});
