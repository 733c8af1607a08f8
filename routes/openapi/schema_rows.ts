/**
 * A schema as rows of a table: one for each member, with where it stands, what
 * it is and what it means.
 *
 * @module
 */

import type { oas31 } from "zod-openapi";

/** A schema, or a reference to one. */
export type Schema = oas31.SchemaObject | oas31.ReferenceObject;

/** One member. */
export interface Row {
  /** `connections[].label` */
  name: string;
  /** In a few words. */
  type: string;
  isRequired: boolean;
  text: string;
}

/** Deep enough for every answer, and an end to one that contains itself. */
const DEEPEST = 6;

/** The rows of a schema's members; none of one that has no members. */
export function rowsOf(
  document: oas31.OpenAPIObject,
  schema: Schema,
  prefix = "",
  depth = 0,
): Row[] {
  const { properties = {}, required = [], items, anyOf, allOf } = resolved(document, schema);
  if (depth > DEEPEST) return [];
  const below = (part: Schema, prefix: string) => rowsOf(document, part, prefix, depth + 1);
  const own = Object.entries(properties).flatMap(([name, part]): Row[] => {
    const member = resolved(document, part as Schema);
    const full = prefix + name;
    return [
      {
        name: full,
        type: typeOf(document, member),
        isRequired: required.includes(name),
        text: member.description ?? "",
      },
      ...below(member, `${full}.`),
    ];
  });
  const ofItems = items === undefined
    ? []
    : below(items as Schema, `${prefix.replace(/^(.*)\.$/, "$1")}[].`);
  // Several forms of one thing: each member once, as the first form has it.
  const ofForms = [...anyOf ?? [], ...allOf ?? []].flatMap((form) => below(form as Schema, prefix));
  const all = [...own, ...ofItems, ...ofForms];
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
}

/** What a reference leads to; whatever stands beside it goes before. */
export function resolved(document: oas31.OpenAPIObject, schema: Schema): oas31.SchemaObject {
  if (!("$ref" in schema) || typeof schema.$ref !== "string") return schema as oas31.SchemaObject;
  const name = schema.$ref.split("/").at(-1)!;
  const found = document.components?.schemas?.[name] as Schema | undefined;
  return found === undefined ? {} : { ...resolved(document, found), ...without(schema) };
}

function without({ $ref: _, ...rest }: Schema & { $ref?: string }): oas31.SchemaObject {
  return rest as oas31.SchemaObject;
}

/** Such as `string`, `array of string`, `"ok"`, `string, 1 to 64 characters`. */
export function typeOf(document: oas31.OpenAPIObject, part: Schema): string {
  const schema = resolved(document, part);
  const { const: only, anyOf, items, additionalProperties: more } = schema;
  if (only !== undefined) return JSON.stringify(only);
  if (schema.enum !== undefined) {
    return schema.enum.map((each) => JSON.stringify(each)).join(" or ");
  }
  if (anyOf !== undefined) {
    return [...new Set(anyOf.map((form) => typeOf(document, form as Schema)))].join(" or ");
  }
  if (items !== undefined) return `array of ${typeOf(document, items as Schema)}${limits(schema)}`;
  if (typeof more === "object" && schema.properties === undefined) {
    return `object of ${typeOf(document, more as Schema)}`;
  }
  return `${schema.type ?? "anything"}${limits(schema)}`;
}

function limits(
  { minimum, maximum, maxLength, maxItems, default: usual }: oas31.SchemaObject,
): string {
  const said = [
    minimum !== undefined && maximum !== undefined && `${minimum} to ${maximum}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    maxItems !== undefined && `at most ${maxItems}`,
    usual !== undefined && `by default ${JSON.stringify(usual)}`,
  ].filter((each) => each !== false);
  return said.map((each) => `, ${each}`).join("");
}
