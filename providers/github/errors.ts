/**
 * Why GitHub's API refused, in words that say what to do.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 *
 * @module
 */

import { isRecord, stringOf } from "../../broker/core/json.ts";
import type { ApiFault } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { count, shortLine } from "../text.ts";
import { type GitHubRefusal, knownRefusal, type Site } from "./refusals.ts";
import { lackingScopes } from "./scopes.ts";

/** Of a 404 that says nothing more. */
export const UNSEEN = "GitHub did not find this, or this account may not see it.";
const MAX_SAID = 200;
const MAX_DETAILS = 400;
const MAX_ERRORS = 5;
/**
 * What a secondary limit takes at least, where GitHub names no time.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
const SECONDARY_WAIT = 60;
/** A primary limit starts anew within the hour; a clock that is wrong must not make more of it. */
const MOST_WAIT = 3_600;

/** The `apiError` of the providers that speak to GitHub. */
export function apiErrorOf(site: Site) {
  return (status: number, headers: Headers, body: unknown): ApiFault => {
    const { message, errors } = isRecord(body) ? body : {};
    const said = shortLine(stringOf(message), MAX_SAID);
    const refusal = { ...site, status, headers, said, details: inWords(errors) };
    return limitFault(refusal, Date.now()) ?? knownRefusal(refusal) ?? scopeFault(refusal) ??
      byStatus(refusal);
  };
}

/**
 * A primary limit says with `x-ratelimit-remaining: 0` that it is one, and when it ends. Beside a
 * secondary limit those headers speak of the primary one, and its end would be far too late.
 */
export function limitFault(
  { status, headers, said, details }: GitHubRefusal,
  now: number,
): ApiFault | undefined {
  const isSpent = headers.get("x-ratelimit-remaining") === "0";
  const isSecondary = /secondary rate limit|abuse detection|submitted too quickly/i
    .test(`${said} ${details}`);
  const isLimit = status === 429 || (status === 422 && isSecondary) || (status === 403 &&
    (isSpent || isSecondary || headers.has("Retry-After") || /rate limit/i.test(said)));
  if (!isLimit) return undefined;
  const reset = Number(headers.get("x-ratelimit-reset") ?? NaN) - now / 1000;
  const retryAfter = parseRetryAfter(headers) ??
    (isSpent && !isSecondary && Number.isFinite(reset)
      ? Math.min(MOST_WAIT, Math.max(1, Math.ceil(reset)))
      : SECONDARY_WAIT);
  const wait = retryAfter <= 60 ? "a minute" : count(Math.ceil(retryAfter / 60), "minute");
  return {
    kind: "rate_limited",
    message: `GitHub asks to slow down. Try again in ${wait}.`,
    retryAfter,
  };
}

/** Only OAuth apps' tokens have scopes, and GitHub says with each answer which ones. */
function scopeFault({ status, headers, said }: GitHubRefusal): ApiFault | undefined {
  const scopes = lackingScopes(status, headers, said);
  if (scopes === undefined) return undefined;
  const why = status === 404
    ? "GitHub did not find this. It may be private, and this connection is for public " +
      "repositories only."
    : "GitHub asks for more than this connection allows.";
  return {
    kind: "missing_scope",
    message: `${why} Connect GitHub again to allow it.`,
    scopes,
    why,
  };
}

function byStatus({ status, headers, said, details }: GitHubRefusal): ApiFault {
  const retryAfter = parseRetryAfter(headers);
  const own = /^(not found|validation failed|forbidden)\.?$/i.test(said) ? "" : said;
  const why = own === "" || details === ""
    ? own + details
    : `${own.replace(/\.$/, "")}: ${details}`;
  const because = (start: string) => `${start} ${why}`.trim();
  // It has said so with 403, too, of files.
  if (status < 500 && /too large/i.test(why)) {
    return { kind: "invalid", message: because("This is too large for GitHub's API.") };
  }
  switch (status) {
    case 401:
      return { kind: "unauthorized", message: "GitHub no longer accepts the sign-in." };
    case 403:
      return { kind: "forbidden", message: because("GitHub does not allow this.") };
    // GitHub hides what a token may not see behind 404.
    case 404: {
      const message = own === "" ? UNSEEN : because("GitHub did not find this.");
      return { kind: "not_found", message };
    }
    case 410:
      return { kind: "not_found", message: because("This is no longer there.") };
    case 405:
    case 409:
      return { kind: "conflict", message: because("GitHub could not do this as things are.") };
    case 406:
    case 413:
      return { kind: "invalid", message: because("This is too large for GitHub's API.") };
    case 400:
    case 415:
    case 422:
      return { kind: "invalid", message: because("GitHub did not accept the request.") };
    case 424:
      return {
        kind: "unavailable",
        message: "Something that GitHub needs for this does not answer. Try again in a minute.",
        retryAfter: retryAfter ?? 60,
      };
    default: {
      const message = "GitHub is not answering properly at the moment.";
      return { kind: "unavailable", message, retryAfter };
    }
  }
}

/**
 * `errors` of a 422: field, code and message.
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed
 */
function inWords(errors: unknown): string {
  const all: unknown[] = Array.isArray(errors)
    ? errors
    : typeof errors === "string"
    ? [errors]
    : [];
  const said = all.slice(0, MAX_ERRORS).map((each) =>
    isRecord(each) ? inOneWord(each) : stringOf(each)
  );
  const rest = all.length > MAX_ERRORS ? [`and ${all.length - MAX_ERRORS} more`] : [];
  return shortLine([...said.filter(Boolean), ...rest].join("; "), MAX_DETAILS);
}

function inOneWord(detail: Record<string, unknown>): string {
  const [message, code, field, resource] = DETAILS.map((member) => stringOf(detail[member]));
  if (message) return field && !message.includes(field) ? `${field}: ${message}` : message;
  const [what, thing] = [field || resource || "a field", resource || "one"];
  switch (code) {
    case "missing":
      return `${thing} of ${what} does not exist`;
    case "missing_field":
      return `${what} is missing`;
    case "invalid":
      return `${what} is not valid`;
    case "already_exists":
      return `there is already ${thing} with this ${what}`;
    case "unprocessable":
      return `${what} cannot be processed`;
    case "too_large":
      return `${what} is too large`;
    default:
      return [what, code].join(" ").trim();
  }
}

const DETAILS = ["message", "code", "field", "resource"] as const;
