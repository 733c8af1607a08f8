/**
 * A sign-in that was begun here and came to nothing: whoever sent the person
 * off hears of it. An app by its `return_to`, or in its page, with a code from a list
 * of our own; no word of the provider's, or of the address that came back, goes along.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { PendingAuthorization } from "../core/connection.ts";
import type { Told } from "../core/popup.ts";
import { type Reason, reasonOf, Refusal } from "../core/refusal.ts";
import type { LogEvent } from "../core/world.ts";

/** What an app is told of how it ended. */
export type TurnedBack = "access_denied" | "provider_error" | "temporarily_unavailable";

/** How a provider says that the person said no; LinkedIn has two words of its own (seen 2026-11). */
const SAID_NO = ["access_denied", "user_cancelled_login", "user_cancelled_authorize"];

/** The refusal for a provider's error. */
export function refusedBy(
  { title }: AuthorizationServer,
  providerCode: string,
  page?: string,
): Refusal {
  if (SAID_NO.includes(providerCode)) return new Refusal({ code: "access_denied", title });
  const shown = /^[a-z_ ]{1,60}$/.test(providerCode) ? providerCode : "unknown error";
  return new Refusal({ code: "provider_refused", title, providerCode: shown, page });
}

/** What the app hears of it; `undefined`: this is no end, or none that an app can be told of. */
export function toldOf(
  { provider, service = provider }: Pick<PendingAuthorization, "provider" | "service">,
  error: unknown,
): Told | undefined {
  const reason = reasonOf(error);
  const code = codeOf(reason);
  if (code === undefined) return undefined;
  // Nobody else tells the person that something lives on at the provider.
  const access = reason !== undefined && "access" in reason ? reason.access : undefined;
  return { error: code, service, access };
}

function codeOf(reason: Reason | undefined): TurnedBack | undefined {
  switch (reason?.code) {
    case "access_denied":
      return "access_denied";
    case "provider_refused":
      // The person mends it at the provider, and tries again: that is no end yet.
      return reason.page === undefined ? "provider_error" : undefined;
    case "not_keepable":
      return "provider_error";
    case "not_stored":
    case "store_unavailable":
    case "vault_unavailable":
      return "temporarily_unavailable";
    default:
      return undefined;
  }
}

/** The same refusal, and the way to try again. */
export function withAgain(error: unknown, againUrl: string | undefined): unknown {
  if (!(error instanceof Refusal)) return error;
  const { reason } = error;
  switch (reason.code) {
    case "access_denied":
    case "provider_refused":
    case "provider_unavailable":
    case "key_refused":
    case "not_stored":
    case "not_keepable":
      return new Refusal({ ...reason, againUrl }, { cause: error });
    default:
      return error;
  }
}

/** What the log says where only the app is told. */
export function turnedBackEvent({ name: provider }: AuthorizationServer, error: unknown): LogEvent {
  return { level: "warn", event: "turned_back", provider, why: reasonOf(error)?.code };
}
