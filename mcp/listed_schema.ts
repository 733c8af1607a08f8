/**
 * The JSON Schemas of our own tools as lists show them: what a model reads before it calls. Zod
 * goes on to judge what is left out here, and says it where a call breaks it.
 *
 * What is listed is never stricter than what is judged: clients check calls and answers by it.
 *
 * @module
 */

import type { z } from "zod";
import { isRecord } from "../broker/core/json.ts";
import type { ListedTool } from "./wire.ts";

type Schema = Record<string, unknown>;

/** From here on, a model reaches no bound by mistake. */
const FAR = 1_000;
const MANY = 10;

/** The schema of a tool's arguments or of its answer, without what tells a model nothing. */
export function listedSchema(schema: z.ZodObject, io: "input" | "output") {
  const { $schema: _dialect, required, ...rest } = schema.toJSONSchema({ io });
  const bare = bareOf(rest, io === "input" ? saysNothing : isUnread);
  return { ...bare, ...(required && { required }) } as ListedTool["inputSchema"];
}

type IsIdle = (word: string, value: unknown, schema: Schema) => boolean;

/** A schema without the words that are idle. Names of fields are no words of the schema. */
function bareOf(schema: Schema, isIdle: IsIdle): Schema {
  const inner = (value: unknown) => isRecord(value) ? bareOf(value, isIdle) : value;
  const kept = Object.entries(schema).filter(([word, value]) => !isIdle(word, value, schema));
  return Object.fromEntries(kept.map(([word, value]) => {
    if (word === "default") return [word, value];
    if (Array.isArray(value)) return [word, value.map(inner)];
    if (word !== "properties" || !isRecord(value)) return [word, inner(value)];
    const fields = Object.entries(value).map(([name, field]) => [name, inner(field)]);
    return [word, Object.fromEntries(fields)];
  }));
}

/** What an answer keeps to, for those that check it; its reader has the answer itself. */
const UNREAD = [
  "additionalProperties",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "pattern",
  "const",
  "required",
];

function isUnread(word: string): boolean {
  return UNREAD.includes(word);
}

/**
 * What tells a model nothing that it would not do anyway, or what the field's own words say better.
 * Whoever breaks it is told so: all of it is judged.
 */
function saysNothing(word: string, value: unknown, schema: Schema): boolean {
  switch (word) {
    case "additionalProperties":
      return value === false;
    case "pattern":
    case "minLength":
    case "maxLength":
      return true;
    case "minItems":
      return Number(value) <= 1;
    case "maxItems":
      return Number(value) >= MANY || isRecord(schema.items) && schema.items.enum !== undefined;
    case "minimum":
      return Number(value) <= 1;
    case "maximum":
      return Number(value) >= FAR;
    case "default":
      return isNothing(value) || value === schema.minimum;
    default:
      return false;
  }
}

/** What is the same as not to be said: no, nothing, or from the beginning. */
function isNothing(value: unknown): boolean {
  return value === false || value === "" || value === 0 ||
    Array.isArray(value) && value.length === 0;
}
