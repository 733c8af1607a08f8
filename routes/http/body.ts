/**
 * Reading of request bodies, with limits: in length, and in time, since Deno
 * waits for a sender as long as it takes.
 *
 * @module
 */

import type { z } from "zod";
import { settledSoon } from "../../broker/core/awaitable.ts";
import { readBytes as readBounded, readShort } from "../../broker/core/bodies.ts";
import { type Deadline, deadlineIn, LEAVING_MS, until } from "../../broker/core/deadline.ts";
import { parseJson, TooComplex } from "../../broker/core/json.ts";
import type { World } from "../../broker/core/world.ts";
import { refuse, refuseHttp } from "./errors.ts";

/** The longest body of the REST part, in bytes. */
export const REST_LIMIT = 64 * 1024;
/** A body that is not all there by then is not waited for. */
export const BODY_MS = 30_000;
const JSON_TYPE = "application/json";

type Clock = Pick<World, "sleep" | "leaving">;

/** A JSON body, checked. Every fault is an `invalid_request` that names the field. */
export async function readBody<T>(
  request: Request,
  schema: z.ZodType<T>,
  world: Clock,
): Promise<T> {
  return check(schema, await readJson(request, world));
}

/** A JSON body as it is. */
export async function readJson(request: Request, world: Clock): Promise<unknown> {
  requireJson(request);
  return parsedJson(await readText(request, REST_LIMIT, world), "body");
}

/** JSON that a caller sent, as a body or as one line of it; refuses what is none. */
export function parsedJson(text: string, where: "body" | "line"): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const what = error instanceof TooComplex ? "too complex" : "not valid JSON";
    return refuse({ code: "invalid_request", detail: `The ${where} is ${what}.` });
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

/** The parameters of a request's query. */
export function queryOf(request: Request): Record<string, string> {
  return parameters(new URL(request.url).searchParams);
}

/** A form's fields, each there at most once. */
export async function readForm(
  request: Request,
  limit: number,
  world: Clock,
): Promise<Record<string, string>> {
  return parameters(new URLSearchParams(await readText(request, limit, world)));
}

/** Refuses other media types: a form on another site cannot send this one. */
export function requireJson(request: Request): void {
  const said = request.headers.get("Content-Type");
  if (said === JSON_TYPE) return;
  const type = said?.split(";")[0]?.trim().toLowerCase();
  if (type !== JSON_TYPE) refuseHttp({ code: "unsupported_media_type" });
}

/** The body as text; see {@linkcode readBytes}. */
export async function readText(request: Request, limit: number, world: Clock): Promise<string> {
  const reading = readShort(request, limit);
  if (reading === undefined) {
    return new TextDecoder().decode(await readBytes(request, limit, world));
  }
  // What has come already is handed out by then: no clock is set for it.
  const soon = await settledSoon(reading);
  if (soon === undefined) return await readInTime(reading, world);
  return soon.status === "fulfilled" ? soon.value : brokenOff();
}

async function readInTime(reading: Promise<string>, world: Clock): Promise<string> {
  using deadline = deadlineIn(world, BODY_MS, world.leaving);
  return await until(deadline.signal, reading).catch(() => lateOrBroken(deadline, world));
}

/**
 * The body; refuses one that is longer than `limit` bytes before it is all
 * read, and one that has not arrived within {@linkcode BODY_MS}, or by the time
 * that `World.leaving` says.
 */
export async function readBytes(
  request: Request,
  limit: number,
  world: Clock,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLong = () => refuseHttp({ code: "payload_too_large", limit });
  if (Number(request.headers.get("Content-Length") ?? 0) > limit) tooLong();
  using deadline = deadlineIn(world, BODY_MS, world.leaving);
  const { bytes, truncated } = await readBounded(request, { limit, signal: deadline.signal })
    .catch(() => lateOrBroken(deadline, world));
  return truncated ? tooLong() : bytes;
}

function lateOrBroken({ signal }: Deadline, { leaving }: Clock): never {
  if (!signal.aborted) brokenOff();
  const ms = leaving?.aborted ? LEAVING_MS : BODY_MS;
  return refuseHttp({ code: "request_timeout", seconds: ms / 1000 });
}

function brokenOff(): never {
  return refuse({ code: "invalid_request", detail: "The body broke off." });
}
