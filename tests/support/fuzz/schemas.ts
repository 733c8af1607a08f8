/**
 * Random JSON Schemas, and values for them.
 *
 * @module
 */

import type { Schema } from "../../../mcp/upstream/mend_schema.ts";
import type { Dice } from "./dice.ts";

const NAMES = ["a", "b", "title", "limit", "constructor"];
const WORDS = ["x", "5", "true", "null", "[1]", "two words", '{"a":1}'];

/** A schema that can be fulfilled; `odd` ones use words of which a judge cannot tell all. */
export function randomSchema(dice: Dice, depth: number, odd = false): Schema {
  const leaves: (() => Schema)[] = [
    () => ({ type: "string" }),
    () => ({ type: "string", minLength: 1, maxLength: 20 }),
    () => ({ type: "integer", minimum: -dice.int(3), maximum: 5 + dice.int(5) }),
    () => ({ type: "number", exclusiveMinimum: -1 }),
    () => ({ type: "boolean" }),
    () => ({ enum: ["x", "two words"] }),
    () => ({ enum: [1, 2, 5] }),
    () => ({ const: dice.pick(["x", 5, true]) }),
  ];
  if (odd) {
    leaves.push(
      () => ({ type: "string", pattern: "^[a-z]+$" }),
      () => ({ type: "integer", multipleOf: 5 }),
      () => ({ not: { type: dice.pick(["string", "null", "integer"]) } }),
      () => ({ type: ["integer", "null", "string"] }),
    );
  }
  if (depth === 0) return dice.pick(leaves)();
  const below = () => randomSchema(dice, depth - 1, odd);
  return dice.pick([
    dice.pick(leaves),
    () => ({ type: "array", items: below(), maxItems: 3 }),
    () => ({ anyOf: [below(), { type: "null" }] }),
    () => randomObject(dice, depth, odd),
    ...(odd
      ? [
        () => ({ oneOf: [below(), below()] }),
        () => ({ anyOf: [below(), below()] }),
        () => ({ allOf: [below(), {}] }),
      ]
      : []),
  ])();
}

/** One of an object, with fields that may be left out. */
export function randomObject(dice: Dice, depth: number, odd = false): Schema {
  const names = NAMES.filter(() => dice.int(2) === 0);
  return {
    type: "object",
    properties: Object.fromEntries(
      names.map((name) => [name, randomSchema(dice, depth - 1, odd)]),
    ),
    required: names.filter(() => dice.int(2) === 0),
    ...dice.pick([{}, { additionalProperties: false }, { additionalProperties: false }]),
  };
}

/** A value that a schema takes, mostly. */
export function randomValue(
  dice: Dice,
  schema: Schema,
  { wrongOneIn = Infinity }: { wrongOneIn?: number } = {},
): unknown {
  if (wrongOneIn !== Infinity && dice.int(wrongOneIn) === 0) {
    return dice.pick([null, "", 5, -1, 1.5, true, [], {}, [1], { a: 1 }, ...WORDS]);
  }
  const value = (part: unknown) => randomValue(dice, part as Schema, { wrongOneIn });
  const choices = schema.enum ?? schema.anyOf ?? schema.oneOf;
  if (Array.isArray(schema.enum)) return dice.pick(schema.enum);
  if (Array.isArray(choices)) return value(dice.pick(choices));
  if (Array.isArray(schema.allOf)) return value(schema.allOf[0]);
  if ("const" in schema) return schema.const;
  const type = Array.isArray(schema.type) ? dice.pick(schema.type) : schema.type;
  switch (type) {
    case "string":
      return dice.pick(WORDS);
    case "integer":
      return dice.int(5);
    case "number":
      return dice.int(100) / 4;
    case "boolean":
      return dice.int(2) === 0;
    case "null":
      return null;
    case "array":
      return Array.from({ length: dice.int(4) }, () => value(schema.items));
    case "object": {
      const required = schema.required as string[];
      const properties = Object.entries(schema.properties as Record<string, Schema>);
      return Object.fromEntries(
        properties.filter(([name]) => required.includes(name) || dice.int(2) === 0)
          .map(([name, part]) => [name, value(part)]),
      );
    }
    default:
      return dice.pick([null, 5, "x", true]);
  }
}
