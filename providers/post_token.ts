/**
 * What authorization servers answer to a token request (RFC 6749 §5) and to a
 * revocation (RFC 7009 §2.2), and what providers make of either.
 *
 * Nothing of an answer is quoted: it may hold tokens.
 *
 * @module
 */

import {
  type IssuedTokens,
  type Revocation,
  TOKEN_FAULTS,
  type TokenAnswer,
} from "../broker/core/authorization_server.ts";
import type { Members } from "./extra.ts";
import { hasToken, issuedTokens } from "./issued_tokens.ts";
import { type FormRequest, postForm } from "./post_form.ts";
import { codesOf, saysError, type Wire, wireOf, wordAt } from "./token_wire.ts";

/** How a provider's answers differ from the standard's. */
export interface Dialect {
  /** The provider's own error codes → RFC 6749's. */
  errorCodes?: Record<string, string> | undefined;
  /** What it says, beside `invalid_grant`, of a refresh token that is over. */
  deadGrants?: DeadGrant[] | undefined;
  /** Its tokens live until they are ended, whatever `expires_in` says: 0, at Mailchimp. */
  tokensNeverEnd?: boolean | undefined;
  /** What is kept of the rest of an answer. */
  extraMembers?: Members | undefined;
  /** Finds the members of RFC 6749 §5.1 in an answer that keeps them elsewhere. */
  liftAnswer?: ((wire: Wire) => Wire) | undefined;
}

/**
 * An answer that means `invalid_grant`, where a refresh token was sent. Without
 * `equals` and `contains` it is enough that the member is there.
 */
export interface DeadGrant {
  status?: number | undefined;
  /** Of the JSON or the form, with dots for nested ones: `errors.0.resource`. */
  member: string;
  /** In any case. */
  equals?: string | undefined;
  /** In any case. */
  contains?: string | undefined;
}

/** Asks a token endpoint. Does not throw, whatever it answers. */
export async function postToken(request: FormRequest, dialect: Dialect = {}): Promise<TokenAnswer> {
  const answer = await postForm(request);
  if (answer.kind === "failed") return answer;
  const { status, text, retryAfter } = answer;
  const failed = (reason = unusable(status)): TokenAnswer => ({
    kind: "failed",
    reason,
    retryAfter,
  });
  const wire = wireOf(text);
  if (wire === undefined) return failed();
  if (isGood(status)) {
    const lifted = dialect.liftAnswer?.(wire) ?? wire;
    // Before any word of an error beside it: where refresh tokens rotate, there is no second one.
    if (hasToken(lifted)) {
      const tokens = issuedTokens(lifted, dialect.extraMembers);
      return tokens === undefined
        ? failed("the access_token cannot be sent in a header")
        : { kind: "issued", tokens: dialect.tokensNeverEnd ? endless(tokens) : tokens };
    }
  } else if (!isRefusal(status)) {
    return failed();
  }
  const code = codeOf(wire, dialect);
  const isRefresh = request.form.grant_type === "refresh_token";
  const isOver = isRefresh && code !== "invalid_client" &&
    (dialect.deadGrants ?? []).some((dead) => isSaid(dead, status, wire));
  if (isOver) return { kind: "rejected", code: "invalid_grant" };
  // GitHub answers 200 with {error} (seen November 2026).
  if (isGood(status) && !saysError(wire)) return failed(TOKEN_FAULTS.empty);
  if (TRANSIENT.includes(code)) return failed();
  return retryAfter === undefined
    ? { kind: "rejected", code }
    : { kind: "rejected", code, retryAfter };
}

/** Where there is nothing to refresh, a refresh token would say that there is. */
function endless({ accessToken, tokenType, scopes, extra }: IssuedTokens): IssuedTokens {
  return { accessToken, tokenType, scopes, extra };
}

/** Tells a revocation endpoint. A server that no longer knows the token has revoked it. */
export async function postRevocation(
  request: FormRequest,
  dialect: Dialect = {},
): Promise<Revocation> {
  const answer = await postForm(request);
  const { retryAfter } = answer;
  const failed = (reason: string): Revocation => ({ kind: "failed", reason, retryAfter });
  if (answer.kind === "failed") return failed(answer.reason);
  const { status, text } = answer;
  const wire = wireOf(text);
  if (isGood(status) && (wire === undefined || !saysError(wire))) return { kind: "revoked" };
  if (wire === undefined || !(isGood(status) || isRefusal(status))) return failed(unusable(status));
  return isUnknownToken(wire, codeOf(wire, dialect))
    ? { kind: "revoked" }
    : failed("the provider refused");
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Statuses that speak of the moment, and not of what was sent. */
const LATER = [408, 425, 429];

/** RFC 6749 §5.2 has 400 and 401; servers use the others as well (403: Google, Atlassian). */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !LATER.includes(status);
}

/** Codes that are true of the moment only, whatever the status. */
const TRANSIENT = ["temporarily_unavailable", "server_error", "slow_down", "rate_limit_exceeded"];

/**
 * The code of a refusal, in RFC 6749's words. Where several places hold one,
 * what is wrong with the client goes before what is wrong with the grant: a
 * client that is not known was never asked for its grant.
 */
function codeOf(wire: Wire, { errorCodes = {} }: Dialect): string {
  const codes = codesOf(wire).map((said) => {
    const known = Object.hasOwn(errorCodes, said) ? errorCodes[said]! : said.toLowerCase();
    // It is shown and logged: a server that puts something else there is not quoted.
    return /^[a-z_]{1,60}$/.test(known) ? known : "unknown_error";
  });
  const [first = "unknown_error"] = codes;
  return ["invalid_client", "invalid_grant"].find((code) => codes.includes(code)) ?? first;
}

function isSaid({ status, member, equals, contains }: DeadGrant, was: number, wire: Wire): boolean {
  if (status !== undefined && status !== was) return false;
  const word = wordAt(wire, member)?.toLowerCase();
  return word !== undefined && (equals === undefined || word === equals.toLowerCase()) &&
    (contains === undefined || word.includes(contains.toLowerCase()));
}

/** As codes: RFC 7009 §2.2.1 has none for it, since the answer should have been 200. */
const UNKNOWN_TOKEN = [
  "invalid_token",
  "invalid_grant",
  "token_expired",
  "token_invalid",
  "token_not_found",
  "token_revoked",
  "token_already_revoked",
  "unknown_token",
];

/** As sentences. From end to end, lest "the CSRF token is invalid" or a hint's type count. */
const SAYS_UNKNOWN = new RegExp(
  String
    .raw`^(the )?((provided|supplied|access|refresh|oauth|given) )*token (is |was |has )?(been )?(already )?` +
    String
      .raw`(invalid|unknown|expired|revoked|not found|not recognized|not valid)( or (invalid|unknown|expired|revoked))*\.?$` +
    String.raw`|^(invalid|unknown|expired|revoked) ((access|refresh|oauth) )?token\.?$`,
);

const SENTENCES = [
  "error",
  "error_description",
  ...["", "error.", "errors.0."].map((inside) => `${inside}message`),
];

function isUnknownToken(wire: Wire, code: string): boolean {
  if (["invalid_client", "unauthorized_client"].includes(code)) return false;
  return UNKNOWN_TOKEN.includes(code) ||
    SENTENCES.some((at) => SAYS_UNKNOWN.test(wordAt(wire, at)?.toLowerCase() ?? ""));
}

function unusable(status: number): string {
  return `unusable answer with status ${status}`;
}
