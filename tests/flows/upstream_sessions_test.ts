import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Refusal } from "../../broker/core/refusal.ts";
import { JUST_ISSUED_MS } from "../../broker/tokens/freshness.ts";
import { UpstreamClients } from "../../mcp/upstream/client.ts";
import { SESSION_IDLE_MS } from "../../mcp/upstream/sessions.ts";
import { call, type Gateway, startGateway } from "../support/gateway.ts";
import { heldSleeps, testWorld } from "../support/world.ts";
import { serve } from "../support/serve.ts";
import { type SeenRequest, startStateful, startStateless } from "../support/sdk_upstreams.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
let ids = 0;

function startWith(url: string, more: Record<string, unknown> = {}): Promise<Gateway> {
  const entry = { name: "up", title: "Up", url, ...more };
  return startGateway({ env: { UPSTREAMS: JSON.stringify([entry]) } });
}

async function count(gateway: Gateway, userId?: string): Promise<string> {
  const { json } = await gateway.mcp(call("up_count", { city: "Ulm" }, `c${ids++}`), {
    ...(userId !== undefined && { userId }),
  });
  return json.result.content[0].text;
}

/** Waits for what must come, and not for ever. */
async function until(isThere: () => boolean): Promise<void> {
  for (let tries = 0; !isThere(); tries++) {
    if (tries === 2_000) throw new Error("It did not come");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const whats = (seen: SeenRequest[]) => seen.map(({ what }) => what);

Deno.test("a call in a session that is kept is one request", async () => {
  await using upstream = startStateful();
  await using gateway = await startWith(upstream.url);
  await gateway.mcp(LIST);
  assertEquals(whats(upstream.seen), [
    "POST server/discover",
    "POST initialize",
    "POST notifications/initialized",
    "POST tools/list",
  ]);
  upstream.seen.length = 0;
  assertEquals([await count(gateway), await count(gateway)], ["1", "2"]);
  assertEquals(whats(upstream.seen), ["POST tools/call", "POST tools/call"]);
});

Deno.test("calls at the same time share their person's session, and open one together", async () => {
  await using upstream = startStateful();
  await using gateway = await startWith(upstream.url);
  await gateway.mcp(LIST);
  upstream.seen.length = 0;
  const users = ["ana", "ben"];
  const counts = await Promise.all(
    Array.from({ length: 20 }, (_, n) => count(gateway, users[n % 2])),
  );
  // Each person's calls are counted in a session of their own.
  const expected = Array.from({ length: 10 }, (_, n) => `${n + 1}`);
  for (const [at] of users.entries()) {
    const own = counts.filter((_, n) => n % 2 === at).sort((a, b) => Number(a) - Number(b));
    assertEquals(own, expected);
  }
  const greetings = whats(upstream.seen).filter((what) => what === "POST initialize");
  assertEquals(greetings.length, 2);
});

Deno.test("no session carries two people's requests, or two tokens of different people", async () => {
  await using upstream = startStateful();
  await using gateway = await startWith(upstream.url, { provider: "github" });
  await gateway.connect("github", { userId: "ana", account: "octocat" });
  await gateway.connect("github", { userId: "ben", account: "admin" });
  await gateway.mcp(LIST, { userId: "ana" });
  await gateway.mcp(LIST, { userId: "ben" });
  for (let n = 0; n < 3; n++) {
    await count(gateway, "ana");
    await count(gateway, "ben");
  }
  const bySession = Map.groupBy(
    upstream.seen.filter(({ session }) => session !== null),
    ({ session }) => session,
  );
  assertEquals(bySession.size, 2);
  for (const requests of bySession.values()) {
    assertEquals(new Set(requests.map(({ authorization }) => authorization)).size, 1);
  }
  assertEquals(new Set(upstream.seen.map(({ authorization }) => authorization)).size, 2);
});

Deno.test("a session that its server has forgotten is opened again, and the call is done once", async () => {
  await using upstream = startStateful();
  await using gateway = await startWith(upstream.url);
  await gateway.mcp(LIST);
  assertEquals(await count(gateway), "1");
  upstream.sessions.clear();
  upstream.seen.length = 0;
  // In the new session it is the first.
  assertEquals(await count(gateway), "1");
  assertEquals(whats(upstream.seen), [
    "POST tools/call",
    "POST initialize",
    "POST notifications/initialized",
    "POST tools/call",
  ]);
});

Deno.test("a session that nobody uses is ended at its server, and so is one at the end", async () => {
  await using upstream = startStateful();
  const gateway = await startWith(upstream.url);
  // By the clock that everybody here looks at, five minutes are soon over.
  const idle = heldSleeps(gateway.world, SESSION_IDLE_MS);
  await gateway.mcp(LIST);
  await count(gateway);
  assertEquals(upstream.sessions.size, 1);
  idle.end();
  await until(() => upstream.sessions.size === 0);
  assertEquals(whats(upstream.seen).at(-1), "DELETE");
  idle.letGo();
  assertEquals(await count(gateway), "1");
  await gateway[Symbol.asyncDispose]();
  assertEquals(upstream.sessions.size, 0);
});

Deno.test("what a client says of itself makes no more than a few sessions", async () => {
  await using upstream = startStateful();
  const { url } = upstream;
  const spec = {
    kind: "http" as const,
    name: "up",
    title: "Up",
    url,
    headers: {},
    timeoutMs: 9_000,
  };
  const broker = { token: () => Promise.reject(new Error("nobody is asked")) };
  const clients = new UpstreamClients(spec as never, { world: testWorld(), fetch, broker });
  const { signal } = new AbortController();
  const said: (Record<string, unknown> | undefined)[] = [undefined, {}, { elicitation: {} }, {
    elicitation: { form: {} },
  }];
  said.push({ elicitation: { url: {} } }, { elicitation: { form: {}, url: {} } });
  for (let n = 0; n < 50; n++) said.push({ elicitation: { url: { n } }, n });
  for (const capabilities of said) {
    const visitor = { subject: "a:b" as const, actor: { kind: "app", id: "a" }, tokens: new Set() };
    await clients.with(
      { ...visitor, capabilities } as never,
      signal,
      (session) => session.request("tools/list", {}, { signal, timeoutMs: 9_000 }),
    );
  }
  assertEquals(upstream.sessions.size, 4);
  await clients.close();
});

Deno.test("who has disconnected has no session any more", async () => {
  await using upstream = startStateful();
  await using gateway = await startWith(upstream.url, { provider: "github" });
  await gateway.connect("github", { userId: "ana" });
  await gateway.mcp(LIST, { userId: "ana" });
  await count(gateway, "ana");
  assertEquals(upstream.sessions.size, 1);
  await gateway.api("/connections/github?user_id=ana", { method: "DELETE" });
  await gateway.mcp(call("up_count", {}, `c${ids++}`), { userId: "ana" });
  await until(() => upstream.sessions.size === 0);
  assertEquals(whats(upstream.seen).at(-1), "DELETE");
});

Deno.test("who may act with an account that has ended alone ends no session of another account", async () => {
  await using upstream = startStateful();
  const spec = {
    kind: "http" as const,
    name: "up",
    title: "Up",
    url: upstream.url,
    headers: {},
    timeoutMs: 9_000,
    provider: "github",
  };
  const names = { service: "github", title: "GitHub" };
  const broker = {
    token: ({ actor }: { actor: { accounts?: string[] } }) =>
      actor.accounts === undefined
        ? Promise.resolve({ tokens: { accessToken: "good" }, account: "1" })
        : Promise.reject(new Refusal({ code: "reauthorization_required", account: "2", ...names })),
  };
  const deps = { world: testWorld(), fetch, broker };
  const clients = new UpstreamClients(spec as never, deps as never);
  const { signal } = new AbortController();
  const counted = async (accounts?: string[]) => {
    const actor = { kind: "client", id: "1", accounts };
    const { content } = await clients.with(
      { subject: "a:b", actor, tokens: new Set() } as never,
      signal,
      (session) =>
        session.request("tools/call", { name: "count", arguments: {} }, {
          signal,
          timeoutMs: 9_000,
        }),
    );
    return (content as { text: string }[])[0]!.text;
  };
  assertEquals(await counted(), "1");
  await assertRejects(() => counted(["2"]), Refusal);
  assertEquals(await counted(), "2");
  await clients.close();
});

Deno.test("an answer that is another person's reaches nobody", async () => {
  let kept: unknown;
  const server = serve(async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method, params } = await request.json();
    if (id === undefined) return new Response(null, { status: 202 });
    const answer = (result: unknown) => ({ jsonrpc: "2.0", id, result });
    if (method === "initialize") {
      return Response.json(answer({ protocolVersion: params.protocolVersion, capabilities: {} }));
    }
    if (method === "tools/list") {
      const tool = { name: "count", inputSchema: { type: "object" } };
      return Response.json(answer({ tools: [tool] }));
    }
    if (method !== "tools/call") {
      return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } });
    }
    // It answers everybody with what it kept of whoever came first.
    kept ??= answer({ content: [{ type: "text", text: "for Ana's eyes" }] });
    return Response.json(kept);
  });
  await using _server = server;
  await using gateway = await startWith(`http://127.0.0.1:${server.port}/mcp`);
  for (const userId of ["ana", "ben"]) await gateway.mcp(LIST, { userId });
  assertEquals(await count(gateway, "ana"), "for Ana's eyes");
  const { text } = await gateway.mcp(call("up_count", {}, `c${ids++}`), { userId: "ben" });
  assert(!text.includes("Ana"), text);
});

