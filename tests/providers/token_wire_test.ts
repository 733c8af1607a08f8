import { assertEquals } from "@std/assert";
import { extraOf } from "../../providers/extra.ts";
import { parseRetryAfter } from "../../providers/retry_after.ts";
import { codesOf, saysError } from "../../providers/token_wire.ts";

Deno.test("codesOf() looks where servers put their codes, and at no more than a few", () => {
  assertEquals(codesOf({ error: "a", code: "b" }), ["a", "b"]);
  assertEquals(codesOf({ error: { type: "a", code: 7, name: "" } }), ["a"]);
  assertEquals(codesOf({ errors: [{ errorType: "a" }, null, "x", { code: "b" }] }), ["a", "b"]);
  assertEquals(codesOf({ errors: { code: "a" } }), []);
  assertEquals(codesOf({ errors: Array(50).fill({ code: "a" }) }).length, 5);
});

Deno.test("saysError() takes an error for one in each of its forms", () => {
  for (const error of ["a", {}, { code: 7 }]) assertEquals(saysError({ error }), true);
  assertEquals(saysError({ errors: [{}] }), true);
  const none = [{}, { error: "" }, { error: null }, { error: 7 }, { errors: [] }, { errors: "x" }];
  for (const wire of none) assertEquals(saysError(wire), false, JSON.stringify(wire));
});

Deno.test("extraOf() keeps the members that are named, where there are any", () => {
  const members = { team: "team.id", other: "none" };
  assertEquals(extraOf({ team: { id: "t", more: "x" } }, members), { team: "t" });
  assertEquals(extraOf({ team: { id: "x".repeat(100_000) } }, members), undefined);
  for (const answer of [undefined, null, "x", 7, {}]) {
    assertEquals(extraOf(answer, members), undefined);
  }
  assertEquals(extraOf({ team: { id: "t" } }), undefined);
});

Deno.test("parseRetryAfter() never goes back in time", () => {
  const of = (value?: string) =>
    parseRetryAfter(new Headers(value === undefined ? {} : { "Retry-After": value }));
  assertEquals([of(), of("soon"), of(" 30 ")], [undefined, undefined, 30]);
  for (const past of ["Thu, 01 Jan 1970 00:00:00 GMT", "-5"]) assertEquals(of(past), 0);
});
