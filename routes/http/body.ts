/**
 * Reading of request bodies, with limits.
 *
 * @module
 */

import type { z } from "zod";
import { refuse, refuseHttp } from "./errors.ts";

/** The longest body of the REST part, in bytes. */
export const REST_LIMIT = 64 * 1024;

/** A JSON body, checked. Every fault is an `invalid_request` that names the field. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  return check(schema, await readJson(request));
}

/** A JSON body as it is. */
export async function readJson(request: Request): Promise<unknown> {
  requireJson(request);
  const text = await readText(request, REST_LIMIT);
  try {
    return JSON.parse(text);
  } catch {
    return refuse({ code: "invalid_request", detail: "The body is not valid JSON." });
  }
}

/** Checks parameters against a schema. */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  const detail = field === "" ? issue?.message : `${field}: ${issue?.message}`;
  return refuse({ code: "invalid_request", detail: detail ?? "The request is malformed." });
}

/**
 * Query or form parameters. One that is repeated is refused, not guessed at
 * (RFC 6749 §3.1): two readers could take different ones.
 */
export function parameters(query: URLSearchParams): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of query) {
    if (found.has(name)) {
      refuse({ code: "invalid_request", detail: "A parameter is there more than once." });
    }
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

/** A form's fields, each there at most once. */
export async function readForm(request: Request, limit: number): Promise<Record<string, string>> {
  return parameters(new URLSearchParams(await readText(request, limit)));
}

/** Whether JSON is nested at most so deep; more is an attack on the recursion of its readers. */
export function isShallow(value: unknown, depth = 64): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1));
}

/** Refuses other media types: a form on another site cannot send this one. */
export function requireJson(request: Request): void {
  const type = request.headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") refuseHttp({ code: "unsupported_media_type" });
}

/** The body as text; refuses one that is longer than `limit` bytes before it is all read. */
export async function readText(request: Request, limit: number): Promise<string> {
  const tooLong = () => refuseHttp({ code: "payload_too_large", limit });
  if (Number(request.headers.get("Content-Length") ?? 0) > limit) tooLong();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch {
    refuse({ code: "invalid_request", detail: "The body broke off." });
  }
  if (size > limit) tooLong();
  return await new Blob(chunks).text();
}
