/** What is said of arguments: how much, of what, and what a text stands for. */

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { MAX_DEPTH, MAX_VALUES, TooComplex } from "../../../broker/core/json.ts";
import { choicesOf, isOfType, schemaJudge, sizeOf } from "../../../mcp/arguments/judge.ts";
import { withCallArguments } from "../../../mcp/arguments/in_body.ts";
import { mendedArguments } from "../../../mcp/arguments/mend.ts";
import { nearName } from "../../../mcp/arguments/near_name.ts";
import { booleanOf, numberOf, structureOf } from "../../../mcp/arguments/values.ts";
import { argumentFault } from "../../../mcp/arguments/words.ts";
import type { Schema } from "../../../mcp/upstream/mend_schema.ts";

/** What is said of the arguments of a tool that takes these fields. */
function said(fields: z.ZodRawShape, args: unknown, schema?: Schema): string {
  const input = z.strictObject(fields);
  const parsed = input.safeParse(args);
  assert(!parsed.success);
  const asked = schema ?? z.toJSONSchema(input) as Schema;
  return argumentFault("a_tool", parsed.error.issues, args, asked)
    .slice("The arguments of a_tool are not right. ".length);
}

Deno.test("some faults are told and the rest are counted, whatever their kind", () => {
  const unknown = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, 1]));
  const text = said({ query: z.string() }, { query: "q", ...unknown(1_000) });
  assertEquals(text.match(/is no field/g)?.length, 5);
  assert(text.endsWith(" And 995 more."), text);
  const fields = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`f${at}`, z.string()]));
  const missing = said(fields, { ...unknown(3) });
  assertEquals(missing.match(/is missing/g)?.length, 5);
  assert(missing.endsWith(" And 7 more."), missing);
  assert(!said({ a: z.string() }, {}).includes("more"));
  const counted = [5, 6].map((count) => said({}, unknown(count)));
  assertEquals(counted.map((text) => text.endsWith(" And 1 more.")), [false, true]);
});

Deno.test("names that are told are some, and none is longer than a name", () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`field_${at}`, z.any().optional()]),
  );
  const text = said(many, { qqqqqqqq: 1 });
  assertEquals(text.match(/field_/g)?.length, 20);
  const choice = z.enum(Array.from({ length: 60 }, (_, at) => `choice_${at}`) as [string]);
  assertEquals(said({ a: choice }, { a: "x" }).match(/choice_/g)?.length, 20);
  assert(said({ a: z.literal("only") }, { a: "x" }).includes("a: must be only, and is"));
  const wordy = z.enum(Array.from({ length: 20 }, (_, at) => `${"c".repeat(60)}${at}`) as [string]);
  assert(said({ a: wordy }, { a: "x" }).length <= 300);
  const long = said({ a: z.string() }, { a: "a", ["y".repeat(5_000)]: 1 });
  assert(long.length < 300, String(long.length));
  const deep = z.strictObject({ inner: z.strictObject({ name: z.string() }) });
  // The names of the tool's own fields are not those of what is in one of them.
  for (const name of ["title", "outre"]) {
    const below = said({ outer: deep }, { outer: { inner: { name: "n", [name]: 1 } } });
    assertEquals(below, `${name} is no field of this tool.`);
  }
  assertEquals(said({ a: z.any().optional() }, { bcd: 1 }, {}), "bcd is no field of this tool.");
  assertEquals(
    said({ first: z.any().optional(), second: z.any().optional() }, { bcd: 1 }),
    "bcd is no field of this tool, which takes first, second.",
  );
  const own = said({ of: z.record(z.string(), z.string()) }, { of: { ["<b>\n".repeat(99)]: 1 } });
  assert(/^of\.[^<>\n]{1,45}: must be a text, and is a number\.$/.test(own), own);
});

