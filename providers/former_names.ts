/**
 * Earlier tools that another one has taken the place of. Whoever calls one by its name gets what
 * it did, and no more: an address or a session token that names it was made for just that.
 *
 * @module
 */

import { z } from "zod";
import type { FormerTool, Tool } from "./provider.ts";

/**
 * The tools that a tool has taken the place of, each under its own name.
 *
 * @throws {TypeError} for fields that the tool does not have, and where its input is judged as a
 * whole: an earlier one's has other fields.
 */
export function formerTools(tool: Tool): Tool[] {
  return Object.entries(tool.formerly ?? {}).map(([name, former]) =>
    formerTool(tool, name, former)
  );
}

function formerTool(tool: Tool, name: string, { args = {}, only, needs = [] }: FormerTool): Tool {
  const { formerly: _others, scopesFor, run, ...rest } = tool;
  const { shape, def: { checks = [] } } = tool.input;
  const fields = new Set(only ?? Object.keys(shape));
  const unknown = [...fields, ...needs, ...Object.keys(args)].filter((field) =>
    !Object.hasOwn(shape, field)
  );
  if (unknown.length > 0 || checks.length > 0) {
    const why = unknown.length > 0 ? `it has no ${unknown.join()}` : "it is judged as a whole";
    throw new TypeError(`Cannot call ${tool.name} by the name of ${name}: ${why}`);
  }
  const taken: Record<string, z.core.$ZodType> = {};
  const left: Record<string, z.core.$ZodType> = {};
  for (const [field, schema] of Object.entries(shape)) {
    const usual = needs.includes(field)
      ? bare(schema)
      : Object.hasOwn(args, field)
      ? withDefault(schema, args[field])
      : schema;
    (fields.has(field) ? taken : left)[field] = usual;
  }
  const others = z.object(left).parse({});
  const whole = (given: Record<string, unknown>) => ({ ...others, ...given }) as never;
  return {
    ...rest,
    name,
    aliases: [tool.name, ...tool.aliases],
    input: z.strictObject(taken),
    scopesFor: scopesFor && ((given: never) => scopesFor(whole(given))),
    run: (given: never, context) => run(whole(given), context),
  };
}

function withDefault(schema: z.core.$ZodType, value: unknown): z.ZodType {
  return bare(schema).default(value);
}

/** What it takes where it must be given. */
function bare(schema: z.core.$ZodType): z.ZodType {
  const isWrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional;
  return (isWrapped ? schema.unwrap() : schema) as z.ZodType;
}
