/**
 * The JSON Schemas of our own tools as lists show them: what a model reads before it calls. Zod
 * goes on to judge what is left out here, and says it where a call breaks it.
 *
 * What is listed is never stricter than what is judged: clients check calls and answers by it.
 *
 * @module
 */

import { z } from "zod";
import { isRecord } from "../broker/core/json.ts";
import type { ListedTool } from "./wire.ts";

type Schema = Record<string, unknown>;

/** From here on, a model reaches no bound by mistake. */
const FAR = 10_000;

/** The schema of a tool's arguments or of its answer, without what tells a model nothing. */
export function listedSchema(schema: z.ZodObject, io: "input" | "output") {
  const { $schema: _dialect, required, ...rest } = z.toJSONSchema(schema, { io });
  const bare = bareOf(rest, io === "input" ? saysNothing : isUnread);
  return { ...bare, ...(required && { required }) } as ListedTool["inputSchema"];
}

/** A schema without the words that are idle. Names of fields are no words of the schema. */
function bareOf(schema: Schema, isIdle: (word: string, value: unknown) => boolean): Schema {
  const inner = (value: unknown) => isRecord(value) ? bareOf(value, isIdle) : value;
  const kept = Object.entries(schema).filter(([word, value]) => !isIdle(word, value));
  return Object.fromEntries(kept.map(([word, value]) => {
    if (word === "default" || word === "enum") return [word, value];
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

function saysNothing(word: string, value: unknown): boolean {
  switch (word) {
    case "maxLength":
      return true;
    case "minLength":
    case "minItems":
      return value === 1;
    case "minimum":
      return Number(value) <= 0;
    case "maximum":
      return Number(value) >= FAR;
    default:
      return false;
  }
}
