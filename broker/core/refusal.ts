/**
 * Every reason for which the broker says no, and the one table that turns a
 * reason into what callers see. Reasons carry nothing secret.
 *
 * @module
 */

/** Why a request was refused. */
export type Reason =
  | { code: "invalid_request"; detail: string }
  | { code: "invalid_client" }
  | { code: "service_not_allowed"; service: string }
  | { code: "unknown_service"; service: string; known: string[] }
  | { code: "unknown_account"; service: string; accounts: string[] }
  | { code: "not_connected"; service: string; title: string; connectUrl?: string | undefined }
  | {
    code: "insufficient_scope";
    service: string;
    title: string;
    scope: string;
    connectUrl?: string | undefined;
  }
  | {
    code: "reauthorization_required";
    service: string;
    title: string;
    connectUrl?: string | undefined;
  }
  | { code: "provider_unavailable"; title: string; retryAfter: number }
  | { code: "vault_unavailable" }
  | { code: "store_unavailable" }
  | { code: "link_invalid" }
  | { code: "link_changed" }
  | { code: "link_expired" }
  | { code: "code_invalid" }
  | { code: "cross_site" }
  | { code: "browser_mismatch" }
  | { code: "state_invalid" }
  | { code: "state_expired" }
  | { code: "service_mismatch" }
  | { code: "issuer_mismatch" }
  | { code: "access_denied"; title: string }
  | { code: "provider_refused"; title: string; providerCode: string }
  | { code: "sign_in_refused" }
  | { code: "sign_in_needed" }
  | { code: "other_person" }
  | { code: "rate_limited"; retryAfter: number }
  | { code: "unknown_client" }
  | { code: "client_document"; detail: string }
  | { code: "redirect_uri_mismatch" }
  | { code: "invalid_gateway_token" }
  | { code: "insufficient_gateway_scope"; scope: string }
  | { code: "unsupported_media_type" }
  | { code: "payload_too_large"; limit: number }
  | { code: "forbidden_host" }
  | { code: "forbidden_origin" }
  | { code: "not_found" }
  | { code: "method_not_allowed"; allow: string };

/** Thrown by the broker and the routes; {@linkcode toWire} says it to the caller. */
export class Refusal extends Error {
  constructor(readonly reason: Reason) {
    super(reason.code);
    this.name = "Refusal";
  }
}

/**
 * The reason behind an error that was thrown below, if it is one. The vault's
 * errors are known by name: neither broker nor edges import the vault.
 */
export function reasonOf(error: unknown): Reason | undefined {
  if (error instanceof Refusal) return error.reason;
  const name = error instanceof Error ? error.name : "";
  if (name === "VaultError") return { code: "vault_unavailable" };
  return name === "StoreError" ? { code: "store_unavailable" } : undefined;
}

/** A refusal as a caller sees it; `error` is RFC 6749's style of code. */
export interface WireRefusal {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 429 | 503;
  error: string;
  description: string;
  connectUrl?: string | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  /** The methods that work (RFC 9110 §10.2.1). */
  allow?: string | undefined;
}

const STORE_RETRY_SECONDS = 5;

