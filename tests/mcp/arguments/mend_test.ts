import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { isBounded, MAX_VALUES, TooComplex } from "../../../broker/core/json.ts";
import { schemaJudge } from "../../../mcp/arguments/judge.ts";
import { mendedArguments, N8N_KEYS } from "../../../mcp/arguments/mend.ts";
import { nearName } from "../../../mcp/arguments/near_name.ts";
import type { Schema } from "../../../mcp/upstream/mend_schema.ts";

type Options = { changes?: boolean; content?: string[] };

function mend(schema: Schema, args: unknown, { changes = false, content }: Options = {}): unknown {
  return mendedArguments(args, { schema, judge: schemaJudge(schema), changes, content });
}

/** An object with one optional field, unless it is named as required. */
function object(properties: Record<string, unknown>, ...required: string[]): Schema {
  return { type: "object", properties, required, additionalProperties: false };
}

const INTEGER = { type: "integer", minimum: 1 };
const LABELS = { type: "array", items: { type: "string" } };

Deno.test("what models write in the place of a value is that value", () => {
  const rows: [schema: unknown, sent: unknown, meant: unknown][] = [
    [INTEGER, "5", 5],
    [INTEGER, "9007199254740991", 9007199254740991],
    [{ type: "number" }, "-0.5", -0.5],
    [{ type: "number" }, "0", 0],
    [{ type: "boolean" }, "true", true],
    [{ type: "boolean" }, "false", false],
    [LABELS, '["a","b"]', ["a", "b"]],
    [LABELS, " [ ]\n", []],
    [{ type: "array", items: INTEGER }, ["1", 2], [1, 2]],
    [{ type: "array", items: INTEGER }, '["1", 2]', [1, 2]],
    [object({ n: INTEGER }), '{"n":"3"}', { n: 3 }],
    [object({ n: INTEGER }), { n: "3" }, { n: 3 }],
    [object({ n: INTEGER }), { n: "" }, {}],
    [{ type: "object", additionalProperties: INTEGER }, { a: "1" }, { a: 1 }],
    [{ enum: [1, 2] }, "1", 1],
    [{ const: true }, "true", true],
    [{ type: ["integer", "null"] }, "5", 5],
    [{ anyOf: [INTEGER, { type: "null" }] }, "5", 5],
    [{ anyOf: [INTEGER, { type: "number" }] }, "5", 5],
    [{ anyOf: [INTEGER, { type: "boolean" }] }, "true", true],
    [{ anyOf: [LABELS, object({ n: INTEGER })] }, '{"n":1}', { n: 1 }],
    [{ allOf: [INTEGER] }, "5", 5],
    [{ allOf: [INTEGER, { maximum: 9 }] }, "5", 5],
    [{ oneOf: [INTEGER, { type: "boolean" }] }, "5", 5],
    [{ type: ["array", "null"] }, '["a"]', ["a"]],
    [{ type: "object", properties: { n: INTEGER } }, { n: null }, {}],
    // Said in several places.
    [{ type: "integer", anyOf: [{ minimum: 1 }] }, "5", 5],
    [{ enum: [1, 2], anyOf: [{ minimum: 1 }] }, "1", 1],
    [{ const: 1, anyOf: [{ minimum: 1 }] }, "1", 1],
    [{ properties: { n: INTEGER }, anyOf: [{ required: ["n"] }] }, { n: "5" }, { n: 5 }],
    [{ allOf: [{ type: "object" }, { properties: { n: INTEGER } }] }, '{"n":"5"}', { n: 5 }],
    [{ allOf: [{ type: "array" }, { items: INTEGER }] }, '["1"]', [1]],
    // What is wrong beside it stays so.
    [{ allOf: [object({ n: INTEGER, m: INTEGER })] }, { n: "5", m: "x" }, { n: 5, m: "x" }],
  ];
  for (const [field, sent, meant] of rows) {
    const schema = object({ field }, "field");
    assertEquals(mend(schema, { field: sent }), { field: meant }, JSON.stringify([field, sent]));
  }
});

