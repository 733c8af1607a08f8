import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { Ajv2020 } from "ajv/dist/2020.js";
import { listedSchema } from "../../mcp/listed_schema.ts";
import { modulesWithTools } from "../support/own_tools.ts";
import { ARGUMENTS } from "../support/tool_arguments.ts";

Deno.test("arguments are listed with what a model goes by, and without what it does not", () => {
  const input = z.strictObject({
    title: z.string().min(1).max(200),
    key: z.string().min(2).max(9).regex(/^[A-Z]+$/).describe("Such as ENG."),
    limit: z.int().min(1).max(50).default(10),
    share: z.int().min(5).max(1_440).default(30),
    page: z.int().min(1).default(1),
    offset: z.int().min(0).max(1_000_000).default(0),
    day: z.iso.date().optional(),
    draft: z.boolean().default(false),
    notify: z.boolean().default(true),
    query: z.string().default(""),
    kinds: z.array(z.enum(["a", "b"])).max(2).default([]),
    labels: z.array(z.string().min(1)).min(1).max(20).default(["new"]),
    people: z.array(z.strictObject({ name: z.string().max(5) })).min(2).max(8).optional(),
    assignee: z.string().max(100).nullable().optional(),
    fields: z.record(z.string(), z.string()).optional(),
  });
  assertEquals(listedSchema(input, "input"), {
    type: "object",
    properties: {
      title: { type: "string" },
      key: { type: "string", description: "Such as ENG." },
      limit: { type: "integer", maximum: 50, default: 10 },
      share: { type: "integer", minimum: 5, default: 30 },
      page: { type: "integer" },
      offset: { type: "integer" },
      day: { type: "string", format: "date" },
      draft: { type: "boolean" },
      notify: { type: "boolean", default: true },
      query: { type: "string" },
      kinds: { type: "array", items: { type: "string", enum: ["a", "b"] } },
      labels: { type: "array", items: { type: "string" }, default: ["new"] },
      people: {
        type: "array",
        items: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        minItems: 2,
        maxItems: 8,
      },
      assignee: { anyOf: [{ type: "string" }, { type: "null" }] },
      fields: {
        type: "object",
        propertyNames: { type: "string" },
        additionalProperties: { type: "string" },
      },
    },
    required: ["title", "key"],
  });
});

Deno.test("a bound is listed up to where it is far, and a default as it is, unless it says nothing", () => {
  const fields = z.strictObject({
    few: z.array(z.string()).max(9),
    many: z.array(z.string()).max(10),
    near: z.int().min(2).max(999),
    far: z.int().min(1).max(1_000),
    zero: z.number().default(0),
    one: z.number().default(1),
    below: z.number().default(-1),
    unset: z.string().nullable().default(null),
    // What a default holds are no words of the schema.
    headers: z.record(z.string(), z.string()).default({ pattern: "a", maximum: "9" }),
  });
  assertEquals(listedSchema(fields, "input").properties, {
    few: { type: "array", items: { type: "string" }, maxItems: 9 },
    many: { type: "array", items: { type: "string" } },
    near: { type: "integer", minimum: 2, maximum: 999 },
    far: { type: "integer" },
    zero: { type: "number" },
    one: { type: "number", default: 1 },
    below: { type: "number", default: -1 },
    unset: { type: ["string", "null"], default: null },
    headers: {
      type: "object",
      propertyNames: { type: "string" },
      additionalProperties: { type: "string" },
      default: { pattern: "a", maximum: "9" },
    },
  });
});

Deno.test("what is listed takes all that is judged to be right", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  const own = new Map(
    modulesWithTools.flatMap((module) => module.create(settings).tools)
      .map(({ name, input }) => [name, input]),
  );
  for (const [name, args] of Object.entries(ARGUMENTS)) {
    const input = own.get(name)!;
    const fits = ajv.compile(listedSchema(input, "input"));
    assert(input.safeParse(args).success, name);
    assert(fits(args), `${name}: ${JSON.stringify(fits.errors)}`);
  }
});

Deno.test("answers are listed with their fields and kinds, and never stricter than they are", () => {
  const output = z.object({
    state: z.enum(["open", "closed"]),
    parts: z.array(z.object({ size: z.int().min(0), only: z.literal(true).optional() })),
  });
  assertEquals(listedSchema(output, "output"), {
    type: "object",
    properties: {
      state: { type: "string", enum: ["open", "closed"] },
      parts: {
        type: "array",
        items: {
          type: "object",
          properties: { size: { type: "integer" }, only: { type: "boolean" } },
        },
      },
    },
    required: ["state", "parts"],
  });
});

Deno.test("a field that is called like a word of the schema stays", () => {
  const names = ["required", "pattern", "maximum", "maxLength", "properties", "default", "enum"];
  const fields = z.object(Object.fromEntries(names.map((name) => [name, z.string().max(5)])));
  for (const io of ["input", "output"] as const) {
    const { properties } = listedSchema(fields, io);
    assertEquals(
      properties,
      Object.fromEntries(names.map((name) => [name, { type: "string" }])),
      io,
    );
  }
});

/** What Gemini's and OpenAI's functions have words for, and what converters for them leave in. */
const WORDS = {
  string: ["enum", "format", "default"],
  integer: ["minimum", "maximum", "default"],
  number: ["minimum", "maximum", "default"],
  boolean: ["default"],
  array: ["items", "minItems", "maxItems", "default"],
  object: ["properties", "required"],
  null: [],
};

Deno.test("arguments of our own tools are listed in words that every maker of models takes", () => {
  const check = (schema: Record<string, unknown>, where: string) => {
    const { type, description = "such", anyOf, ...words } = schema;
    assert(typeof description === "string" && description.trim() !== "", where);
    if (anyOf !== undefined) {
      assertEquals(words, {}, where);
      for (const each of anyOf as Record<string, unknown>[]) check(each, where);
      return;
    }
    const known: string[] = WORDS[type as keyof typeof WORDS];
    assert(known !== undefined, `${where} is of type ${type}`);
    for (const word of Object.keys(words)) assert(known.includes(word), `${where} has ${word}`);
    if (type === "array") check(words.items as Record<string, unknown>, `${where}[]`);
    for (const [name, field] of Object.entries(words.properties ?? {})) {
      check(field, `${where}.${name}`);
    }
  };
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  const tools = modulesWithTools.flatMap((module) => module.create(settings).tools);
  assert(tools.length > 50);
  for (const { name, input } of tools) {
    const schema = listedSchema(input, "input");
    assertEquals([schema.type, "anyOf" in schema], ["object", false], name);
    check(schema, name);
  }
});
