/** How a server's era is found, kept and lost, and how its streams are read to their answer. */

import { assertEquals, assertRejects } from "@std/assert";
import { MAX_MESSAGE_BYTES } from "../../../mcp/upstream/bounded.ts";
import { LONGEST_RESUME_MS } from "../../../mcp/upstream/exchange.ts";
import { UpstreamFault } from "../../../mcp/upstream/fault.ts";
import {
  ERA_KNOWN_MS,
  GREETING_KNOWN_MS,
  type HttpUpstream,
} from "../../../mcp/upstream/http_session.ts";
import { STATELESS_REVISION } from "../../../mcp/upstream/open.ts";
import { UNSUPPORTED_REVISION } from "../../../mcp/upstream/rpc.ts";
import {
  DISCOVERED,
  failure,
  faultOf,
  GREETING,
  HOUR_MS,
  type Message,
  type Reply,
  result,
  type Script,
  SESSIONS,
  status,
  upstreamOf,
  WITHOUT,
} from "../../support/replying_server.ts";

Deno.test("a server's era is found once an hour, and found again where it has become another one", async () => {
  const { world, answers, call, since, upstream } = upstreamOf(SESSIONS);
  const greeting = ["initialize", "notifications/initialized", "tools/call", "DELETE"];
  assertEquals(await since(call), ["server/discover", ...greeting]);
  world.skew += ERA_KNOWN_MS - 1;
  // It is not found again by what is asked meanwhile.
  assertEquals(await since(call), greeting);
  world.skew += 1;
  assertEquals(await since(call), ["server/discover", ...greeting]);
  assertEquals(upstream.era?.isStateless, false);
  // It was updated, and speaks nothing but the other era by now.
  Object.assign(answers, WITHOUT, { initialize: failure(-32601) });
  assertEquals(await since(call), ["initialize", "server/discover", "tools/call"]);
  assertEquals(upstream.era?.isStateless, true);
  assertEquals(await since(call), ["server/discover", "tools/call"]);
});

Deno.test("a server that has just come to know a revision is asked once more, and one that does not is not", async () => {
  const names = (supported: unknown) => failure(UNSUPPORTED_REVISION, 400, { supported });
  const { answers, since, call, upstream } = upstreamOf(SESSIONS);
  answers["server/discover"] = (message, headers) => {
    answers["server/discover"] = DISCOVERED;
    return names([STATELESS_REVISION])(message, headers);
  };
  assertEquals(await since(call), ["server/discover", "server/discover", "tools/call"]);
  for (const supported of [["2025-11-25"], "all", undefined, [STATELESS_REVISION + ".1"]]) {
    upstream.era = undefined;
    answers["server/discover"] = names(supported);
    assertEquals((await since(call)).filter((method) => method === "server/discover").length, 1);
    assertEquals((upstream as HttpUpstream).era?.isStateless, false);
  }
  for (
    const other of [
      failure(-32601, 400, { supported: [STATELESS_REVISION] }),
      failure(UNSUPPORTED_REVISION, 400),
    ]
  ) {
    upstream.era = undefined;
    answers["server/discover"] = other;
    assertEquals((await since(call)).filter((method) => method === "server/discover").length, 1);
  }
});

Deno.test("what no other way of greeting would mend is not tried another way", async () => {
  const scope = { "WWW-Authenticate": 'Bearer error="insufficient_scope", scope="a"' };
  const final: [Reply, string][] = [
    [status(401), "unauthorized"],
    [() => new Response(null, { status: 403, headers: scope }), "insufficient_scope"],
    [status(429), "rate_limited"],
    [status(302), "redirected"],
    [() => {
      throw new TypeError("no", { cause: new Error("client error (Connect)") });
    }, "unreachable"],
  ];
  for (const [reply, kind] of final) {
    const { open, since } = upstreamOf({ ...SESSIONS, "server/discover": reply });
    const asked = await since(async () => {
      assertEquals(await faultOf(open), [kind, false]);
    });
    assertEquals(asked, ["server/discover"]);
  }
  // A fault of our own is none of the server's.
  const { open } = upstreamOf({
    "server/discover": () => {
      throw new Deno.errors.NotCapable("ours");
    },
  });
  assertEquals((await assertRejects(open, UpstreamFault)).mayBeDone, false);
  for (const reply of [status(404), status(403), failure(-32600, 400), () => new Response("{")]) {
    const { call, upstream } = upstreamOf({ ...SESSIONS, "server/discover": reply });
    await call();
    assertEquals(upstream.era?.isStateless, false);
  }
});

