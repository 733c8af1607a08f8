/**
 * The one table that turns a reason into the code and the words that callers
 * see. How a protocol carries them (HTTP's statuses, MCP's results) is for its
 * edge to know.
 *
 * @module
 */

import { isClientFault } from "./authorization_server.ts";
import { accessOf, clientFaultOf, keyFaultOf, notAccepted, refusalOf } from "./provider_words.ts";
import type { Cure, QuotaName, Reason } from "./refusal.ts";

/** A refusal as a caller reads it. */
export interface Words {
  /** A code in the style of RFC 6749 §5.2. */
  error: string;
  description: string;
  /** Behind it a person can mend what is missing. */
  connectUrl?: string | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  /** Where the person who reads it can try again. */
  againUrl?: string | undefined;
  /** Where that person mends it first, at the provider. */
  mendUrl?: string | undefined;
  /** How a person begins anew; absent: by a new link of their app's. */
  anew?: "server" | "app" | "none" | undefined;
  /** What a page says of what is there now; absent: nothing was changed. */
  changed?: "as_described" | "unknown" | undefined;
}

/** A locked or restarting database is back within seconds. */
const STORE_RETRY_SECONDS = 5;

/** Of what somebody holds as much as one may, and what makes room. */
const FULL: Record<QuotaName, (limit: number) => string> = {
  connections: (limit) =>
    `This user has ${limit} connections, as many as one may have. Disconnect one to make room.`,
  clients: (limit) =>
    `This user has allowed ${limit} apps, as many as one may. End the access of one to make room.`,
  personal_tokens: (limit) =>
    `This user has ${limit} personal tokens, as many as one may have. End one to make room.`,
};

/**
 * The error table. Exhaustive: a new reason without a line here does not
 * compile. Several reasons share a code where a caller can do no more about
 * one than about the other, or where the difference would help an attacker:
 * a link that is unknown, used or changed is `invalid_link` to all.
 */
