import { assertEquals, assertThrows } from "@std/assert";
import {
  isBounded,
  isShallow,
  MAX_DEPTH,
  MAX_VALUES,
  parseJson,
  TooComplex,
} from "../../../broker/core/json.ts";
import { Dice } from "../../support/fuzz/dice.ts";

function nested(open: string, core: string, close: string, depth: number): string {
  return open.repeat(depth) + core + close.repeat(depth);
}

Deno.test("JSON is parsed up to a depth and a number of values, and not beyond", () => {
  for (const [open, core, close] of [["[", "1", "]"], ['{"a":', "1", "}"], ['[{"a":', "1", "}]"]]) {
    const most = MAX_DEPTH / (open!.match(/[[{]/g)!.length);
    const fits = nested(open!, core!, close!, most);
    assertEquals(parseJson(fits), JSON.parse(fits));
    assertThrows(() => parseJson(nested(open!, core!, close!, most + 1)), TooComplex);
  }
  // Also where there are more brackets than that.
  const [inner, beyond] = [1, 0].map((less) => nested("[", "1", "]", MAX_DEPTH - less));
  assertEquals(parseJson(`[[],${inner}]`), JSON.parse(`[[],${inner}]`));
  assertThrows(() => parseJson(`[[],${beyond}]`), TooComplex);
  // Side by side they are no deeper.
  const many = `[${Array(2 * MAX_DEPTH).fill('[{"a":[]}]').join()}]`;
  assertEquals(parseJson(many), JSON.parse(many));
  // The list itself is a value, too.
  const list = (length: number) => `[${Array(length).fill("0").join(",")}]`;
  assertEquals((parseJson(list(MAX_VALUES - 1)) as number[]).length, MAX_VALUES - 1);
  assertThrows(() => parseJson(list(MAX_VALUES)), TooComplex);
  assertThrows(() => parseJson(`[${"[],".repeat(MAX_VALUES)}0]`), TooComplex);
});

Deno.test("brackets and commas in a string are none", () => {
  for (
    const text of ["[".repeat(999), ",".repeat(2 * MAX_VALUES), '\\"[[', '"', "\\", '\\\\"{{{', ""]
  ) {
    const json = JSON.stringify({ [text]: [text, { text }] });
    assertEquals(parseJson(json), { [text]: [text, { text }] });
  }
  assertThrows(() => parseJson(`["${"[".repeat(2 * MAX_DEPTH)}`), SyntaxError);
  // A quote after an even number of backslashes ends its string, after an odd one it does not.
  const deep = nested("[", "1", "]", MAX_DEPTH);
  for (const even of ["", "\\\\", "\\\\\\\\"]) {
    assertThrows(() => parseJson(`["${even}",${deep}]`), TooComplex);
    const within = `["${even}\\",${deep}"]`;
    assertEquals(parseJson(within), JSON.parse(within));
  }
});

Deno.test("what is no JSON is a SyntaxError, however it is broken", () => {
  const dice = new Dice(7);
  const pieces = ['"', "\\", "[", "]", "{", "}", ",", ":", "1", "a", "true", " ", '"a"', "\\u0000"];
  let valid = 0;
  for (let run = 0; run < 20_000; run++) {
    const text = Array.from({ length: dice.int(9) }, () => dice.pick(pieces)).join("");
    let expected: unknown;
    try {
      expected = { value: JSON.parse(text) };
      valid++;
    } catch {
      expected = "SyntaxError";
    }
    let actual: unknown;
    try {
      actual = { value: parseJson(text) };
    } catch (error) {
      actual = (error as Error).name;
    }
    assertEquals(actual, expected, text);
  }
  assertEquals(valid > 100, true);
});

Deno.test("what was put together here is bounded as what was parsed is", () => {
  const deep = (depth: number): unknown => depth === 0 ? 1 : [deep(depth - 1)];
  assertEquals([isBounded(deep(MAX_DEPTH)), isBounded(deep(MAX_DEPTH + 1))], [true, false]);
  const wide = (values: number) => Array(values - 1).fill(0);
  assertEquals([isBounded(wide(MAX_VALUES)), isBounded(wide(MAX_VALUES + 1))], [true, false]);
  assertEquals(isBounded([[1, 2], 3], { maxDepth: 2, maxValues: 5 }), true);
  assertEquals(isBounded([[1, 2], 3], { maxDepth: 1, maxValues: 5 }), false);
  assertEquals(isBounded([[1, 2], 3], { maxDepth: 2, maxValues: 4 }), false);
});

Deno.test("what is nested is shallow up to a depth, whatever it is nested in", () => {
  const deep = (depth: number): unknown => depth === 0 ? null : [1, { a: deep(depth - 1) }];
  assertEquals([isShallow(deep(MAX_DEPTH / 2)), isShallow([deep(MAX_DEPTH / 2)])], [true, false]);
  assertEquals([isShallow([{}], 2), isShallow([{}], 1), isShallow("x", 0)], [true, false, true]);
});
