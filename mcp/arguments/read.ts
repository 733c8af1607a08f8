/**
 * The arguments of one call, as its tool gets them. Valid ones cost nothing
 * more than to be looked at: only what is refused is mended, and tried again.
 *
 * @module
 */

import { z } from "zod";
import { isRecord, TooComplex } from "../../broker/core/json.ts";
import { schemaJudge } from "./judge.ts";
import { argumentFault } from "./words.ts";
import { mendedArguments } from "./mend.ts";
import type { CallableEntry, LoadedEntry, UpstreamEntry } from "../catalogue.ts";
import { judgedSchema } from "./own_schema.ts";

/** The arguments, or in words what is wrong with them. */
export type ReadArguments = { kind: "args"; args: unknown } | { kind: "fault"; text: string };

/** Reads a call's arguments; what it gives is what is done, and remembered. */
export function readArguments(entry: CallableEntry, sent: unknown): ReadArguments {
  const args = sent ?? {};
  return entry.kind === "own"
    ? ownArguments(entry, args)
    : { kind: "args", args: upstreamArguments(entry, args) };
}

/**
 * As a schema's own `safeParse()`, without what that makes of a refusal: an error with a stack, and
 * an object with a getter, which gets a shape of its own each time (seen with V8 15, November 2026).
 */
function parsed(schema: LoadedEntry["input"], args: unknown): z.core.ParsePayload {
  const payload = schema._zod.run({ value: args, issues: [] }, { async: false });
  if (payload instanceof Promise) throw new z.core.$ZodAsyncError();
  return payload;
}

function ownArguments({ tool, input }: LoadedEntry, args: unknown): ReadArguments {
  const first = parsed(input, args);
  if (first.issues.length === 0) return { kind: "args", args: first.value };
  const { name, hints, content } = tool;
  const { schema, judge } = judgedSchema(input);
  try {
    const how = { schema, judge, changes: !hints.readOnly, areRefused: true, content };
    const mended = mendedArguments(args, how);
    const again = mended === args ? first : parsed(input, mended);
    if (again.issues.length === 0) return { kind: "args", args: again.value };
    const issues = again.issues.map((issue) =>
      z.core.util.finalizeIssue(issue, { async: false }, z.core.config())
    );
    return { kind: "fault", text: argumentFault(name, issues, mended, schema) };
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    const text = `The arguments of ${name} are not right: they are nested too deep, or too many.`;
    return { kind: "fault", text };
  }
}

/** An upstream's own server checks its arguments: nothing is refused here in its place. */
function upstreamArguments({ tool }: UpstreamEntry, args: unknown): unknown {
  const schema = tool.listed.inputSchema;
  if (!isRecord(args)) return args;
  try {
    return mendedArguments(args, { schema, judge: schemaJudge(schema), changes: !tool.readOnly });
  } catch (error) {
    if (error instanceof TooComplex) return args;
    throw error;
  }
}
