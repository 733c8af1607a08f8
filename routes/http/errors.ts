/**
 * Refusals and faults as HTTP answers.
 *
 * @module
 */

import type { Context } from "hono";
import {
  type Reason,
  reasonOf,
  Refusal,
  toWire,
  type WireRefusal,
} from "../../broker/core/refusal.ts";
import type { World } from "../../broker/core/world.ts";

/** The wire form of whatever was thrown. What is not a refusal is logged, and not shown. */
export function wireOf(error: unknown, world: World): WireRefusal | Fault {
  const reason = reasonOf(error);
  if (reason !== undefined) {
    // The message names the record or the operation and the cure, for the operator only.
    if (!(error instanceof Refusal)) {
      world.log({ level: "error", event: reason.code, detail: (error as Error).message });
    }
    return toWire(reason);
  }
  const requestId = crypto.randomUUID();
  const [name, at] = error instanceof Error ? [error.name, whereOf(error)] : ["unknown", ""];
  world.log({ level: "error", event: "unexpected_error", request_id: requestId, name, at });
  const description = `Something went wrong here. The operator's log has it under ${requestId}.`;
  return { status: 500, error: "server_error", description };
}

/** A fault of this program. */
export interface Fault {
  status: 500;
  error: "server_error";
  description: string;
  retryAfter?: undefined;
  connectUrl?: undefined;
  allow?: undefined;
}

/** The JSON form: RFC 6749's fields and two more. */
export function errorJson(
  c: Context,
  wire: WireRefusal | Fault,
  challenge?: string,
): Response {
  const { status, error, description, connectUrl, retryAfter, allow } = wire;
  if (challenge !== undefined) c.header("WWW-Authenticate", challenge);
  else if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="switchboard"');
  if (allow !== undefined) c.header("Allow", allow);
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  c.header("Cache-Control", "no-store");
  return c.json({
    error,
    error_description: description,
    ...(connectUrl === undefined ? {} : { connect_url: connectUrl }),
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
  }, status);
}

/** Shorthand. */
export function refuse(reason: Reason): never {
  throw new Refusal(reason);
}

/** File and line of the throw; messages may hold what must not be logged. */
function whereOf({ stack = "" }: Error): string {
  return /([\w.-]+\/[\w.-]+\.tsx?:\d+)/.exec(stack)?.[1] ?? "";
}
