/**
 * What providers refuse, and what is true of access that they gave, in the words
 * that people read.
 *
 * @module
 */

import type { GivenAccess, KeyFault } from "./refusal.ts";

/** What a provider's error means to the person (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6). */
export function refusalOf(title: string, providerCode: string): string {
  switch (providerCode) {
    case "temporarily_unavailable":
    case "server_error":
      return `${title} could not finish the sign-in at the moment (${providerCode}).`;
    case "login_required":
    case "consent_required":
    case "interaction_required":
    case "account_selection_required":
      return `${title} did not ask you, and needs your answer (${providerCode}).`;
    case "not_installed":
      return "The app is not installed there, or you may not see that it is. Install it first, then try again.";
    case "not_its_owner":
      return "The app acts for all repositories that it was installed for. To connect it takes the owner " +
        "of that account or organization, or somebody who administers each of these repositories.";
    default:
      return `${title} refused to finish the sign-in (${providerCode}).`;
  }
}

/** Why a key is not kept, for whoever handed it over. */
export function keyFaultOf(title: string, why: KeyFault): string {
  switch (why) {
    case "malformed":
      return `This is no API key of ${title}: it does not look like one. Copy all of it, and nothing else.`;
    case "refused":
      return `${title} does not accept this API key, or the key may not see whose it is.`;
    case "unclear":
      return `${title} did not say whose API key this is.`;
  }
}

/** The same of a client and its secret. */
export function clientFaultOf(title: string, why: KeyFault): string {
  switch (why) {
    case "malformed":
      return `This is no client id and secret of ${title}. Copy all of both, and nothing else.`;
    case "refused":
      return `${title} issues no token for this client id and secret. ` +
        "They may be wrong, or the client may not do what is asked for.";
    case "unclear":
      return `${title} did not say whose client this is.`;
  }
}

/** It is nothing that the person has done, or can mend. */
export function notAccepted(title: string): string {
  return `${title} does not accept this server's registration. The server's operator must act; ` +
    "connecting again does not help";
}

/** What is true of access that was given and not kept. */
export function accessOf(title: string, access: GivenAccess): string {
  switch (access) {
    case "taken_back":
      return "The access that was just given has been taken back.";
    case "not_taken_back":
      return "The access that was just given could not be taken back: " +
        `it can be removed in your account at ${title}.`;
    case "held_before":
      return "The connection that was there before is as it was.";
  }
}
