import { assert, assertEquals } from "@std/assert";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { MAX_DEPTH } from "../../../broker/core/json.ts";
import { argumentsFor } from "../../../mcp/upstream/flat_schema.ts";
import { parameterHeaders } from "../../../mcp/upstream/header_values.ts";
import { mendedTool } from "../../../mcp/upstream/mend_tool.ts";
import { ODD_TOOLS } from "../../support/odd_tools.ts";

/** The tool as it is listed. */
function mended(tool: unknown) {
  const result = mendedTool(tool);
  assert("tool" in result, JSON.stringify([tool, result]));
  return result.tool;
}

/** The input as it is listed. */
const input = (inputSchema: unknown) => mended({ name: "x", inputSchema }).inputSchema;

const name = (tool: unknown) => JSON.stringify(tool)?.slice(0, 300);

Deno.test("each odd tool is mended, or has its own fault", () => {
  for (const { tool, fault } of ODD_TOOLS) {
    const result = mendedTool(tool);
    assertEquals("fault" in result ? result.fault : undefined, fault, name(tool));
  }
});

Deno.test("no tool that is listed makes a client refuse all: SDK, draft 7, draft 2020-12, APIs", () => {
  const ajv = new AjvJsonSchemaValidator();
  const modern = new Ajv2020({ strict: false, logger: false });
  const listed = ODD_TOOLS.filter(({ fault }) => fault === undefined).map(({ tool }) =>
    mended(tool)
  );
  assert(ListToolsResultSchema.safeParse({ tools: listed }).success);
  for (const tool of listed) {
    const { inputSchema, outputSchema } = tool;
    for (const schema of [inputSchema, ...(outputSchema === undefined ? [] : [outputSchema])]) {
      ajv.getValidator(schema as Parameters<typeof ajv.getValidator>[0]);
      assert(modern.validateSchema(schema), `${tool.name}: ${modern.errorsText()}`);
      modern.compile(schema);
      areWhole(schema, tool.name);
    }
    const forbidden = ["$ref", "anyOf", "oneOf", "allOf", "not", "enum", "const"];
    for (const keyword of forbidden) assert(!(keyword in inputSchema), `${tool.name}: ${keyword}`);
    assertEquals(inputSchema.type, "object");
    const properties = Object.keys(inputSchema.properties!);
    for (const property of properties) assert(/^[A-Za-z0-9_.-]{1,64}$/.test(property), property);
    for (const each of inputSchema.required ?? []) assert(properties.includes(each), tool.name);
  }
});

/** OpenAI takes no array without them, Gemini no name that is required and nowhere else. */
function areWhole(schema: unknown, tool: string): void {
  if (typeof schema !== "object" || schema === null) return;
  const { type, items, properties, required = [] } = schema as Record<string, unknown>;
  const own = Object.keys(properties ?? {});
  const isObject = [type].flat().includes("object");
  for (const name of required as string[]) assert(!isObject || own.includes(name), tool);
  if (type !== undefined && !isObject) assertEquals(own, [], tool);
  if ([type].flat().includes("array")) assert(typeof items === "object", tool);
  for (const each of [items, ...Object.values(properties ?? {})]) areWhole(each, tool);
}

