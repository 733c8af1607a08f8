import { assert, assertEquals } from "@std/assert";
import { MAX_EVENTS, MAX_MESSAGE_BYTES, MAX_REQUESTS } from "../../../mcp/upstream/bounded.ts";
import { LONGEST_RESUME_MS, RESUME_MS } from "../../../mcp/upstream/exchange.ts";
import { HttpWire } from "../../../mcp/upstream/http_wire.ts";
import { listen, MAX_SILENT_STREAMS, told } from "../../../mcp/upstream/listening.ts";

const CHANGED = { jsonrpc: "2.0", method: "notifications/tools/list_changed" };
const LOG = { jsonrpc: "2.0", method: "notifications/message", params: {} };
const SPEC = {
  kind: "http" as const,
  name: "up",
  title: "Up",
  url: "http://localhost/mcp",
  headers: {},
  timeoutMs: 1_000,
};

/** Ends the session of the test that hears it. */
const END = { jsonrpc: "2.0", method: "notifications/prompts/list_changed" };

/** Listens to a server that answers each GET in turn, and then says no; what came of it. */
async function listened(answers: (() => Response)[], isStateful = true) {
  const closing = new AbortController();
  const seen: { method: string; last: string | null; body: string }[] = [];
  const heard: string[] = [];
  const pauses: number[] = [];
  const world = {
    now: () => 0,
    log: () => {},
    sleep: (ms: number) => Promise.resolve(void (ms > 10 && pauses.push(ms))),
  };
  const fetch = (_url: unknown, init?: RequestInit) => {
    const { method = "", headers, body } = init ?? {};
    seen.push({ method, last: new Headers(headers).get("Last-Event-ID"), body: String(body) });
    if (method === "POST" && isStateful) {
      return Promise.resolve(new Response(null, { status: 202 }));
    }
    return Promise.resolve(answers.shift()?.() ?? new Response(null, { status: 405 }));
  };
  const ways = { world, fetch: fetch as typeof globalThis.fetch };
  const wire = new HttpWire(SPEC as never, ways);
  const around = {
    wire,
    ways,
    token: "t",
    closing: closing.signal,
    isStateful,
    heard: ({ method }: { method: string }) => {
      heard.push(method);
      if (method === END.method) closing.abort();
    },
  };
  const says = { clientInfo: { name: "a", version: "1" }, capabilities: {} };
  await listen({ around: () => around, says, notifications: {}, nextId: () => 1 });
  const gets = seen.filter(({ method }) => method === "GET");
  return { gets, heard, pauses, replies: seen.filter(({ method }) => method === "POST") };
}

const events = (...lines: string[]) => () =>
  new Response(lines.join("\n") + "\n\n", { headers: { "Content-Type": "text/event-stream" } });
const data = (message: unknown) => `data: ${JSON.stringify(message)}\n`;

Deno.test("a stream is taken up again behind its last event, and left where the server says no", async () => {
  const { gets, heard, pauses } = await listened([
    events("retry: 0", "id: 7", data(CHANGED)),
    events("retry: 0", data({ ...CHANGED, method: "notifications/message" })),
  ]);
  assertEquals(heard, [CHANGED.method]);
  assertEquals(gets.map(({ last }) => last), [null, "7", "7"]);
  // One behind what was heard, and one behind each stream, whatever it says of that.
  assertEquals(pauses, [1_000, 1_000, 1_000]);
});

Deno.test("a stream that says nothing is opened again a few times, with growing pauses", async () => {
  const { gets, pauses } = await listened(Array.from({ length: 50 }, () => events(": hello")));
  assertEquals(gets.length, MAX_SILENT_STREAMS);
  assertEquals(pauses, [1_000, 2_000, 4_000, 8_000, 16_000]);
});

Deno.test("when a stream is opened again is for its server to say, within bounds", async () => {
  const silent = () => events(": hello");
  for (const [retry, first] of [[7_000, 7_000], [3_600_000, LONGEST_RESUME_MS], [5, RESUME_MS]]) {
    const said = events(`retry: ${retry}`, "id: 7", data(LOG));
    const quiet = Array.from({ length: 50 }, silent);
    const { gets, pauses } = await listened([silent(), silent(), said, ...quiet]);
    // What it says begins the counting anew.
    assertEquals(gets.length, 2 + MAX_SILENT_STREAMS);
    const expected = [RESUME_MS, 2 * RESUME_MS];
    for (let n = 0, next = first!; n < MAX_SILENT_STREAMS; n++) {
      expected.push(next);
      next = Math.min(2 * next, LONGEST_RESUME_MS);
    }
    assertEquals(pauses, expected);
  }
});

Deno.test("a stream that breaks is opened again, and none where the server says no, or too much, or the session ends", async () => {
  const fails = (error: Error) => () => {
    throw error;
  };
  const breaks = () => {
    const body = new ReadableStream({ pull: (it) => it.error(new TypeError("reset")) });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  };
  const status = (code: number) => () => new Response(null, { status: code });
  const cases: [() => Response, boolean][] = [
    [breaks, true],
    [fails(new TypeError("reset")), true],
    [status(503), true],
    [status(405), false],
    [status(401), false],
    [events(`data: ${"x".repeat(MAX_MESSAGE_BYTES + 1)}`), false],
    [events(data(END)), false],
  ];
  for (const [answer, goesOn] of cases) {
    const { heard } = await listened([answer, events(data(CHANGED))]);
    assertEquals(heard.includes(CHANGED.method), goesOn);
  }
});

Deno.test("a server without sessions is asked by name for what it tells, and asks nobody anything", async () => {
  const question = { jsonrpc: "2.0", id: 3, method: "elicitation/create", params: {} };
  const { heard, replies } = await listened([events(data(question), "", data(CHANGED))], false);
  assertEquals(heard, [CHANGED.method]);
  const asked = replies.map(({ body }) => JSON.parse(body).method);
  assertEquals(asked, ["subscriptions/listen", "subscriptions/listen"]);
  let isLetGo = false;
  const plain = () => new Response(new ReadableStream({ cancel: () => void (isLetGo = true) }));
  const none = await listened([plain], false);
  assertEquals([none.replies.length, isLetGo], [1, true]);
});

Deno.test("no server is listened to faster than it should be, or for ever", async () => {
  const flood = Array.from({ length: 100 }, () => data(CHANGED));
  const { heard, pauses } = await listened(
    Array.from({ length: 1_000 }, () => events("retry: 0", "", ...flood)),
  );
  assert(heard.length <= MAX_EVENTS);
  assert(pauses.filter((ms) => ms >= 1_000).length >= heard.length);
});

Deno.test("whoever is asked something there is nobody, and answers only so often", async () => {
  const ask = (id: number) =>
    data({ jsonrpc: "2.0", id, method: "elicitation/create", params: {} });
  const { replies } = await listened([
    events(...Array.from({ length: 2 * MAX_REQUESTS }, (_, id) => ask(id))),
  ]);
  assertEquals(replies.length, MAX_REQUESTS);
  assertEquals(JSON.parse(replies[0]!.body).error.code, -32601);
});

Deno.test("a server is listened to only for what it says that it tells", () => {
  assertEquals(told({}), {});
  assertEquals(told({ tools: {}, prompts: null, resources: { listChanged: "yes" } }), {});
  assertEquals(told({ tools: { listChanged: true }, resources: { listChanged: true } }), {
    toolsListChanged: true,
    resourcesListChanged: true,
  });
});
