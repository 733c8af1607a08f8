/**
 * Why Linear refused, in words. It refuses with 200, 400, 401, 403 or 429, always with a list of
 * errors; an error has a `code` (`RATELIMITED`), a `type` (`ratelimited`), or neither.
 *
 * https://linear.app/developers/graphql, https://linear.app/developers/rate-limiting
 *
 * @module
 */

import { isRecord, stringOf } from "../../broker/core/json.ts";
import type { ApiFault } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { shortLine } from "../text.ts";

const MAX_SAID = 200;
/** Where Linear does not say how long to wait. Its limits are refilled all the time. */
const RETRY_SECONDS = 60;
/** Another change of the same thing is done within moments. */
const LOCK_SECONDS = 5;
/** The longest of its limits is one of an hour. */
const MAX_RETRY_SECONDS = 3_600;

/** https://linear.app/developers/oauth-2-0-authentication */
const SCOPES = [
  "read",
  "write",
  "admin",
  "issues:create",
  "comments:create",
  "timeSchedule:write",
  "customer:read",
  "customer:write",
  "initiative:read",
  "initiative:write",
  "app:assignable",
  "app:mentionable",
];

/** One of Linear's errors. Whatever is not as expected is empty. */
export interface GraphQLError {
  message: string;
  /** The field that could not be given, from the root on. */
  path: readonly unknown[];
  code: string;
  type: string;
  /** In words for people. */
  said: string;
}

/** No answer that can be used. */
export const UNUSABLE: ApiFault = {
  kind: "unavailable",
  message: "Linear is not answering properly at the moment.",
};
/** The same of a request that Linear had begun with: nobody knows whether it came to an end. */
export const BROKEN: ApiFault = { ...UNUSABLE };
/** Also where Linear gives `null`, without an error. */
export const NOT_FOUND: ApiFault = {
  kind: "not_found",
  message: "Linear did not find this, or this account may not see it.",
};
const SIGNED_OUT: ApiFault = {
  kind: "unauthorized",
  message: "Linear no longer accepts the sign-in.",
};

/** Why a request that did not answer 200 was refused. */
export function apiError(status: number, headers: Headers, body: unknown): ApiFault {
  const errors = errorsIn(body);
  if (status === 429) return slowDown(headers);
  if (status === 401) return SIGNED_OUT;
  if (status >= 500) return UNUSABLE;
  if (errors.length > 0) return faultOfAll(errors, headers);
  if (status === 403) return { kind: "forbidden", message: "Linear does not allow this." };
  return UNUSABLE;
}

/**
 * Why an answer with 200 is a refusal: it has errors, and nothing beside them. Data that came
 * with errors is the tool's to judge: a change may have been made.
 */
export function refusalIn(body: unknown, headers: Headers): ApiFault | undefined {
  const errors = errorsIn(body);
  if (errors.length === 0 || hasData((body as { data?: unknown }).data)) return undefined;
  return faultOfAll(errors, headers);
}

/** The errors in an answer; none where they are no list of objects. */
export function errorsIn(body: unknown): GraphQLError[] {
  const errors = isRecord(body) && Array.isArray(body.errors) ? body.errors : [];
  if (!errors.every(isRecord)) return [];
  return errors.map(({ message, path, extensions }) => {
    const { code, type, userPresentableMessage } = isRecord(extensions) ? extensions : {};
    return {
      message: stringOf(message),
      path: Array.isArray(path) ? path : [],
      code: stringOf(code),
      type: stringOf(type),
      said: stringOf(userPresentableMessage),
    };
  });
}

function hasData(data: unknown): boolean {
  return typeof data === "object" && data !== null &&
    Object.values(data).some((root) => root !== null && root !== undefined);
}

/** The most curable first: where a scope is missing, nothing else need be mended before. */
const CURABLE: ApiFault["kind"][] = ["unauthorized", "missing_scope", "rate_limited"];

/** Why several errors at once are a refusal. */
export function faultOfAll(errors: GraphQLError[], headers: Headers): ApiFault {
  const faults = errors.map((error) => faultOf(error, headers));
  return CURABLE.map((kind) => faults.find((fault) => fault.kind === kind))
    .find((fault) => fault !== undefined) ?? faults[0] ?? UNUSABLE;
}

