import { assertEquals, assertThrows } from "@std/assert";
import { Refusal } from "../../../broker/core/refusal.ts";
import { partsOf, subjectOf } from "../../../broker/core/subject.ts";

Deno.test("a user's id is one of a kind that can stand in a key, a log and an address", () => {
  for (const id of ["user_123", "a@b.example", "auth0|5f-7", "+41791234567", "x".repeat(128)]) {
    assertEquals(partsOf(subjectOf("voice", id)), { realm: "voice", userId: id });
  }
  const wrong = [
    "",
    "x".repeat(129),
    "a b",
    "a:b",
    "a/b",
    "a\n",
    "é",
    "a%20",
    7,
    null,
    undefined,
    {},
  ];
  for (const id of [...wrong, ["user_123"], { toString: () => "user_123" }]) {
    const { reason } = assertThrows(() => subjectOf("voice", id), Refusal) as Refusal;
    assertEquals(reason.code, "invalid_request", String(id));
  }
});
