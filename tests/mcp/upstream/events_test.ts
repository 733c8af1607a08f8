import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  MAX_EVENTS,
  MAX_MESSAGE_BYTES,
  MAX_REPLY_BYTES,
  MAX_REQUESTS,
  Meter,
} from "../../../mcp/upstream/bounded.ts";
import { readEvents, type ServerEvent } from "../../../mcp/upstream/events.ts";
import { UpstreamFault } from "../../../mcp/upstream/fault.ts";

const world = { sleep: () => Promise.resolve() };
const never = new AbortController().signal;
const HALF = "a".repeat(MAX_MESSAGE_BYTES / 2);

function bodyOf(chunks: string[]) {
  return { body: ReadableStream.from(chunks).pipeThrough(new TextEncoderStream()) };
}

async function read(chunks: string[], meter = new Meter(world)): Promise<ServerEvent[]> {
  return await Array.fromAsync(readEvents(bodyOf(chunks), meter, never));
}

Deno.test("events are read, whatever their lines end with, however they are cut", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const lines = [
      ": a comment",
      "data: one",
      "data:two",
      "id: 7",
      "",
      "retry: 300",
      "",
      "event: ping",
      "data: {}",
      "",
      "event: message",
      "data: ä",
      "",
      "data: without an end",
    ];
    const text = lines.join(end);
    for (const size of [1, 2, 7, text.length]) {
      const cut = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
      const seen = (await read(cut)).map(({ data, id, retry }) => [data, id, retry]);
      assertEquals(
        seen,
        [["one\ntwo", "7", undefined], [undefined, undefined, 300], ["ä", undefined, undefined]],
        `${JSON.stringify(end)} in pieces of ${size}`,
      );
    }
  }
});

Deno.test("a field without a colon has an empty value", async () => {
  const seen = await read(["data: one\ndata\ndatax: no\n\ndata\n\n"]);
  assertEquals(seen.map(({ data }) => data), ["one\n", ""]);
});

Deno.test("an id that would change the header that it is sent back in is none", async () => {
  for (const id of ["a\u0000b", "a b", "ä", "x".repeat(3_000)]) {
    assertEquals(await read([`id: ${id}\n\n`]), [], id.slice(0, 9));
  }
});

Deno.test("each event may be as long as a message, whatever its lines end with", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const event = `data: ${HALF}${end}${end}`;
    assertEquals((await read([event, event])).length, 2, JSON.stringify(end));
    // A line that ends ends no event.
    const one = [`data: ${HALF}${end}`, `data: ${HALF}${end}${end}`];
    await assertRejects(() => read(one), UpstreamFault, "too_much");
    // Nor does the end of a line that arrives in two pieces.
    const cut = [...`data: ${HALF}`.match(/.{1,1000000}/g)!, ...end];
    await assertRejects(() => read([...cut, ...cut]), UpstreamFault, "too_much");
  }
});

Deno.test("the answers to one request may bring so many bytes and events together", async () => {
  const bytes = new Meter(world);
  const half = `data: ${"a".repeat(MAX_REPLY_BYTES / 4 - 8)}\n\n`;
  for (let count = 0; count < 4; count++) await read([half], bytes);
  await assertRejects(() => read(["a"], bytes), UpstreamFault, "too_much");
  const events = new Meter(world);
  const many = "data\n\n".repeat(MAX_EVENTS / 2);
  await read([many], events);
  await read([many], events);
  await assertRejects(() => read([many], events), UpstreamFault, "too_much");
  await assertRejects(() => read(["\n".repeat(MAX_EVENTS + 1)]), UpstreamFault, "too_much");
});

Deno.test("a server gets so many requests of its own answered for one of ours", () => {
  const meter = new Meter(world);
  for (let count = 0; count < MAX_REQUESTS; count++) meter.request();
  let why: unknown;
  try {
    meter.request();
  } catch (error) {
    why = (error as UpstreamFault).why;
  }
  assertEquals(why, { kind: "too_much" });
});

Deno.test("a flood of events lets others have their turn, however few chunks it comes in", async () => {
  const event = 'data: {"jsonrpc":"2.0"}\n\n';
  let sinceTurn = 0;
  let longest = 0;
  let slept = 0;
  const sleep = (ms: number) => {
    slept += ms;
    longest = Math.max(longest, sinceTurn);
    sinceTurn = 0;
    return Promise.resolve();
  };
  let passed = 0;
  const body = bodyOf([event.repeat(MAX_EVENTS)]);
  for await (const { data } of readEvents(body, new Meter({ sleep }), never)) {
    assertEquals(data, '{"jsonrpc":"2.0"}');
    passed += 1;
    sinceTurn += 1;
  }
  assertEquals(passed, MAX_EVENTS);
  assert(longest > 0 && longest <= 10, `${longest} events in one turn`);
  // Long enough for a caller's hanging up to spare most of the work.
  assert(slept > 500, `slept ${slept} ms`);
});

Deno.test("lines without end let others have their turn, and end", async () => {
  let turns = 0;
  const sleep = () => Promise.resolve(void turns++);
  const piece = ": a\n".repeat(64 * 1024);
  const chunks = Array.from({ length: MAX_MESSAGE_BYTES / piece.length + 1 }, () => piece);
  await assertRejects(() => read(chunks, new Meter({ sleep })), UpstreamFault, "too_much");
  assert(turns >= 30, `${turns} turns`);
});

Deno.test("a stream is given up with its signal, while nothing comes", async () => {
  const stop = new AbortController();
  const cancelled = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    pull: () => stop.abort(new DOMException("Too late", "TimeoutError")),
    cancel: () => cancelled.resolve(),
  });
  const reading = readEvents({ body }, new Meter(world), stop.signal).next();
  await assertRejects(() => reading, DOMException, "Too late");
  await cancelled.promise;
});