Deno.test("what could be read in two ways, or in none that is taken, stays as it was sent", () => {
  const rows: [schema: unknown, sent: unknown][] = [
    ...["0x5", " 5", "5 ", "5.0", "1e3", "+5", "05", "5,0", "٥", "5n", "Infinity", "NaN", "-0", ""]
      .map((text): [unknown, unknown] => [INTEGER, text]),
    [INTEGER, "0"],
    [INTEGER, "9007199254740993"],
    [INTEGER, "9007199254740992"],
    [INTEGER, "5.5"],
    [INTEGER, true],
    [INTEGER, [5]],
    [{ type: "number" }, "0.10"],
    [{ type: "number" }, "1e21"],
    [{ type: "boolean" }, "True"],
    [{ type: "boolean" }, "1"],
    [{ type: "boolean" }, 1],
    [{ type: "boolean" }, "yes"],
    [LABELS, "a"],
    [LABELS, "a,b"],
    [LABELS, '"a"'],
    [LABELS, "[1"],
    [LABELS, "[1]"],
    [LABELS, '{"0":"a"}'],
    [LABELS, '"[]"'],
    [object({}), "null"],
    [{ type: "string", maxLength: 3 }, 5],
    [{ type: "null" }, "null"],
    [{ enum: ["a", "b"] }, "A"],
    [{ anyOf: [{ type: "array", items: INTEGER }, LABELS] }, '["1"]'],
    [{ enum: [1, 2] }, "3"],
    [false, "5"],
    [{ not: {} }, "5"],
    [{ $ref: "#/nowhere" }, "5"],
    [{ not: { type: "string" } }, "5"],
    [INTEGER, "[".repeat(1_000)],
    [{ prefixItems: [LABELS], items: INTEGER, minItems: 3 }, ["1", "2"]],
  ];
  for (const [field, sent] of rows) {
    const args = { field: sent };
    const schema = object({ field }, "field");
    assertStrictEquals(mend(schema, args), args, JSON.stringify([field, sent]));
  }
});

Deno.test("of readings that differ anywhere none is chosen, in whatever order they come", () => {
  const nothing = { type: "null" };
  const rows: [one: Record<string, unknown>, other: Record<string, unknown>, sent: unknown][] = [
    [{ b: INTEGER, c: INTEGER }, { b: INTEGER, c: { type: "string" } }, { b: "1", c: "2" }],
    [{ b: INTEGER, c: INTEGER }, { b: INTEGER, c: nothing }, { b: "1", c: null }],
    [
      { b: INTEGER, c: nothing, n: INTEGER },
      { b: nothing, c: INTEGER, n: INTEGER },
      { b: null, c: null, n: "1" },
    ],
  ];
  for (const [one, other, sent] of rows) {
    for (const anyOf of [[one, other], [other, one]].map((both) => both.map((of) => object(of)))) {
      const args = { field: sent };
      assertStrictEquals(mend(object({ field: { anyOf } }), args), args, JSON.stringify(args));
    }
  }
});

Deno.test("what a schema takes is not changed, nor what may be taken, unless it is known to be refused", () => {
  const either = { anyOf: [object({ n: INTEGER }), object({ n: { type: "string" } })] };
  const unsure = { anyOf: [object({ n: INTEGER }), { type: "object", unheard: 1 }] };
  const args = { n: "5" };
  for (const schema of [either, unsure]) assertStrictEquals(mend(schema, args), args);
  const refused = (schema: Schema, args: unknown) =>
    mendedArguments(args, {
      schema,
      judge: schemaJudge(schema),
      changes: false,
      areRefused: true,
    });
  assertEquals(refused(unsure, args), { n: 5 });
  // A part that is taken is so all the same.
  const parts = object({ n: INTEGER, text: { type: ["string", "number"] } });
  assertEquals(refused(parts, { n: "5", text: "5" }), { n: 5, text: "5" });
});

Deno.test("a text stays a text, whatever it looks like", () => {
  const schema = object({
    text: { type: "string" },
    any: {},
    either: { type: ["string", "number"] },
  });
  for (const text of ["5", "true", "null", "[1]", '{"a":1}', "", '{"__proto__":{}}']) {
    const args = { text, any: text, either: text };
    assertStrictEquals(mend(schema, args), args);
  }
});

Deno.test("null and an empty text stand for what is left out, unless the schema takes them", () => {
  const fields = {
    number: INTEGER,
    choice: { enum: ["a"] },
    list: LABELS,
    short: { type: "string", minLength: 1 },
    text: { type: "string" },
    nullable: { anyOf: [{ type: "string", minLength: 1 }, { type: "null" }] },
    openapi: { type: "string", nullable: true },
  };
  const all = (value: unknown) =>
    Object.fromEntries(Object.keys(fields).map((name) => [name, value]));
  assertEquals(mend(object(fields), all(null)), { nullable: null, openapi: null });
  assertEquals(mend(object(fields), all("")), { text: "", openapi: "" });
  const required = object(fields, ...Object.keys(fields));
  for (const args of [all(null), all("")]) assertStrictEquals(mend(required, args), args);
  assertEquals(mend(object({ in: object({ n: INTEGER }) }), { in: { n: null } }), { in: {} });
  // In a list nothing can be left out.
  const list = { list: [null, "a"] };
  assertStrictEquals(mend(object({ list: LABELS }), list), list);
});