Deno.test("a fault says what came by its kind, and what to send in its place", () => {
  const fields = {
    count: z.int(),
    list: z.array(z.string()).max(2),
    flag: z.boolean(),
    name: z.string().max(3).optional(),
    at: z.strictObject({ day: z.string() }).optional(),
  };
  const right = { count: 1, list: [], flag: true };
  const cases: [Record<string, unknown>, string][] = [
    [
      { count: "5" },
      "count: must be a number, and is a text of 1 character. Send the number",
    ],
    [{ count: 1.5 }, "count: must be a whole number, and is a number."],
    [{ count: null }, "count: must be a number, and is null."],
    [{ list: "a" }, "list: must be a list, and is a text of 1 character. Send a list"],
    [{ list: ["a", "b", "c"] }, "list: must have at most 2 items, and is a list."],
    [{ flag: "true" }, 'flag: must be true or false, and is the text "true". Send true or false'],
    [{ name: null }, "name: must be a text, and is null. Leave it out where nothing is meant."],
    [{ name: "long" }, "name: must have at most 3 characters, and is a text of 4 characters."],
    [{ at: { day: null } }, "at.day: must be a text, and is null."],
    [{ at: 7 }, "at: must be an object, and is a number."],
    [{ at: {} }, "at.day is missing: must be a text."],
    [{ at: "noon" }, "at: must be an object, and is a text of 4 characters."],
    [{ name: 7 }, "name: must be a text, and is a number."],
    [{ name: true }, "name: must be a text, and is true."],
    [{ name: [] }, "name: must be a text, and is a list."],
    [{ name: {} }, "name: must be a text, and is an object."],
    [{ at: "" }, "at: must be an object, and is an empty text. Leave it out"],
    [{ at: "true" }, 'at: must be an object, and is the text "true".'],
    [{ at: "false" }, 'at: must be an object, and is the text "false".'],
    [{ at: "null" }, 'at: must be an object, and is the text "null".'],
  ];
  for (const [change, words] of cases) {
    const text = said(fields, { ...right, ...change });
    assert(text.startsWith(words), text);
    if (words.endsWith(".") && !words.includes("Leave")) assertEquals(text, words);
  }
  // What every object has was not sent.
  assertEquals(said({ toString: z.string() }, {}), "toString is missing: must be a text.");
  for (const args of [null, 7, "text"]) {
    assert(said(fields, args).startsWith("arguments: must be an object"), String(args));
  }
});

Deno.test("a fault says which values, how much, or which form is expected", () => {
  const odd = (message: string) => z.string().refine(() => false, message);
  const rows: [z.ZodType, value: unknown, expected: string][] = [
    [z.literal("a"), "x", "be a"],
    [z.literal(["a", null]), "x", "be one of a, null"],
    [z.number().min(2), 1, "be at least 2"],
    [z.number().max(2), 3, "be at most 2"],
    [z.string().min(2), "x", "have at least 2 characters"],
    [z.array(z.any()).min(1), [], "have at least 1 item"],
    [z.email(), "x", "be a valid email address"],
    [odd("must rhyme"), "x", "rhyme"],
    [odd("Invalid input"), "x", "be of another form"],
    [odd("Invalid word, <b>you</b>"), "x", "be of another form"],
    [odd("This is Invalid word"), "x", "be of another form"],
    [z.date(), "x", "be date"],
  ];
  for (const [field, value, expected] of rows) {
    const text = said({ a: field }, { a: value }, {});
    assert(text.startsWith(`a: must ${expected}, and is `), text);
  }
});

