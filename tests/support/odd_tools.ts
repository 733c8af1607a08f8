/**
 * Tools as servers list them that did not read the specification, or read
 * another one: the inputs of bug reports of clients, and their like.
 *
 * @module
 */

const OBJECT = { type: "object", properties: {} };

/** What becomes of one. */
export interface OddTool {
  tool: unknown;
  /** `undefined`: it is listed. */
  fault?: string;
}

const tool = (name: string, inputSchema: unknown, more: Record<string, unknown> = {}) => ({
  name,
  description: name,
  inputSchema,
  ...more,
});
const takes = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "object",
  properties,
  ...more,
});

/** Inputs that are mended. */
const INPUTS: Record<string, unknown> = {
  none: undefined,
  null: null,
  true: true,
  empty: {},
  no_type: { properties: { x: { type: "string" } } },
  type_list: { type: ["object", "null"], properties: { x: {} } },
  type_upper: { type: "OBJECT", properties: { x: { type: "STRING" } } },
  boolean_property: takes({ x: true, y: false, z: { type: "string" } }),
  null_property: takes({ x: null }),
  text_property: takes({ x: "string" }),
  number_property: takes({ x: 1 }),
  list_property: takes({ x: [{ type: "string" }] }),
  properties_alone: { id: { type: "string" }, name: { type: "string" } },
  properties_list: { type: "object", properties: [] },
  properties_null: { type: "object", properties: null },
  unknown_type: takes({ x: { type: "any" }, y: { type: "int" }, z: { type: "datetime" } }),
  properties_of_text: takes({ x: { type: "string", properties: { y: {} }, required: ["y"] } }),
  required_inside: takes({ x: { type: "array", items: { type: "object", required: ["y"] } } }),
  type_lists: takes({ x: { type: ["string", "nope"] }, y: { type: [] }, z: { type: 5 } }),
  required_flag: takes({ x: { type: "string", required: true } }, { required: true }),
  required_null: takes({ x: {} }, { required: null }),
  required_odd: takes({ x: {} }, { required: ["x", "x", 1, null] }),
  required_unknown: takes({ x: {} }, { required: ["x", "elsewhere"] }),
  any_of: { anyOf: [takes({ a: { type: "string" } }, { required: ["a"] }), takes({ b: {} })] },
  one_of_required: takes({ a: {}, b: {} }, {
    oneOf: [{ required: ["a"] }, { required: ["b"] }],
    additionalProperties: false,
  }),
  all_of: {
    type: "object",
    allOf: [takes({ a: {} }), { $ref: "#/$defs/b" }],
    $defs: { b: takes({ b: {} }) },
  },
  any_of_null: { anyOf: [takes({ a: {} }), { type: "null" }] },
  top_not: takes({ a: {} }, { not: { required: ["a"] }, enum: [{}], const: {} }),
  top_reference: {
    $ref: "#/definitions/Args",
    definitions: { Args: takes({ a: {} }, { required: ["a"] }) },
  },
  if_then: takes({ a: {} }, { if: { required: ["a"] }, then: { required: ["b"] }, else: false }),
  unresolvable: takes({ x: { $ref: "#/$defs/nowhere", description: "an x" } }),
  elsewhere: takes({ x: { $ref: "https://example.com/schema.json#/x" } }),
  file: takes({ x: { $ref: "common.json" } }),
  reference_number: takes({ x: { $ref: 5 } }),
  in_circles: takes({ x: { $ref: "#/$defs/a" } }, {
    $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
  }),
  itself: { $ref: "#" },
  recursive: takes({ x: { $ref: "#" } }),
  by_id: {
    $id: "https://example.com/args",
    ...takes({ x: { $ref: "https://example.com/args#/$defs/x" } }),
    $defs: { x: {} },
  },
  by_anchor: takes({ x: { $ref: "#x" } }, { $defs: { x: { $anchor: "x" } } }),
  escaped: takes({ x: { $ref: "#/$defs/a~1b%20c" } }, { $defs: { "a/b c": { type: "string" } } }),
  percent: takes({ x: { $ref: "#/$defs/%" } }),
  dynamic: takes({ x: { $dynamicRef: "#node" } }, { $dynamicAnchor: "node" }),
  drafts: {
    $schema: "http://json-schema.org/draft-04/schema#",
    id: "x",
    ...takes({ n: { type: "number", minimum: 0, exclusiveMinimum: true } }),
  },
  draft_2020: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...takes({ x: { prefixItems: [{ type: "string" }], items: false, type: "array" } }),
  },
  draft_unknown: { $schema: "https://example.com/my-draft", ...OBJECT },
  schema_number: { $schema: 7, ...OBJECT },
  tuple: takes({ x: { type: "array", items: [{ type: "string" }, true], additionalItems: false } }),
  no_items: takes({ x: { type: "array" }, y: { type: ["array", "null"] } }),
  items_null: takes({ x: { type: "array", items: null } }),
  nullable: takes({
    x: { nullable: true },
    y: { type: "string", nullable: true },
    z: { type: ["string", "null"], nullable: false },
  }),
  enum_empty: takes({ x: { enum: [] }, y: { enum: "a" }, z: { enum: [1, 1, null] } }),
  pattern_python: takes({ x: { type: "string", pattern: "(?P<y>a)\\Z" }, y: { pattern: 5 } }),
  pattern_properties: takes({}, { patternProperties: { "(?i)x": {}, "^y$": true } }),
  words_null: takes({
    x: { description: null, title: 5, format: {}, examples: "no", deprecated: "yes" },
  }),
  numbers_text: takes({
    x: { minLength: "5", maximum: "9", multipleOf: 0, minItems: -1, maxItems: 1.5 },
  }),
  additional_text: takes({}, { additionalProperties: "false" }),
  combined_empty: takes({ x: { anyOf: [], oneOf: {}, allOf: null } }),
  async: { $async: true, ...takes({ x: { $async: true } }) },
  property_names: takes({
    $filter: {},
    "user[id]": {},
    ["x".repeat(65)]: {},
    ünï: {},
    __proto_: {},
    ok: {},
  }),
  property_names_required: takes({ $filter: {} }, {
    required: ["$filter"],
    additionalProperties: false,
    dependentRequired: { $filter: ["$top"] },
  }),
  keyword_properties: takes({
    id: { type: "string" },
    $ref: { type: "string" },
    type: { type: "string" },
    required: { type: "boolean" },
    properties: {},
  }),
  data: takes({
    x: { default: { $ref: "#/nowhere" }, const: { type: "any" }, examples: [{ $schema: 1 }] },
  }),
  dependencies: takes({ a: {} }, {
    dependencies: { a: ["b", 1], c: 5 },
    dependentRequired: { a: "b" },
    dependentSchemas: [],
  }),
  constructor_property: takes({
    constructor: { type: "string" },
    toString: {},
    hasOwnProperty: {},
  }),
  deep: takes({
    x: Array.from({ length: 20 }).reduce(
      (inner: unknown) => ({ type: "object", properties: { x: inner } }),
      true,
    ),
  }),
};

