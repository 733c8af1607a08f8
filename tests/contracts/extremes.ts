/**
 * Arguments at the edges of what a tool takes, from the schema that it lists.
 *
 * @module
 */

import { z } from "zod";
import type { Tool } from "../../providers/provider.ts";
import type { Json } from "../support/api.ts";

/** A text that means something to URLs, queries, headers and markup. */
const ODD = 'ä/../?q=1&b=#%2e%00 "x" <b>\\ 長い文 \u202e +: \n{}$()';

/**
 * Each changes one argument of a call that is right; those that the tool does not take are left
 * out. An argument is changed in the first call that has it, or else in the first of all.
 */
export function extremes(
  tool: Tool,
  calls: Record<string, Json>[],
): { call: number; args: Record<string, Json> }[] {
  const schema = z.toJSONSchema(tool.input, { io: "input" }) as Json;
  const changed = Object.entries<Json>(schema.properties ?? {}).flatMap(([name, field]) => {
    const call = Math.max(0, calls.findIndex((args) => name in args));
    return edgesOf(field).map((value) => ({ call, args: { ...calls[call], [name]: value } }));
  });
  const without = calls.flatMap((args, call) =>
    Object.keys(args).map((name) => ({ call, args: { ...args, [name]: undefined } }))
  );
  return [...changed, ...without].filter(({ args }) => tool.input.safeParse(args).success);
}

function edgesOf(field: Json): Json[] {
  if (field.const !== undefined) return [field.const];
  if (field.enum !== undefined) return field.enum;
  const options = field.anyOf ?? field.oneOf;
  if (options !== undefined) return options.flatMap(edgesOf);
  switch (field.type) {
    case "boolean":
      return [true, false];
    case "integer":
    case "number":
      return [field.minimum, field.maximum, 1].filter((edge) => edge !== undefined);
    case "array": {
      const most = Math.min(field.maxItems ?? 20, 100);
      const alone = edgesOf(field.items ?? {}).map((item) => [item]);
      // As many as it takes, each another one.
      const many = Array.from({ length: most }, (_, at) => `x${at}`);
      return [[], ...alone, many, many.map((name) => `${name}@example.com`)];
    }
    case "string":
      return [
        "x".repeat(field.maxLength ?? 5_000),
        ODD.slice(0, field.maxLength ?? ODD.length),
        ...SAMPLES,
      ];
    default:
      return [];
  }
}

/** A field's own rule takes those that are meant for it. */
const SAMPLES = [
  "2026-11-24",
  "2026-11-24T14:00",
  "2026-12-24T14:00:00-05:00",
  "Asia/Kolkata",
  "a.b+c@example.co.uk",
  "octo-cat/hello.world_2",
  "src/ä b/#1?.ts",
  "12",
];
