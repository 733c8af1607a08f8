import { assert, assertEquals, assertThrows } from "@std/assert";
import { UpstreamFault } from "../../../mcp/upstream/fault.ts";
import {
  answers,
  type Incoming,
  messagesOf,
  METHOD_NOT_FOUND,
  progressOf,
  replyTo,
  resultOf,
} from "../../../mcp/upstream/rpc.ts";

const one = (json: unknown): Incoming | undefined => messagesOf(json)[0];

Deno.test("messagesOf() understands what can be understood in one way, and leaves out the rest", () => {
  assertEquals(one({ id: 1, result: null }), { kind: "result", id: 1, result: {} });
  assertEquals(one({ id: 1, result: [1], error: null }), {
    kind: "result",
    id: 1,
    result: { content: [1] },
  });
  const failed = { kind: "error", id: 1, data: undefined } as const;
  assertEquals(one({ id: 1, error: { code: 7, message: "no" } }), {
    ...failed,
    code: 7,
    text: "no",
  });
  assertEquals(one({ id: 1, error: { code: "7", message: 7 } }), {
    ...failed,
    code: -32603,
    text: "",
  });
  assertEquals(one({ id: 1, error: "no" }), { ...failed, code: -32603, text: "no" });
  assertEquals(one({ method: "x", params: [] }), {
    kind: "notification",
    message: { method: "x", params: {} },
  });
  assertEquals(one({ id: {}, method: "x" })?.kind, "notification");
  assertEquals(one({ id: "a", method: "x" })?.kind, "request");
  assertEquals(messagesOf([null, 7, "x", [], {}, { id: 1 }]), []);
});

Deno.test("answers() takes an answer of its own id, or an error of none", () => {
  const result = (id: unknown) => one({ id, result: {} })!;
  const error = (id: unknown) => one({ id, error: { code: 1, message: "" } })!;
  for (const made of [result, error]) {
    assert(answers(made(7), 7) && answers(made("7"), 7));
    assert(!answers(made(8), 7) && !answers(made("07"), 7));
  }
  assert(answers(error(null), 7) && answers(error(undefined), 7));
  assert(!answers(result(null), 7) && !answers(result(undefined), 7));
  assert(!answers(one({ id: 7, method: "x" })!, 7));
});

Deno.test("progressOf() takes progress of the request itself, by a number", () => {
  const of = (params: Record<string, unknown>, method = "notifications/progress") =>
    progressOf({ method, params }, 7);
  assertEquals(of({ progressToken: 7, progress: 1, total: 2, message: "m" }), {
    progress: 1,
    total: 2,
    message: "m",
  });
  assertEquals(of({ progressToken: "7", progress: 1, total: "2", message: 7 }), { progress: 1 });
  assertEquals(of({ progressToken: 8, progress: 1 }), undefined);
  assertEquals(of({ progress: 1 }), undefined);
  assertEquals(of({ progressToken: 7, progress: "1" }), undefined);
  assertEquals(of({ progressToken: 7, progress: 1 }, "notifications/message"), undefined);
});

Deno.test("resultOf() says of an error whether anything may have been done", () => {
  const whyOf = (answer: Incoming) => assertThrows(() => resultOf(answer), UpstreamFault);
  const error = (code: number) => whyOf(one({ id: 1, error: { code, message: "no" } })!);
  for (const code of [-32700, -32600, -32601, -32602, -32042, -32022, -32020, -32021]) {
    assertEquals(error(code).mayBeDone, false, String(code));
  }
  for (const code of [-32603, -32599, -32000, 1]) {
    assertEquals(error(code).mayBeDone, true, String(code));
  }
  assertEquals(whyOf(one({ method: "x" })!).why.kind, "unreadable");
});

Deno.test("replyTo() answers what somebody is asked, and says no more than that to the server", async () => {
  const { signal } = new AbortController();
  const request = one({ id: 3, method: "elicitation/create", params: {} });
  if (request?.kind !== "request") throw new TypeError(request?.kind);
  const reply = (asked?: Parameters<typeof replyTo>[1]) => replyTo(request, asked, signal);
  const base = { jsonrpc: "2.0", id: 3 };
  assertEquals(await reply(() => Promise.resolve({ action: "decline" })), {
    ...base,
    result: { action: "decline" },
  });
  const [none, failed] = [await reply(), await reply(() => Promise.reject(new Error("secret")))];
  for (const answer of [none, failed]) {
    assertEquals([answer.id, (answer.error as { code: number }).code], [3, METHOD_NOT_FOUND]);
    assert(!JSON.stringify(answer).includes("secret"));
  }
  const ping = one({ id: 4, method: "ping" });
  if (ping?.kind !== "request") throw new TypeError(ping?.kind);
  assertEquals(await replyTo(ping, undefined, signal), { jsonrpc: "2.0", id: 4, result: {} });
});