Deno.test("a text is a number where it is written as one and none is lost, and a structure where it is JSON", () => {
  const numbers: [string, number | undefined][] = [
    ["5", 5],
    ["-0.25", -0.25],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", undefined],
    ["1e3", undefined],
    ["1e21", undefined],
    ["0x5", undefined],
    ["05", undefined],
    [" 5", undefined],
    ["5.0", undefined],
    ["-0", undefined],
    ["Infinity", undefined],
    ["NaN", undefined],
    ["", undefined],
    ["1".repeat(26), undefined],
    ["0.1234567890123456789012345", undefined],
    // No number that comes back the same is longer.
    ["-0.0000012345678901234567", -0.0000012345678901234567],
  ];
  for (const [text, number] of numbers) assertEquals(numberOf(text), number, text);
  assertEquals(["true", "false", "True", "1", "yes", ""].map(booleanOf), [
    true,
    false,
    ...Array(4).fill(undefined),
  ]);
  assertEquals([structureOf(' {"a":1}'), structureOf("[1]")], [{ a: 1 }, [1]]);
  // What begins as none is none, whatever stands in it.
  const brackets = `see ${"[".repeat(1_000)}`;
  for (const none of ["1", '"[1]"', "null", "{", "[1] and more", "", brackets]) {
    assertEquals(structureOf(none), undefined, none);
  }
  assertThrows(() => structureOf("[".repeat(10_000) + "]".repeat(10_000)), TooComplex);
});

Deno.test("a name is near by its letters or its stem, and by nothing that is not in it", () => {
  const known = ["max_results", "query", "id", "to", "subject_line"];
  const near: [string, string | undefined][] = [
    ["maxResults", "max_results"],
    ["MAX-RESULTS", "max_results"],
    ["qurey", "query"],
    ["querry", "query"],
    ["quey", "query"],
    ["m_a_x_r_e_s_u_l_t_s", "max_results"],
    ["subj", "subject_line"],
    ["subject_line_text", "subject_line"],
    ["sub", undefined],
    ["xy", undefined],
    ["ab", undefined],
    ["", undefined],
    ["__", undefined],
    ["maximum_results", undefined],
    ["max_results".repeat(6), undefined],
    [`query${"x".repeat(59)}`, "query"],
    [`query${"x".repeat(60)}`, undefined],
  ];
  for (const [name, expected] of near) assertEquals(nearName(name, known), expected, name);
  // Everything of a short name is no slip of the pen.
  assertEquals([nearName("a", ["b"]), nearName("ab", ["c"])], [undefined, undefined]);
  assertEquals(nearName("___", ["__"]), "__");
});

Deno.test("the longer a name is, the more of its letters may be wrong, and never more than three", () => {
  const known = ["subject", "assignee", "description", "organization", "destination_account"];
  const near: [string, string | undefined][] = [
    ["sxbject", "subject"],
    ["sxbjxct", undefined],
    ["axsignxe", "assignee"],
    ["axsxgnxe", undefined],
    ["dxscrxption", "description"],
    ["dxscrxptixn", undefined],
    ["oxganxzatxon", "organization"],
    ["dxstinxtion_accxunt", "destination_account"],
    ["dxstinxtixn_accxunt", undefined],
  ];
  for (const [name, expected] of near) assertEquals(nearName(name, known), expected, name);
  const longest = "n".repeat(64);
  const [three, four] = [`abc${longest}`, `abcd${longest}`];
  assertEquals([nearName(longest, [three]), nearName(longest, [four])], [three, undefined]);
});

Deno.test("a name is as near as its letters are many that are added, left out, changed or swapped", () => {
  /** Written for its plainness. */
  const off = (one: string, other: string): number => {
    if (one === "" || other === "") return one.length + other.length;
    const change = off(one.slice(1), other.slice(1)) + Number(one[0] !== other[0]);
    const all = [off(one.slice(1), other) + 1, off(one, other.slice(1)) + 1, change];
    if (one.length > 1 && other.length > 1 && one[0] === other[1] && one[1] === other[0]) {
      all.push(off(one.slice(2), other.slice(2)) + 1);
    }
    return Math.min(...all);
  };
  const meant = (name: string, known: string[]) => {
    const most = Math.max(1, Math.floor(name.length / 4));
    const [nearest] = known.map((each) => ({ each, off: off(name, each) }))
      .filter(({ each, off }) => off <= most && off < each.length)
      .sort((one, other) => one.off - other.off);
    const isStem = (each: string) =>
      Math.min(each.length, name.length) >= 4 && (each.startsWith(name) || name.startsWith(each));
    return nearest?.each ?? known.find(isStem);
  };
  // Digits that look like none that anybody chose, the same each time.
  let seed = 1;
  const some = (most: number) => (seed = seed * 48271 % 2147483647) % most;
  const word = () => Array.from({ length: 1 + some(8) }, () => "abc"[some(3)]).join("");
  for (let round = 0; round < 300; round++) {
    const [name, known] = [word(), Array.from({ length: 4 }, word)];
    assertEquals(nearName(name, known), meant(name, known), `${name} of ${known}`);
  }
});

