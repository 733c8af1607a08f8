/** A call that was sent is never sent again where it may have been done, and its caller knows. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { call, type Gateway, repeated, startGateway } from "../support/gateway.ts";
import { freePort } from "../support/free_port.ts";
import { serve } from "../support/serve.ts";
import {
  eventOf,
  failure,
  result,
  type Sent,
  startUpstream,
  stream,
} from "../support/scripted_upstream.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const JSON_TYPE = { headers: { "Content-Type": "application/json" } };
const EVENTS = { headers: { "Content-Type": "text/event-stream" } };

type Answer = (sent: Sent) => Response | Promise<Response>;

/** What is answered to a call that may have been done, and which code its caller hears. */
const MAYBE: [name: string, answer: Answer, code: string][] = [
  ["text that is no JSON", () => new Response("done!", JSON_TYPE), "may_have_been_done"],
  [
    "a page, with 200",
    () => new Response("<html>Sign in</html>", { headers: { "Content-Type": "text/html" } }),
    "may_have_been_done",
  ],
  ["nothing, with 200", () => new Response(null), "may_have_been_done"],
  ["nothing, with 202", () => new Response(null, { status: 202 }), "may_have_been_done"],
  ["nothing, with 204", () => new Response(null, { status: 204 }), "may_have_been_done"],
  [
    "an answer to another request",
    (sent) => result({ ...sent, id: sent.id + 1_000 }, { content: [] }),
    "may_have_been_done",
  ],
  ["JSON that is no message", () => Response.json({ ok: true }), "may_have_been_done"],
  ["an empty batch", () => Response.json([]), "may_have_been_done"],
  ["a result too deep to be read", ({ id }) =>
    new Response(
      `{"jsonrpc":"2.0","id":${id},"result":{"content":${"[".repeat(5_000)}${"]".repeat(5_000)}}}`,
      JSON_TYPE,
    ), "may_have_been_done"],
  ["a stream without an answer", () => new Response(": hello\n\n", EVENTS), "may_have_been_done"],
  [
    "a stream that breaks off within its answer",
    (sent) => new Response(eventOf({ id: sent.id, result: {} }).slice(0, 20), EVENTS),
    "may_have_been_done",
  ],
  ["500", () => new Response("oops", { status: 500 }), "may_have_been_done"],
  ["502, of a proxy", () => new Response("<html>", { status: 502 }), "may_have_been_done"],
  ["503", () => new Response(null, { status: 503 }), "may_have_been_done"],
  ["504", () => new Response(null, { status: 504 }), "may_have_been_done"],
  ["408", () => new Response(null, { status: 408 }), "may_have_been_done"],
  [
    "an internal error",
    (sent) => failure(sent, { code: -32603, message: "boom" }),
    "upstream_error",
  ],
  ["silence", () => stream(() => undefined).response, "timeout"],
];

/** What is answered to a call that was certainly not done. */
const NOT_DONE: [name: string, answer: Answer, code: string][] = [
  ["400", () => new Response("no", { status: 400 }), "unavailable"],
  ["401", () => new Response(null, { status: 401 }), "unauthorized"],
  ["403", () => new Response(null, { status: 403 }), "forbidden"],
  ["404", () => new Response(null, { status: 404 }), "unavailable"],
  ["413", () => new Response(null, { status: 413 }), "unavailable"],
  [
    "429",
    () => new Response(null, { status: 429, headers: { "Retry-After": "7" } }),
    "rate_limited",
  ],
  [
    "wrong arguments",
    (sent) => failure(sent, { code: -32602, message: "'city' is required" }),
    "upstream_error",
  ],
  [
    "a method that is unknown",
    (sent) => failure(sent, { code: -32601, message: "no" }),
    "upstream_error",
  ],
  [
    "a redirect elsewhere",
    () => new Response(null, { status: 307, headers: { Location: "http://127.0.0.1:1/mcp" } }),
    "unavailable",
  ],
  [
    "a redirect that loses the body",
    ({ id }) => new Response(null, { status: 303, headers: { Location: `/mcp/${id}` } }),
    "unavailable",
  ],
];

