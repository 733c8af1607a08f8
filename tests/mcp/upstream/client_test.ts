/** Whose session a request goes through, what its server is told, and when it ends. */

import { assertEquals, assertRejects } from "@std/assert";
import { type Reason, Refusal } from "../../../broker/core/refusal.ts";
import type { Sender } from "../../../mcp/upstream/client.ts";
import { MAX_SESSIONS, SESSION_IDLE_MS } from "../../../mcp/upstream/sessions.ts";
import { events, settled } from "../../support/hand_exchange.ts";
import { faultOf, GREETING, result, status } from "../../support/replying_server.ts";
import { refusal, startClients } from "../../support/upstream_clients.ts";

const APPS = "io.modelcontextprotocol/ui";

Deno.test("each person has a session of their own, and so has each account, and what a client can", async () => {
  const { call, seen, state, clients } = startClients();
  for (let times = 0; times < 2; times++) await call("a:ana");
  await call("a:bo");
  assertEquals(seen("initialize"), ["token-of-a:ana", "token-of-a:bo"]);
  state.token = () => Promise.resolve({ token: "t2", account: "2" });
  await call("a:ana");
  await call("a:ana", { capabilities: { elicitation: {} } });
  assertEquals(seen("initialize").slice(2), ["t2", "t2"]);
  assertEquals(seen("tools/call"), [
    "token-of-a:ana",
    "token-of-a:ana",
    "token-of-a:bo",
    "t2",
    "t2",
  ]);
  await clients.close();
  assertEquals(seen("DELETE").length, 4);
  // Also where the server does not ask who they are.
  const open = startClients({ provider: undefined });
  for (const subject of ["a:ana", "a:bo", "a:ana"] as const) await open.call(subject);
  assertEquals(open.seen("initialize").length, 2);
  assertEquals(open.asleep(SESSION_IDLE_MS).length, 2);
  await open.clients.close();
});

Deno.test("there are so many sessions with a server, and more where all are in use", async () => {
  const { call, answers, seen, clients } = startClients();
  const people = Array.from({ length: MAX_SESSIONS }, (_none, at) => `a:${at}` as const);
  for (const each of people) await call(each);
  const held = Promise.withResolvers<void>();
  answers["tools/call"] = async (message, headers) => {
    if (!headers.get("Authorization")!.endsWith("one_more")) await held.promise;
    return result({})(message, headers);
  };
  const running = people.map((each) => call(each));
  await call("a:one_more");
  assertEquals([seen("initialize").length, seen("DELETE")], [MAX_SESSIONS + 1, []]);
  held.resolve();
  await Promise.all(running);
  await call("a:ana");
  await settled();
  assertEquals(seen("DELETE"), ["token-of-a:0"]);
  await clients.close();
});

Deno.test("a server is told what a client can be shown, and nothing else of it", async () => {
  const { call, sent } = startClients();
  const app = { extensions: { [APPS]: { mimeTypes: ["text/html;profile=mcp-app"] } } };
  const cases: [Record<string, unknown> | undefined, Record<string, unknown>][] = [
    [undefined, {}],
    [{ elicitation: {} }, { elicitation: { form: {} } }],
    [{ elicitation: { url: { more: 1 } }, sampling: {} }, { elicitation: { url: {} } }],
    [{ elicitation: { form: {}, url: {} } }, { elicitation: { form: {}, url: {} } }],
    [{ extensions: { [APPS]: { any: 1 }, other: {} } }, app],
    [{ extensions: { [APPS]: {} }, elicitation: {} }, { elicitation: { form: {} }, ...app }],
  ];
  for (const [index, [capabilities, said]] of cases.entries()) {
    await call(`a:${index}`, { capabilities });
    const { message } = sent.findLast(({ message }) => message.method === "initialize")!;
    assertEquals(message.params.capabilities, said);
  }
  // What is no such thing makes no session of its own.
  const none = [{ elicitation: true }, { extensions: { other: {} } }, {
    extensions: { [APPS]: 1 },
  }];
  const before = sent.filter(({ message }) => message.method === "initialize").length;
  for (const capabilities of none) await call("a:0", { capabilities: capabilities as never });
  assertEquals(sent.filter(({ message }) => message.method === "initialize").length, before);
});

Deno.test("a session that its server has forgotten is opened anew, once", async () => {
  const { call, answers, seen } = startClients();
  answers["tools/call"] = status(404);
  assertEquals(await faultOf(() => call("a:ana")), ["no_session", false]);
  assertEquals([seen("tools/call").length, seen("initialize").length], [2, 2]);
});

Deno.test("a session ends with its person's access, after a while, and nobody else's with it", async () => {
  const { call, seen, state, asleep } = startClients();
  const accounts = (...ids: string[]) => ({
    actor: { kind: "client", id: "1", accounts: ids } as never,
  });
  const ends: [Reason["code"], Partial<Sender>, boolean][] = [
    ["not_connected", {}, true],
    ["not_connected", accounts("2"), true],
    ["reauthorization_required", {}, true],
    // Another account's end.
    ["reauthorization_required", accounts("2"), false],
    ["provider_unavailable", {}, false],
  ];
  const { token } = state;
  for (const [end, sender, isOver] of ends) {
    state.token = token;
    for (const subject of ["a:ana", "a:bo"] as const) await call(subject);
    const before = seen("DELETE").length;
    state.token = () => refusal(end);
    await assertRejects(() => call("a:ana", sender), Refusal);
    await settled();
    assertEquals(seen("DELETE").slice(before), isOver ? ["token-of-a:ana"] : []);
  }
  const before = seen("DELETE").length;
  for (const idle of asleep(SESSION_IDLE_MS)) idle.end();
  await settled();
  assertEquals(seen("DELETE").length - before, 2);
});

Deno.test("what a server says has changed is of the person in whose session it said so", async () => {
  const { call, answers, told, clients } = startClients();
  const capabilities = { tools: { listChanged: true } };
  const streams: ReturnType<typeof events>[] = [];
  answers.initialize = result({ ...GREETING, capabilities });
  answers.GET = () => {
    streams.push(events());
    return streams.at(-1)!.response;
  };
  for (const subject of ["a:ana", "a:bo"] as const) await call(subject);
  await settled();
  const method = "notifications/tools/list_changed";
  streams[1]!.say({ jsonrpc: "2.0", method });
  await settled();
  assertEquals(told, [["a:bo", method]]);
  await clients.close();
});