Deno.test("a tool that changes something is not called by what may have been meant", () => {
  const schema = object({
    account: { type: "string", minLength: 1 },
    assignee: { type: "string", minLength: 1 },
    notify: { type: "boolean" },
    text: { type: "string", maxLength: 9 },
    limit: INTEGER,
    people: LABELS,
    place: object({ text: { type: "string" } }),
  });
  const kept: Record<string, unknown>[] = [
    ...[null, ""].flatMap((nothing) => [
      { account: nothing },
      { assignee: nothing },
      { notify: nothing },
      { limit: nothing },
      { people: nothing },
    ]),
    { notify: "true" },
    { notify: "false" },
    // What is content at the top is not so further down.
    { place: { text: null } },
    ...["0x5", " 5", "5.0", "1e3", "05"].map((limit) => ({ limit })),
  ];
  for (const args of kept) {
    const mended = mend(schema, args, { changes: true, content: ["text"] });
    assertStrictEquals(mended, args, JSON.stringify(args));
  }
  const mended = mend(schema, {
    text: null,
    limit: "5",
    people: '["ana"]',
    sessionId: "s",
  }, { changes: true, content: ["text"] });
  assertEquals(mended, { limit: 5, people: ["ana"] });
  const unnamed = { text: null };
  assertStrictEquals(mend(schema, unnamed, { changes: true }), unnamed);
});

Deno.test("the keys that n8n adds are dropped where nothing knows them", () => {
  const noise = { sessionId: "s", action: "sendMessage", chatInput: "hi", toolCallId: "call_1" };
  assertEquals(Object.keys(noise), [...N8N_KEYS]);
  const closed = object({ x: { type: "string" } });
  assertEquals(mend(closed, { x: "a", ...noise }), { x: "a" });
  const knows = object({ x: {}, action: { type: "string" } });
  assertEquals(mend(knows, { ...noise }), { action: "sendMessage" });
  // What may hold anything holds these too.
  for (
    const schema of [{ type: "object", properties: {} }, { type: "object", patternProperties: {} }]
  ) {
    const args = { ...noise };
    assertStrictEquals(mend(schema, args), args);
  }
  const open = { type: "object", properties: { n: INTEGER } };
  assertEquals(mend(open, { n: "5", ...noise }), { n: 5, ...noise });
  for (const others of [{ x: "a", session_id: "s" }, { x: "a", other: null }]) {
    assertStrictEquals(mend(closed, others), others);
  }
  const either = { anyOf: [closed, object({ y: { type: "string" } }, "y")] };
  assertEquals(mend(either, { x: "a", ...noise }), { x: "a" });
  // What a pattern may be about is left to it, and to nothing else.
  for (const additionalProperties of [false, INTEGER]) {
    const patterned = { ...object({ n: INTEGER }), patternProperties: {}, additionalProperties };
    const args = { ...noise, other: "7" };
    assertEquals(mend(patterned, { n: "5", ...args }), { n: 5, ...args });
  }
  const deeper = { in: noise };
  assertStrictEquals(mend(object({ in: closed }), deeper), deeper);
});

Deno.test("no argument reaches a prototype", () => {
  const schema = object({ n: INTEGER, in: { type: "object" } });
  const args = JSON.parse(
    '{"n":"5","__proto__":{"x":1},"constructor":"c","in":"{\\"__proto__\\":{\\"x\\":1}}"}',
  );
  const mended = mend(schema, args) as Record<string, unknown>;
  assertEquals(mended.n, 5);
  assertEquals(Object.keys(mended), ["n", "__proto__", "constructor", "in"]);
  assertEquals(Object.getPrototypeOf(mended), Object.prototype);
  assertEquals(Object.keys(mended.in as object), ["__proto__"]);
  assertEquals(({} as { x?: number }).x, undefined);
  // Nor is what every object has a field that a schema knows.
  const inherited = { constructor: "5", toString: "5", n: "5" };
  assertEquals(mend(schema, inherited), { ...inherited, n: 5 });
});

Deno.test("a text stands for no more than a body may hold", () => {
  const schema = object({ list: { type: "array" }, more: { type: "array" } });
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const many = (count: number) => `[${Array(count).fill("1").join(",")}]`;
  mend(schema, { list: deep(61) });
  mend(schema, { list: many(MAX_VALUES - 10) });
  const refused = [
    { list: deep(62) },
    { list: deep(1_000) },
    { list: many(MAX_VALUES) },
  ];
  for (const args of refused) assertThrows(() => mend(schema, args), TooComplex);
  // Each alone would do.
  const both = { list: many(MAX_VALUES / 2), more: many(MAX_VALUES / 2) };
  assert(isBounded(mend(schema, both)));
  // A text of that length is one value, and what came as it is was counted before.
  const long = ["x".repeat(400_000)];
  assertEquals(mend(schema, { list: JSON.stringify(long) }), { list: long });
  const sent = { list: JSON.parse(deep(100)) };
  assertStrictEquals(mend(schema, sent), sent);
});

