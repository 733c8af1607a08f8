/** What upstream MCP servers may answer: bombs, streams and lists without end, floods of their own. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MAX_MESSAGE_BYTES, MAX_REQUESTS } from "../../../mcp/upstream/bounded.ts";
import { MAX_DEPTH } from "../../../broker/core/json.ts";
import {
  MAX_DEFINITION_BYTES,
  MAX_LIST_BYTES,
  MAX_REMOTE_NAME,
} from "../../../mcp/upstream/judge.ts";
import { MAX_PAGES } from "../../../mcp/upstream/list.ts";
import { MAX_PROGRESS, MAX_PROGRESS_MESSAGE } from "../../../mcp/upstream/progress.ts";
import { API_KEY, call, type Gateway, startGateway, USER } from "../../support/gateway.ts";
import { bomb, ENCODINGS } from "../../support/hostile_server.ts";
import {
  eventOf,
  result,
  type Script,
  type ScriptedUpstream,
  startUpstream,
  stream,
  toolOf,
} from "../../support/scripted_upstream.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };

/** A gateway in front of an upstream that is called `up`. */
async function startBoth(script: Script, spec: Record<string, unknown> = {}) {
  const upstream = startUpstream(script);
  const entry = { name: "up", url: upstream.url, timeout_ms: 120_000, ...spec };
  const gateway = await startGateway({ env: { UPSTREAMS: JSON.stringify([entry]) } });
  return {
    gateway,
    upstream,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

/** The upstream's tools, by their own names, once they are there. */
async function listed({ gateway }: { gateway: Gateway }): Promise<string[]> {
  for (;;) {
    const { json } = await gateway.mcp(LIST, { path: "/mcp?mode=list" });
    const names: string[] = json.result.tools.map(({ name }: { name: string }) => name);
    const own = names.filter((name) => name.startsWith("up_"));
    if (own.length > 0) return own.map((name) => name.slice(3));
    gateway.world.skew += 60_000;
  }
}

/** Resolves with the events of that name, as soon as there is one. */
async function logged(gateway: Gateway, name: string) {
  for (;;) {
    const found = gateway.world.events.filter(({ event }) => event === name);
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function textOf(gateway: Gateway, tool: string): Promise<string> {
  return (await gateway.mcp(call(tool))).json.result.content[0].text;
}

Deno.test("a tool with a definition too long is left out alone, and said to be", async () => {
  const long = toolOf("long", false, "a".repeat(5 * 1024 * 1024));
  const most = toolOf("most", false, "");
  most.description = "a".repeat(MAX_DEFINITION_BYTES - JSON.stringify(most).length);
  const over = { ...most, name: "over", description: `${most.description}a` };
  const tools = [toolOf("first"), long, most, over, toolOf("last")];
  await using both = await startBoth({ "tools/list": (sent) => result(sent, { tools }) });
  assertEquals(await listed(both), ["first", "most", "last"]);
  const { text } = await both.gateway.mcp(LIST, { path: "/mcp?mode=list" });
  assert(text.length < 1024 * 1024, `a list of ${text.length}`);
  const [said] = await logged(both.gateway, "upstream_tools_left_out");
  assertEquals([said!.reason, said!.tool, said!.count], ["too_long", "long", 2]);
});

Deno.test("the tools of one upstream are bounded together", async () => {
  const tools = Array.from(
    { length: 50 },
    (_, index) => toolOf(`t${index}`, false, "ä".repeat(25 * 1024)),
  );
  await using both = await startBoth({ "tools/list": (sent) => result(sent, { tools }) });
  const names = await listed(both);
  assert(names.length * 50 * 1024 <= MAX_LIST_BYTES, `${names.length} tools`);
  assert(names.length >= 19, `${names.length} tools`);
  const [said] = await logged(both.gateway, "upstream_tools_left_out");
  assertEquals([said!.reason, said!.count], ["list_too_long", 50 - names.length]);
});

Deno.test("a tool that is none takes no other away, and no log line holds its text", async () => {
  const tools = [
    toolOf("fine"),
    null,
    [],
    "tool",
    { name: 7 },
    { name: "no schema" },
    { ...toolOf("list"), inputSchema: [] },
    toolOf(""),
    toolOf("x".repeat(MAX_REMOTE_NAME + 1)),
    { ...toolOf("also_fine"), outputSchema: { type: "object", more: nested(MAX_DEPTH - 3) } },
  ];
  const page = JSON.stringify({ tools }).replace(
    '{"name":7}',
    () =>
      `{"name":"deep","inputSchema":{"type":"object","a":${"[".repeat(20_000)}${
        "]".repeat(20_000)
      }}}` +
      `,{"name":"bad\\nline ${"y".repeat(200)}"}`,
  );
  await using both = await startBoth({
    "tools/list": ({ id }) =>
      new Response(`{"jsonrpc":"2.0","id":${id},"result":${page}}`, {
        headers: { "Content-Type": "application/json" },
      }),
  });
  assertEquals(await listed(both), ["fine", "no_schema", "also_fine"]);
  const said = await logged(both.gateway, "upstream_tools_left_out");
  assertEquals(said.map(({ reason, count }) => [reason, count]), [
    ["malformed", 5],
    ["name_too_long", 2],
    ["input_not_an_object", 1],
  ]);
  for (const { tool, tools } of said) {
    assert(/^[\w.?-]{1,80}$/.test(String(tool)));
    assert(/^[\w.? -]{1,500}$/.test(String(tools)));
  }
});

function nested(depth: number): unknown {
  return depth === 0 ? {} : { a: nested(depth - 1) };
}

Deno.test("a list whose pages never end is asked for no more than so many", async () => {
  let page = 0;
  await using both = await startBoth({
    "tools/list": (sent) => result(sent, { tools: [toolOf(`t${page}`)], nextCursor: `${page++}` }),
  });
  assertEquals((await listed(both)).length, MAX_PAGES);
  const lists = both.upstream.seen.filter((method) => method === "tools/list");
  assertEquals(lists.length, MAX_PAGES);
  await logged(both.gateway, "upstream_list_cut_off");
});

Deno.test("a list whose cursors lead in a circle is left when one comes again", async () => {
  for (const [circle, pages] of [[["a"], 2], [["a", "b", "c"], 4]] as const) {
    let page = 0;
    await using both = await startBoth({
      "tools/list": (sent) =>
        result(sent, { tools: [toolOf(`t${page}`)], nextCursor: circle[page++ % circle.length] }),
    });
    assertEquals((await listed(both)).length, pages);
    assertEquals(both.upstream.seen.filter((method) => method === "tools/list").length, pages);
  }
});

/** Packed answers that would be right, but for their length; and the same as an event. */
async function bombs(before: string): Promise<Response[]> {
  const around: [string, string] = [`{"jsonrpc":"2.0","id":1,"result":${before}"pad":"`, '"}}'];
  const event: [string, string] = [`data: ${around[0]}`, `${around[1]}\n\n`];
  const megabytes = MAX_MESSAGE_BYTES / 1024 / 1024 + 1;
  const all: Response[] = [];
  for (const encoding of ENCODINGS) {
    for (
      const [type, text] of [["application/json", around], ["text/event-stream", event]] as const
    ) {
      const bytes = await bomb(encoding, megabytes, text);
      const headers = { "Content-Type": type, "Content-Encoding": encoding };
      all.push(new Response(bytes as Uint8Array<ArrayBuffer>, { headers }));
    }
  }
  return all;
}

Deno.test("an upstream's list is not unpacked beyond its limit, and nobody waits for it", async () => {
  for (const answer of await bombs('{"tools":[],')) {
    await using both = await startBoth({ "tools/list": () => answer });
    assert((await both.gateway.mcp(LIST, { path: "/mcp?mode=list" })).json.result.tools.length > 0);
    await logged(both.gateway, "upstream_unavailable");
  }
});

Deno.test("an upstream's answer is not unpacked beyond its limit, and nobody waits for it", async () => {
  for (const answer of await bombs('{"content":[],')) {
    await using both = await startBoth({ "tools/call": () => answer });
    await listed(both);
    assertStringIncludes(await textOf(both.gateway, "up_read"), "could not be used just now");
  }
});

Deno.test("an answer just within the limit goes through, as JSON and as an event", async () => {
  const text = "a".repeat(MAX_MESSAGE_BYTES - 1_000);
  for (const streamed of [false, true]) {
    await using both = await startBoth({
      "tools/call": (sent) => {
        const content = { content: [{ type: "text", text }] };
        if (!streamed) return result(sent, content);
        const headers = { "Content-Type": "text/event-stream" };
        return new Response(eventOf({ id: sent.id, result: content }), { headers });
      },
    });
    await listed(both);
    assertEquals((await textOf(both.gateway, "up_read")).length, text.length);
  }
});

Deno.test("events without end, a line without end, or many long ones end the call", async () => {
  const big = eventOf({ method: "notifications/message", params: { data: "a".repeat(900_000) } });
  const flood = eventOf({ method: "notifications/message", params: {} }).repeat(10_000);
  const endings = [() => big, () => flood, () => "a".repeat(100_000), () => ": a\n".repeat(10_000)];
  for (const next of endings) {
    const endless = stream(next);
    await using both = await startBoth({ "tools/call": () => endless.response });
    await listed(both);
    assertStringIncludes(await textOf(both.gateway, "up_read"), "could not be used just now");
    await endless.hungUp;
  }
});

/** A call whose caller asks for progress; gives its events as they come. */
async function callStreamed(gateway: Gateway, name: string, signal?: AbortSignal) {
  const body = call(name);
  const params = { ...body.params, _meta: { progressToken: "p" } };
  return await fetch(`${gateway.url}/mcp`, {
    method: "POST",
    headers: {
      "Authorization": `Bearer ${API_KEY}`,
      "X-User-Id": USER,
      "Accept": "application/json, text/event-stream",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ ...body, params }),
    signal: signal ?? null,
  });
}

/** Progress for as long as somebody listens. */
function progressing(everyMs: number, message = "going") {
  const state = { stream: undefined as ReturnType<typeof stream> | undefined };
  const started = Promise.withResolvers<ReturnType<typeof stream>>();
  const script: Script = {
    "tools/call": ({ params }) => {
      const progressToken = params._meta?.progressToken ?? 0;
      const made = stream(
        (progress) =>
          eventOf({
            method: "notifications/progress",
            params: { progressToken, progress, message },
          }),
        everyMs,
      );
      started.resolve(made);
      state.stream = made;
      return made.response;
    },
  };
  return { script, started: started.promise };
}

Deno.test("progress without end keeps a call open for its longest time, and no longer", async () => {
  for (const tool of ["up_read", "up_write"]) {
    const { script, started } = progressing(10, "a".repeat(2 * MAX_PROGRESS_MESSAGE));
    await using both = await startBoth(script, { timeout_ms: 20_000 });
    await listed(both);
    const answer = await callStreamed(both.gateway, tool);
    await started;
    both.gateway.world.speed = 20;
    const text = await answer.text();
    assertStringIncludes(text, "did not answer in time");
    const events = text.split("\n").filter((line) => line.includes("notifications/progress"));
    assert(events.length > 0);
    for (const event of events) assert(event.length < MAX_PROGRESS_MESSAGE + 300);
    await (await started).hungUp;
  }
});

Deno.test("a flood of progress reaches its caller as a few, and ends the call", async () => {
  const { script, started } = progressing(0);
  await using both = await startBoth(script);
  await listed(both);
  const text = await (await callStreamed(both.gateway, "up_read")).text();
  assertStringIncludes(text, "could not be used just now");
  assertEquals(text.split("notifications/progress").length - 1, MAX_PROGRESS);
  await (await started).hungUp;
});

Deno.test("a caller that leaves ends what only reads, and a write ends at its longest time", async () => {
  for (const tool of ["up_read", "up_write"]) {
    const { script, started } = progressing(10);
    await using both = await startBoth(script, { timeout_ms: 20_000 });
    await listed(both);
    const leave = new AbortController();
    const answer = await callStreamed(both.gateway, tool, leave.signal);
    await answer.body!.getReader().read();
    leave.abort();
    if (tool === "up_write") both.gateway.world.speed = 100;
    await (await started).hungUp;
  }
});

/** Answers that never come, one for each place where one is waited for. */
const SILENCES: [
  name: string,
  script: (silent: () => Promise<Response>) => Script,
  tool: boolean,
][] = [
  ["a call", (silent) => ({ "tools/call": silent }), true],
  ["a list", (silent) => ({ "tools/list": silent }), false],
  ["the end of the greeting", (silent) => ({ initialized: silent }), false],
];

for (const [name, script, isCall] of SILENCES) {
  Deno.test(`an upstream that never answers ${name} is given up`, async () => {
    const released = Promise.withResolvers<Response>();
    const asked = Promise.withResolvers<Request>();
    const answers = script(() => released.promise);
    for (const [method, answer] of Object.entries(answers)) {
      answers[method as keyof Script] = (sent, request) => {
        asked.resolve(request);
        return answer!(sent, request);
      };
    }
    await using both = await startBoth(answers, { timeout_ms: isCall ? 120_000 : 20_000 });
    if (isCall) await listed(both);
    const answer = both.gateway.mcp(isCall ? call("up_write") : LIST);
    const { signal } = await asked.promise;
    both.gateway.world.speed = 1_000;
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve());
    });
    if (isCall) assertStringIncludes((await answer).text, "did not answer in time");
    else await logged(both.gateway, "upstream_unavailable");
    await answer;
    released.resolve(new Response(null, { status: 202 }));
  });
}