Deno.test("what is right stays as it is, and mending what was mended changes nothing", () => {
  const right = {
    type: "object",
    properties: {
      city: { type: "string", description: "Where", minLength: 1, pattern: "^[A-Z]" },
      days: { type: "integer", minimum: 1, maximum: 14, default: 3 },
      units: { enum: ["c", "f"], "x-order": 1 },
      at: { type: ["string", "null"], format: "date-time" },
      tags: { type: "array", items: { $ref: "#/$defs/tag" }, uniqueItems: true },
      where: { anyOf: [{ type: "string" }, { type: "object", additionalProperties: false }] },
      id: { type: "string" },
    },
    required: ["city"],
    additionalProperties: false,
    $defs: { tag: { type: "string", examples: ["a"] } },
  };
  assertEquals(input(right), right as ReturnType<typeof input>);
  const tool = {
    name: "weather",
    title: "Weather",
    description: "Tells it.",
    inputSchema: right,
    outputSchema: right,
    annotations: { title: "W", readOnlyHint: true, other: [1] },
    _meta: { "ui/resourceUri": "ui://w" },
    icons: [{ src: "data:image/png;base64,AA==", sizes: ["48x48"] }],
    execution: { taskSupport: "optional" },
    somethingNew: { a: 1 },
  };
  assertEquals(mended(tool), tool as unknown as ReturnType<typeof mended>);
  for (const { tool, fault } of ODD_TOOLS) {
    if (fault !== undefined) continue;
    // As JSON: older runtimes compare no objects with a member that is called constructor.
    assertEquals(JSON.stringify(mended(mended(tool))), JSON.stringify(mended(tool)), name(tool));
  }
});

Deno.test("alternatives at the top become one object that takes whatever one of them takes", () => {
  const of = (properties: unknown, required: string[]) => ({
    type: "object",
    properties,
    required,
  });
  assertEquals(
    input({
      anyOf: [
        of({ kind: { const: "a" }, x: { type: "string" } }, ["kind", "x"]),
        of({ kind: { const: "b" }, y: { type: "number" } }, ["kind", "y"]),
        { type: "null" },
      ],
    }),
    {
      type: "object",
      properties: {
        kind: { anyOf: [{ const: "a" }, { const: "b" }] },
        x: { type: "string" },
        y: { type: "number" },
      },
      required: ["kind"],
    },
  );
  assertEquals(
    input({ allOf: [of({ a: {} }, ["a"]), of({ a: { type: "string" }, b: {} }, ["b"])] }),
    {
      type: "object",
      properties: { a: { allOf: [{}, { type: "string" }] }, b: {} },
      required: ["a", "b"],
    },
  );
  // A reference that pointed into what was taken apart leads nowhere any more.
  assertEquals(
    input({ anyOf: [of({ a: { type: "string" }, b: { $ref: "#/anyOf/0/properties/a" } }, [])] })
      .properties,
    { a: { type: "string" }, b: {} },
  );
});

Deno.test("other drafts' words mean the same in the one that is listed", () => {
  const { properties } = input({
    type: "object",
    properties: {
      tuple: { type: "array", items: [{ type: "string" }], additionalItems: false },
      above: { type: "number", minimum: 3, exclusiveMinimum: true },
      word: { type: "int" },
    },
  });
  assertEquals(properties, {
    tuple: { type: "array", prefixItems: [{ type: "string" }], items: {} },
    above: { type: "number", exclusiveMinimum: 3 },
    word: { type: "integer" },
  });
});

Deno.test("schemas that cost time cost none: alternatives of alternatives, references in circles", () => {
  const $defs: Record<string, unknown> = {};
  for (let level = 0; level < 40; level++) {
    const next = { $ref: `#/$defs/d${level + 1}` };
    $defs[`d${level}`] = { anyOf: [next, next], allOf: [next] };
  }
  $defs.d40 = { type: "object", properties: { x: {} } };
  const bomb = { $ref: "#/$defs/d0", $defs };
  assertEquals(mendedTool({ name: "x", inputSchema: bomb }), { fault: "input_not_an_object" });
  let deep: unknown = {};
  for (let level = 0; level <= MAX_DEPTH; level++) deep = { properties: { x: deep } };
  assertEquals(mendedTool({ name: "x", inputSchema: deep }), { fault: "malformed" });
  const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_none, at) => [`p${at}`, {}]));
  assertEquals(mendedTool({ name: "x", inputSchema: { properties: wide } }), {
    fault: "input_not_an_object",
  });
});

