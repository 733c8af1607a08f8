/**
 * JSON Schemas of upstreams' tools as every client takes them. One schema that a
 * client's compiler, or the API behind it, refuses takes the whole list away, or
 * every request of the person. What is mended here only loosens: the upstream
 * checks arguments itself, whatever its schema says.
 *
 * Seen in November 2026: MCP SDK 1 refuses lists with boolean properties and
 * compiles all output schemas of a list (ajv, draft 7); Claude takes draft
 * 2020-12 alone, OpenAI no array without `items`, Gemini no `required` name
 * without a property.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { lookUp } from "../../broker/core/lists.ts";

/** A schema that is no boolean. */
export type Schema = Record<string, unknown>;

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"];
/** What other languages call them. */
const OTHER_TYPES: Record<string, string> = {
  int: "integer",
  long: "integer",
  float: "number",
  double: "number",
  decimal: "number",
  str: "string",
  text: "string",
  bool: "boolean",
  dict: "object",
  map: "object",
  list: "array",
  tuple: "array",
  none: "null",
};

/** How a keyword's value must look; what does not is left out. */
type Check = (value: unknown, from: Mending) => unknown;

const isText: Check = (value) => typeof value === "string" ? value : undefined;
const isFlag: Check = (value) => typeof value === "boolean" ? value : undefined;
const isNumber: Check = (value) => typeof value === "number" ? value : undefined;
const isCount: Check = (value) => Number.isInteger(value) && Number(value) >= 0 ? value : undefined;
const isFactor: Check = (value) => typeof value === "number" && value > 0 ? value : undefined;
const isList: Check = (value) => Array.isArray(value) ? value : undefined;
const schema: Check = (value, from) => mendedAt(value, from);
const schemaOrFlag: Check = (value, from) =>
  typeof value === "boolean" ? value : isRecord(value) ? mendedAt(value, from) : undefined;
const schemas: Check = (value, from) =>
  Array.isArray(value) && value.length > 0 ? value.map((each) => mendedAt(each, from)) : undefined;
const schemaMap: Check = (value, from) =>
  isRecord(value) ? mapped(value, (each) => mendedAt(each, from)) : undefined;
const left: Check = () => undefined;

/** Keywords that are not named here mean nothing to a validator, and stay. */
const KEYWORDS = new Map<string, Check>(Object.entries({
  // No client asks which draft it is, and identifiers of two tools may clash.
  $schema: left,
  $id: left,
  // Draft 4's, at which ajv throws whatever it is: where the properties stand in place of the schema, too.
  id: left,
  $anchor: left,
  $dynamicAnchor: left,
  $dynamicRef: left,
  $recursiveAnchor: left,
  $recursiveRef: left,
  $vocabulary: left,
  $async: left,
  $comment: isText,
  title: isText,
  description: isText,
  format: isText,
  contentEncoding: isText,
  contentMediaType: isText,
  pattern: (value) => typeof value === "string" && isPattern(value) ? value : undefined,
  uniqueItems: isFlag,
  deprecated: isFlag,
  readOnly: isFlag,
  writeOnly: isFlag,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: isFactor,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  minProperties: isCount,
  maxProperties: isCount,
  minContains: isCount,
  maxContains: isCount,
  examples: isList,
  enum: (value) => Array.isArray(value) && value.length > 0 ? distinct(value) : undefined,
  required: textsOf,
  dependentRequired: (value) => isRecord(value) ? mapped(value, textsOf) : undefined,
  not: schema,
  if: schema,
  then: schema,
  else: schema,
  contains: schema,
  propertyNames: schema,
  contentSchema: schema,
  additionalProperties: schemaOrFlag,
  unevaluatedProperties: schemaOrFlag,
  unevaluatedItems: schemaOrFlag,
  anyOf: schemas,
  oneOf: schemas,
  allOf: schemas,
  prefixItems: schemas,
  properties: schemaMap,
  $defs: schemaMap,
  definitions: schemaMap,
  dependentSchemas: schemaMap,
  dependencies: (value, from) =>
    isRecord(value)
      ? mapped(value, (each) => Array.isArray(each) ? textsOf(each) : mendedAt(each, from))
      : undefined,
  patternProperties: (value, from) =>
    isRecord(value)
      ? Object.fromEntries(
        Object.entries(value).filter(([pattern]) => isPattern(pattern))
          .map(([pattern, each]) => [pattern, mendedAt(each, from)]),
      )
      : undefined,
}));

interface Mending {
  /** What references are looked up in. */
  root: Schema;
}

/** A whole schema, mended. What it refers to and is not in it may be anything. */
export function mendedSchema(root: Schema): Schema {
  // What mending takes away may have been referred to.
  const once = mendedAt(root, { root });
  return mendedAt(once, { root: once });
}