/** The error table. Exhaustive: a new reason without a line here does not compile. */
export function toWire(reason: Reason): WireRefusal {
  switch (reason.code) {
    case "invalid_request":
      return wire(400, "invalid_request", reason.detail);
    case "invalid_client":
      return wire(401, "invalid_client", "The API key is missing or unknown.");
    case "service_not_allowed":
      return wire(403, "access_denied", `This API key may not use ${reason.service}.`);
    case "unknown_service": {
      const known = reason.known.join(", ") || "none, set a provider's client id and secret";
      return wire(
        404,
        "unknown_service",
        `There is no service "${reason.service}". Known: ${known}.`,
      );
    }
    case "unknown_account": {
      const list = reason.accounts.join(", ");
      return wire(
        404,
        "unknown_account",
        `No such account of ${reason.service}. Connected: ${list}.`,
      );
    }
    case "not_connected":
      return cure(404, reason, `${reason.title} is not connected yet.`);
    case "insufficient_scope":
      return cure(403, reason, `${reason.title} is connected, but without this: ${reason.scope}.`);
    case "reauthorization_required":
      return cure(409, reason, `${reason.title} must be connected again: it ended the connection.`);
    case "provider_unavailable": {
      const { retryAfter } = reason;
      const description = `${reason.title} is not answering. Try again in ${retryAfter} seconds.`;
      return { ...wire(503, "provider_unavailable", description), retryAfter };
    }
    case "vault_unavailable":
      return wire(
        503,
        "vault_unavailable",
        "The stored connection cannot be opened at the moment.",
      );
    case "store_unavailable": {
      const description = "The store is not answering. Try again in a few seconds.";
      return { ...wire(503, "store_unavailable", description), retryAfter: STORE_RETRY_SECONDS };
    }
    case "link_invalid":
      return wire(403, "invalid_link", "This link is not valid, or it was used already.");
    case "link_changed":
      return wire(403, "invalid_link", "This link was changed on its way.");
    case "link_expired":
      return wire(410, "expired_link", "This link is too old.");
    case "code_invalid":
      return wire(
        400,
        "invalid_grant",
        "The code is unknown, used, too old, or not for this user.",
      );
    case "cross_site":
      return wire(403, "cross_site_request", "This request came from another site.");
    case "browser_mismatch":
      return wire(403, "browser_mismatch", "This sign-in was started in another browser.");
    case "state_invalid":
      return wire(400, "invalid_state", "This sign-in is unknown, or it was finished already.");
    case "state_expired":
      return wire(400, "expired_state", "This sign-in took too long.");
    case "service_mismatch":
      return wire(400, "service_mismatch", "This sign-in was started for another service.");
    case "issuer_mismatch":
      return wire(400, "issuer_mismatch", "This answer came from another sign-in server.");
    case "access_denied":
      return wire(403, "access_denied", `${reason.title} was not connected, as you chose.`);
    case "provider_refused": {
      const description = `${reason.title} refused to finish the sign-in (${reason.providerCode}).`;
      return wire(400, "provider_refused", description);
    }
    case "sign_in_refused":
      return wire(403, "access_denied", "This account may not sign in here. See SIGN_IN_ALLOW.");
    case "sign_in_needed":
      return wire(401, "login_required", "Sign in first.");
    case "other_person":
      return wire(403, "access_denied", "This link is for another person than the one signed in.");
    case "rate_limited": {
      const { retryAfter } = reason;
      return { ...wire(429, "rate_limited", "Too many requests of this kind."), retryAfter };
    }
    case "unknown_client":
      return wire(
        400,
        "invalid_client",
        "This app is not known here. It may have to register again.",
      );
    case "client_document":
      return wire(
        400,
        "invalid_client",
        `This app's description cannot be used: ${reason.detail}.`,
      );
    case "redirect_uri_mismatch":
      return wire(400, "invalid_request", "This app may not send people back to that address.");
    case "invalid_gateway_token":
      return wire(401, "invalid_token", "The access token is not valid, or its grant has ended.");
    case "insufficient_gateway_scope":
      return wire(403, "insufficient_scope", `The access token lacks a scope: ${reason.scope}.`);
    case "unsupported_media_type":
      return wire(415, "invalid_request", "The body must be application/json.");
    case "payload_too_large":
      return wire(413, "invalid_request", `The body is longer than ${reason.limit} bytes.`);
    case "forbidden_host":
      return wire(403, "forbidden_host", "This host name is not served here. See ALLOWED_HOSTS.");
    case "forbidden_origin":
      return wire(403, "forbidden_origin", "This origin may not call. See ALLOWED_HOSTS.");
    case "not_found":
      return wire(404, "not_found", "There is nothing at this address.");
    case "method_not_allowed": {
      const { allow } = reason;
      return { ...wire(405, "method_not_allowed", `This address takes ${allow}.`), allow };
    }
  }
}

function wire(status: WireRefusal["status"], error: string, description: string): WireRefusal {
  return { status, error, description };
}

function cure(
  status: WireRefusal["status"],
  { code, connectUrl }: { code: string; connectUrl?: string | undefined },
  description: string,
): WireRefusal {
  return { ...wire(status, code, description), connectUrl };
}
