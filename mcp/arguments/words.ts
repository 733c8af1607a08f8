/**
 * What is wrong with a call's arguments, in words that a model can act on: the
 * field, what was expected, what came, and which field was probably meant. Of
 * what came only the kind is said: it may be a secret in the wrong place.
 *
 * @module
 */

import type { z } from "zod";
import { isRecord } from "../../broker/core/json.ts";
import { lookUp } from "../../broker/core/lists.ts";
import { plainWord } from "../../broker/core/shown_name.ts";
import { nearName } from "./near_name.ts";
import type { Schema } from "../upstream/mend_schema.ts";

/** Faults that are told; the rest are counted. */
const MOST_FAULTS = 5;
/** Names of fields or of choices that are told. */
const MOST_NAMES = 20;
const LONGEST_NAME = 40;
const LONGEST_FAULT = 300;

const KINDS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

type Issue = z.core.$ZodIssue;

/** The faults of a tool's arguments. `schema` is what was asked for. */
export function argumentFault(
  name: string,
  issues: readonly Issue[],
  args: unknown,
  schema: Schema,
): string {
  const told: string[] = [];
  let rest = 0;
  for (const issue of issues) {
    // Of a hundred thousand unknown fields nobody is told more than of some.
    const left = MOST_FAULTS - told.length;
    const faults = faultsOf(issue, args, schema, left);
    told.push(...faults.map((fault) => fault.slice(0, LONGEST_FAULT)));
    rest += (issue.code === "unrecognized_keys" ? issue.keys.length : 1) - faults.length;
  }
  const more = rest > 0 ? ` And ${rest} more.` : "";
  return `The arguments of ${name} are not right. ${told.join(" ")}${more}`;
}

function faultsOf(issue: Issue, args: unknown, schema: Schema, most: number): string[] {
  if (most === 0) return [];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, most).map((key) => unknownField(key, issue.path, schema));
  }
  const field = fieldOf(issue.path);
  const value = valueAt(args, issue.path);
  if (value === undefined) return [`${field} is missing: ${expectationOf(issue)}.`];
  const hint = hintOf(issue, value, schema);
  return [`${field}: ${expectationOf(issue)}, and is ${kindOf(value)}.${hint}`];
}

function unknownField(key: string, path: PropertyKey[], schema: Schema): string {
  const known = path.length === 0 ? fieldsOf(schema) : NO_FIELDS;
  const near = nearName(key, known);
  const said = `${plainWord(key, LONGEST_NAME)} is no field of this tool`;
  if (near !== undefined) return `${said}: did you mean ${near}?`;
  const takes = known.slice(0, MOST_NAMES).join(", ");
  return takes === "" ? `${said}.` : `${said}, which takes ${takes}.`;
}

const NO_FIELDS: readonly string[] = [];
/** The same list each time: what is known of it is kept with it. */
const fields = new WeakMap<Schema, readonly string[]>();

function fieldsOf(schema: Schema): readonly string[] {
  if (!isRecord(schema.properties)) return NO_FIELDS;
  const known = fields.get(schema) ?? Object.keys(schema.properties);
  fields.set(schema, known);
  return known;
}

function fieldOf(path: PropertyKey[]): string {
  if (path.length === 0) return "arguments";
  return path.map((step) => plainWord(String(step), LONGEST_NAME)).join(".");
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${lookUp(KINDS, issue.expected) ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${
        issue.values.slice(0, MOST_NAMES).map(String).join(", ")
      }`;
    case "too_small":
    case "too_big":
      return sizeOf(issue);
    default:
      return formOf(issue.message);
  }
}

/** Our own words begin with "must"; zod's are like "Invalid email address". */
function formOf(message: string): string {
  if (message.startsWith("must ")) return message;
  const [, form] = /^Invalid (?!input)([\w ]{1,40})$/.exec(message) ?? [];
  return form === undefined ? "must be of another form" : `must be a valid ${form}`;
}

function sizeOf(issue: Issue & { code: "too_small" | "too_big" }): string {
  const [word, limit] = issue.code === "too_small"
    ? ["at least", issue.minimum]
    : ["at most", issue.maximum];
  switch (issue.origin) {
    case "string":
      return `must have ${word} ${counted(limit, "character")}`;
    case "array":
      return `must have ${word} ${counted(limit, "item")}`;
    default:
      return `must be ${word} ${limit}`;
  }
}

/** What to send in its place. */
function hintOf(issue: Issue, value: unknown, schema: Schema): string {
  const [name, ...below] = issue.path;
  const required = Array.isArray(schema.required) ? schema.required : [];
  if ((value === null || value === "") && below.length === 0 && !required.includes(name)) {
    return " Leave it out where nothing is meant.";
  }
  if (typeof value !== "string" || issue.code !== "invalid_type") return "";
  switch (issue.expected) {
    case "boolean":
      return " Send true or false without quotes.";
    case "number":
      return " Send the number without quotes, such as 5.";
    case "array":
      return ' Send a list, such as ["one"].';
    default:
      return "";
  }
}

function valueAt(args: unknown, path: PropertyKey[]): unknown {
  let value = args;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

function kindOf(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return "a number";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "string") return "an object";
  if (value === "") return "an empty text";
  return ["true", "false", "null"].includes(value)
    ? `the text "${value}"`
    : `a text of ${counted(value.length, "character")}`;
}

function counted(number: number | bigint, noun: string): string {
  return `${number} ${Number(number) === 1 ? noun : `${noun}s`}`;
}
