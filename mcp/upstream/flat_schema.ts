/**
 * A tool's input as one object with properties: the APIs behind clients take no
 * `anyOf`, `oneOf`, `allOf`, `not` or `enum` at the top of it, and no reference.
 * Whatever one of the alternatives takes is taken.
 *
 * @module
 */

import { isRecord, referred, type Schema } from "./mend_schema.ts";

/** Alternatives of alternatives of …; more are an attack on everybody's time. */
const MOST_PARTS = 200;
const MOST_PROPERTIES = 1_000;

/** Properties that Claude takes; nothing is called `__proto__`. */
const PROPERTY = /^(?!__proto__$)[A-Za-z0-9_.-]{1,64}$/;

/** What stands at the top in place of the alternatives. */
interface Parts {
  properties: Map<string, unknown>;
  required: Set<string>;
}

/** The schema of an object; `undefined` where it is none, or cannot be told. */
export function flatSchema(root: Schema): Schema | undefined {
  const budget = { left: MOST_PARTS };
  const parts = partsOf(root, root, budget);
  if (parts === undefined || budget.left < 0) return undefined;
  const { $ref, allOf, anyOf, oneOf, not: _not, enum: _enum, const: _const, ...rest } = root;
  const isOne = [$ref, allOf, anyOf, oneOf].every((part) => part === undefined);
  if (!isOne) {
    // They were said without knowing the others' properties.
    delete rest.additionalProperties;
    delete rest.unevaluatedProperties;
  }
  delete rest.nullable;
  const { required } = parts;
  const properties = new Map(parts.properties);
  for (const name of required) {
    if (!properties.has(name)) properties.set(name, {});
  }
  for (const name of properties.keys()) {
    if (PROPERTY.test(name)) continue;
    // Nobody could say it.
    if (required.has(name)) return undefined;
    properties.delete(name);
  }
  if (properties.size > MOST_PROPERTIES) return undefined;
  const flat: Schema = { ...rest, type: "object", properties: Object.fromEntries(properties) };
  delete flat.required;
  return required.size === 0 ? flat : { ...flat, required: [...required] };
}

function partsOf(schema: Schema, root: Schema, budget: { left: number }): Parts | undefined {
  if (--budget.left < 0 || !canBeObject(schema)) return undefined;
  let parts: Parts = {
    properties: new Map(Object.entries(isRecord(schema.properties) ? schema.properties : {})),
    required: new Set(schema.required as string[] | undefined),
  };
  const target = typeof schema.$ref === "string" ? referred(root, schema.$ref) : undefined;
  const all = [...(target === undefined ? [] : [target]), ...listOf(schema.allOf)];
  for (const each of all) {
    const part = partsOf(each, root, budget);
    if (part === undefined) return undefined;
    parts = both(parts, part);
  }
  for (const alternatives of [listOf(schema.anyOf), listOf(schema.oneOf)]) {
    if (alternatives.length === 0) continue;
    const objects = alternatives.map((each) => partsOf(each, root, budget))
      .filter((part) => part !== undefined);
    if (objects.length === 0) return undefined;
    parts = both(parts, either(objects));
  }
  return parts;
}

function canBeObject({ type }: Schema): boolean {
  return type === undefined || type === "object" ||
    (Array.isArray(type) && type.includes("object"));
}

function listOf(value: unknown): Schema[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function both(one: Parts, other: Parts): Parts {
  const properties = new Map(one.properties);
  for (const [name, schema] of other.properties) {
    const before = properties.get(name);
    const isMore = before !== undefined && JSON.stringify(before) !== JSON.stringify(schema);
    properties.set(name, isMore ? { allOf: [before, schema] } : schema);
  }
  return { properties, required: one.required.union(other.required) };
}

function either(alternatives: Parts[]): Parts {
  const properties = new Map<string, unknown>();
  for (const name of new Set(alternatives.flatMap((part) => [...part.properties.keys()]))) {
    const own = alternatives.flatMap(({ properties }) =>
      properties.has(name) ? [properties.get(name)] : []
    );
    const different = [...new Map(own.map((each) => [JSON.stringify(each), each])).values()];
    properties.set(name, different.length === 1 ? different[0] : { anyOf: different });
  }
  const required = alternatives.map((part) => part.required)
    .reduce((some, others) => some.intersection(others));
  return { properties, required };
}
