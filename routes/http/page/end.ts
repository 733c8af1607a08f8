/**
 * What a page says where something came to an end: what happened, what is there
 * now, and the next step for this very case. As sentences in the reader's
 * language; `end_page.tsx` draws it. Pure.
 *
 * @module
 */

import { isClientFault } from "../../../broker/core/authorization_server.ts";
import type { Reason } from "../../../broker/core/refusal.ts";
import type { HttpReason, WireError } from "../wire_error.ts";
import type { Catalogue } from "./words/en.ts";
import { counted, sayText } from "./words/say.ts";

/** What happened, in words. */
export interface End {
  title: string;
  text: string;
  /** What else happened: to access that was given. */
  also?: string | undefined;
  /** A code for whoever helps; nothing that the reader has to understand. */
  code?: string | undefined;
  /** Whether it was about connecting something. */
  connecting: boolean;
  /** What the reader can do here and now, beside what the error itself brings along. */
  next?: "sign_in" | "other_account" | "sign_out" | undefined;
  /** It is over or was done, and nothing went wrong. */
  calm: boolean;
  /** It worked, before. */
  isDone?: boolean | undefined;
}

/** What is known of an error when it is shown. */
export interface Shown {
  reason?: Reason | HttpReason | undefined;
  wire: WireError;
  /** Whether it was on the way to a connection, where the reason does not say. */
  connecting?: boolean | undefined;
}

type Entry = { title: string; text: string };

/** What happened. Whatever has no words of its own is told in those that programs get. */
export function endOf(
  { reason, wire, connecting = false }: Shown,
  { connected, endings, lang }: Catalogue,
): End {
  const about = (entry: Entry, values: Record<string, string> = {}): End => ({
    title: sayText(entry.title, values),
    text: sayText(entry.text, values),
    connecting: true,
    calm: false,
  });
  const apart = (entry: Entry, values?: Record<string, string>): End => ({
    ...about(entry, values),
    connecting,
  });
  switch (reason?.code) {
    case undefined:
      return { ...apart(endings.own), code: wire.description };
    case "link_expired":
      return about(endings.expired);
    case "link_invalid":
      return about(endings.used);
    case "link_done": {
      const { title: service, label: account, handedOff } = reason;
      const text = handedOff ? connected.beforeHandedOff : connected.before;
      const entry = { title: connected.asAlready, text };
      return { ...apart(entry, { service, account }), connecting: false, calm: true, isDone: true };
    }
    case "link_changed":
      return about(endings.changed);
    case "link_withdrawn":
      return about(endings.withdrawn);
    case "browser_mismatch":
      return about(endings.otherBrowser);
    case "state_invalid":
      return reason.done === true
        ? { ...about(endings.doneElsewhere), calm: true }
        : about(endings.finished);
    case "state_missing":
      return about(endings.noState);
    case "state_expired":
      return about(endings.tookTooLong);
    case "service_mismatch":
      return about(endings.otherService);
    case "issuer_mismatch":
      return about(endings.otherIssuer);
    case "access_denied":
      return { ...about(endings.denied, { provider: reason.title }), calm: true };
    case "provider_refused":
      return refusedBy(reason, endings, about);
    case "provider_unavailable": {
      const provider = { provider: reason.title };
      if (reason.byClient === true) return about(endings.misconfigured, provider);
      return about(endings.unavailable, {
        ...provider,
        wait: waitOf(reason.retryAfter, endings, lang),
      });
    }
    case "key_refused":
      return about(keyEnd(reason, endings), { provider: reason.title });
    case "not_stored":
    case "not_keepable": {
      const provider = { provider: reason.title };
      const also = sayText(endings.access[reason.access], provider);
      return reason.code === "not_stored"
        ? { ...about(endings.notStored, provider), also }
        : { ...about(endings.notKeepable, { ...provider, detail: reason.detail }), also };
    }
    case "vault_unavailable":
      return apart(endings.vault);
    case "store_unavailable":
      return apart(endings.store);
    case "sign_in_refused":
      return { ...apart(endings.signInRefused), connecting: false, next: "other_account" };
    case "sign_in_needed":
    case "credential_missing":
      return { ...apart(endings.signInNeeded), connecting: false, next: "sign_in" };
    case "other_person":
      return { ...about(endings.otherPerson), next: "sign_out" };
    case "rate_limited": {
      const entry = { title: endings.later, text: endings.laterText };
      return apart(entry, { wait: waitOf(reason.retryAfter, endings, lang) });
    }
    case "quota_exceeded": {
      const { of, limit, given } = reason;
      const end = apart(endings.full[of], { limit: String(limit) });
      if (given === undefined) return end;
      const also = sayText(endings.access[given.access], { provider: given.title });
      return { ...end, connecting: true, also };
    }
    case "user_deleted":
      return apart(endings.deletedJustNow, { wait: waitOf(reason.retryAfter, endings, lang) });
    case "unknown_client":
      return apart(reason.documents === "off" ? endings.appDocuments : endings.unknownApp);
    case "client_document":
      return apart(endings.appDescription, { detail: reason.detail });
    case "redirect_uri_mismatch":
      return apart(endings.appAddress);
    case "cross_site":
      return apart(endings.crossSite);
    case "not_found":
      return apart(endings.notFound);
    case "forbidden_host":
    case "forbidden_origin":
      return { ...apart(endings.wrongHost), code: wire.description };
    case "unknown_service":
      return apart(endings.unknownService, { service: reason.service });
    case "service_not_allowed":
      return about(endings.notAllowed, { service: reason.service });
    case "too_large":
    case "payload_too_large":
      return apart(endings.tooLarge);
    default:
      return apart(endings.wrongInput, { detail: wire.description });
  }
}

function refusedBy(
  { title, providerCode }: Extract<Reason, { code: "provider_refused" }>,
  endings: Catalogue["endings"],
  about: (entry: Entry, values: Record<string, string>) => End,
): End {
  const said = (entry: Entry): End => ({
    ...about(entry, { provider: title }),
    code: providerCode,
  });
  if (isClientFault(providerCode)) return said(endings.misconfigured);
  switch (providerCode) {
    case "temporarily_unavailable":
    case "server_error":
      return said(endings.providerDown);
    case "no usable answer":
      return said(endings.unreadable);
    case "login_required":
    case "consent_required":
    case "interaction_required":
    case "account_selection_required":
      return said(endings.providerAsks);
    case "not_installed":
      return said(endings.notInstalled);
    case "not_its_owner":
      return said(endings.notOwner);
    default:
      return said(endings.providerRefused);
  }
}

function keyEnd(
  { what, why }: Extract<Reason, { code: "key_refused" }>,
  endings: Catalogue["endings"],
): Entry {
  const ofKey = {
    malformed: endings.keyMalformed,
    refused: endings.keyRefused,
    unclear: endings.keyUnclear,
  };
  const ofClient = {
    malformed: endings.clientMalformed,
    refused: endings.clientRefused,
    unclear: endings.clientUnclear,
  };
  return (what === "api_key" ? ofKey : ofClient)[why];
}

/** In minutes, rounded up, where seconds say nothing any more. */
function waitOf(seconds: number, { seconds: few, minutes }: Catalogue["endings"], lang: string) {
  return seconds < 120
    ? counted(lang, few, seconds)
    : counted(lang, minutes, Math.ceil(seconds / 60));
}
