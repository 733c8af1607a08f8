/**
 * What happens while a call runs, and after it: it comes again, its caller
 * hangs up, cancels it, or asks for something else.
 */

import { assertEquals } from "@std/assert";
import {
  calls,
  type Draft,
  draft,
  FULL,
  HOT,
  MODERN,
  modern,
  NAMES,
  request,
  TYPE,
} from "./corpus.ts";
import { assertSame, backend, ended, UPSTREAM } from "./same.ts";
import { startTwins } from "./twins.ts";

Deno.test("a repeated call is answered as by the SDKs", async () => {
  await using twins = await startTwins();
  const user = backend();
  const names = NAMES.filter((name) => name.startsWith("lab_"));
  for (const headers of [{}, { "Idempotency-Key": "one" }, { "Idempotency-Key": "two" }]) {
    for (let round = 0; round < 3; round++) {
      for (const path of ["/mcp/lab", "/mcp/lab?voice=true"]) {
        await assertSame(twins, ended(calls(path, {}, names)), () => ({ ...user, ...headers }));
      }
    }
  }
});

/** Calls of tools that wait, in each revision. */
const waiting = (path: string, names = ["lab_wait", "lab_keep"]) => calls(path, {}, names);

Deno.test("a caller that hangs up in the middle of a call gets what the SDKs give it", async () => {
  await using twins = await startTwins();
  for (const path of ["/mcp/lab", "/mcp/lab?timeout_ms=500", "/mcp/lab?voice=true"]) {
    for (const draft of waiting(path)) {
      const hangsUp = "during";
      const { direct } = await assertSame(twins, [draft, { ...draft, hangsUp }]);
      assertEquals(direct, 2);
      // After it has said something else.
      for (const meanwhile of [[HOT[1]!], cancellations(1)]) {
        await assertSame(twins, [{ ...draft, meanwhile, hangsUp }]);
      }
    }
  }
});

Deno.test("a caller that has hung up before it is read gets what the SDK gives it", async () => {
  await using twins = await startTwins();
  // Of 2026-07-28 see "a call of who has gone before it begins is made" in `answers_test.ts`.
  const older = ({ headers }: Draft) => headers["Mcp-Protocol-Version"] !== MODERN;
  const drafts = [...HOT, ...calls("/mcp/lab"), ...waiting("/mcp/lab?voice=true")];
  for (const one of drafts.filter(older)) {
    await assertSame(twins, [{ ...one, hangsUp: "before" }]);
  }
});

/** What a client says of its call with this id, in the call's own session or another. */
function cancellations(requestId: unknown): Draft[] {
  const params = { requestId, reason: "x" };
  const cancelled = request("notifications/cancelled", params, {});
  return [
    draft(cancelled),
    draft(cancelled, { ...FULL, "Mcp-Session-Id": "url-elicitation.x" }),
    draft(cancelled, { ...TYPE, "Mcp-Session-Id": "no-elicitation.other" }),
    modern("notifications/cancelled", params, {}),
  ];
}

Deno.test("a call goes on whatever comes meanwhile, as by the SDKs", async () => {
  await using twins = await startTwins();
  const others = [
    ...cancellations(1),
    ...cancellations("1"),
    // Of the same id, a list and calls of others' tools.
    ...HOT,
    draft(request("tools/call", { name: "lab_count" })),
    draft({ jsonrpc: "2.0", id: 1, result: { action: "accept" } }),
    draft({ jsonrpc: "2.0", id: 1, error: { code: 1, message: "x" } }),
  ];
  for (const path of ["/mcp/lab", "/mcp/lab?timeout_ms=500"]) {
    for (const one of waiting(path)) {
      const { direct } = await assertSame(twins, [{ ...one, meanwhile: others }]);
      assertEquals(direct, 1);
    }
  }
});

Deno.test("a call that comes again while it runs is answered as by the SDKs", async () => {
  await using twins = await startTwins();
  for (const headers of [{}, { "Idempotency-Key": "one" }]) {
    for (const path of ["/mcp/lab", "/mcp/lab?timeout_ms=500", "/mcp/lab?voice=true"]) {
      for (const one of waiting(path)) {
        const other = { ...one, message: { ...one.message as object, id: 2 } };
        for (const alongside of [[one], [other], [one, one, ...cancellations(1)]]) {
          await assertSame(twins, [{ ...one, alongside }], () => ({ ...backend(), ...headers }));
        }
      }
    }
  }
});

Deno.test("an upstream hears of a caller that hangs up, and of none that stays, as by the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  for (const path of ["/mcp", "/mcp?timeout_ms=500", "/mcp?voice=true"]) {
    for (const one of waiting(path, ["up_wait", "up_keep"])) {
      await assertSame(twins, [one, { ...one, meanwhile: cancellations(1) }]);
      await assertSame(twins, [{ ...one, hangsUp: "during" }]);
    }
  }
});
