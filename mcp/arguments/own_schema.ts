/**
 * A zod schema as the JSON Schema by which arguments are mended, where every
 * part is judged by the zod schema that it was made of: what a refinement
 * refuses, such as a time zone that is none, no JSON Schema could tell.
 *
 * @module
 */

import { z } from "zod";
import { isRecord } from "../../broker/core/json.ts";
import { type Judge, schemaJudge } from "./judge.ts";
import type { Schema } from "../upstream/mend_schema.ts";

/** Says of which zod schema a part was made. It is never listed. */
const MADE_OF = "x-made-of";

/** A schema, and who says what its parts take. */
export interface JudgedSchema {
  schema: Schema;
  judge: Judge;
}

const made = new WeakMap<z.ZodObject, JudgedSchema>();

/** Made with the first call that needs it, and once. */
export function judgedSchema(input: z.ZodObject): JudgedSchema {
  const known = made.get(input) ?? convert(input);
  made.set(input, known);
  return known;
}

function convert(input: z.ZodObject): JudgedSchema {
  const parts: z.core.$ZodType[] = [];
  const schema: Schema = z.toJSONSchema(input, {
    io: "input",
    override({ zodSchema, jsonSchema }) {
      (jsonSchema as Schema)[MADE_OF] = parts.push(zodSchema) - 1;
    },
  });
  const judge: Judge = (part, value) => {
    const index = isRecord(part) ? part[MADE_OF] : undefined;
    const own = typeof index === "number" ? parts[index] : undefined;
    // The `null` of what may be null is made of nothing.
    return own === undefined ? schemaJudge(schema)(part, value) : takes(own, value);
  };
  return { schema, judge };
}

/** As `safeParse`, of whose words about what is wrong nobody asks here. */
function takes(own: z.core.$ZodType, value: unknown): boolean {
  const payload = own._zod.run({ value, issues: [] }, { async: false });
  if (payload instanceof Promise) throw new z.core.$ZodAsyncError();
  return payload.issues.length === 0;
}
