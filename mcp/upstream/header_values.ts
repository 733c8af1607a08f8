/**
 * What a request of MCP 2026-07-28 says in its headers, so that what stands in
 * between need not read its body (Streamable HTTP, "Standard request headers").
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";

/** Which member of its parameters names what a request is about. */
const NAMED_BY = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
]);
/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** Types of arguments that may be said in a header. */
const SAID = new Set(["string", "integer", "boolean"]);
/** A schema is gone into no deeper; an argument further down is said in the body alone. */
const DEPTH = 16;

/** `Mcp-Method` and `Mcp-Name`. */
export function standardHeaders(
  method: string,
  params: Record<string, unknown>,
): Record<string, string> {
  const name = params[NAMED_BY.get(method) ?? ""];
  return {
    "Mcp-Method": method,
    ...(typeof name === "string" && { "Mcp-Name": headerValue(name) }),
  };
}

/** `Mcp-Param-…` of a call's arguments, as far as the tool's schema asks for it (`x-mcp-header`). */
export function parameterHeaders(inputSchema: unknown, args: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  gather(inputSchema, args, headers, DEPTH);
  return headers;
}

function gather(
  schema: unknown,
  value: unknown,
  headers: Record<string, string>,
  depth: number,
): void {
  if (!isRecord(schema) || !isRecord(schema.properties) || !isRecord(value) || depth === 0) return;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!isRecord(property) || !Object.hasOwn(value, name)) continue;
    const { "x-mcp-header": header, type } = property;
    const text = textOf(value[name]);
    if (
      typeof header === "string" && TOKEN.test(header) && typeof type === "string" &&
      SAID.has(type) && text !== undefined
    ) {
      headers[`Mcp-Param-${header}`] = headerValue(text);
    }
    gather(property, value[name], headers, depth - 1);
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** A text as a header can hold it; what it cannot, in base64, marked as that. */
export function headerValue(text: string): string {
  const isPlain = /^[\x20-\x7e\t]+$/.test(text) && text.trim() === text &&
    !(text.startsWith("=?base64?") && text.endsWith("?="));
  if (isPlain) return text;
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return `=?base64?${btoa(bytes.join(""))}?=`;
}