Deno.test("the judge knows each type, counts what it looks at, and leaves open what it cannot tell", () => {
  const values = [null, [1], { a: 1 }, 1, 1.5, "a", true];
  const types: [unknown, boolean[]][] = [
    ["null", [true, false, false, false, false, false, false]],
    ["array", [false, true, false, false, false, false, false]],
    ["object", [false, false, true, false, false, false, false]],
    ["integer", [false, false, false, true, false, false, false]],
    ["number", [false, false, false, true, true, false, false]],
    ["string", [false, false, false, false, false, true, false]],
    ["boolean", [false, false, false, false, false, false, true]],
    ["anything", values.map(() => true)],
  ];
  for (const [type, expected] of types) {
    assertEquals(values.map((value) => isOfType(value, type)), expected, String(type));
  }
  assertEquals([sizeOf("x".repeat(640), 9), sizeOf([1, 2], 9), sizeOf({ a: 1 }, 9)], [10, 2, 1]);
  assertEquals([sizeOf([1, 2], -1), sizeOf(7, 9)], [0, 0]);
  assertEquals([choicesOf({ const: undefined }), choicesOf({ enum: [1] })], [[undefined], [1]]);
  assertEquals([choicesOf({ enum: "x" }), choicesOf({})], [undefined, undefined]);
  const judged = (schema: Schema, value: unknown) => schemaJudge(schema)(schema, value);
  const cases: [Schema, unknown, boolean | undefined][] = [
    [{ nullable: true, type: "string" }, null, true],
    [{ oneOf: [{ type: "number" }, { type: "integer" }] }, 1, false],
    [{ oneOf: [{ type: "number" }, { type: "string" }] }, 1, true],
    [{ oneOf: [{ type: "number" }, { pattern: "a" }] }, "a", undefined],
    [{ anyOf: [{ type: "string" }, { pattern: "a" }] }, "b", true],
    [{ not: { pattern: "a" } }, "a", undefined],
    [{ not: { type: "string" } }, "a", false],
    [{ $ref: "#/$defs/none" }, 1, undefined],
    [{ $ref: 7 }, 1, undefined],
    [{ allOf: "x" }, 1, true],
    [{ enum: [[1]] }, [1], undefined],
    [{ maxItems: 1 }, [1, 2], false],
    [{ minItems: 3 }, [1, 2], false],
    [{ maxProperties: 0 }, { a: 1 }, false],
    [{ maxLength: 1 }, "ab", false],
    [{ required: "a" }, {}, true],
    [{ additionalProperties: false, patternProperties: { a: {} } }, { a: 1 }, undefined],
    [{ additionalProperties: false }, { a: 1 }, false],
    [{ properties: { a: 7 } }, { a: 1 }, undefined],
    [{ prefixItems: [], items: false }, [1], undefined],
    [{ unheard: 1 }, 1, undefined],
    [{ "x-own": 1 }, 1, true],
  ];
  for (const [schema, value, verdict] of cases) {
    assertEquals(judged(schema, value), verdict, JSON.stringify([schema, value]));
  }
});

