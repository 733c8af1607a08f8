/**
 * Whether a request is one that its vendor describes.
 *
 * @module
 */

import { Ajv2020 } from "ajv/dist/2020.js";
import type { Json } from "../support/api.ts";
import type { Description, Operation, Schema, Sent } from "./description.ts";

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)$/;
const FORMATS: Record<string, (text: string) => boolean> = {
  "date-time": (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  uri: (text) => URL.canParse(text),
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
  int64: (text) => /^-?\d+$/.test(text),
};

const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
for (const [name, validate] of Object.entries(FORMATS)) ajv.addFormat(name, validate);
/** Any other format is taken as it comes. */
const known = new Set(Object.keys(FORMATS));
const compiled = new WeakMap<Schema, ReturnType<typeof ajv.compile>>();

/** What is wrong with a request; the operation too, if there is one. */
export function judgeRequest(
  description: Description,
  sent: Sent,
): { operation: Operation | undefined; path: Record<string, string>; faults: string[] } {
  const place = `${sent.method} ${sent.url.origin}${sent.url.pathname}`;
  const found = description.find(sent);
  if (found === undefined) {
    return { operation: undefined, path: {}, faults: [`${place} is not described`] };
  }
  const { operation, path } = found;
  const faults = [
    ...(operation.deprecated ? ["is deprecated"] : []),
    ...judgeParameters(description, sent, operation, path),
    ...judgeBody(description, sent, operation),
  ];
  return { operation, path, faults: faults.map((fault) => `${operation.id} ${fault}`) };
}

function judgeParameters(
  description: Description,
  { url }: Sent,
  { parameters }: Operation,
  path: Record<string, string>,
): string[] {
  const faults: string[] = [];
  const query = new Map<string, string[]>();
  for (const [name, value] of url.searchParams) {
    query.set(name, [...query.get(name) ?? [], value]);
  }
  for (const parameter of parameters) {
    const { name, in: where, required, deprecated, schema } = parameter;
    if (where === "header") continue;
    const values = where === "path" ? [path[name] ?? ""] : query.get(name);
    query.delete(name);
    if (values === undefined) {
      if (required) faults.push(`lacks ${name}`);
      continue;
    }
    if (deprecated) faults.push(`sends ${name}, which is deprecated`);
    const wrong = faultsOf(description, schema, fromText(description.resolve(schema), values));
    faults.push(...wrong.map((fault) => `sends a wrong ${name}: ${fault}`));
  }
  for (const name of query.keys()) faults.push(`sends ${name}, which is not described`);
  return faults;
}

/** The value that a schema means by a text of a query. */
function fromText(schema: Schema, values: string[]): Json {
  if (schema.type === "array") return values.flatMap((text) => text.split(","));
  const [text = "", ...rest] = values;
  if (rest.length > 0) return values;
  const types = [schema, ...schema.oneOf ?? [], ...schema.anyOf ?? []].map(({ type }) => type);
  if (types.some((type) => type === "integer" || type === "number") && /^-?[\d.]+$/.test(text)) {
    return Number(text);
  }
  return types.includes("boolean") && /^(true|false)$/.test(text) ? text === "true" : text;
}

function judgeBody(
  description: Description,
  { body, headers }: Sent,
  { body: wanted, otherBodies }: Operation,
): string[] {
  if (body === undefined) return wanted?.required ? ["lacks a body"] : [];
  const type = headers.get("Content-Type") ?? "";
  const json = /json/.test(type) ? body : otherBodies ? jsonPartOf(type, body) : undefined;
  if (json === undefined) return otherBodies ? [] : [`sends ${type}`];
  if (wanted === undefined) return ["sends a body, and none is described"];
  const value = JSON.parse(json);
  return [
    ...faultsOf(description, wanted.schema, value).map((fault) => `sends a wrong body: ${fault}`),
    ...strangers(description, wanted.schema, value, "").map((fault) => `sends ${fault}`),
  ];
}

/** What is said of a file, in the first part of a request that brings it along. */
function jsonPartOf(type: string, body: string): string | undefined {
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1];
  if (boundary === undefined) return undefined;
  const part = body.split(`--${boundary}`).find((part) =>
    /^\s*Content-Type: [^\n]*json/i.test(part)
  );
  return part?.slice(part.search(/\r?\n\r?\n/));
}

/** What a validator says. */
export function faultsOf(description: Description, schema: Schema, value: Json): string[] {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(forAjv(description.whole(schema)));
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) =>
    `${instancePath} ${message}`.trim()
  );
}

/** OpenAPI 3.0 is not quite JSON Schema. */
function forAjv(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(forAjv);
  if (schema === null || typeof schema !== "object") return schema;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, forAjv(value)]),
  ) as Schema;
  if (typeof rest.format === "string" && !known.has(rest.format)) delete rest.format;
  return nullable === true ? { anyOf: [{ type: "null" }, rest] } : rest;
}

/** Members that are sent and not described, or no longer to be used. */
function strangers(description: Description, schema: Schema, value: Json, at: string): string[] {
  if (Array.isArray(value)) {
    const item = partsOf(description, schema).find(({ items }) => items !== undefined)?.items;
    return item === undefined
      ? []
      : value.flatMap((one) => strangers(description, item, one, `${at}[]`));
  }
  if (value === null || typeof value !== "object") return [];
  const parts = partsOf(description, schema);
  const isOpen = parts.some(({ properties, additionalProperties, items }) =>
    (additionalProperties !== undefined && additionalProperties !== false) ||
    (properties === undefined && items === undefined && parts.length === 1)
  );
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = at === "" ? name : `${at}.${name}`;
    const member = parts.map(({ properties }) => properties?.[name])
      .find((one) => one !== undefined);
    if (member === undefined) return isOpen ? [] : [`${place}, which is not described`];
    const old = isOld(description.resolve(member)) ? [`${place}, which is deprecated`] : [];
    return [...old, ...strangers(description, member, inner, place)];
  });
}

/** A schema, and those of which it is made. */
function partsOf(description: Description, schema: Schema): Schema[] {
  const whole = description.resolve(schema);
  const inner = [...whole.allOf ?? [], ...whole.anyOf ?? [], ...whole.oneOf ?? []];
  return [whole, ...inner.flatMap((one: Schema) => partsOf(description, one))];
}

/** Vendors say so in words, more often than by the word that is meant for it. */
export function isOld(schema: Schema): boolean {
  return schema.deprecated === true ||
    /^\W*deprecated\b|\bclosing down\b/i.test(schema.description ?? "");
}
