/** What a session with a remote server begins with, what each request says, and how it ends. */

import { assertEquals } from "@std/assert";
import { TRAILING_MS } from "../../../mcp/upstream/exchange.ts";
import { PROBE_MS } from "../../../mcp/upstream/http_session.ts";
import { STATELESS_REVISION } from "../../../mcp/upstream/open.ts";
import { events, LOG, QUESTION, settled } from "../../support/hand_exchange.ts";
import {
  failure,
  faultOf,
  GREETING,
  result,
  type Script,
  SESSIONS,
  status,
  upstreamOf,
  WITHOUT,
} from "../../support/replying_server.ts";

const FORMS = {
  clientInfo: { name: "c", version: "1" },
  capabilities: { elicitation: { form: {} } },
};

Deno.test("each request says the revision that is spoken, and those of no session who asks and what for", async () => {
  const version = "Mcp-Protocol-Version";
  const named = "Mcp-Method";
  const { call, sent } = upstreamOf(SESSIONS);
  await call({ onprogress: () => {} });
  assertEquals(
    sent.map(({ message: { method }, headers }) => [
      method,
      headers.get(version),
      headers.get("Mcp-Session-Id"),
      headers.get(named),
    ]),
    [
      ["server/discover", STATELESS_REVISION, null, "server/discover"],
      ["initialize", null, null, null],
      ["notifications/initialized", GREETING.protocolVersion, "s1", null],
      ["tools/call", GREETING.protocolVersion, "s1", null],
      ["DELETE", GREETING.protocolVersion, "s1", null],
    ],
  );
  const [, , , called] = sent;
  assertEquals(called!.message.params, { _meta: { progressToken: called!.message.id } });

  const modern = upstreamOf(WITHOUT);
  await modern.call({ headers: { "Mcp-Param-City": "Bern" } });
  assertEquals((await modern.open()).as(undefined)!.revision, STATELESS_REVISION);
  const { message, headers } = modern.sent.find(({ message }) => message.method === "tools/call")!;
  assertEquals(["tools/call", "Bern"], [headers.get(named), headers.get("Mcp-Param-City")]);
  const said = Object.keys(message.params._meta).map((key) => key.split("/")[1]);
  assertEquals(said.sort(), ["clientCapabilities", "clientInfo", "protocolVersion"]);
});

Deno.test("a server that is known to speak one era is asked in the other one only where it answers with an error", async () => {
  const cases: [Script, string[]][] = [
    [{ initialize: status(503) }, ["initialize"]],
    [{ initialize: status(404) }, ["initialize"]],
    [{ initialize: failure(-32601) }, ["initialize", "server/discover"]],
  ];
  for (const [script, expected] of cases) {
    const { call, since, answers, upstream, open } = upstreamOf(SESSIONS);
    await call();
    Object.assign(answers, script);
    const asked = await since(async () => assertEquals((await faultOf(open))[1], false));
    assertEquals(asked, expected);
    assertEquals(upstream.era?.isStateless, false);
    // Where nothing is known both were tried.
    upstream.era = undefined;
    assertEquals(await since(() => faultOf(open)), ["server/discover", "initialize"]);
  }
});

Deno.test("a server that does not answer the newer greeting is given the older one in time", async () => {
  const silent = () => new Promise<Response>(() => {});
  for (const [timeoutMs, waited] of [[60_000, PROBE_MS], [1_000, 1_000]] as const) {
    const { world, call } = upstreamOf({ ...SESSIONS, "server/discover": silent }, {}, timeoutMs);
    const before = world.now();
    world.speed = 1_000;
    assertEquals(await call(), { content: [] });
    assertEquals(world.now() - before, waited);
  }
  // The older one has all the time that a request has.
  const { world, open } = upstreamOf({ ...SESSIONS, initialize: silent }, {}, 60_000);
  const before = world.now();
  world.speed = 1_000;
  assertEquals(await faultOf(open), ["timeout", false]);
  assertEquals(world.now() - before, 60_000);
});

Deno.test("whoever ends a session does not wait for its server for long, and what ran in it is over", async () => {
  const silent = () => new Promise<Response>(() => {});
  const { world, open } = upstreamOf({ ...SESSIONS, "tools/call": silent, DELETE: silent });
  const session = await open();
  const options = { signal: new AbortController().signal, timeoutMs: 60_000 };
  const running = session.as(undefined)!.request("tools/call", {}, options);
  const fault = faultOf(() => running);
  await settled();
  const before = world.now();
  world.speed = 1_000;
  await session.close();
  assertEquals(world.now() - before, TRAILING_MS);
  assertEquals(await fault, ["dropped", true]);
});

Deno.test("a session whose server tells of changes has one stream for them and for what is said beside calls", async () => {
  const capabilities = { tools: { listChanged: true } };
  const tells: Script = { ...SESSIONS, initialize: result({ ...GREETING, capabilities }) };
  const heard: string[] = [];
  const opening = { heard: ({ method }: { method: string }) => void heard.push(method) };
  const { open, sent, answers } = upstreamOf(tells, { ...opening, says: FORMS });
  const [beside, stream] = [events(), events()];
  answers.GET = () => beside.response;
  answers["tools/call"] = () => stream.response;
  const session = await open();
  await settled();
  const [asked, notified]: [string[], string[]] = [[], []];
  const running = session.as(undefined)!.request("tools/call", {}, {
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    onrequest: ({ method }) => (asked.push(method), Promise.resolve({})),
    onnotification: ({ method }) => void notified.push(method),
  });
  await settled();
  // None of them later, when it might be taken for another call's.
  for (const message of [LOG, LOG, { ...QUESTION, id: "q" }]) beside.say(message);
  await settled();
  assertEquals([asked, notified], [[QUESTION.method], [LOG.method, LOG.method]]);
  assertEquals(sent.filter(({ message }) => !("method" in message)).length, 1);
  const { id } = sent.find(({ message }) => message.method === "tools/call")!.message;
  stream.say({ jsonrpc: "2.0", id, result: {} });
  await running;
  stream.close();
  beside.say({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
  await settled();
  assertEquals(heard, ["notifications/tools/list_changed"]);
  assertEquals(sent.filter(({ message }) => message.method === "GET").length, 1);
  await session.close();
});

Deno.test("nobody listens where the server tells of no change, or nobody wants to know", async () => {
  const capabilities = { tools: { listChanged: true } };
  const cases: [Record<string, unknown>, (() => void) | undefined, number][] = [
    [capabilities, () => {}, 1],
    [capabilities, undefined, 0],
    [{ tools: {} }, () => {}, 0],
  ];
  for (const [said, heard, expected] of cases) {
    const tells = { ...SESSIONS, initialize: result({ ...GREETING, capabilities: said }) };
    const { open, sent } = upstreamOf(tells, { heard });
    const session = await open();
    await settled();
    assertEquals(sent.filter(({ message }) => message.method === "GET").length, expected);
    await session.close();
  }
});

Deno.test("only a client that can be shown a form is asked beside its calls", async () => {
  for (const [says, expected] of [[FORMS, 1], [{ ...FORMS, capabilities: {} }, 0]] as const) {
    const { open, sent } = upstreamOf(SESSIONS, { says });
    const session = await open();
    await session.as(undefined)!.request("tools/call", {}, {
      signal: new AbortController().signal,
      timeoutMs: 60_000,
      onrequest: () => Promise.resolve({}),
    });
    assertEquals(sent.filter(({ message }) => message.method === "GET").length, expected);
    await session.close();
  }
});