Deno.test("a call that a server of another era has refused was not done, and any other refusal stays what it is", async () => {
  const lost: [Script, Reply, boolean][] = [
    [WITHOUT, failure(UNSUPPORTED_REVISION), true],
    [WITHOUT, failure(-32000, 400), true],
    [WITHOUT, failure(-32001, 400), true],
    [WITHOUT, failure(-32600, 400), true],
    [WITHOUT, failure(-32600), false],
    [WITHOUT, failure(-32000), false],
    [WITHOUT, failure(-32603, 400), false],
    ...[400, 404, 405, 406].map((each): [Script, Reply, boolean] => [WITHOUT, status(each), true]),
    [WITHOUT, status(409), false],
    [WITHOUT, status(403), false],
    // It may have come as far as the work.
    [WITHOUT, failure(UNSUPPORTED_REVISION, 500), false],
    [SESSIONS, failure(UNSUPPORTED_REVISION), true],
    [SESSIONS, failure(-32000, 409), false],
    [SESSIONS, status(405), false],
    [SESSIONS, status(503), false],
  ];
  for (const [script, reply, isLost] of lost) {
    const { call, upstream } = upstreamOf({ ...script, "tools/call": reply });
    const [kind, mayBeDone] = await faultOf(call);
    assertEquals(
      [kind === "no_session", upstream.era === undefined],
      [isLost, isLost],
      String(kind),
    );
    if (isLost) assertEquals(mayBeDone, false);
  }
});

Deno.test("a session is ended at its server, unless the server has forgotten it", async () => {
  const { since, call, answers } = upstreamOf(SESSIONS);
  await call();
  assertEquals((await since(call)).at(-1), "DELETE");
  for (const gone of [status(404), failure(UNSUPPORTED_REVISION)]) {
    answers["tools/call"] = gone;
    const asked = await since(async () => assertEquals(await faultOf(call), ["no_session", false]));
    assertEquals(asked.at(-1), "tools/call");
  }
  // A request that was refused says nothing of its session.
  answers["tools/call"] = failure(-32602);
  assertEquals((await since(() => faultOf(call))).at(-1), "DELETE");
});

Deno.test("a server that knows no notifications works, and one that fails at them does not", async () => {
  for (const reply of [status(404), failure(-32601), failure(-32601, 400)]) {
    // With a session, 404 says that it is gone.
    const initialize = result(GREETING);
    const { call } = upstreamOf({ ...SESSIONS, initialize, "notifications/initialized": reply });
    assertEquals(await call(), { content: [] });
  }
  for (const reply of [status(503), status(401)]) {
    const { open, since } = upstreamOf({ ...SESSIONS, "notifications/initialized": reply });
    const asked = await since(async () => assertEquals((await faultOf(open))[1], false));
    // What has begun there is ended.
    assertEquals(asked.at(-1), "DELETE");
  }
});

Deno.test("a server that takes no notification and says nothing is given up in time", async () => {
  const silent = () => new Promise<Response>(() => {});
  const { open, world } = upstreamOf({ ...SESSIONS, "notifications/initialized": silent });
  world.speed = 1_000;
  assertEquals(await faultOf(open), ["timeout", false]);
});

