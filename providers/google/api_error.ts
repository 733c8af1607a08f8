/**
 * What a refusal of Google's APIs means, and what cures it. Gmail, Calendar and
 * Drive share the shapes, and nearly all of the reasons.
 *
 * https://developers.google.com/workspace/calendar/api/guides/errors
 * https://developers.google.com/workspace/gmail/api/guides/handle-errors
 * https://developers.google.com/workspace/drive/api/guides/handle-errors
 * https://cloud.google.com/apis/design/errors
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import type { ApiFault } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { readRefusal, type Said } from "./error_body.ts";
import { acceptsScope } from "./scopes.ts";

/** Google counts some limits per minute and per 100 seconds. */
const SOON = 60;
/** A limit that lasts for a day ends at midnight in California; nobody is told to wait so long. */
const LATER = 60 * 60;
/** Where Google itself says how long. */
const LONGEST = 24 * 60 * 60;

/** The token does not cover this; a person who connects again can give more. */
const SCOPE_REASONS = [
  "accesstokenscopeinsufficient",
  "insufficientpermissions",
  "insufficientscopes",
  "insufficientscope",
];
/** The token is dead. */
const DEAD_REASONS = [
  "autherror",
  "loginrequired",
  "invalidgrant",
  "invalidtoken",
  "invalidcredentials",
  "accesstokenexpired",
  "accesstokentypeunsupported",
  "credentialsmissing",
  "sessioncookieinvalid",
];
/** What only whoever runs this can mend, in the console of Google Cloud. */
const OPERATOR_REASONS: Record<string, string> = {
  accessnotconfigured: "is not enabled",
  servicedisabled: "is not enabled",
  apidisabled: "is not enabled",
  servicenotvisible: "is not enabled",
  billingdisabled: "cannot be used while billing is off",
  consumerinvalid: "is refused, as the project is invalid,",
  consumersuspended: "is refused, as the project is suspended,",
  projectinvalid: "is refused, as the project is invalid,",
  keyinvalid: "is refused, as the API key is invalid,",
  ipreferblocked: "is refused, as requests from here are blocked,",
};
const DAILY_REASONS = [
  "dailylimitexceeded",
  "dailylimitexceededunreg",
  "quotaexceeded",
  "calendarusagelimitsexceeded",
  "sharingratelimitexceeded",
  "variabletermlimitexceeded",
];
const LIMIT_REASONS = [
  "ratelimitexceeded",
  "userratelimitexceeded",
  "userratelimitexceededunreg",
  "concurrentlimitexceeded",
  "resourceexhausted",
  "toomanyrequests",
];

/** Reasons that have words of their own, whatever their status. */
const WORDS: Record<string, Pick<ApiFault, "kind" | "message" | "scopes">> = {
  storagequotaexceeded: {
    kind: "forbidden",
    message: "The Google storage of the account is full. Something must be deleted there first.",
  },
  teamdrivefilelimitexceeded: {
    kind: "forbidden",
    message: "The shared Google drive is full. Something must be deleted there first.",
  },
  insufficientfilepermissions: {
    kind: "forbidden",
    message: "Google says that the account may not do this with the file. Its owner can allow it.",
  },
  insufficientparentpermissions: {
    kind: "forbidden",
    message: "Google says that the account may not add to this folder. Its owner can allow it.",
  },
  forbiddenfornonorganizer: {
    kind: "forbidden",
    message: "Google lets only the organizer of the event change this.",
  },
  requiredaccesslevel: {
    kind: "forbidden",
    message:
      "Google says that the account may not do this in the calendar. Its owner can allow it.",
  },
  domainpolicy: {
    kind: "forbidden",
    message: "The administrator of the account's Google Workspace does not allow this.",
  },
  appnotauthorizedtofile: {
    kind: "missing_scope",
    message: "Google Drive was not given permission to change files that were made elsewhere.",
    scopes: ["https://www.googleapis.com/auth/drive"],
  },
  notacalendaruser: {
    kind: "forbidden",
    message: "The Google account has no Google Calendar. It must be opened there once.",
  },
  duplicate: {
    kind: "conflict",
    message: "Google has one with this id already. Look it up before anything is added.",
  },
  alreadyexists: {
    kind: "conflict",
    message: "Google has one of this name already. Look it up before anything is added.",
  },
  aborted: {
    kind: "conflict",
    message:
      "Something else changed this in Google at the same moment. Look at it, then try again.",
  },
  conditionnotmet: {
    kind: "conflict",
    message: "This was changed in Google in the meantime, and was left alone. Look at it again.",
  },
  deleted: {
    kind: "not_found",
    message: "Google says that this was deleted already.",
  },
  updatedmintoolongago: {
    kind: "invalid",
    message: "Google does not remember changes from so long ago. Ask for a shorter time.",
  },
  fullsyncrequired: {
    kind: "invalid",
    message: "Google cannot go on with this list. Begin it again without a page_token.",
  },
  uploadtoolarge: { kind: "invalid", message: "This is too large for Google." },
  timerangeempty: { kind: "invalid", message: "Google says that the time ends before it begins." },
};

