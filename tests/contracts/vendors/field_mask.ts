/**
 * Which fields of an answer are asked for, by Google's `fields`.
 *
 * https://developers.google.com/workspace/drive/api/guides/fields-parameter
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Description, Schema, Sent } from "../description.ts";

/** `id,owners(emailAddress)`; an empty one is everything. */
export interface Mask {
  [name: string]: Mask;
}

/** What is asked for. */
export function maskOf({ url }: Sent): Mask {
  const top: Mask = {};
  /** Where the names stand that are read now, and those around them. */
  const around = [top];
  let at = top;
  for (const [token] of (url.searchParams.get("fields") ?? "").matchAll(/[\w*]+|[,()]/g)) {
    if (token === "(") around.push(at);
    else if (token === ")") around.pop();
    if (/[(),]/.test(token)) at = around.at(-1)!;
    else at = at[token] ??= {};
  }
  return top;
}

/** What is asked for and not described. */
export function strangeFields(description: Description, schema: Schema, mask: Mask): string[] {
  const whole = description.resolve(schema);
  const inner = whole.type === "array" ? description.resolve(whole.items) : whole;
  return Object.entries(mask).flatMap(([name, deeper]) => {
    if (name === "*") return [];
    const member = inner.properties?.[name];
    return member === undefined
      ? [`asks for the field ${name}, which is not described`]
      : strangeFields(description, member, deeper);
  });
}

/** What is left of an answer where only some fields were asked for. */
export function masked(body: Json, mask: Mask): Json {
  if (Object.keys(mask).length === 0 || "*" in mask) return body;
  if (Array.isArray(body)) return body.map((one) => masked(one, mask));
  if (body === null || typeof body !== "object") return body;
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name in mask || name === "brand_new_member")
      .map(([name, value]) => [name, masked(value, mask[name] ?? {})]),
  );
}