Deno.test("a token that is refreshed meanwhile goes along in the same session", async () => {
  await using upstream = startStateful();
  let refuse = false;
  const entry = { name: "up", title: "Up", url: upstream.url, provider: "google" };
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([entry]) },
    fetch: (input, init) => {
      if (!String(input).startsWith(upstream.url) || !refuse) return fetch(input, init);
      refuse = false;
      return Promise.resolve(new Response(null, { status: 401 }));
    },
  });
  await gateway.connect("gmail");
  await gateway.mcp(LIST);
  assertEquals(await count(gateway), "1");
  gateway.world.skew += JUST_ISSUED_MS;
  refuse = true;
  // Counted in the same session, where the refused one left no trace.
  assertEquals(await count(gateway), "2");
  const tokens = new Set(upstream.seen.map(({ authorization }) => authorization));
  assertEquals(tokens.size, 2);
  const greetings = whats(upstream.seen).filter((what) => what === "POST initialize");
  assertEquals(greetings.length, 1);
});

Deno.test("a server of 2026-07-28 is spoken to without sessions, each request saying all", async () => {
  await using upstream = startStateless();
  await using gateway = await startWith(upstream.url);
  await gateway.mcp(LIST);
  assertEquals(whats(upstream.seen), ["POST server/discover", "POST tools/list"]);
  upstream.seen.length = 0;
  const { json } = await gateway.mcp(call("up_count", { city: "Köln" }, `c${ids++}`));
  assertEquals(JSON.parse(json.result.content[0].text), { args: { city: "Köln" }, token: false });
  assertEquals(whats(upstream.seen), ["POST tools/call"]);
  const { headers } = upstream.seen[0]!;
  assertEquals(
    ["Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name"].map((name) => headers.get(name)),
    ["2026-07-28", "tools/call", "count"],
  );
  assertEquals(headers.get("Mcp-Param-City"), "=?base64?S8O2bG4=?=");
});

