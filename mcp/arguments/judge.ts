/**
 * Whether a JSON Schema takes a value, as far as that can be told without
 * running what others wrote: a pattern of an upstream's may take a year. What
 * cannot be told is `undefined`, which is neither yes nor no.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { lookUp } from "../../broker/core/lists.ts";
import { referred, type Schema } from "../upstream/mend_schema.ts";

/** Yes, no, or that it cannot be told. */
export type Verdict = boolean | undefined;

/** Says whether a part of a schema takes a value. */
export type Judge = (schema: unknown, value: unknown) => Verdict;

/**
 * Parts of schemas, and members of values, that one judge goes through. A reference may lead back
 * to itself, and of a thousand alternatives each may be asked about a thousand members.
 */
const MOST_STEPS = 20_000;

/** So deep; no deeper argument comes in. */
const DEPTH = 100;

/** Keywords that are understood here, or say nothing of what is taken. */
const UNDERSTOOD = new Set([
  ...["$ref", "type", "enum", "const", "nullable", "anyOf", "oneOf", "allOf", "not"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"],
  ...["items", "minItems", "maxItems", "properties", "required", "additionalProperties"],
  ...["minProperties", "maxProperties", "title", "description", "default", "examples", "$comment"],
  ...["deprecated", "readOnly", "writeOnly", "$defs", "definitions"],
  ...["contentEncoding", "contentMediaType", "contentSchema"],
]);
/** What each of them says something of; a keyword that is not here may say something of all. */
const ABOUT: Record<string, (value: unknown) => boolean> = {
  pattern: (value) => typeof value === "string",
  format: (value) => typeof value === "string",
  multipleOf: (value) => typeof value === "number",
  uniqueItems: Array.isArray,
  prefixItems: Array.isArray,
  contains: Array.isArray,
  patternProperties: isRecord,
  propertyNames: isRecord,
  dependentRequired: isRecord,
  dependentSchemas: isRecord,
  dependencies: isRecord,
};

/** A judge of one call's arguments, by the schema `root`. */
export function schemaJudge(root: Schema): Judge {
  let left = MOST_STEPS;
  let depth = 0;
  const takes: Judge = (schema, value) => {
    if ((left -= 1 + sizeOf(value, left)) < 0 || depth > DEPTH) return undefined;
    depth++;
    const verdict = judge(schema, value);
    depth--;
    return verdict;
  };
  const judge: Judge = (schema, value) => {
    if (typeof schema === "boolean") return schema;
    if (!isRecord(schema)) return undefined;
    if (value === null && schema.nullable === true) return true;
    const verdicts: Verdict[] = [ownWords(schema, value)];
    if (verdicts[0] === false) return false;
    if ("$ref" in schema) {
      const target = typeof schema.$ref === "string" ? referred(root, schema.$ref) : undefined;
      verdicts.push(takes(target, value));
    }
    const each = (list: unknown) =>
      Array.isArray(list) ? list.map((part) => takes(part, value)) : [];
    if ("allOf" in schema) verdicts.push(...each(schema.allOf));
    if ("anyOf" in schema) verdicts.push(any(each(schema.anyOf)));
    if ("oneOf" in schema) verdicts.push(one(each(schema.oneOf)));
    if ("not" in schema) verdicts.push(not(takes(schema.not, value)));
    if (Array.isArray(value)) verdicts.push(...items(schema, value, takes));
    else if (isRecord(value)) verdicts.push(...members(schema, value, takes));
    return all(verdicts);
  };
  return takes;
}

/** How much there is to look at; of a text as much as is looked at in the time of a member. */
export function sizeOf(value: unknown, most: number): number {
  if (most < 0) return 0;
  if (typeof value === "string") return value.length >> 6;
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).length : 0;
}

function all(verdicts: Verdict[]): Verdict {
  return verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;
}

function any(verdicts: Verdict[]): Verdict {
  return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
}

function one(verdicts: Verdict[]): Verdict {
  const yes = verdicts.filter((verdict) => verdict === true).length;
  if (yes > 1) return false;
  return verdicts.includes(undefined) ? undefined : yes === 1;
}

function not(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict;
}

/** Everything but what leads to other schemas. */
function ownWords(schema: Schema, value: unknown): Verdict {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const tests: boolean[] = [];
  if (type !== undefined) tests.push([type].flat().some((each) => isOfType(value, each)));
  const chosen = choicesOf(schema);
  const isPlain = typeof value !== "object" || value === null;
  if (chosen !== undefined && isPlain) tests.push(chosen.includes(value));
  if (typeof value === "number") {
    if (typeof minimum === "number") tests.push(value >= minimum);
    if (typeof maximum === "number") tests.push(value <= maximum);
    if (typeof exclusiveMinimum === "number") tests.push(value > exclusiveMinimum);
    if (typeof exclusiveMaximum === "number") tests.push(value < exclusiveMaximum);
  } else if (typeof value === "string") {
    const { minLength, maxLength } = schema;
    if (minLength !== undefined || maxLength !== undefined) {
      tests.push(isWithin([...value].length, minLength, maxLength));
    }
  } else if (Array.isArray(value)) {
    tests.push(isWithin(value.length, schema.minItems, schema.maxItems));
  } else if (isRecord(value)) {
    tests.push(isWithin(Object.keys(value).length, schema.minProperties, schema.maxProperties));
    const required = Array.isArray(schema.required) ? schema.required : [];
    tests.push(required.every((name) => Object.hasOwn(value, name)));
  }
  if (tests.includes(false)) return false;
  // Whether a list or an object is one of some is not gone into.
  if (chosen !== undefined && !isPlain) return undefined;
  const isTold = Object.keys(schema).every((keyword) => {
    const isAbout = lookUp(ABOUT, keyword);
    return isAbout === undefined
      ? UNDERSTOOD.has(keyword) || keyword.startsWith("x-")
      : !isAbout(value);
  });
  return isTold ? true : undefined;
}

function isWithin(size: number, least: unknown, most: unknown): boolean {
  return !(typeof least === "number" && size < least) && !(typeof most === "number" && size > most);
}

/** As JSON has types; `1.0` is an integer. A type that nobody knows takes anything. */
export function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    default:
      return true;
  }
}

/** The values that `enum` and `const` leave. */
export function choicesOf(schema: Schema): unknown[] | undefined {
  if ("const" in schema) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function items(schema: Schema, value: unknown[], takes: Judge): Verdict[] {
  if (schema.items === undefined) return [];
  // In one draft they are for all, in another for those after the tuple.
  if (schema.prefixItems !== undefined) return [undefined];
  return value.map((item) => takes(schema.items, item));
}

function members(schema: Schema, value: Record<string, unknown>, takes: Judge): Verdict[] {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const { additionalProperties: others, patternProperties } = schema;
  return Object.entries(value).map(([name, member]) => {
    if (Object.hasOwn(properties, name)) return takes(properties[name], member);
    if (others === undefined || others === true) return true;
    return patternProperties === undefined ? takes(others, member) : undefined;
  });
}