export function wordsOf(reason: Reason): Words {
  switch (reason.code) {
    case "invalid_request":
      return { error: "invalid_request", description: reason.detail };
    case "invalid_client":
      return { error: "invalid_client", description: "The API key is missing or unknown." };
    case "credential_missing":
      return { error: "login_required", description: "Sign in, or send an API key.", anew: "none" };
    case "service_not_allowed":
      return {
        error: "access_denied",
        description: `This API key may not use ${reason.service}.`,
      };
    case "tool_not_allowed":
      return { error: "access_denied", description: `This API key may not use ${reason.tool}.` };
    case "tools_only":
      return {
        error: "access_denied",
        description: "This API key is for some tools, and gets no provider tokens.",
      };
    case "settings_changed":
      return {
        error: "conflict",
        description:
          "Somebody changed the settings meanwhile. Look at them again, then change them.",
      };
    case "connection_not_allowed": {
      const { title, others } = reason;
      const description = others.length === 0
        ? `This ${title} connection cannot be opened, and may be for more than this API key is for.`
        : `This ${title} connection is also for ${
          others.join(", ")
        }, which this API key is not for.`;
      return { error: "access_denied", description };
    }
    case "unknown_service": {
      const known = reason.known.join(", ") || "none, set a provider's client id and secret";
      const description = `There is no service "${reason.service}". Known: ${known}.`;
      return { error: "unknown_service", description };
    }
    case "unknown_account": {
      if (reason.accounts.length === 0) {
        const description = `None of the connected accounts of ${reason.service} may be used here.`;
        return { error: "unknown_account", description };
      }
      const list = reason.accounts.join(", ");
      const description = `No such account of ${reason.service}. "account" can be: ${list}.`;
      return { error: "unknown_account", description };
    }
    case "not_connected":
      return cure(reason, `${reason.title} is not connected yet.`);
    case "insufficient_scope":
      return cure(
        reason,
        `${reason.why === undefined ? "" : `${reason.why} `}${reason.title} is connected, but ` +
          `without this: ${reason.allows.join("; ") || "a permission"}.`,
      );
    case "reauthorization_required":
      return cure(
        reason,
        `${reason.title} must be connected again: ${endOf(reason)}.${othersOf(reason)}`,
      );
    case "provider_unavailable": {
      const { title, retryAfter, byClient = false, againUrl } = reason;
      const description = byClient
        ? `${notAccepted(title)}.`
        : `${title} is not answering. Try again in ${retryAfter} seconds.`;
      return { error: "provider_unavailable", description, retryAfter, againUrl };
    }
    case "vault_unavailable":
      return {
        error: "vault_unavailable",
        description: "The stored connection cannot be opened at the moment.",
        changed: "unknown",
      };
    case "store_unavailable":
      return {
        error: "store_unavailable",
        description: "The store is not answering. Try again in a few seconds.",
        retryAfter: STORE_RETRY_SECONDS,
        // It may have gone out between two steps, or after the write and before its answer.
        changed: "unknown",
      };
    case "too_large":
      return {
        error: "invalid_request",
        description: "This is too large to be kept.",
        // One of several steps may have been done before.
        changed: "unknown",
      };
    case "link_invalid":
      return {
        error: "invalid_link",
        description: "This link is not valid, or it was used already.",
      };
    case "link_done":
      return {
        error: "invalid_link",
        description: `This link was used already: ${reason.title}, as ${reason.label}.`,
        anew: "none",
      };
    case "link_changed":
      return { error: "invalid_link", description: "This link was changed on its way." };
    case "link_withdrawn":
      return { error: "invalid_link", description: "This link may not be used any more." };
    case "link_expired":
      return { error: "expired_link", description: "This link is too old." };
    case "code_invalid":
      return {
        error: "invalid_grant",
        description: "The code is unknown, used, too old, or not for this user.",
      };
    case "browser_mismatch":
      return {
        error: "browser_mismatch",
        description: "This sign-in was started in another browser.",
      };
    case "state_invalid":
      return {
        error: "invalid_state",
        description: reason.done === true
          ? "This sign-in is not needed any more: another one was finished with the same link."
          : "This sign-in is unknown, or it was finished already.",
      };
    case "state_missing":
      return {
        error: "invalid_state",
        description: "The answer does not say which sign-in it belongs to: that one is unknown.",
      };
    case "state_expired":
      return { error: "expired_state", description: "This sign-in took too long." };
    case "service_mismatch":
      return {
        error: "service_mismatch",
        description: "This sign-in was started for another service.",
      };
    case "issuer_mismatch":
      return {
        error: "issuer_mismatch",
        description: "This answer came from another sign-in server.",
      };
    case "access_denied": {
      const { title, againUrl } = reason;
      return {
        error: "access_denied",
        description: `${title} was not connected, as you chose.`,
        againUrl,
      };
    }
    case "provider_refused": {
      const { title, providerCode, page, againUrl } = reason;
      const description = isClientFault(providerCode)
        ? `${notAccepted(title)} (${providerCode}).`
        : refusalOf(title, providerCode);
      return { error: "provider_refused", description, againUrl, mendUrl: page };
    }
    case "key_refused": {
      const { title, what, why, againUrl } = reason;
      return what === "api_key"
        ? { error: "key_refused", description: keyFaultOf(title, why), againUrl }
        : { error: "client_refused", description: clientFaultOf(title, why), againUrl };
    }
    // As where the store is out before anything was given: what helps is to try again.
    case "not_stored": {
      const { title, access, againUrl } = reason;
      return {
        againUrl,
        error: "store_unavailable",
        description: `${title} was not connected: it could not be stored. ${
          accessOf(title, access)
        }`,
        retryAfter: STORE_RETRY_SECONDS,
        changed: "as_described",
      };
    }
    // As where the provider itself refuses: to try again does not help.
    case "not_keepable": {
      const { title, detail, access, againUrl } = reason;
      return {
        againUrl,
        error: "provider_refused",
        description: `${title} was not connected: ${detail}. ${accessOf(title, access)}`,
        changed: "as_described",
      };
    }
    case "sign_in_refused":
      return {
        error: "access_denied",
        description: "This account may not sign in here. See SIGN_IN_ALLOW.",
        anew: "none",
      };
    case "sign_in_needed":
      return { error: "login_required", description: "Sign in first.", anew: "none" };
    case "other_person":
      return {
        error: "access_denied",
        description: "This link is for another person than the one signed in.",
      };
    case "rate_limited": {
      const { retryAfter, of } = reason;
      const description = of === undefined
        ? `Too many requests of this kind. Try again in ${counted(retryAfter, "second")}.`
        : `Too many ${of} from this address: try again in ${waitOf(retryAfter)}.`;
      return { error: "rate_limited", description, retryAfter };
    }
    case "quota_exceeded": {
      const { of, limit, given } = reason;
      const also = given === undefined ? "" : ` ${accessOf(given.title, given.access)}`;
      const changed = given === undefined ? {} : { changed: "as_described" as const };
      return {
        error: "quota_exceeded",
        description: FULL[of](limit) + also,
        anew: "none",
        ...changed,
      };
    }
    case "user_deleted": {
      const { retryAfter } = reason;
      const description =
        "Everything about this user was deleted a moment ago. Until all is over " +
        `that was under way, nothing new is kept of them: try again in ${waitOf(retryAfter)}.`;
      return { error: "user_deleted", description, retryAfter, anew: "none" };
    }
    // RFC 6749 §5.2 has one code for every fault of a client, known or not.
    case "unknown_client":
      return {
        error: "invalid_client",
        description: reason.documents === "off"
          ? "Apps with a client id metadata document are not known here: this app has to register."
          : "This app is not known here. It may have to register again.",
        anew: "server",
      };
    case "client_document":
      return {
        error: "invalid_client",
        description: `This app's description cannot be used: ${reason.detail}.`,
        anew: "app",
      };
    case "redirect_uri_mismatch":
      return {
        error: "invalid_request",
        description: "This app may not send people back to that address.",
        anew: "server",
      };
    // RFC 6750 §3.1.
    case "invalid_gateway_token":
      return {
        error: "invalid_token",
        description:
          "Sign in again: this access token is not valid, or its access has ended or was " +
          "taken back. A personal token has to be made anew.",
      };
    case "insufficient_gateway_scope":
      return {
        error: "insufficient_scope",
        description: `The access token lacks a scope: ${reason.scope}.`,
      };
  }
}

/** A time to wait: in minutes, rounded up, where seconds say nothing any more. */
function waitOf(seconds: number): string {
  return seconds < 120 ? counted(seconds, "second") : counted(Math.ceil(seconds / 60), "minute");
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Why what was connected is not any more. */
function endOf({ moved, variable }: Extract<Reason, { code: "reauthorization_required" }>): string {
  if (variable !== undefined) return `it does not take the token in ${variable} any more`;
  return moved === true ? "the connection was moved to another server" : "its connection has ended";
}

/** The other ways to go on, where the default account has ended. */
function othersOf({ others = [] }: { others?: string[] | undefined }): string {
  return others.length === 0 ? "" : ` Or name another one as "account": ${others.join(", ")}.`;
}

/** Reasons that a person can mend: the code is the reason's own, the link goes along. */
function cure({ code, connectUrl, onlyInApp }: { code: string } & Cure, what: string): Words {
  const description = onlyInApp === true ? `${what} ${IN_APP}` : what;
  return { error: code, description, connectUrl };
}

/** For the app's developer to read, and for its user to hear. */
const IN_APP = "That has to be done in the app, by a link that the app makes for its user.";
