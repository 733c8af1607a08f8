/**
 * What each code of an error means to a backend.
 *
 * @module
 */

import type { Reason } from "../../broker/core/refusal.ts";
import { statusOf } from "../http/errors.ts";
import type { HttpReason } from "../http/wire_error.ts";

/** One reason: the code that programs read, and when it is said. */
export interface Said {
  error: string;
  when: string;
}

/** A fault of this program, or its end, has no reason; a refused client has the reason of a refused key. */
type OfItsOwn = keyof typeof OF_ITS_OWN | "client_refused";
const OF_ITS_OWN = { server_error: 500, not_loaded: 503, server_restarting: 503 };

/** Of all that routes here may say no with; a test holds it against the words that are said. */
export const SAID = {
  invalid_request: { error: "invalid_request", when: "Something in it is missing or wrong." },
  unsupported_media_type: { error: "invalid_request", when: "The body is not `application/json`." },
  payload_too_large: { error: "invalid_request", when: "The body is too long." },
  request_timeout: { error: "invalid_request", when: "The body did not arrive in time." },
  too_large: { error: "invalid_request", when: "It is too large to be kept." },
  invalid_client: { error: "invalid_client", when: "The API key is missing or unknown." },
  service_not_allowed: { error: "access_denied", when: "The API key is not for this service." },
  tool_not_allowed: { error: "access_denied", when: "The API key is not for this tool." },
  tools_only: {
    error: "access_denied",
    when: "The API key is for some tools, and gets no provider tokens.",
  },
  connection_not_allowed: {
    error: "access_denied",
    when: "The connection is also for services that the API key is not for.",
  },
  unknown_service: { error: "unknown_service", when: "There is no such service here." },
  unknown_account: { error: "unknown_account", when: "The user has no such account connected." },
  not_connected: {
    error: "not_connected",
    when: "The user has not connected it. `connect_url` is where they do.",
  },
  insufficient_scope: {
    error: "insufficient_scope",
    when: "It is connected without what is asked for. `connect_url` asks for the rest.",
  },
  reauthorization_required: {
    error: "reauthorization_required",
    when: "It has ended. `connect_url` is where the user connects it again.",
  },
  provider_unavailable: {
    error: "provider_unavailable",
    when: "The provider does not answer, or does not accept this server.",
  },
  vault_unavailable: {
    error: "vault_unavailable",
    when: "What is stored cannot be opened at the moment.",
  },
  store_unavailable: { error: "store_unavailable", when: "The store does not answer." },
  not_stored: {
    error: "store_unavailable",
    when: "The provider gave access that could not be stored; the words say what became of it.",
  },
  not_keepable: {
    error: "provider_refused",
    when: "The provider gave access that cannot be kept; the words say what became of it.",
  },
  link_withdrawn: { error: "invalid_link", when: "By today's rules it may not be finished." },
  code_invalid: {
    error: "invalid_grant",
    when: "The code is unknown, used, too old, or not for this user.",
  },
  key_refused: {
    error: "key_refused",
    when: "The provider does not take the key, or it has not the form of one.",
  },
  client_refused: {
    error: "client_refused",
    when: "The provider does not take the client and its secret.",
  },
  rate_limited: { error: "rate_limited", when: "There are too many of these." },
  quota_exceeded: {
    error: "quota_exceeded",
    when: "The user holds as many of these as one may; the description says what makes room.",
  },
  user_deleted: {
    error: "user_deleted",
    when: "Everything of the user was deleted a moment ago; nothing new is kept until then.",
  },
  forbidden_host: {
    error: "forbidden_host",
    when: "The server is not known by the name that it was called by.",
  },
  forbidden_origin: { error: "forbidden_origin", when: "A page of another origin called." },
  method_not_allowed: { error: "method_not_allowed", when: "The address takes other methods." },
  server_error: {
    error: "server_error",
    when: "A fault of the server. Its log has it under `request_id`.",
  },
  not_loaded: {
    error: "server_error",
    when: "A part of the server could not be loaded; it is tried again with the next request.",
  },
  server_restarting: {
    error: "server_restarting",
    when: "The server restarts. What was asked for may have been done.",
  },
} satisfies Partial<Record<Reason["code"] | HttpReason["code"] | OfItsOwn, Said>>;

/** Why a route says no. */
export type Code = keyof typeof SAID;

/** The status that it is said with. */
export function statusOfCode(code: Code): number {
  if (code === "server_error" || code === "not_loaded" || code === "server_restarting") {
    return OF_ITS_OWN[code];
  }
  return statusOf(code === "client_refused" ? "key_refused" : code);
}
