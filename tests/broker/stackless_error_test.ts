import { assert, assertEquals, assertRejects } from "@std/assert";
import { Refusal } from "../../broker/core/refusal.ts";
import { StacklessError } from "../../broker/core/stackless_error.ts";
import { traceOf } from "../../broker/core/trace_of.ts";
import { ApiError } from "../../providers/provider.ts";

Deno.test("a refusal is an error to whoever catches one, and of its own kind alone", () => {
  const refusal = new Refusal({ code: "not_connected" } as never, { cause: "why" });
  assert(refusal instanceof Refusal && refusal instanceof StacklessError);
  assert(refusal instanceof Error && !((refusal as Error) instanceof ApiError));
  assertEquals([refusal.name, refusal.message, refusal.cause], ["Refusal", "not_connected", "why"]);
  assertEquals(String(refusal), "Refusal: not_connected");
});

Deno.test("what has no stack is thrown, awaited and told like any other", async () => {
  const fault = new ApiError({ kind: "invalid", message: "Say what to change." });
  await assertRejects(() => Promise.reject(fault), ApiError, "Say what to change.");
  assertEquals(traceOf(fault), { name: "ApiError", at: "" });
  assert(!("cause" in fault));
});
