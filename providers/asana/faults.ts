/**
 * Why Asana refused, in words. It says so by the status; `errors` hold why, and after a fault of its
 * own a phrase by which its support finds what happened.
 *
 * https://developers.asana.com/docs/errors
 *
 * @module
 */

import { isRecord, stringOf } from "../../broker/core/json.ts";
import type { ApiFault } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { oneLine, shorten } from "../text.ts";

const MAX_SAID = 200;
/** Its limits are counted by the minute. */
const RETRY_SECONDS = 60;

/** What a plan does not have. */
export const PAID: ApiFault = {
  kind: "forbidden",
  message: "Asana only does this in workspaces on a paid plan.",
};

/** `tasks:write`; what else is said of scopes names none. */
const SCOPE = /\b[a-z_]{2,40}(?:\.[a-z_]{2,40})?:(?:read|write|delete)\b/g;

/** Why the API refused. */
export function apiError(status: number, headers: Headers, body: unknown): ApiFault {
  const errors = errorsIn(body);
  const words = oneLine(errors.map(({ message }) => stringOf(message)).filter(Boolean).join(" "));
  const said = shorten(words, MAX_SAID);
  switch (status) {
    case 401:
      return { kind: "unauthorized", message: "Asana no longer accepts the sign-in." };
    case 402:
      return PAID;
    case 403:
      return missingScope(words, said) ?? forbidden(said);
    case 404:
    case 410:
      return notFoundAs(words);
    case 412:
      return {
        kind: "conflict",
        message:
          "Asana says that this has changed meanwhile. Look at it again, and then try again.",
      };
    case 429:
      return {
        kind: "rate_limited",
        message: "Asana asks to slow down.",
        retryAfter: parseRetryAfter(headers) ?? RETRY_SECONDS,
      };
    case 451:
      return forbidden("It is not to be had for legal reasons.");
    default:
      if (status === 424 || status < 400 || status >= 500) return unusable(errors);
      // What was passed is not known: an id of something that is gone, or of another account.
      if (/unknown object/i.test(words)) return notFoundAs(words);
      return { kind: "invalid", message: `Asana did not accept the request. ${said}`.trim() };
  }
}

function errorsIn(body: unknown): Record<string, unknown>[] {
  return isRecord(body) && Array.isArray(body.errors) ? body.errors.filter(isRecord) : [];
}

function forbidden(why: string): ApiFault {
  return { kind: "forbidden", message: `Asana does not allow this. ${why}`.trim() };
}

/** Not every text with the word in it: what somebody wrote may be repeated there. */
function missingScope(words: string, said: string): ApiFault | undefined {
  const scopes = [...new Set(words.match(SCOPE) ?? [])];
  const isSaid = /\b(?:missing|insufficient|required?|needs)\b.{0,30}\bscopes?\b/i.test(words);
  if (!/\bscopes?\b/i.test(words) || (scopes.length === 0 && !isSaid)) return undefined;
  return {
    kind: "missing_scope",
    message: `Asana does not allow this without a further permission. ${said}`,
    ...(scopes.length > 0 ? { scopes } : {}),
  };
}

/** `task: Unknown object: 123` */
function notFoundAs(words: string): ApiFault {
  const what = /^([a-z_]{2,30}): (?:Unknown object|Not a)/i.exec(words)?.[1];
  const named = what === undefined ? "this" : `this ${what.replaceAll("_", " ").toLowerCase()}`;
  return {
    kind: "not_found",
    message: `Asana did not find ${named}, or this account may not see it.`,
  };
}

/** A phrase such as `6 sad squid snuggle softly`. */
function unusable(errors: { phrase?: unknown }[]): ApiFault {
  const phrase = errors.map(({ phrase }) => stringOf(phrase)).find((one) =>
    /^[\w ,'-]{5,80}$/.test(one)
  );
  const known = phrase === undefined ? "" : ` Its support knows the fault as "${phrase}".`;
  return {
    kind: "unavailable",
    message: `Asana is not answering properly at the moment.${known}`,
  };
}
