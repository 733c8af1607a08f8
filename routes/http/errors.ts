/**
 * Refusals and faults as HTTP answers: which status a reason has, and how an
 * answer says it, as JSON or as a page.
 *
 * @module
 */

import type { Context } from "hono";
import { saidOf } from "../../broker/core/own_words.ts";
import { type Reason, reasonOf, Refusal } from "../../broker/core/refusal.ts";
import { StacklessError } from "../../broker/core/stackless_error.ts";
import { traceOf } from "../../broker/core/trace_of.ts";
import { wordsOf } from "../../broker/core/words.ts";
import type { RequestNotes } from "../../broker/core/request_notes.ts";
import type { World } from "../../broker/core/world.ts";
import { wordsFor } from "./page_words.ts";
import type { HttpReason, Status, WireError } from "./wire_error.ts";
import { keepsOpener } from "./opener.ts";
import { notesOf } from "./asked.ts";

export type { HttpReason, WireError };

/** Thrown by the edge for a request that is wrong as HTTP. */
export class HttpRefusal extends StacklessError {
  constructor(readonly reason: HttpReason) {
    super("HttpRefusal", reason.code);
  }
}

/** Throws a refusal that broker and gateway have as well. */
export function refuse(reason: Reason): never {
  throw new Refusal(reason);
}

/** Throws a refusal of a request that is wrong as HTTP. */
export function refuseHttp(reason: HttpReason): never {
  throw new HttpRefusal(reason);
}

/**
 * The status of every reason. 404 and not 403 where the caller may go on by
 * connecting; 409 where what is there is in the way; 410 where what was there
 * is over; 503 where waiting helps.
 */
const STATUSES: Record<Reason["code"] | HttpReason["code"], Status> = {
  invalid_request: 400,
  invalid_client: 401,
  credential_missing: 401,
  service_not_allowed: 403,
  tool_not_allowed: 403,
  tools_only: 403,
  connection_not_allowed: 403,
  unknown_service: 404,
  unknown_account: 404,
  not_connected: 404,
  insufficient_scope: 403,
  reauthorization_required: 409,
  provider_unavailable: 503,
  vault_unavailable: 503,
  store_unavailable: 503,
  too_large: 413,
  link_invalid: 403,
  link_done: 410,
  link_changed: 403,
  link_expired: 410,
  link_withdrawn: 403,
  code_invalid: 400,
  browser_mismatch: 403,
  state_invalid: 400,
  state_missing: 400,
  state_expired: 400,
  service_mismatch: 400,
  issuer_mismatch: 400,
  access_denied: 403,
  provider_refused: 400,
  key_refused: 400,
  not_stored: 503,
  not_keepable: 400,
  sign_in_refused: 403,
  sign_in_needed: 401,
  other_person: 403,
  rate_limited: 429,
  quota_exceeded: 409,
  user_deleted: 409,
  unknown_client: 400,
  client_document: 400,
  redirect_uri_mismatch: 400,
  invalid_gateway_token: 401,
  insufficient_gateway_scope: 403,
  settings_changed: 409,
  cross_site: 403,
  unsupported_media_type: 415,
  payload_too_large: 413,
  request_timeout: 408,
  forbidden_host: 403,
  forbidden_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
};

/** The status of a reason. */
export function statusOf(code: Reason["code"] | HttpReason["code"]): Status {
  return STATUSES[code];
}

/** The wire form of a reason. */
export function wireOfReason(reason: Reason): WireError {
  const { code, popup } = reason;
  const wire = { status: STATUSES[code], reason, ...wordsOf(reason) };
  return popup === undefined ? wire : { ...wire, popup };
}

/** The wire form of a reason of the edge's own. */
export function wireOfHttp(reason: HttpReason): WireError {
  return { status: STATUSES[reason.code], reason, ...httpWordsOf(reason) };
}

/** Where the log is, and when. */
type Told = Pick<World, "log" | "now">;

/** A `Host` that is not served is in the log so often, and no oftener: strangers can send any. */
const HOST_TOLD_EVERY_MS = 60_000;
/** Who has heard of one, and when. */
const hostsTold = new WeakMap<object, number>();