async function startBoth(answer: Answer) {
  const upstream = startUpstream({ "tools/call": answer });
  // Else a 401 would be a question who connects it.
  const entry = { name: "up", title: "Up", url: upstream.url, oauth: false };
  const gateway = await startGateway({ env: { UPSTREAMS: JSON.stringify([entry]) } });
  await gateway.mcp(LIST);
  return {
    gateway,
    calls: () => upstream.seen.filter((method) => method === "tools/call").length,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

async function write(gateway: Gateway, key = "once", tool = "up_write") {
  const headers = { "Idempotency-Key": key };
  const { json } = await gateway.mcp(call(tool), { headers });
  return json.result;
}

for (const [name, answer, code] of MAYBE) {
  Deno.test(`a call that was answered with ${name} may have been done, and is not done again`, async () => {
    let count = 0;
    await using both = await startBoth((sent) =>
      count++ === 0 ? answer(sent) : result(sent, { content: [{ type: "text", text: "twice" }] })
    );
    if (code === "timeout") both.gateway.world.speed = 1_000;
    const first = await write(both.gateway);
    both.gateway.world.speed = 1;
    assertEquals([first.isError, first.structuredContent.error], [true, code]);
    if (code !== "upstream_error") {
      assertStringIncludes(first.content[0].text, "may have been done");
    }
    // The same key hears the same, whatever the server would say by now.
    assertEquals(await write(both.gateway), repeated(first));
    assertEquals(both.calls(), 1);
    // It is another call that says so.
    assertEquals((await write(both.gateway, "another")).content[0].text, "twice");
  });
}

for (const [name, answer, code] of NOT_DONE) {
  Deno.test(`a call that was answered with ${name} was not done, and can be made again`, async () => {
    let count = 0;
    await using both = await startBoth((sent) =>
      count++ === 0 ? answer(sent) : result(sent, { content: [{ type: "text", text: "done" }] })
    );
    const first = await write(both.gateway);
    assertEquals([first.isError, first.structuredContent.error], [true, code]);
    assert(!first.content[0].text.includes("may have been done"), first.content[0].text);
    assertEquals((await write(both.gateway)).content[0].text, "done");
    assertEquals(both.calls(), 2);
  });
}

Deno.test("a read whose answer cannot be read says nothing of having been done, and can be made again", async () => {
  let count = 0;
  await using both = await startBoth((sent) =>
    count++ === 0 ? new Response("?") : result(sent, { content: [] })
  );
  const first = await write(both.gateway, "r", "up_read");
  assertEquals(first.structuredContent.error, "unavailable");
  assert(!first.content[0].text.includes("done"), first.content[0].text);
  assertEquals((await write(both.gateway, "r", "up_read")).isError, undefined);
});

Deno.test("a call whose connection never came about was not done", async () => {
  const port = freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const upstream = startUpstream({});
  let to = upstream.url;
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "up", title: "Up", url }]) },
    fetch: (input, init) => fetch(String(input) === url ? to : String(input), init),
  });
  await gateway.mcp(LIST);
  assertEquals((await write(gateway, "a")).content[0].text, "done");
  // Nobody listens there.
  to = url;
  const refused = await write(gateway, "b");
  assertEquals(refused.structuredContent.error, "unavailable");
  assertStringIncludes(refused.content[0].text, "Nothing was done");
  to = upstream.url;
  assertEquals((await write(gateway, "b")).content[0].text, "done");
  await upstream[Symbol.asyncDispose]();
});

Deno.test("a connection that ends after the request may have left a change behind", async () => {
  const upstream = startUpstream({});
  await using _upstream = upstream;
  let cut = false;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const cutter = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/mcp`;
  const accepting = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(10_000));
      connection.close();
    }
  })();
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "up", title: "Up", url: upstream.url }]) },
    fetch: (input, init) => fetch(cut ? cutter : String(input), init),
  });
  await gateway.mcp(LIST);
  cut = true;
  const first = await write(gateway);
  assertEquals(first.structuredContent.error, "may_have_been_done");
  cut = false;
  assertEquals(await write(gateway), repeated(first));
  assert(!upstream.seen.includes("tools/call"));
  listener.close();
  await accepting;
});

Deno.test("a session that cannot be opened leaves nothing behind", async () => {
  let isDown = false;
  const upstream = startUpstream({
    initialized: () => new Response(null, { status: isDown ? 500 : 202 }),
  });
  await using _upstream = upstream;
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "up", title: "Up", url: upstream.url }]) },
  });
  await gateway.mcp(LIST);
  isDown = true;
  const other = { headers: { "Idempotency-Key": "k" }, userId: "other" };
  const refused = (await gateway.mcp(call("up_write"), other)).json.result;
  assertEquals(refused.structuredContent.error, "unavailable");
  assertStringIncludes(refused.content[0].text, "Nothing was done");
  isDown = false;
  const again = (await gateway.mcp(call("up_write"), other)).json.result;
  assertEquals(again.content[0].text, "done");
});

Deno.test("a redirect within the origin is followed once, with the body, and the session stays there", async () => {
  const paths: string[] = [];
  await using server = serve(async (request) => {
    const { pathname } = new URL(request.url);
    paths.push(pathname);
    if (pathname === "/mcp") {
      await request.body?.cancel();
      return new Response(null, { status: 307, headers: { Location: "/mcp/" } });
    }
    const { id, method, params } = await request.json();
    if (id === undefined) return new Response(null, { status: 202 });
    const sent = { id, method, params };
    if (method === "initialize") {
      return result(sent, { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: {} });
    }
    if (method === "tools/list") {
      return result(sent, { tools: [{ name: "write", inputSchema: { type: "object" } }] });
    }
    return method === "tools/call"
      ? result(sent, { content: [{ type: "text", text: params.arguments.x }] })
      : failure(sent, { code: -32601, message: "no" });
  });
  const url = `http://127.0.0.1:${server.port}/mcp`;
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "up", title: "Up", url }]) },
  });
  await gateway.mcp(LIST);
  paths.length = 0;
  const { json } = await gateway.mcp(call("up_write", { x: "whole" }));
  assertEquals(json.result.content[0].text, "whole");
  assertEquals(paths, ["/mcp/"]);
});

Deno.test("no token follows a redirect to another origin", async () => {
  const seen: (string | null)[] = [];
  const thief = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    ({ headers }) => {
      seen.push(headers.get("Authorization"));
      return new Response(null, { status: 500 });
    },
  );
  for (const status of [301, 302, 303, 307, 308]) {
    const Location = `http://127.0.0.1:${thief.addr.port}/mcp`;
    await using both = await startBoth(() => new Response(null, { status, headers: { Location } }));
    const refused = await write(both.gateway);
    assertEquals(refused.structuredContent.error, "unavailable");
  }
  assertEquals(seen, []);
  await thief.shutdown();
});