/** Inputs that nothing is made of. */
const BAD_INPUTS: Record<string, unknown> = {
  bad_false: false,
  bad_text: "object",
  bad_list: [],
  bad_type: { type: "array", items: {} },
  bad_any_of: { anyOf: [{ type: "string" }, { type: "number" }] },
  bad_in_circles: { allOf: [{ $ref: "#" }, { $ref: "#" }] },
};

const OUTPUTS: Record<string, unknown> = {
  array: { type: "array", items: { type: "string" } },
  null: null,
  text: "string",
  boolean: true,
  no_type: { properties: { x: {} } },
  any_of: { anyOf: [OBJECT, OBJECT] },
  references: takes({ x: { $ref: "#/$defs/nowhere" } }),
  top_reference: { $ref: "#/$defs/x", $defs: { x: OBJECT } },
  boolean_property: takes({ x: true }),
  one_id: { $id: "https://example.com/same", ...takes({ x: { type: "string" } }) },
  other_id: { $id: "https://example.com/same", ...takes({ x: { type: "number" } }) },
  bad_pattern: takes({ x: { pattern: "(" } }),
  unknown_type: takes({ x: { type: "float32" } }),
  draft_2020: { $schema: "https://json-schema.org/draft/2020-12/schema", ...OBJECT },
};

const MEMBERS: Record<string, Record<string, unknown>> = {
  title_null: { title: null },
  title_number: { title: 5 },
  description_null: { description: null },
  description_object: { description: { text: "x" } },
  description_missing: { description: undefined },
  annotations_null: { annotations: null },
  annotations_list: { annotations: [] },
  annotations_odd: {
    annotations: { title: null, readOnlyHint: "true", destructiveHint: null, other: 1 },
  },
  meta_null: { _meta: null },
  meta_text: { _meta: "x" },
  icons_null: { icons: null },
  icons_odd: {
    icons: [null, "x", { src: 5 }, { src: "javascript:alert(1)" }, {
      src: "https://a.example/i.png",
      sizes: "48x48",
      mimeType: 1,
      theme: "blue",
    }],
  },
  execution_null: { execution: null },
  execution_odd: { execution: { taskSupport: "maybe" } },
  more_members: { outputSchema: OBJECT, somethingNew: { a: [1] }, toJSON: "x", constructor: 5 },
};

/** All of them, with names of their own. */
export const ODD_TOOLS: OddTool[] = [
  ...Object.entries(INPUTS).map(([name, schema]) => ({ tool: tool(`in_${name}`, schema) })),
  ...Object.entries(OUTPUTS).map(([name, outputSchema]) => ({
    tool: tool(`out_${name}`, OBJECT, { outputSchema }),
  })),
  ...Object.entries(MEMBERS).map(([name, more]) => ({ tool: tool(name, OBJECT, more) })),
  ...Object.entries(BAD_INPUTS).map(([name, schema]) => ({
    tool: tool(name, schema),
    fault: "input_not_an_object",
  })),
  ...[null, 5, "tool", [], {}, { name: 5 }, { name: "" }, { name: null, inputSchema: OBJECT }].map(
    (tool) => ({ tool, fault: "malformed" }),
  ),
  { tool: tool("n".repeat(129), OBJECT), fault: "name_too_long" },
  { tool: tool("n".repeat(128), OBJECT) },
  { tool: tool("Ünï cödé/with.dots and\nlines", OBJECT) },
  { tool: tool("__proto__", OBJECT) },
  { tool: tool("constructor", OBJECT) },
];