Deno.test("a text within arguments is read by what its own place may be, and stays where that is not one thing", () => {
  const mended = (schema: Schema, value: unknown, changes = false) =>
    mendedArguments(value, { schema, judge: schemaJudge(schema), changes });
  const of = (a: unknown): Schema => ({ type: "object", properties: { a } as Schema });
  const cases: [Schema, unknown, unknown][] = [
    [of({ type: "integer" }), { a: "5" }, { a: 5 }],
    [of({ enum: [1, 2] }), { a: "2" }, { a: 2 }],
    [of({ enum: [1, 2] }), { a: "3" }, { a: "3" }],
    [of({ type: "boolean" }), { a: "true" }, { a: true }],
    [of({ type: "array", items: { type: "integer" } }), { a: '["1"]' }, { a: [1] }],
    [of({ items: { type: "integer" }, type: "array" }), { a: "[1]" }, { a: [1] }],
    [of({ type: "object" }), { a: "[1]" }, { a: "[1]" }],
    [of({ type: "array" }), { a: '{"b":1}' }, { a: '{"b":1}' }],
    [of({ anyOf: [{ type: "integer" }, { type: "boolean" }] }), { a: "5" }, { a: 5 }],
    [of({ anyOf: [{ type: "array" }, { type: "object" }] }), { a: "[1]" }, { a: [1] }],
    // One reading has a number in one place, the other in another.
    [
      of({
        anyOf: [
          { type: "object", properties: { b: { type: "integer" } } },
          { type: "object", properties: { c: { type: "integer" } } },
        ],
      }),
      { a: '{"b":"1","c":"2"}' },
      { a: '{"b":"1","c":"2"}' },
    ],
    [
      of({
        anyOf: [
          { type: "array", items: { type: "integer" } },
          { type: "array", items: { type: "boolean" }, maxItems: 9 },
        ],
      }),
      { a: '["5"]' },
      { a: [5] },
    ],
    [of({ type: "array", prefixItems: [{ type: "integer" }] }), { a: ["1"] }, { a: ["1"] }],
    [of(7), { a: "5" }, { a: "5" }],
  ];
  for (const [schema, value, expected] of cases) {
    assertEquals(mended(schema, value), expected, JSON.stringify([schema, value]));
  }
  assertEquals(mended(of({ type: "boolean" }), { a: "true" }, true), { a: "true" });
});

Deno.test("the arguments of a call may come as a text, alone or in a batch, and nothing else is opened", () => {
  const call = (args: unknown, method = "tools/call") => ({
    jsonrpc: "2.0",
    id: 1,
    method,
    params: { name: "t", arguments: args },
  });
  assertEquals(withCallArguments(call('{"a":1}')), call({ a: 1 }));
  assertEquals(withCallArguments([call("{}"), 7]), [call({}), 7]);
  const { arguments: _, ...params } = call({}).params;
  for (const none of [null, "null"]) {
    assertEquals(withCallArguments(call(none)), { ...call({}), params });
  }
  const same: unknown[] = [
    call({ a: 1 }),
    call("[1]"),
    call("7"),
    call("{"),
    call(7),
    call('{"a":1}', "prompts/get"),
    call(["{}"]),
    { method: "tools/call" },
    { method: "tools/call", params: null },
    { method: "tools/call", params: "x" },
    [call({ a: 1 })],
    [],
    null,
    "tools/call",
  ];
  for (const body of same) assertEquals(withCallArguments(body), body, JSON.stringify(body));
  const list = [call({ a: 1 })];
  assertEquals(withCallArguments(list) === list, true);
});

Deno.test("the arguments of calls stay texts where a body may not hold what they stand for", () => {
  const call = (args: unknown) => ({ method: "tools/call", params: { arguments: args } });
  const deep = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
  const many = (count: number) => `{"a":[${Array(count).fill("1").join(",")}]}`;
  const opened = (text: string) => call(JSON.parse(text));
  const [fits, half] = [deep(MAX_DEPTH - 2), many(MAX_VALUES / 2)];
  assertEquals(withCallArguments(call(fits)), opened(fits));
  assertEquals(withCallArguments([call(half)]), [opened(half)]);
  for (const body of [call(deep(MAX_DEPTH)), call(deep(MAX_DEPTH - 1)), [call(half), call(half)]]) {
    assertStrictEquals(withCallArguments(body), body);
  }
});