Deno.test("an answer that trickles in ends with the call's longest time", async () => {
  for (const type of ["application/json", "text/event-stream"]) {
    const slow = stream(() => " ", 10);
    const asked = Promise.withResolvers<void>();
    await using both = await startBoth({
      "tools/call": () => {
        asked.resolve();
        return new Response(slow.response.body, { headers: { "Content-Type": type } });
      },
    });
    await listed(both);
    const answer = textOf(both.gateway, "up_write");
    await asked.promise;
    both.gateway.world.speed = 1_000;
    assertStringIncludes(await answer, "did not answer in time");
    await slow.hungUp;
  }
});

/** How many requests the last call has made, beside the call itself. */
function asked({ seen }: ScriptedUpstream): number {
  return seen.length - seen.lastIndexOf("tools/call") - 1;
}

Deno.test("a stream that is to be taken up again at once, for ever, is left", async () => {
  const again = () =>
    new Response("retry: 0\nid: 1\ndata:\n\n", {
      headers: { "Content-Type": "text/event-stream" },
    });
  await using both = await startBoth({ "tools/call": again, GET: again });
  await listed(both);
  assertStringIncludes(await textOf(both.gateway, "up_read"), "could not be used just now");
  assert(asked(both.upstream) <= MAX_REQUESTS, `${asked(both.upstream)} requests`);
});

Deno.test("an upstream's own requests are answered no more than so many times", async () => {
  const pings = stream((id) => eventOf({ id, method: "ping" }));
  await using both = await startBoth({ "tools/call": () => pings.response });
  await listed(both);
  assertStringIncludes(await textOf(both.gateway, "up_read"), "could not be used just now");
  assert(asked(both.upstream) <= MAX_REQUESTS, `${asked(both.upstream)} requests`);
  await pings.hungUp;
});

Deno.test("redirects of an upstream are not followed, however many they are", async () => {
  await using both = await startBoth({
    "tools/call": (_sent, { url }) =>
      new Response(null, { status: 307, headers: { Location: url } }),
  });
  await listed(both);
  assertStringIncludes(await textOf(both.gateway, "up_read"), "could not be used just now");
  assertEquals(both.upstream.seen.filter((method) => method === "tools/call").length, 1);
});
