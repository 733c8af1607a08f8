/** A conversation with a local server, whose process does what the test says. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MAX_MESSAGE_BYTES, MAX_REQUESTS } from "../../../mcp/upstream/bounded.ts";
import { UpstreamFault } from "../../../mcp/upstream/fault.ts";
import { STATELESS_REVISION } from "../../../mcp/upstream/open.ts";
import { MAX_UNREAD } from "../../../mcp/upstream/process_session.ts";
import { settled } from "../../support/hand_exchange.ts";
import { type Message, polite, startProcess } from "../../support/hand_process.ts";
import { faultOf } from "../../support/replying_server.ts";

Deno.test("an answer goes to who asked, by its id, and to nobody by another one", async () => {
  const { process, open, options } = startProcess();
  const session = await open();
  const [one, two] = [session.request("a", {}, options()), session.request("b", {}, options())];
  await settled();
  const [, , first, second] = process.heard;
  assertEquals([first?.method, second?.method], ["a", "b"]);
  for (const id of [null, 0, 999, "x", -1]) process.say({ jsonrpc: "2.0", id, result: { not: 1 } });
  process.raw("Started!\n[1,\n{}\n");
  process.say({ jsonrpc: "2.0", id: second!.id, result: { b: 1 } });
  process.say({ jsonrpc: "2.0", id: String(first!.id), error: { code: 1, message: "no" } });
  assertEquals(await two, { b: 1 });
  assertEquals(await faultOf(() => one), ["answered_error", true]);
  await session.close();
  assertEquals(await faultOf(() => session.request("c", {}, options())), ["dropped", false]);
});

Deno.test("a process that ends leaves nobody waiting, and says its last words without a secret", async () => {
  const { process, open, options } = startProcess(polite, { token: "token-of-ana" });
  const session = await open();
  const asked = session.request("a", {}, options());
  process.complain("connecting with hunter2-hunter2 and token-of-ana\nout of memory\n");
  await settled();
  process.exit();
  const fault = await assertRejects(() => asked, UpstreamFault);
  assertEquals([fault.why.kind, fault.mayBeDone], ["dropped", true]);
  assertStringIncludes(fault.lastWords!, "out of memory");
  assert(!/hunter2|token-of/.test(fault.lastWords!), fault.lastWords);
  await session.ended;
});

Deno.test("a message that is longer than any ends its process, and what waits hears that it was too much", async () => {
  const { process, open, options } = startProcess();
  const session = await open();
  const asked = session.request("a", {}, options());
  process.raw("x".repeat(MAX_MESSAGE_BYTES + 1));
  assertEquals(await faultOf(() => asked), ["too_much", true]);
  await session.over;
});

Deno.test("a process that reads nothing gets no more, and what was not written was not done", async () => {
  const { process, open, options, stop } = startProcess();
  const session = await open();
  const unblock = process.block();
  const asked = [];
  for (let n = 0; n < MAX_UNREAD + 2; n++) {
    const one = session.request("a", {}, options());
    one.catch(() => {});
    asked.push(one);
  }
  assertEquals(await faultOf(() => session.request("b", {}, options())), ["no_place", false]);
  stop.abort(new Error("enough"));
  // Each of them was written.
  for (const one of asked) assertEquals(await faultOf(() => one), ["dropped", true]);
  unblock();
  await settled();
  await session.close();
  const heard = (wanted: string) => process.heard.filter(({ method }) => method === wanted).length;
  assertEquals([heard("a"), heard("b")], [asked.length, 0]);
  // Nor is it told of any: that, too, would wait for it.
  assertEquals(heard("notifications/cancelled"), 0);
});

Deno.test("a server is told that nobody waits any more, and not where it has answered", async () => {
  const { process, open, options, stop } = startProcess();
  const session = await open();
  const asked = session.request("a", {}, options());
  await settled();
  stop.abort(new DOMException("Too late", "TimeoutError"));
  assertEquals(await faultOf(() => asked), ["timeout", true]);
  await settled();
  const cancelled = process.heard.filter(({ method }) => method === "notifications/cancelled");
  assertEquals(cancelled.map(({ params }) => params.requestId), [process.heard[2]!.id]);
  const refused = session.request("b", {}, options({ signal: new AbortController().signal }));
  await settled();
  process.say({ jsonrpc: "2.0", id: process.heard.at(-1)!.id, error: { code: 1, message: "no" } });
  await faultOf(() => refused);
  await settled();
  assertEquals(process.heard.at(-1)!.method, "b");
  await session.close();
});

Deno.test("a process of one person asks that person, and one that several share asks nobody", async () => {
  for (const isPersonal of [true, false]) {
    const { process, open, options } = startProcess(polite, { isPersonal });
    const session = await open();
    const asked: string[] = [];
    const notified: string[] = [];
    const request = session.request(
      "a",
      {},
      options({
        onrequest: ({ method }) => (asked.push(method), Promise.resolve({ action: "accept" })),
        onnotification: ({ method }) => void notified.push(method),
      }),
    );
    await settled();
    process.say({ jsonrpc: "2.0", id: 7, method: "elicitation/create", params: {} });
    process.say({ jsonrpc: "2.0", method: "notifications/message", params: {} });
    await settled();
    const reply = process.heard.find(({ id, method }) => id === 7 && method === undefined);
    assertEquals(reply?.result ?? reply?.error.code, isPersonal ? { action: "accept" } : -32601);
    assertEquals(asked, isPersonal ? ["elicitation/create"] : []);
    assertEquals(notified, isPersonal ? ["notifications/message"] : []);
    process.say({ jsonrpc: "2.0", id: process.heard[2]!.id, result: {} });
    await request;
    // Nobody has asked for anything: then nobody is asked.
    process.say({ jsonrpc: "2.0", id: 8, method: "elicitation/create", params: {} });
    await settled();
    assertEquals(process.heard.at(-1)!.error?.code, -32601);
    await session.close();
  }
});

Deno.test("a server that asks without end is given up", async () => {
  const { process, open, options } = startProcess();
  const session = await open();
  const asked = session.request("a", {}, options());
  for (let id = 0; id <= MAX_REQUESTS; id++) process.say({ jsonrpc: "2.0", id, method: "ping" });
  assertEquals(await faultOf(() => asked), ["too_much", true]);
  await session.close();
});

Deno.test("progress goes to the request that it is of, and a changed list to who wants to know", async () => {
  const changed: string[] = [];
  const { process, open, options } = startProcess(polite, {
    heard: ({ method }) => void changed.push(method),
  });
  const session = await open();
  const told: unknown[] = [];
  const request = session.request("a", {}, options({ onprogress: (said) => told.push(said) }));
  const other = session.request("b", {}, options());
  await settled();
  const [, , first, second] = process.heard;
  const { progressToken } = first!.params._meta;
  assertEquals(second!.params._meta, undefined);
  for (const token of [progressToken, second!.id, 999]) {
    const params = { progressToken: token, progress: 0.5 };
    process.say({ jsonrpc: "2.0", method: "notifications/progress", params });
  }
  process.say({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
  for (const { id } of [first!, second!]) process.say({ jsonrpc: "2.0", id, result: {} });
  await Promise.all([request, other]);
  assertEquals([told.length, changed], [1, ["notifications/tools/list_changed"]]);
  await session.close();
});

Deno.test("a server that knows no sessions is asked what it knows, and told each time who asks", async () => {
  const modern = (message: Message, say: (message: unknown) => void) => {
    const { id } = message;
    if (message.method === "initialize") {
      say({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } });
    } else if (message.method === "server/discover") {
      say({ jsonrpc: "2.0", id, result: { supportedVersions: [STATELESS_REVISION] } });
    } else say({ jsonrpc: "2.0", id, result: {} });
  };
  const { process, open, options } = startProcess(modern);
  const session = await open();
  await session.request("tools/list", {}, options());
  const { _meta } = process.heard.at(-1)!.params;
  assertEquals(_meta["io.modelcontextprotocol/protocolVersion"], STATELESS_REVISION);
  await session.close();

  const classic = startProcess();
  const other = await classic.open();
  const asked = other.request("tools/list", {}, classic.options());
  await settled();
  assertEquals(classic.process.heard.at(-1)!.params, {});
  classic.process.say({ jsonrpc: "2.0", id: classic.process.heard.at(-1)!.id, result: {} });
  await asked;
  await other.close();
});

Deno.test("a process that does not greet was asked for nothing, and its last words are heard", async () => {
  const stubborn = (message: Message, say: (message: unknown) => void) =>
    say({ jsonrpc: "2.0", id: message.id, error: { code: -32601, message: "no" } });
  const refusing = startProcess(stubborn);
  assertEquals(await faultOf(refusing.open), ["answered_error", false]);
  assertEquals(refusing.lost.length, 1);
  await refusing.process.started.ended;
  const silent = startProcess(() => {});
  const opening = silent.open();
  opening.catch(() => {});
  silent.process.complain("no such file\n");
  await settled();
  silent.process.exit();
  assertEquals(await faultOf(() => opening), ["dropped", false]);
  assertStringIncludes(silent.lost[0]!, "no such file");
  const absent = startProcess(polite, {
    start: () => {
      throw new Deno.errors.NotFound("no such command");
    },
  });
  assertEquals(await faultOf(absent.open), ["not_started", false]);
});
