/**
 * Every reason for which broker and gateway say no; `words.ts` has the code and
 * the words of each. Reasons carry nothing secret.
 *
 * @module
 */

import type { Popup } from "./popup.ts";
import { StacklessError } from "./stackless_error.ts";
import { StoreError, VaultError } from "./store_errors.ts";

/** Why a request was refused. */
export type Reason = Why & InPopup;

type Why =
  | { code: "invalid_request"; detail: string }
  | { code: "invalid_client" }
  /** Nobody says who calls, where a sign-in or an API key would do. */
  | { code: "credential_missing" }
  | { code: "service_not_allowed"; service: string }
  | { code: "tool_not_allowed"; tool: string }
  /** The app may use some tools, and a provider token would do everything. */
  | { code: "tools_only" }
  /** `others`: what else is on it; empty where nobody can say. */
  | { code: "connection_not_allowed"; title: string; others: string[] }
  | { code: "unknown_service"; service: string; known: string[] }
  /** `accounts`: what could be named; empty where none of those that are connected may be used. */
  | { code: "unknown_account"; service: string; accounts: string[] }
  | ({ code: "not_connected"; service: string; title: string } & Cure)
  | ({
    code: "insufficient_scope";
    service: string;
    title: string;
    scope: string;
    /** The same in words for people. */
    allows: string[];
    /** What came of it, in a sentence that stands before the cure. */
    why?: string | undefined;
    /** The account that lacks it, by its id. */
    account?: string | undefined;
  } & Cure)
  | ({
    code: "reauthorization_required";
    service: string;
    title: string;
    account?: string | undefined;
    /** Labels of other accounts that could do it: nobody takes one of them unasked. */
    others?: string[] | undefined;
    /** Another server has it now. */
    moved?: boolean | undefined;
    /** Of stdio: where the token stands that the provider refused. */
    variable?: string | undefined;
  } & Cure)
  /** `byClient`: the provider does not accept this program's own registration. */
  | ({
    code: "provider_unavailable";
    title: string;
    retryAfter: number;
    byClient?: boolean | undefined;
  } & Again)
  | { code: "vault_unavailable" }
  | { code: "store_unavailable" }
  /** What should have been kept is larger than the store takes; waiting does not help. */
  | { code: "too_large" }
  | { code: "link_invalid" }
  | { code: "link_changed" }
  | { code: "link_expired" }
  /** It has connected something, in this very browser. */
  | { code: "link_done"; title: string; label: string; handedOff: boolean }
  /** By today's rules nobody may use it, or finish what was begun with it. */
  | { code: "link_withdrawn" }
  | { code: "code_invalid" }
  | { code: "browser_mismatch" }
  /** `done`: the link that it began with has connected something since. */
  | { code: "state_invalid"; done?: boolean | undefined }
  | { code: "state_missing" }
  | { code: "state_expired" }
  | { code: "service_mismatch" }
  | { code: "issuer_mismatch" }
  | ({ code: "access_denied"; title: string } & Again)
  | ({
    code: "provider_refused";
    title: string;
    providerCode: string;
    /** What it was, where that is more than the provider's code says; for the record and the log. */
    why?: string | undefined;
    /** The same in a sentence, for the log alone; holds nothing secret. */
    cause?: string | undefined;
    /** Where the person can mend it, at the provider. */
    page?: string | undefined;
  } & Again)
  /** Somebody handed over an API key, or a client and its secret. Nothing of it is repeated. */
  | ({ code: "key_refused"; title: string; what: KeyKind; why: KeyFault } & Again)
  /** A token set was issued, and the store did not take it. */
  | ({ code: "not_stored"; title: string; access: GivenAccess } & Again)
  /** A token set was issued that cannot be kept; `detail` says why. */
  | ({
    code: "not_keepable";
    title: string;
    detail: string;
    /** A code for it; for the record and the log. */
    why?: string | undefined;
    access: GivenAccess;
  } & Again)
  | { code: "sign_in_refused" }
  | { code: "sign_in_needed" }
  | { code: "other_person" }
  /** `of`: what there were too many of, from one address. `limit`: which of the limits that are set. */
  | {
    code: "rate_limited";
    retryAfter: number;
    of?: "registrations" | undefined;
    limit?: string | undefined;
  }
  /**
   * Somebody holds as many as one may. `access`: what became of access to `title` that was given
   * meanwhile.
   */
  | {
    code: "quota_exceeded";
    of: QuotaName;
    limit: number;
    given?: { title: string; access: GivenAccess } | undefined;
  }
  /**
   * `documents`: it has a document of its own, and those are not read here. `detail`: what it did
   * not prove, for the log alone.
   */
  | { code: "unknown_client"; documents?: "off" | undefined; detail?: string | undefined }
  /** `about`: the part of a client's description that is wrong (RFC 7591 §3.2.2). */
  | { code: "client_document"; detail: string; about: "redirect_uris" | "metadata" }
  | { code: "redirect_uri_mismatch" }
  /** Of the person it is about everything was deleted, less than `retryAfter` seconds ago. */
  | { code: "user_deleted"; retryAfter: number }
  | { code: "invalid_gateway_token" }
  | { code: "insufficient_gateway_scope"; scope: string }
  /** Somebody else changed the settings since they were looked at. */
  | { code: "settings_changed" };

/** What one person may hold so many of. */
export type QuotaName = "connections" | "clients" | "personal_tokens";

/** What was handed over. */
export type KeyKind = "api_key" | "client_credentials";

/** Why it is not kept. */
export type KeyFault =
  /** It has not the form of such: the provider was not asked. */
  | "malformed"
  /** The provider does not take it, or does not let it see whose it is. */
  | "refused"
  /** The provider took it, and did not say whose it is. */
  | "unclear";

/** How a person can mend what is missing. */
export interface Cure {
  /** Behind it. */
  connectUrl?: string | undefined;
  /** Only by a link that the app itself makes, with a `return_to`. */
  onlyInApp?: boolean | undefined;
}

/** How the same person can try the same once more. */
export interface Again {
  /** The link that they came by, as long as it is good; for their own browser alone. */
  againUrl?: string | undefined;
}

/** It goes on, or ends, in a pop-up that an app's page has opened. */
export type InPopup = { popup?: Popup | undefined };

/** What became of access that a provider gave and that was not kept. */
export type GivenAccess =
  | "taken_back"
  /** The provider could not be told, or has no way to be told. */
  | "not_taken_back"
  /** An earlier connection hangs on it: it was left alone. */
  | "held_before";

/** Thrown by broker and gateway; `wordsOf()` says it to the caller. */
export class Refusal extends StacklessError {
  constructor(readonly reason: Reason, options?: ErrorOptions) {
    super("Refusal", reason.code, options);
  }
}

/** The refusal of what comes too often: nothing where there is nothing to wait for (ms). */
export function refuseWhileOver(wait: number, of?: "registrations"): void {
  if (wait <= 0) return;
  const retryAfter = Math.ceil(wait / 1000);
  throw new Refusal({ code: "rate_limited", retryAfter, ...(of !== undefined && { of }) });
}

/** The reason behind an error that was thrown below, if it is one. */
export function reasonOf(error: unknown): Reason | undefined {
  if (error instanceof Refusal) return error.reason;
  if (error instanceof VaultError) return { code: "vault_unavailable" };
  if (!(error instanceof StoreError)) return undefined;
  // Each door has limits of its own, with better words: this is for the one that has none.
  return { code: error.permanent ? "too_large" : "store_unavailable" };
}