function faultOf(
  { message: words, code, type, said: forPeople }: GraphQLError,
  headers: Headers,
): ApiFault {
  const kinds = `${code} ${type}`.toLowerCase().replaceAll("_", " ");
  const said = shortLine(forPeople || words, MAX_SAID);
  if (/rate ?limit/.test(kinds)) return slowDown(headers);
  if (isScope(kinds.trim(), words)) return missingScope(words, said);
  if (/authentication|unauthenticated/.test(kinds)) return SIGNED_OUT;
  if (/lock ?timeout/.test(kinds)) {
    const again = "Another change to the same thing was in the way. Try again in a moment.";
    return {
      kind: "conflict",
      message: `Linear did not do this. ${again}`,
      retryAfter: LOCK_SECONDS,
    };
  }
  if (/complex/i.test(`${kinds} ${words}`)) {
    return { kind: "invalid", message: "Linear finds this too much at once. Ask for fewer." };
  }
  if (/not found|could not find/i.test(words)) return notFound(words);
  if (/usage ?limit/.test(kinds)) {
    return forbidden(`The workspace has used up what its plan allows. ${said}`);
  }
  if (/feature ?not ?accessible/.test(kinds)) {
    return forbidden(`The workspace's plan does not have it. ${said}`);
  }
  if (/forbidden/.test(kinds)) return forbidden(said);
  if (/internal|bootstrap|network|unavailable|timeout/.test(kinds)) return BROKEN;
  return { kind: "invalid", message: `Linear did not accept the request. ${said}`.trim() };
}

function forbidden(why: string): ApiFault {
  return { kind: "forbidden", message: `Linear does not allow this. ${why}`.trim() };
}

/** Not every text with the word in it: what somebody wrote may be repeated there. */
function isScope(kinds: string, words: string): boolean {
  return /\bscopes?\b/i.test(words) && (
    kinds === "" || /forbidden|authentication/.test(kinds) ||
    /\b(?:invalid|missing|insufficient|required)\b.{0,30}\bscopes?\b/i.test(words)
  );
}

/** `Invalid scope: 'write' required` names the scope; what is no scope of Linear's does not count. */
function missingScope(message: string, said: string): ApiFault {
  const named: string[] = message.match(/[a-zA-Z]+(?::[a-zA-Z]+)?/g) ?? [];
  const scopes = SCOPES.filter((scope) => named.includes(scope));
  return {
    kind: "missing_scope",
    message: `Linear does not allow this without a further permission. ${said}`,
    ...(scopes.length > 0 ? { scopes } : {}),
  };
}

/** `Entity not found: Project - Could not find referenced Project.` */
function notFound(message: string): ApiFault {
  const entity = /Entity not found: ([A-Z][A-Za-z]{1,30})\b/.exec(message)?.[1];
  if (entity === undefined) return NOT_FOUND;
  const words = entity.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return { ...NOT_FOUND, message: `Linear did not find this ${words}, or may not show it.` };
}

/**
 * Linear counts three limits. Those that were hit have nothing remaining, and the
 * one of them that is refilled last says how long to wait. The times are Linear's own, and are
 * read by the clock that it sends beside them.
 */
function slowDown(headers: Headers): ApiFault {
  const now = Date.parse(headers.get("Date") ?? "");
  const waits = ["endpoint-requests", "requests", "complexity"].flatMap((limit) => {
    if (Number(headers.get(`x-ratelimit-${limit}-remaining`) ?? NaN) > 0) return [];
    const reset = Number(headers.get(`x-ratelimit-${limit}-reset`) ?? NaN);
    const seconds = Math.ceil((reset - now) / 1000);
    return Number.isFinite(seconds) ? [Math.min(Math.max(1, seconds), MAX_RETRY_SECONDS)] : [];
  });
  const retryAfter = parseRetryAfter(headers) ??
    (waits.length > 0 ? Math.max(...waits) : RETRY_SECONDS);
  return { kind: "rate_limited", message: "Linear asks to slow down.", retryAfter };
}