/** A stream of events that ends; `broken`: its connection breaks. */
function stream(text: string, broken = false): Response {
  let isSent = false;
  const body = new ReadableStream({
    pull(controller) {
      if (!isSent) controller.enqueue(new TextEncoder().encode(text));
      else if (broken) controller.error(new TypeError("connection reset"));
      else controller.close();
      isSent = true;
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}

const event = (data: unknown, id?: string, retry?: number) =>
  `${id === undefined ? "" : `id: ${id}\n`}${retry === undefined ? "" : `retry: ${retry}\n`}` +
  `data: ${JSON.stringify(data)}\n\n`;
const answerOf = ({ id }: Message) => ({ jsonrpc: "2.0", id, result: { content: ["late"] } });
const NOTE = { jsonrpc: "2.0", method: "notifications/message", params: {} };

Deno.test("a stream that ends before its answer is taken up again where the server keeps it, however it ended", async () => {
  for (const broken of [false, true]) {
    const { call, answers, since } = upstreamOf(SESSIONS);
    let message: Message;
    const after: (string | null)[] = [];
    answers["tools/call"] = (sent) => {
      message = sent;
      return stream(event(NOTE, "e1", 10), broken);
    };
    answers.GET = (_, headers) => {
      after.push(headers.get("Last-Event-ID"));
      return after.length === 1
        ? stream(event(NOTE, "e2"))
        : stream(event(answerOf(message), "e3"));
    };
    const asked = await since(async () => {
      assertEquals(await call(), { content: ["late"] });
    });
    assertEquals([after, asked.filter((method) => method === "tools/call").length], [
      ["e1", "e2"],
      1,
    ]);
  }
});

Deno.test("a stream that cannot be taken up again may have been the end of work that was done", async () => {
  const cases: [Script, Reply, Reply | undefined][] = [
    // Without an id nobody knows where; without a session nobody keeps it.
    [SESSIONS, () => stream(event(NOTE)), undefined],
    [WITHOUT, () => stream(event(NOTE, "e1")), undefined],
    [WITHOUT, () => stream(event(NOTE), true), undefined],
    // What it says of the stream is not said of the call.
    [SESSIONS, () => stream(event(NOTE, "e1", 1)), status(404)],
    [SESSIONS, () => stream(event(NOTE, "e1", 1)), status(401)],
    [SESSIONS, () => stream(event(NOTE, "e1", 1)), () => Response.json({})],
  ];
  for (const [script, reply, GET] of cases) {
    const { call, answers, since } = upstreamOf({ ...script, "tools/call": reply });
    if (GET !== undefined) answers.GET = GET;
    const asked = await since(async () => assertEquals((await faultOf(call))[1], true));
    assertEquals(asked.includes("GET"), GET !== undefined);
  }
});

Deno.test("a server that wants its stream taken up in an hour is asked after half a minute", async () => {
  const { call, answers, pauses } = upstreamOf(SESSIONS);
  let message: Message;
  answers["tools/call"] = (sent) => {
    message = sent;
    return stream(event(NOTE, "e1", HOUR_MS));
  };
  answers.GET = () => stream(event(answerOf(message)));
  await call();
  assertEquals(pauses, [LONGEST_RESUME_MS]);
});

Deno.test("an answer that nobody can read may have been done, and one of another id is nobody's", async () => {
  const odd: [Reply, string][] = [
    [() => new Response("{", { headers: { "Content-Type": "application/json" } }), "unreadable"],
    [() => Response.json({ jsonrpc: "2.0", id: 999, result: {} }), "unreadable"],
    [() => Response.json(null), "unreadable"],
    [() => stream(event({ jsonrpc: "2.0", id: 999, result: {} })), "dropped"],
    [() => stream("data: ping\n\n"), "dropped"],
  ];
  for (const [reply, kind] of odd) {
    const { call } = upstreamOf({ ...WITHOUT, "tools/call": reply });
    assertEquals(await faultOf(call), [kind, true]);
  }
});

Deno.test("an answer that is longer than any is too much, and may have been done", async () => {
  const long = () =>
    new Response(`"${"x".repeat(MAX_MESSAGE_BYTES)}"`, {
      headers: { "Content-Type": "application/json" },
    });
  const { call } = upstreamOf({ ...WITHOUT, "tools/call": long });
  assertEquals(await faultOf(call), ["too_much", true]);
});

Deno.test("what comes before an answer does not stand in its way, and only a server of sessions is answered", async () => {
  const progress = (id: number) => ({
    jsonrpc: "2.0",
    method: "notifications/progress",
    params: { progressToken: id, progress: 1 },
  });
  const changed = { jsonrpc: "2.0", method: "notifications/tools/list_changed" };
  const question = { jsonrpc: "2.0", id: "q", method: "elicitation/create", params: {} };
  for (const [script, isAnswered] of [[SESSIONS, true], [WITHOUT, false]] as const) {
    const { call, answers, since } = upstreamOf(script);
    const replied = Promise.withResolvers<void>();
    answers.answer = () => (replied.resolve(), new Response(null, { status: 202 }));
    answers["tools/call"] = (sent) =>
      stream(
        [progress(sent.id!), question, NOTE, changed, answerOf(sent)].map((each) => event(each))
          .join(""),
      );
    const asked = await since(async () => {
      assertEquals(await call(), { content: ["late"] });
      if (isAnswered) await replied.promise;
    });
    assertEquals(asked.includes("answer"), isAnswered);
  }
});

Deno.test("where a server keeps no session it is greeted again after a while, and else its session goes on", async () => {
  for (const [script, isKept] of [[SESSIONS, true], [WITHOUT, false]] as const) {
    const { world, open } = upstreamOf(script);
    const session = await open();
    world.skew += GREETING_KNOWN_MS - 1;
    assertEquals(session.as("t")?.revision !== undefined, true);
    world.skew += 1;
    assertEquals(session.as("t") !== undefined, isKept);
    await session.close();
  }
});
