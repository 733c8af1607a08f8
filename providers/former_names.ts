/**
 * Earlier tools that another one has taken the place of. Whoever calls one by its name gets what
 * it did, and no more: an address or a session token that names it was made for just that.
 *
 * @module
 */

import type { z } from "zod";
import type { FormerTool, Tool } from "./provider.ts";

/**
 * The tools that a tool has taken the place of, each under its own name.
 *
 * @throws {TypeError} for fields that the tool does not have or needs all the same, and where its
 * input is judged as a whole: an earlier one's has other fields.
 */
export function formerTools(tool: Tool): Tool[] {
  return Object.entries(tool.formerly ?? {}).map(([name, former]) =>
    formerTool(tool, name, former)
  );
}

function formerTool(tool: Tool, name: string, { args = {}, only, needs = [] }: FormerTool): Tool {
  const { formerly: _others, scopesFor, run, input, ...rest } = tool;
  const { shape, def: { checks = [] } } = input;
  const fields = new Set(only ?? Object.keys(shape));
  const unknown = [...fields, ...needs, ...Object.keys(args)].filter((field) =>
    !Object.hasOwn(shape, field)
  );
  if (unknown.length > 0 || checks.length > 0) {
    const why = unknown.length > 0 ? `it has no ${unknown.join()}` : "it is judged as a whole";
    throw new TypeError(`Cannot call ${tool.name} by the name of ${name}: ${why}`);
  }
  const taken: Record<string, z.ZodType> = {};
  const others: Record<string, unknown> = {};
  for (const [field, schema] of Object.entries(shape as Record<string, z.ZodType>)) {
    const usual = needs.includes(field)
      ? bare(schema)
      : Object.hasOwn(args, field)
      ? bare(schema).default(args[field])
      : schema;
    if (fields.has(field)) {
      taken[field] = usual;
      continue;
    }
    if (usual._zod.optin === undefined) {
      throw new TypeError(`Cannot call ${tool.name} by the name of ${name}: it lacks ${field}`);
    }
    const value = usual.parse(undefined);
    if (value !== undefined) others[field] = value;
  }
  const whole = (given: Record<string, unknown>) => ({ ...others, ...given }) as never;
  return {
    ...rest,
    name,
    aliases: [tool.name, ...tool.aliases],
    input: input.pick({}).extend(taken).strict(),
    scopesFor: scopesFor && ((given: never) => scopesFor(whole(given))),
    run: (given: never, context) => run(whole(given), context),
  };
}

/** What it takes where it must be given. */
function bare(schema: z.ZodType): z.ZodType {
  return isWrapped(schema) ? schema.unwrap() : schema;
}

function isWrapped(schema: z.ZodType): schema is z.ZodOptional<z.ZodType> {
  // Without zod itself, which would be loaded for it.
  return schema.def.type === "default" || schema.def.type === "optional";
}