/** Why a 2xx is none: an error where the answer should be. */
export function refusalIn(body: unknown, headers: Headers): ApiFault | undefined {
  const first = Array.isArray(body) ? body[0] : body;
  const error = typeof first === "object" && first !== null && "error" in first
    ? first.error
    : undefined;
  if (typeof error !== "object" || error === null) return undefined;
  const { code, status, reasons } = readRefusal(body);
  if (code === undefined && status === "" && reasons.length === 0) return undefined;
  return apiError(code ?? 500, headers, body);
}

/** What a refusal means. */
export function apiError(status: number, headers: Headers, body: unknown): ApiFault {
  const said = readRefusal(body);
  const has = (list: string[]) => said.reasons.some((reason) => list.includes(reason));
  const challenge = headers.get("WWW-Authenticate") ?? "";
  const isScope = has(SCOPE_REASONS) || /\berror="?insufficient_scope\b/i.test(challenge) ||
    /insufficient authentication scopes/i.test(said.raw);
  if (isScope) return missingScope(challenge);
  const fault = operatorFault(said);
  if (fault !== undefined) return fault;
  if (status === 401 || has(DEAD_REASONS) || said.status === "UNAUTHENTICATED") {
    return { kind: "unauthorized", message: "Google no longer accepts the sign-in." };
  }
  const known = said.reasons.map((reason) => lookUp(WORDS, reason)).find((one) => one);
  if (known !== undefined) return { ...known };
  if (
    status === 429 || has(DAILY_REASONS) || has(LIMIT_REASONS) ||
    said.status === "RESOURCE_EXHAUSTED"
  ) return limited(headers, said, has(DAILY_REASONS));
  return byStatus(status, headers, said);
}

function byStatus(status: number, headers: Headers, said: Said): ApiFault {
  const { message } = said;
  if (/mail service not enabled/i.test(said.raw)) {
    return {
      kind: "forbidden",
      message: "The Google account has no Gmail, or it is switched off.",
    };
  }
  if (status === 403) {
    return { kind: "forbidden", message: `Google does not allow this. ${message}`.trim() };
  }
  if (status === 404) return { kind: "not_found", message: "Google did not find this." };
  if (status === 410) return { ...WORDS.deleted! };
  if (status === 409) return { ...WORDS.aborted! };
  if (status === 412) return { ...WORDS.conditionnotmet! };
  if (status === 413) return { ...WORDS.uploadtoolarge! };
  if (said.status === "FAILED_PRECONDITION" || said.reasons.includes("failedprecondition")) {
    const words = "Google does not do this as things are there now.";
    return { kind: "invalid", message: `${words} ${message}`.trim() };
  }
  if (status >= 400 && status < 500 && status !== 408) {
    return { kind: "invalid", message: `Google did not accept the request. ${message}`.trim() };
  }
  const retryAfter = bounded(parseRetryAfter(headers));
  const words = "Google is not answering properly at the moment.";
  return {
    kind: "unavailable",
    message: words,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

function missingScope(challenge: string): ApiFault {
  const named = /\bscope="([^"]{1,2000})"/i.exec(challenge)?.[1]?.split(/\s+/) ?? [];
  const scopes = named.filter(acceptsScope);
  return {
    kind: "missing_scope",
    message: "Google was not given permission for this.",
    // Google names every scope that would do (seen November 2026): of several, the tool knows which
    // is the least, and to ask for all of them would be too much.
    ...(scopes.length === 1 ? { scopes } : {}),
  };
}

