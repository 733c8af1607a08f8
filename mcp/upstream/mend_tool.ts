/**
 * One tool of an upstream as every client takes it, mended where that is safe.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { type Tool, ToolSchema } from "@modelcontextprotocol/sdk/types.js";
import { isRecord, isShallow } from "../../broker/core/json.ts";
import { flatSchema, type Renamed } from "./flat_schema.ts";
import { hasFitHeaders } from "./header_names.ts";
import { mendedSchema, referred, type Schema } from "./mend_schema.ts";

/** MCP's own limit for a name (2025-11-25). */
export const MAX_REMOTE_NAME = 128;

/** Why a tool is not listed, as far as it alone is to blame. */
export type Fault =
  /** It is no object, has no name, or is nested too deep. */
  | "malformed"
  | "name_too_long"
  /** It takes something else than an object, or one that nobody could write. */
  | "input_not_an_object"
  /** It wants an argument said in a header that cannot be sent. */
  | "unfit_header"
  /** A client's SDK would still refuse it. */
  | "unfit";

/** The tool, or what is wrong with it. */
export type MendedTool = { tool: Tool; renamed?: Renamed | undefined } | { fault: Fault };

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"];
const TASK_SUPPORT: unknown[] = ["required", "optional", "forbidden"];

/** Mends a tool. */
export function mendedTool(raw: unknown): MendedTool {
  if (!isRecord(raw) || !isShallow(raw)) return { fault: "malformed" };
  const { name, title, description, inputSchema, outputSchema, annotations, ...others } = raw;
  const { _meta, icons, execution, ...rest } = others;
  if (typeof name !== "string" || name === "") return { fault: "malformed" };
  if (name.length > MAX_REMOTE_NAME) return { fault: "name_too_long" };
  if (!hasFitHeaders(inputSchema)) return { fault: "unfit_header" };
  const input = inputOf(inputSchema);
  if (input === undefined) return { fault: "input_not_an_object" };
  const members = Object.entries({
    name,
    title: typeof title === "string" ? title : undefined,
    description: typeof description === "string" ? description : undefined,
    inputSchema: input.schema,
    outputSchema: outputOf(outputSchema),
    annotations: isRecord(annotations) ? annotationsOf(annotations) : undefined,
    _meta: isRecord(_meta) ? _meta : undefined,
    icons: Array.isArray(icons) ? icons.flatMap(iconOf) : undefined,
    execution: isRecord(execution) && isExecution(execution) ? execution : undefined,
    ...rest,
  }).filter(([, member]) => member !== undefined);
  const tool = Object.fromEntries(members) as unknown as Tool;
  if (!ToolSchema.safeParse(tool).success) return { fault: "unfit" };
  const { renamed } = input;
  return Object.keys(renamed).length === 0 ? { tool } : { tool, renamed };
}

/** Without one it may take anything. */
function inputOf(schema: unknown): { schema: Schema; renamed: Renamed } | undefined {
  if (schema === undefined || schema === null || schema === true) {
    return { schema: { type: "object", properties: {} }, renamed: {} };
  }
  if (!isRecord(schema)) return undefined;
  const flat = flatSchema(mendedSchema(schema));
  // What was referred to may stand elsewhere now.
  return flat && { ...flat, schema: mendedSchema(flat.schema) };
}

/** Clients check answers against it: one that they would not take is worse than none. */
function outputOf(schema: unknown): Schema | undefined {
  if (!isRecord(schema)) return undefined;
  const mended = mendedSchema(schema);
  const target = typeof mended.$ref === "string" ? referred(mended, mended.$ref) : undefined;
  const isObject = isRecord(mended.properties) || target?.type === "object";
  const { type = isObject ? "object" : undefined } = mended;
  return type === "object" ? { ...mended, type } : undefined;
}

function annotationsOf(annotations: Schema): Schema {
  return Object.fromEntries(
    Object.entries(annotations).filter(([name, value]) =>
      HINTS.includes(name)
        ? typeof value === "boolean"
        : name !== "title" || typeof value === "string"
    ),
  );
}

/** Clients fetch icons by themselves. */
function iconOf(icon: unknown): Schema[] {
  if (!isRecord(icon)) return [];
  const { src, mimeType, sizes, theme } = icon;
  if (typeof src !== "string" || !/^(https:\/\/|data:image\/)/i.test(src)) return [];
  const members = Object.entries({
    src,
    mimeType: typeof mimeType === "string" ? mimeType : undefined,
    sizes: Array.isArray(sizes) && sizes.every((size) => typeof size === "string")
      ? sizes
      : undefined,
    theme: theme === "light" || theme === "dark" ? theme : undefined,
  }).filter(([, member]) => member !== undefined);
  return [Object.fromEntries(members)];
}

function isExecution({ taskSupport }: Schema): boolean {
  return taskSupport === undefined || TASK_SUPPORT.includes(taskSupport);
}