Deno.test("a property called __proto__ changes nothing of anything else", () => {
  const tool = JSON.parse(
    '{"name":"x","inputSchema":{"type":"object","properties":{"__proto__":{"type":"string"},"a":{"properties":{"__proto__":true}}},"__proto__":{"type":"string"}},"annotations":{"__proto__":{"readOnlyHint":true}}}',
  );
  const { inputSchema, annotations } = mended(tool);
  assertEquals(Object.keys(inputSchema.properties!).length, 2);
  assert(!Object.hasOwn(inputSchema.properties!, "__proto__"));
  assertEquals(inputSchema.type, "object");
  assert(annotations?.readOnlyHint !== true);
  assertEquals(({} as Record<string, unknown>).type, undefined);
});

Deno.test("properties that APIs refuse by their names get others, and calls have their own again", () => {
  const properties = {
    $top: { type: "integer" },
    "filter[id]": { type: "string" },
    "filter(id)": {},
    filter_id_: {},
    ["x".repeat(70)]: {},
    plain: {},
  };
  const tool = (order: string[]) => ({
    name: "x",
    inputSchema: {
      type: "object",
      properties: Object.fromEntries(
        order.map((name) => [name, properties[name as keyof typeof properties]]),
      ),
      required: ["$top", "plain"],
      additionalProperties: false,
    },
  });
  const names = Object.keys(properties);
  const [there, back] = [tool(names), tool(names.toReversed())].map((tool) => {
    const result = mendedTool(tool);
    assert("tool" in result);
    return result;
  });
  // Which of them comes first says nothing.
  assertEquals(there!.renamed, back!.renamed);
  const { renamed, tool: { inputSchema } } = there!;
  const listed = Object.keys(inputSchema.properties!);
  assertEquals(listed.length, names.length);
  for (const name of listed) assert(/^[A-Za-z0-9_.-]{1,64}$/.test(name), name);
  assertEquals(inputSchema.required, ["_top", "plain"]);
  assertEquals([listed.includes("plain"), listed.includes("filter_id_")], [true, true]);
  const sent = Object.fromEntries(listed.map((name, at) => [name, at]));
  const got = argumentsFor(renamed, sent);
  assertEquals(got, Object.fromEntries(names.map((name, at) => [name, at])));
  // Who knows them by their own names is understood, and what is no object is theirs to refuse.
  assertEquals(argumentsFor(renamed, { $top: 1, constructor: 2 }), { $top: 1, constructor: 2 });
  for (const args of [null, "text", [1]]) assertEquals(argumentsFor(renamed, args), args);
});

Deno.test("an argument that is said in a header is so by whichever name its property is listed", () => {
  const region = { type: "string", "x-mcp-header": "Region" };
  const schemas = [
    { type: "object", properties: { "$region": region } },
    { anyOf: [{ type: "object", properties: { "$region": region } }, { properties: { x: {} } }] },
  ];
  for (const inputSchema of schemas) {
    const { inputSchema: listed } = mended({ name: "x", inputSchema });
    assertEquals(parameterHeaders(listed, { _region: "eu" }), { "Mcp-Param-Region": "eu" });
  }
});

Deno.test("an icon is a picture that a client may fetch, and nothing that runs", () => {
  const good = ["https://x.example/a.png", "HTTPS://x.example/a", "data:image/png;base64,AA=="];
  const bad = [
    "http://x.example/a.png",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://x.example/a.png",
    "file:///etc/passwd",
    "",
    7,
    ["https://x.example/a.png"],
    null,
  ];
  const { icons } = mended({ name: "x", icons: [...bad, ...good].map((src) => ({ src })) });
  assertEquals(icons, good.map((src) => ({ src })));
  const said = { src: good[0], mimeType: 7, sizes: ["1x1", 2], theme: "blue", onload: "x" };
  assertEquals(mended({ name: "x", icons: [said, "text"] }).icons, [{ src: good[0]! }]);
});