Deno.test("what a server of 2026-07-28 wants of the person reaches who asked", async () => {
  await using upstream = startStateless();
  await using gateway = await startWith(upstream.url);
  await gateway.mcp(LIST);
  const { json } = await gateway.mcp(call("up_ask", {}, `c${ids++}`));
  assertEquals(json.result.isError, true);
  assertStringIncludes(json.result.content[0].text, "Pay. Open https://pay.example/1");
});

Deno.test("a server that changes its era is found again, in both directions", async () => {
  const stateful = startStateful();
  const stateless = startStateless();
  let to = stateful.url;
  const entry = { name: "up", title: "Up", url: stateful.url };
  const gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([entry]) },
    fetch: (input, init) =>
      fetch(String(input).startsWith(stateful.url) ? to : String(input), init),
  });
  await gateway.mcp(LIST);
  assertEquals(await count(gateway), "1");
  to = stateless.url;
  // The first one to notice is refused, and the call was not done.
  const answers: string[] = [];
  for (let n = 0; n < 3; n++) answers.push(await count(gateway));
  assertMatch(answers.at(-1)!, /"city":"Ulm"/);
  to = stateful.url;
  for (let n = 0; n < 3; n++) answers.push(await count(gateway));
  assertMatch(answers.at(-1)!, /^\d+$/);
  await gateway[Symbol.asyncDispose]();
  await stateful[Symbol.asyncDispose]();
  await stateless[Symbol.asyncDispose]();
});

Deno.test("the words of a server's error reach who asked, in both eras", async () => {
  for (const start of [startStateful, startStateless]) {
    await using upstream = start();
    await using gateway = await startWith(upstream.url);
    await gateway.mcp(LIST);
    const { json } = await gateway.mcp(call("up_refuse", {}, `c${ids++}`));
    assertEquals(json.result.isError, true);
    assertStringIncludes(json.result.content[0].text, "'city' is required");
    const said = gateway.world.events.find(({ event }) => event === "upstream_call_failed");
    assertEquals([said!.code, said!.reason, said!.may_be_done], [-32602, "answered_error", false]);
    assert(String(said!.message).includes("'city' is required"));
  }
});

Deno.test("a list that has changed is asked for anew as soon as its server says so, in both eras", async () => {
  for (
    const [start, way] of [[startStateful, "GET"], [
      startStateless,
      "POST subscriptions/listen",
    ]] as const
  ) {
    const upstream = start({ tells: true });
    const gateway = await startWith(upstream.url);
    await gateway.mcp(LIST);
    await until(() => whats(upstream.seen).includes(way));
    // The stream is there a moment after its request.
    for (let text = ""; !text.includes("up_added");) {
      if (text === "") await upstream.addTool();
      text = (await gateway.mcp(LIST)).text;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // It was told, and not found out by the clock: that stood still.
    assertEquals(gateway.world.skew, 0);
    await gateway[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  }
});

Deno.test("a server that tells of nothing, or of which nobody hears, is not listened to", async () => {
  await using upstream = startStateful();
  await using gateway = await startWith(upstream.url);
  await gateway.mcp(LIST);
  await count(gateway);
  assert(!whats(upstream.seen).includes("GET"));
});