/** Most often a proxy has put in a name of its own, which nobody sees from outside. */
function tellOfHost({ host, served }: { host: string; served: string }, world: Told): void {
  const now = world.now();
  const ago = now - (hostsTold.get(world) ?? -Infinity);
  if (ago >= 0 && ago < HOST_TOLD_EVERY_MS) return;
  hostsTold.set(world, now);
  const detail =
    `Requests come with this Host, and ${served} is served. A proxy in front must pass ` +
    "the caller's own on (nginx: proxy_set_header Host $host;). Only a name that people type " +
    "belongs in ALLOWED_HOSTS";
  world.log({ level: "warn", event: "forbidden_host", host: shownHost(host), detail });
}

/** As far as it is one. */
function shownHost(host: string): string {
  return /^[A-Za-z0-9.:[\]_-]{1,100}$/.test(host) ? host : "…";
}

/**
 * The wire form of whatever was thrown, and in the request's notes its code. What is not a refusal
 * is logged, and not shown.
 */
export function wireOf(
  error: unknown,
  world: Told,
  request: Pick<RequestNotes, "id" | "error">,
): WireError {
  const code = error instanceof HttpRefusal ? error.reason.code : reasonOf(error)?.code;
  request.error = code ?? "server_error";
  if (error instanceof HttpRefusal) {
    if (error.reason.code === "forbidden_host") tellOfHost(error.reason, world);
    return wireOfHttp(error.reason);
  }
  const reason = reasonOf(error);
  if (reason !== undefined) {
    // The message names the record or the operation and the cure, for the operator only.
    if (!(error instanceof Refusal)) {
      world.log({ level: "error", event: reason.code, detail: saidOf(error) });
    }
    return wireOfReason(reason);
  }
  const { id } = request;
  world.log({ level: "error", event: "unexpected_error", request_id: id, ...traceOf(error) });
  const description = `Something went wrong here. The operator's log has it under ${id}.`;
  return { status: 500, error: "server_error", description, changed: "unknown" };
}

function httpWordsOf(reason: HttpReason): Omit<WireError, "status"> {
  switch (reason.code) {
    case "cross_site":
      return {
        error: "cross_site_request",
        description: "This request came from another site.",
      };
    case "unsupported_media_type":
      return { error: "invalid_request", description: "The body must be application/json." };
    case "payload_too_large":
      return {
        error: "invalid_request",
        description: `The body is longer than ${reason.limit} bytes.`,
      };
    case "request_timeout":
      return {
        error: "invalid_request",
        description: `The body had not arrived after ${reason.seconds} seconds.`,
      };
    case "forbidden_host":
      return {
        error: "forbidden_host",
        description: "This host name is not served here. The operator's log has more.",
      };
    case "forbidden_origin":
      return {
        error: "forbidden_origin",
        description: "This origin may not call. See ALLOWED_HOSTS and ALLOWED_ORIGINS.",
      };
    case "not_found":
      return { error: "not_found", description: "There is nothing at this address." };
    case "method_not_allowed": {
      const { allow } = reason;
      return { error: "method_not_allowed", description: `This address takes ${allow}.`, allow };
    }
  }
}

/** The JSON form: RFC 6749's fields and three more. */
export function errorJson(c: Context, wire: WireError, challenge?: string): Response {
  const { status, error, description, connectUrl, retryAfter } = wire;
  if (challenge !== undefined) c.header("WWW-Authenticate", challenge);
  else if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="switchboard"');
  setErrorHeaders(c, wire);
  const body = {
    error,
    error_description: description,
    connect_url: connectUrl,
    retry_after: retryAfter,
    request_id: notesOf(c).id,
  };
  return c.json(body, status);
}

/** The page form, for people. */
export async function errorPage(
  c: Context,
  wire: WireError,
  { connecting, ...reader }: {
    signedIn: boolean;
    returnTo?: string | undefined;
    connecting?: boolean | undefined;
  },
): Promise<Response> {
  const { endPage } = await import("./page/end_page.tsx");
  const words = await wordsFor(c);
  setErrorHeaders(c, wire);
  if (wire.popup !== undefined) keepsOpener(c);
  return c.html(
    endPage(
      { wire, reason: wire.reason, connecting },
      { words, reference: notesOf(c).id, ...reader },
    ),
    wire.status,
  );
}

/** RFC 9110 §10.2.1, §10.2.3 and §15.5.9: for programs, whatever form the answer has. */
function setErrorHeaders(c: Context, { status, allow, retryAfter }: WireError): void {
  // Deno 2.5.7 closes then; 2.9.6 leaves it to the sender.
  if (status === 408) c.header("Connection", "close");
  if (allow !== undefined) c.header("Allow", allow);
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
}
