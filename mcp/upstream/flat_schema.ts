/**
 * A tool's input as one object with properties: the APIs behind clients take no
 * `anyOf`, `oneOf`, `allOf`, `not` or `enum` at the top of it, and no reference.
 * Whatever one of the alternatives takes is taken.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { lookUp } from "../../broker/core/lists.ts";
import { digestHex } from "../../broker/core/secrets.ts";
import { referred, type Schema } from "./mend_schema.ts";

/** Alternatives of alternatives of …; more are an attack on everybody's time. */
const MOST_PARTS = 200;
const MOST_PROPERTIES = 1_000;

/** Names of properties that Claude takes (seen November 2026); nothing is called `__proto__`. */
const PROPERTY = /^(?!__proto__$)[A-Za-z0-9_.-]{1,64}$/;

/** Keywords at the top that name properties. */
const BY_NAME = [
  "dependentRequired",
  "dependentSchemas",
  "dependencies",
  "if",
  "then",
  "else",
  "propertyNames",
];

/** What stands at the top in place of the alternatives. */
interface Parts {
  properties: Map<string, unknown>;
  required: Set<string>;
}

/** Our names of properties, and the upstream's own, where those are not the same. */
export type Renamed = Record<string, string>;

/** The schema of an object; `undefined` where it is none, or cannot be told. */
export function flatSchema(root: Schema): { schema: Schema; renamed: Renamed } | undefined {
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
  delete rest.required;
  const known = new Map(parts.properties);
  for (const name of parts.required) {
    if (!known.has(name)) known.set(name, {});
  }
  if (known.size > MOST_PROPERTIES) return undefined;
  const ours = namesOf([...known.keys()]);
  const renamed = [...ours].filter(([theirs, name]) => theirs !== name);
  // What is said of properties by their names.
  if (renamed.length > 0) { for (const keyword of BY_NAME) delete rest[keyword]; }
  const properties = Object.fromEntries(
    [...known].map(([name, schema]) => [ours.get(name)!, schema]),
  );
  const required = [...parts.required].map((name) => ours.get(name)!);
  const schema: Schema = { ...rest, type: "object", properties };
  return {
    schema: required.length === 0 ? schema : { ...schema, required },
    renamed: Object.fromEntries(renamed.map(([theirs, name]) => [name, theirs])),
  };
}

/** Names that are taken, by their own: those that cannot stay end in a hash where others claim them. */
function namesOf(names: string[]): Map<string, string> {
  const plain = (name: string) =>
    PROPERTY.test(name) ? name : name.replaceAll(/[^A-Za-z0-9_.-]/g, "_").slice(0, 64);
  const claims = Map.groupBy(names, plain);
  return new Map(names.map((name) => {
    const ours = plain(name);
    const isFree = claims.get(ours)!.length === 1 && PROPERTY.test(ours);
    return [name, PROPERTY.test(name) || isFree ? ours : hashed(name, ours)];
  }));
}

function hashed(name: string, ours: string): string {
  return `${ours.slice(0, 47)}_${digestHex(name).slice(0, 16)}`;
}

/** A call's arguments under the upstream's own names. */
export function argumentsFor(renamed: Renamed | undefined, args: unknown): unknown {
  if (renamed === undefined || !isRecord(args)) return args;
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [lookUp(renamed, name) ?? name, value]),
  );
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