function limited(headers: Headers, said: Said, isNamedDaily: boolean): ApiFault {
  const asked = bounded(parseRetryAfter(headers) ?? said.retryDelay ?? namedMoment(said.raw));
  // The new style names the limit: `…PerDayPerProject`, `1/d/{project}`.
  const { quota_limit = "", quota_unit = "" } = said.metadata;
  const isDaily = isNamedDaily || /per_?day/i.test(quota_limit) || /^1\/d\b/.test(quota_unit);
  const message = isDaily
    ? "Google allows no more of this for now; such limits last for hours, at most until tomorrow."
    : "Google asks to slow down.";
  // `rateLimitExceeded` alone says nothing: Calendar's is of one person or one calendar (its page on
  // errors, November 2026). Whose it is stands in the new style's names only, and in the daily one's.
  const ofProject = /per_?project/i.test(quota_limit) || /\{project\}/.test(quota_unit) ||
    said.reasons.some((reason) => reason.startsWith("dailylimitexceeded"));
  const ofUser = /per_?user/i.test(quota_limit) || /\{user\}/.test(quota_unit);
  const whose = ofProject && !ofUser ? { limitOf: "app" as const } : {};
  const retryAfter = asked ?? (isDaily ? LATER : SOON);
  return { kind: "rate_limited", message, retryAfter, ...whose };
}

/** Gmail: `User-rate limit exceeded. Retry after 2026-11-24T15:00:00.000Z` */
function namedMoment(message: string): number | undefined {
  const moment = /retry after (\d{4}-\d\d-\d\dT[\d:.]{5,15}Z)/i.exec(message)?.[1];
  return moment === undefined ? undefined : parseRetryAfter(new Headers({ "Retry-After": moment }));
}

/** A limit that has just ended is not asked about at once. */
function bounded(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.min(LONGEST, Math.max(1, seconds));
}

/** The APIs of Google's that the tools use, by the names that errors and the console have. */
const APIS: [pattern: RegExp, title: string, service: string][] = [
  [/gmail/i, "The Gmail API", "gmail.googleapis.com"],
  [/calendar/i, "The Google Calendar API", "calendar-json.googleapis.com"],
  [/drive/i, "The Google Drive API", "drive.googleapis.com"],
];

/** An API that is not enabled: no person can help it, and its page is not theirs to open. */
function operatorFault({ reasons, metadata, raw }: Said): ApiFault | undefined {
  const what = reasons.map((reason) => lookUp(OPERATOR_REASONS, reason)).find((one) => one);
  if (what === undefined) return undefined;
  const named = metadata.service ?? /\b(Gmail|Google Calendar|Google Drive) API\b/i.exec(raw)?.[0];
  const [, title, service] = APIS.find(([pattern]) => pattern.test(named ?? "")) ?? [];
  const project = /\bprojects?[/ ](\d{4,20})\b/.exec(`${metadata.consumer ?? ""} ${raw}`)?.[1];
  const where = project === undefined ? "the project of this client" : `project ${project}`;
  const page = `https://console.cloud.google.com/apis/library${service ? `/${service}` : ""}`;
  return {
    kind: "forbidden",
    message: `${title ?? "This API of Google"} is not switched on for this service. ` +
      "Only whoever runs the service can change that.",
    operator: `${title ?? "An API of Google"} ${what} in ${where}: ${page}`,
  };
}
