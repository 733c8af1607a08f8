/** What becomes of each keyword of an upstream's schema, and of references that lead astray. */

import { assert, assertEquals } from "@std/assert";
import { flatSchema } from "../../../mcp/upstream/flat_schema.ts";
import { mendedSchema, referred, type Schema } from "../../../mcp/upstream/mend_schema.ts";

const object = (more: Schema = {}): Schema => ({ type: "object", ...more });

Deno.test("a keyword whose value is no such thing is left out, and the others stay", () => {
  const wrong: [keyword: string, values: unknown[], right: unknown][] = [
    ["title", [7, null, {}], "a"],
    ["uniqueItems", ["yes", 1, null], true],
    ["minimum", ["1", null, [1]], 1],
    ["multipleOf", [0, -1, "2"], 2],
    ["maxLength", [-1, 1.5, "3", null], 3],
    ["minItems", ["0"], 0],
    ["examples", ["x", {}], ["x"]],
    ["enum", [[], "a", null], ["a"]],
    ["pattern", ["(", 7], "^a$"],
    ["anyOf", [[], {}, "x"], [{ type: "string" }]],
    ["$defs", [[], "x"], { a: { type: "string" } }],
    ["patternProperties", ["x", []], { "^a$": { type: "string" } }],
    ["dependentRequired", ["x", []], { a: ["b"] }],
    ["dependencies", ["x", []], { a: ["b"], c: { type: "object" } }],
    ["additionalProperties", ["no", 1, []], false],
    ["unevaluatedProperties", ["no", null], { type: "string" }],
  ];
  for (const [keyword, values, right] of wrong) {
    for (const value of values) {
      const mended = mendedSchema({ description: "d", [keyword]: value });
      assertEquals(mended, { description: "d" }, `${keyword}: ${JSON.stringify(value)}`);
    }
    assertEquals(mendedSchema({ [keyword]: right })[keyword], right, keyword);
  }
  const patterns = { "(": { type: "string" }, "^a$": "nothing" };
  assertEquals(mendedSchema({ patternProperties: patterns }).patternProperties, { "^a$": {} });
});

Deno.test("what is mended allows no less than it did", () => {
  assertEquals(mendedSchema(object({ properties: { a: false, b: true, c: "x" } })).properties, {
    a: { not: {} },
    b: {},
    c: {},
  });
  // It may be what nobody knows.
  assertEquals(mendedSchema({ type: ["string", "moment"] }), {});
  assertEquals(mendedSchema({ type: ["str", "STRING"] }), { type: "string" });
  const nullable = { type: "string", nullable: true };
  assertEquals(mendedSchema(nullable), nullable);
  assertEquals(mendedSchema({ nullable: true }), {});
  assertEquals(mendedSchema({ type: "string", nullable: "yes" }), { type: "string" });
});

Deno.test("what stands behind a tuple may be anything, and a tuple of nothing is any array", () => {
  const prefixItems = [{ type: "string" }];
  for (const tuple of [{ items: prefixItems }, { prefixItems, items: false }, { prefixItems }]) {
    assertEquals(mendedSchema(tuple), { prefixItems, items: {} });
  }
  assertEquals(mendedSchema({ items: [] }), {});
  assertEquals(mendedSchema({ type: "array", items: [] }), { type: "array", items: {} });
});

Deno.test("draft 4's bounds become today's, and a bound alone is no number", () => {
  assertEquals(mendedSchema({ minimum: 1, exclusiveMinimum: true }), { exclusiveMinimum: 1 });
  assertEquals(mendedSchema({ maximum: 9, exclusiveMaximum: true }), { exclusiveMaximum: 9 });
  assertEquals(mendedSchema({ exclusiveMinimum: true }), {});
  assertEquals(mendedSchema({ maximum: 9, exclusiveMaximum: false }), { maximum: 9 });
  assertEquals(mendedSchema({ exclusiveMaximum: 9 }), { exclusiveMaximum: 9 });
});

Deno.test("what is required and nowhere else is a property of an object, and of nothing else", () => {
  assertEquals(
    mendedSchema(object({ required: ["a"] })),
    object({
      required: ["a"],
      properties: { a: {} },
    }),
  );
  assertEquals(mendedSchema({ required: ["a"] }), { required: ["a"] });
  assertEquals(mendedSchema({ required: ["a"], properties: { b: {} } }), {
    required: ["a"],
    properties: { b: {}, a: {} },
  });
  assertEquals(mendedSchema({ type: "string", required: ["a"], properties: { a: {} } }), {
    type: "string",
  });
});