/** Any value where a schema stands, as a schema. */
function mendedAt(value: unknown, from: Mending): Schema {
  if (value === false) return { not: {} };
  if (!isRecord(value)) return {};
  const out: Schema = {};
  for (const [keyword, member] of Object.entries(value)) {
    const check = KEYWORDS.get(keyword);
    const mended = check === undefined ? member : check(member, from);
    if (mended !== undefined) set(out, keyword, mended);
  }
  mendReference(out, from);
  mendType(out);
  mendBounds(value, out);
  mendItems(value, out, from);
  mendProperties(out);
  return out;
}

function mendReference(out: Schema, { root }: Mending): void {
  if (!("$ref" in out)) return;
  const local = localReference(out.$ref, root.$id);
  if (local === undefined || referred(root, local) === undefined) delete out.$ref;
  else out.$ref = local;
}

function mendType(out: Schema): void {
  if ("type" in out) {
    const all = (Array.isArray(out.type) ? out.type : [out.type]).map(typeOf);
    const known = distinct(all.filter((type) => type !== undefined));
    // Of several one is not known: it may be that.
    if (known.length === 0 || known.length < new Set(all).size) delete out.type;
    else out.type = known.length === 1 ? known[0] : known;
  }
  // OpenAPI's, which ajv takes together with a type alone.
  if (out.type === undefined || out.nullable !== true) delete out.nullable;
}

function typeOf(type: unknown): string | undefined {
  if (typeof type !== "string") return undefined;
  const word = type.toLowerCase();
  const other = lookUp(OTHER_TYPES, word) ?? word;
  return TYPES.includes(other) ? other : undefined;
}

/** Draft 4 has booleans beside `minimum` and `maximum`. */
function mendBounds(value: Schema, out: Schema): void {
  for (
    const [bound, exclusive] of [["minimum", "exclusiveMinimum"], ["maximum", "exclusiveMaximum"]]
  ) {
    if (value[exclusive!] !== true || out[bound!] === undefined) continue;
    out[exclusive!] = out[bound!];
    delete out[bound!];
  }
}

/**
 * A tuple is `items` up to draft 2019-09 and `prefixItems` afterwards, where `items` is for the
 * rest: a validator of either takes an honest list only if that is anything.
 */
function mendItems(value: Schema, out: Schema, from: Mending): void {
  const types = Array.isArray(out.type) ? out.type : [out.type];
  delete out.additionalItems;
  if (Array.isArray(value.items)) {
    delete out.items;
    const items = schemas(value.items, from);
    if (items !== undefined) out.prefixItems = items;
  } else if (value.items !== undefined) out.items = mendedAt(value.items, from);
  if (out.prefixItems !== undefined) out.items = {};
  if (types.includes("array") && out.items === undefined) out.items = {};
}

/** Gemini takes them of objects alone, and no name that is required and nowhere else. */
function mendProperties(out: Schema): void {
  const types = [out.type].flat();
  if (out.type !== undefined && !types.includes("object")) {
    delete out.properties;
    delete out.required;
  }
  // Elsewhere it is one of several alternatives, whose properties stand beside them.
  if (!Array.isArray(out.required) || !(types.includes("object") || out.properties)) return;
  const properties = isRecord(out.properties) ? out.properties : {};
  for (const name of out.required) {
    if (!Object.hasOwn(properties, name)) set(properties, name, {});
  }
  out.properties = properties;
}

/** `#/…` within the same schema, however it is written. */
function localReference(reference: unknown, id: unknown): string | undefined {
  if (typeof reference !== "string") return undefined;
  if (reference.startsWith("#")) return reference;
  const [before, fragment = ""] = reference.split("#");
  return typeof id === "string" && before === id.split("#")[0] ? `#${fragment}` : undefined;
}

/** More references from one to the next lead nowhere. */
const MOST_HOPS = 20;

/** What a local reference means in the end; `undefined` where it means nothing, or itself. */
export function referred(root: Schema, reference: string): Schema | undefined {
  let target = pointed(root, reference);
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    if (target === true) return {};
    if (!isRecord(target)) return undefined;
    const local = localReference(target.$ref, root.$id);
    if (local === undefined) return target;
    target = pointed(root, local);
  }
  return undefined;
}

/** A JSON pointer in a fragment (RFC 6901 §6). */
function pointed(root: Schema, reference: string): unknown {
  const [, ...steps] = reference.split("/");
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  let value: unknown = root;
  for (const step of steps) {
    const name = unescaped(step);
    if (typeof value !== "object" || value === null || name === undefined) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function unescaped(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    // No pointer: a `%` that is only a `%`.
    return undefined;
  }
}

/** JavaScript's, as JSON Schema has it. */
function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    // Another language's.
    return false;
  }
}

function textsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return [...new Set(value.filter((each) => typeof each === "string"))];
}

function distinct<T>(values: T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function mapped(of: Schema, to: (value: unknown) => unknown): Schema {
  return Object.fromEntries(
    Object.entries(of).map(([name, value]) => [name, to(value)])
      .filter(([, value]) => value !== undefined),
  );
}

/** Also where the name is `__proto__`. */
function set(of: Schema, name: string, value: unknown): void {
  Object.defineProperty(of, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
