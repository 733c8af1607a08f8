import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { choose, fold } from "../../providers/choose.ts";
import { ApiError } from "../../providers/provider.ts";

const choice = (wanted: string, items: string[], more = false) => ({
  wanted,
  items,
  more,
  names: (item: string) => [item],
  label: (item: string) => item,
  noun: "person",
  plural: "people",
});
const fault = (...args: Parameters<typeof choice>) => {
  const error = assertThrows(() => choose(choice(...args)), ApiError);
  return error.fault;
};

Deno.test("choose() takes the only one of the name, or with all of its words", () => {
  const people = ["Ana Lima", "Ana Maria Souza", "Zoé  Martin", "Bo"];
  assertEquals(choose(choice("ANA LIMA", people)), "Ana Lima");
  assertEquals(choose(choice("zoe martin ", people)), "Zoé  Martin");
  assertEquals(choose(choice("souza ana", people)), "Ana Maria Souza");
  assertEquals(choose(choice("Bo", ["Bo", "Bo Berg"])), "Bo");
});

Deno.test("choose() asks back what it cannot know, and guesses nothing from a part of a word", () => {
  assertEquals(fault("ana", ["Ana Lima", "Ana Souza"]).kind, "invalid");
  assertStringIncludes(fault("an", ["Ana Lima"]).message, "called exactly");
  // Others of the name may be on a page that was not fetched.
  assertEquals(fault("ana", ["Ana Lima"], true).kind, "invalid");
  assertEquals(choose(choice("ana lima", ["Ana Lima"], true)), "Ana Lima");
  for (const wanted of ["Cy", "", "!!"]) assertEquals(fault(wanted, ["Ana"]).kind, "not_found");
  assertStringIncludes(fault("Cy", ["Ana"], true).message, "among the first 1");
});

Deno.test("choose() bounds what it says", () => {
  const long = Array.from({ length: 50 }, (_, index) => `Ana ${"x".repeat(500)}${index}`);
  const { message } = fault("ana", long);
  assertStringIncludes(message, "; and others");
  assertEquals(message.length < 400, true);
  assertEquals(fault("y".repeat(10_000), []).message.length < 200, true);
  assertEquals(fold(" Ánà\n Lima "), "ana lima");
});
