/**
 * One form, posted to an authorization server with the client's credentials:
 * what a token request (RFC 6749 §4.1.3, §6) and a revocation (RFC 7009 §2.1)
 * have in common. Some servers want its members as JSON.
 *
 * @module
 */

import { TOKEN_FAULTS } from "../broker/core/authorization_server.ts";
import { readText, TooLong } from "../broker/core/bodies.ts";
import { saidOf } from "../broker/core/own_words.ts";
import { parseRetryAfter } from "./retry_after.ts";

/** A token answer is a few KB, of some providers 100 and more; more than this, decoded, is not one. */
export const MAX_ANSWER_BYTES = 512 * 1024;

/** What the body calls a client's id and secret, where not as RFC 6749 §2.3.1 does. */
export interface ClientNames {
  id: string;
  secret: string;
}

/** How a client says who it is (RFC 6749 §2.3.1). */
export type ClientAuthentication =
  & { clientId: string; names?: ClientNames | undefined }
  & (
    /** A public client: it has no secret, and says its id alone. */
    | { method: "none" }
    | {
      /**
       * In the body, or by HTTP Basic. The standard wants both parts of Basic form-encoded; some
       * providers compare them as they are. `client_secret_scheme`: the id in the body, and the
       * secret behind `Authorization: Client` (Square); `client_secret_bearer`: behind `Bearer`,
       * as an API key is (Stripe).
       */
      method:
        | "client_secret_post"
        | "client_secret_basic"
        | "client_secret_basic_unencoded"
        | "client_secret_scheme"
        | "client_secret_bearer";
      clientSecret: string;
    }
  );

/** As RFC 6749 has it, or the same members as JSON. */
export type BodyFormat = "form" | "json";

/** What is sent, and where. */
export interface FormRequest {
  fetch: typeof fetch;
  endpoint: string;
  form: Record<string, string>;
  /** How the body is written. @default "form" */
  format?: BodyFormat | undefined;
  /** Sent beside the usual ones. */
  headers?: Record<string, string> | undefined;
  /** Absent: the request does not say whose it is. */
  authentication?: ClientAuthentication | undefined;
  /**
   * For the whole: the request, and its answer to the last byte. Absent: never aborted, as a
   * refresh must be: its token may be used up already.
   */
  timeoutMs?: number | undefined;
}

/** An answer that was read to its end, or why there is none. */
export type FormAnswer =
  | { kind: "answered"; status: number; text: string; retryAfter: number | undefined }
  /** `reason` is for a log, and holds nothing of the answer. */
  | { kind: "failed"; reason: string; retryAfter: number | undefined };

/** Posts a form. Does not throw, whatever the server does. */
export async function postForm(request: FormRequest): Promise<FormAnswer> {
  const { fetch, endpoint, form, format = "form", authentication, timeoutMs } = request;
  const signal = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  let retryAfter: number | undefined;
  try {
    const headers = new Headers({
      "Accept": "application/json",
      "Content-Type": format === "form" ? "application/x-www-form-urlencoded" : "application/json",
      // GitHub, for one, refuses requests without it.
      "User-Agent": "switchboard",
      ...request.headers,
    });
    const body = new URLSearchParams(form);
    if (authentication !== undefined) authenticate(headers, body, authentication);
    const response = await fetch(endpoint, {
      method: "POST",
      headers,
      body: format === "form" ? body : JSON.stringify(Object.fromEntries(body)),
      // A redirect would carry the client's credentials to another host.
      redirect: "manual",
      signal: signal ?? null,
    });
    retryAfter = parseRetryAfter(response.headers);
    const text = await readText(response, { limit: MAX_ANSWER_BYTES, signal });
    return { kind: "answered", status: response.status, text, retryAfter };
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error), retryAfter };
  }
}

function authenticate(
  headers: Headers,
  body: URLSearchParams,
  authentication: ClientAuthentication,
): void {
  const { method, clientId, names = { id: "client_id", secret: "client_secret" } } = authentication;
  switch (method) {
    case "none":
      return body.set(names.id, clientId);
    case "client_secret_post":
      body.set(names.id, clientId);
      return body.set(names.secret, authentication.clientSecret);
    case "client_secret_scheme":
    case "client_secret_bearer": {
      body.set(names.id, clientId);
      const scheme = method === "client_secret_scheme" ? "Client" : "Bearer";
      return headers.set("Authorization", `${scheme} ${authentication.clientSecret}`);
    }
    case "client_secret_basic":
    case "client_secret_basic_unencoded": {
      const parts = [clientId, authentication.clientSecret];
      const pair = (method === "client_secret_basic" ? parts.map(formEncoded) : parts).join(":");
      // As UTF-8 (RFC 7617 §2.1): btoa() alone takes Latin-1.
      const bytes = new TextEncoder().encode(pair);
      return headers.set("Authorization", `Basic ${btoa(String.fromCharCode(...bytes))}`);
    }
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function reasonOf(error: unknown): string {
  if (error instanceof TooLong) return saidOf(error);
  if (error instanceof DOMException && error.name === "TimeoutError") return TOKEN_FAULTS.late;
  return TOKEN_FAULTS.lost;
}