Deno.test("a reference is followed where it leads within the same schema, and is left out elsewhere", () => {
  const root = {
    $id: "https://x.example/tool#",
    $defs: { "a/b": { type: "string" }, "c~d": { type: "number" }, t: true, "%": {}, n: null },
    list: [{ type: "boolean" }],
  };
  const to = (reference: string) => referred(root, reference);
  assertEquals(to("#/$defs/a~1b"), { type: "string" });
  assertEquals(to("#/$defs/c~0d"), { type: "number" });
  assertEquals(to("#/%24defs/a~1b"), { type: "string" });
  assertEquals(to("#/list/0"), { type: "boolean" });
  assertEquals(to("#/$defs/t"), {});
  assertEquals(to("#"), root);
  for (
    const nowhere of [
      "#/$defs/none",
      "#/$defs/n",
      "#/$defs/n/more",
      "#/$defs/a~1b/type/length",
      "#/$defs/%",
      "#/list/1",
      "#/constructor",
      "#/__proto__",
      "#/$defs/a~1b/__proto__",
      "#name",
      "/$defs/t",
    ]
  ) assertEquals(to(nowhere), undefined, nowhere);
  const refOf = ($ref: unknown, $id: unknown = root.$id) =>
    (mendedSchema({ $id, $defs: root.$defs, properties: { a: { $ref } } })
      .properties as Record<string, Schema>).a!.$ref;
  assertEquals(refOf("#/$defs/t"), "#/$defs/t");
  assertEquals(refOf("https://x.example/tool#/$defs/t"), "#/$defs/t");
  for (const away of ["https://y.example/tool#/$defs/t", "#/$defs/none", 7, null]) {
    assertEquals(refOf(away), undefined, String(away));
  }
  assertEquals(refOf("#/$defs/t", ""), "#/$defs/t");
  assertEquals(refOf("/$defs/t", ""), undefined);
  // One after the other, and in a circle.
  const chain: Record<string, Schema> = { end: { type: "string" } };
  for (let n = 0; n < 30; n++) {
    chain[`r${n}`] = { $ref: n === 0 ? "#/$defs/end" : `#/$defs/r${n - 1}` };
  }
  assertEquals(referred({ $defs: chain }, "#/$defs/r5"), { type: "string" });
  assertEquals(referred({ $defs: chain }, "#/$defs/r29"), undefined);
  assertEquals(referred({ $ref: "#" }, "#"), undefined);
  const elsewhere = { $ref: "https://y.example/" };
  assertEquals(referred({ $defs: { elsewhere } }, "#/$defs/elsewhere"), elsewhere);
});

Deno.test("an input of more alternatives, or more properties, than anybody means cannot be told", () => {
  const alternatives = (count: number) =>
    Array.from({ length: count }, (_, at) => object({ properties: { [`a${at}`]: {} } }));
  assert(flatSchema(object({ anyOf: alternatives(150) })) !== undefined);
  assertEquals(flatSchema(object({ anyOf: alternatives(250) })), undefined);
  assertEquals(flatSchema(object({ allOf: [{ anyOf: alternatives(250) }] })), undefined);
  const properties = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, {}]));
  assert(flatSchema(object({ properties: properties(1_000) })) !== undefined);
  assertEquals(flatSchema(object({ properties: properties(1_001) })), undefined);
});

Deno.test("alternatives that are none count for nothing, and parts that say the same say it once", () => {
  const name = { type: "string" };
  const odd = [null, "x", 7, ["a"]];
  const { schema } = flatSchema(object({
    properties: { name },
    allOf: [...odd, object({ properties: { name } })],
    anyOf: odd,
  }))!;
  assertEquals(schema.properties, { name });
  const { schema: both } = flatSchema(object({
    properties: { name },
    allOf: [object({ properties: { name: { maxLength: 9 } } })],
  }))!;
  assertEquals(both.properties, { name: { allOf: [name, { maxLength: 9 }] } });
});

Deno.test("a property's name is short enough for every client, also where several would be called the same", () => {
  const long = "é".repeat(100);
  const { schema, renamed } = flatSchema(object({
    properties: { [`${long}a`]: {}, [`${long}b`]: {}, plain: {} },
  }))!;
  const names = Object.keys(schema.properties as Schema);
  assertEquals(new Set(names).size, 3);
  for (const name of names) assert(/^[A-Za-z0-9_.-]{1,64}$/.test(name), name);
  assertEquals(Object.values(renamed).sort(), [`${long}a`, `${long}b`]);
});

Deno.test("what a schema with alternatives allows beside its properties is not said of all of them", () => {
  const closed = { additionalProperties: false, unevaluatedProperties: false };
  const own = { type: "object", properties: { a: { type: "string" } }, ...closed };
  const one = flatSchema(own)!.schema;
  assertEquals([one.additionalProperties, one.unevaluatedProperties], [false, false]);
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    const parts = [{ properties: { b: { type: "number" } } }];
    const { schema } = flatSchema({ ...own, [keyword]: parts })!;
    assertEquals(Object.keys(schema.properties as Schema), ["a", "b"], keyword);
    assertEquals(["additionalProperties", "unevaluatedProperties"].map((each) => each in schema), [
      false,
      false,
    ], keyword);
  }
});
