/** How the text of a variable is read: what it is where it is not set, and all that is wrong with it. */

import { assertEquals } from "@std/assert";
import {
  asIs,
  fault,
  fitting,
  list,
  loaded,
  ofJson,
  optional,
  read,
  readAll,
  type Reader,
  required,
  usually,
} from "../../../broker/config/readers.ts";

const digits = fitting((text) => /^\d+$/.test(text), "must be digits", Number);
const numbers = list<number>(digits);
const few = list<number>(digits, [(all) => all.length < 3, "must be two at most"]);

Deno.test("what is not set is nothing, the usual, or a fault", () => {
  const unset = <T>(reader: Reader<T>) => read(reader, undefined);
  assertEquals(unset(optional(digits)), { value: undefined, faults: [] });
  assertEquals(unset(usually("8", digits)), { value: 8, faults: [] });
  assertEquals(unset(required(digits)), { value: undefined, faults: ["is not set"] });
  assertEquals(unset(numbers), { value: [], faults: [] });
  for (const reader of [optional(digits), usually("8", digits), required(digits)]) {
    assertEquals(read<unknown>(reader, "5"), { value: 5, faults: [] });
    assertEquals(read<unknown>(reader, ""), { value: undefined, faults: ["must be digits"] });
  }
});

Deno.test("a list has its entries without what stands around them, or all that is wrong with them", () => {
  assertEquals(read(numbers, " 1,2 ,, 3,"), { value: [1, 2, 3], faults: [] });
  assertEquals(read(list(asIs), "a b, c"), { value: ["a b", "c"], faults: [] });
  const faults = ["must be digits", "must be digits"];
  assertEquals(read(numbers, "x,2,y"), { value: undefined, faults });
  assertEquals(read(few, "1,2"), { value: [1, 2], faults: [] });
  assertEquals(read(few, "1,2,3"), { value: undefined, faults: ["must be two at most"] });
  // What they are together is not said of entries that are none.
  assertEquals(read(few, "1,2,3,x"), { value: undefined, faults: ["must be digits"] });
});

Deno.test("JSON is handed on with the text that it was, and what is none is said to be none", () => {
  const reader = usually("null", ofJson((json, _context, text) => ({ json, text })));
  assertEquals(read(reader, " [1]").value, { json: [1], text: " [1]" });
  const { value, faults } = read(reader, "[1");
  assertEquals([value, faults.length, faults[0]!.startsWith("is not JSON")], [undefined, 1, true]);
  const refusing = usually("", ofJson((_json, context) => fault(context, "is not wanted")));
  assertEquals(read(refusing, "{}").faults, ["is not wanted"]);
});

Deno.test("all variables are read, whatever is wrong with others, and what is wrong has no value", async () => {
  let loads = 0;
  const later = loaded<string | number>("none", () => {
    loads += 1;
    return Promise.resolve(digits);
  });
  const variables = { PORT: usually("8", digits), FEW: few, NAME: required(asIs), LATER: later };
  const unset = await readAll(variables, { FEW: "1,2,x,y" });
  assertEquals(Object.entries(unset.values), [["PORT", 8], ["LATER", "none"]]);
  assertEquals(unset.faults, [
    { variable: "FEW", fault: "must be digits" },
    { variable: "FEW", fault: "must be digits" },
    { variable: "NAME", fault: "is not set" },
  ]);
  assertEquals(loads, 0);
  const set = await readAll(variables, { PORT: "1", FEW: "1", NAME: "n", LATER: "5", OTHER: "o" });
  assertEquals(set, { values: { PORT: 1, FEW: [1], NAME: "n", LATER: 5 }, faults: [] });
  const { faults } = await readAll(variables, { NAME: "n", LATER: "x" });
  assertEquals([faults, loads], [[{ variable: "LATER", fault: "must be digits" }], 2]);
});