Deno.test("of a thousand alternatives and members only so many are looked at", () => {
  const names = Array.from({ length: 1_000 }, (_, at) => `p${at}`);
  const alternatives = names.map((name) => object({ [name]: INTEGER }, name));
  const schema = object({ a: { anyOf: alternatives }, b: { type: "array", items: INTEGER } });
  const all = Object.fromEntries(names.map((name) => [name, "1"]));
  const judge = schemaJudge(schema);
  let asked = 0;
  const counting: typeof judge = (part, value) => {
    asked++;
    return judge(part, value);
  };
  const attacks = [{ a: all }, { a: JSON.stringify(all) }, { b: Array(90_000).fill("x") }];
  for (const args of attacks) mendedArguments(args, { schema, judge: counting, changes: false });
  assert(asked < 20_000, `${asked} were asked`);
  // What honest callers send is far below that.
  const ids = Array.from({ length: 1_000 }, (_, at) => String(at + 1));
  assertEquals(mend(schema, { b: ids }), { b: ids.map(Number) });
  // What cannot be mended to its end is not begun, however long a judge goes on.
  const tireless: typeof judge = (part, value) => schemaJudge(schema)(part, value);
  const many = { b: Array(6_000).fill("1") };
  const mended = mendedArguments(many, { schema, judge: tireless, changes: false });
  assertStrictEquals(mended, many);
});

Deno.test("a schema that leads back to itself in a hundred ways is gone through in some of them", () => {
  let looks = 0;
  const ways = Array(100).fill({ $ref: "#" });
  const schema = Object.defineProperty({ type: "string" }, "anyOf", {
    enumerable: true,
    get: () => {
      if (++looks > 200_000) throw new Error("It does not end");
      return ways;
    },
  });
  assertEquals(mend(schema, { a: "5" }), { a: "5" });
});

Deno.test("texts within texts end", () => {
  const schema: Schema = { type: "array", items: { $ref: "#" } };
  let text = "[]";
  while (text.length < 500_000) {
    text = JSON.stringify([`${"[".repeat(40)}${text}${"]".repeat(40)}`]);
  }
  for (const args of [text, [text]]) {
    try {
      mend(schema, args);
    } catch (error) {
      assert(error instanceof TooComplex, String(error));
    }
  }
});

Deno.test("a schema that leads back to itself ends", () => {
  const loops: Schema[] = [
    { anyOf: [{ $ref: "#" }, { $ref: "#" }], type: "object" },
    { $ref: "#" },
    { type: "object", properties: { a: { allOf: [{ $ref: "#/properties/a" }] } } },
    { type: "object", properties: { a: { anyOf: [{ $ref: "#/properties/a" }, INTEGER] } } },
    { not: { $ref: "#" } },
    { not: {}, allOf: [{ $ref: "#" }] },
  ];
  for (const schema of loops) {
    const args = { a: "5" };
    const mended = mend(schema, args);
    assert(mended === args || JSON.stringify(mended) === '{"a":5}');
  }
  const tree = object({ n: INTEGER, sub: { $ref: "#" } });
  assertEquals(mend(tree, { sub: { sub: '{"n":"7"}' } }), { sub: { sub: { n: 7 } } });
});

Deno.test("a thousand readings that are alike do not go through what was sent once each", () => {
  let looks = 0;
  const rest = Object.defineProperty({}, "x", { enumerable: true, get: () => (looks++, "sent") });
  const anyOf = Array.from({ length: 1000 }, (_none, at) => ({
    type: "object",
    properties: { n: INTEGER, [`other${at}`]: {} },
  }));
  assertEquals(mend(object({ field: { anyOf } }), { field: { n: "5", rest } }), {
    field: { n: 5, rest },
  });
  assert(looks < 20, String(looks));
});

Deno.test("the field that was probably meant is near, and what is not near is none", () => {
  const known = ["repo", "title", "max_results", "add_labels", "number", "to", "cc"];
  const rows: [string, string | undefined][] = [
    ["Repo", "repo"],
    ["titel", "title"],
    ["tilte", "title"],
    ["maxResults", "max_results"],
    ["max-results", "max_results"],
    ["addLabel", "add_labels"],
    ["nummber", "number"],
    ["repository", "repo"],
    ["subject", undefined],
    ["x", undefined],
    ["bcc", "cc"],
    ["", undefined],
    ["__proto__", undefined],
    ["title".repeat(100), undefined],
  ];
  for (const [name, meant] of rows) assertEquals(nearName(name, known), meant, name);
});
