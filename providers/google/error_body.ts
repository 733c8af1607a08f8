/**
 * What Google says of a refusal, in any of the shapes in which its APIs say it:
 * the old one (`errors[].reason`), the new one (`status`, `details[].reason`),
 * that of OAuth (`error: "invalid_grant"`), and lists of these.
 *
 * @module
 */

import { isRecord, stringOf } from "../../broker/core/json.ts";
import { oneLine, shorten } from "../text.ts";

const MAX_SAID = 200;
/** Of each kind; there is one as a rule. */
const MAX_PARTS = 20;

/** A refusal, read. */
export interface Said {
  /** Google's sentence, bounded, without addresses and signs that a voice stumbles over. */
  message: string;
  /** `PERMISSION_DENIED`, … as sent. */
  status: string;
  /** The number in the body, where there is one. */
  code: number | undefined;
  /** In small letters without `_`: `rateLimitExceeded` and `RATE_LIMIT_EXCEEDED` are one. */
  reasons: string[];
  /** Of `google.rpc.ErrorInfo`: which API, which limit. */
  metadata: Record<string, string>;
  /** Seconds, of `google.rpc.RetryInfo`. */
  retryDelay: number | undefined;
  /** Google's sentence as sent, at most 1,000 characters: to look into, never to repeat. */
  raw: string;
}

/** Reads what it knows, and passes over what it does not: one odd member costs nothing else. */
export function readRefusal(body: unknown): Said {
  const error = errorOf(body);
  const record = isRecord(error) ? error : {};
  const details = partsOf(record.details);
  const parts = [...partsOf(record.errors), ...details];
  // OAuth's way: the code in `error`, the sentence beside it.
  const code = typeof error === "string" ? error : undefined;
  const beside = isRecord(body) ? stringOf(body.error_description) : "";
  const raw = (stringOf(record.message) || stringOf(parts[0]?.message) || beside ||
    (code !== undefined && /\s/.test(code) ? code : "")).slice(0, 1_000);
  return {
    message: speakable(raw),
    status: stringOf(record.status),
    code: typeof record.code === "number" ? record.code : undefined,
    reasons: [code, ...parts.map(({ reason }) => reason)].map(stringOf).filter(Boolean)
      .map(plainReason),
    metadata: Object.assign({}, ...details.map(({ metadata }) => textsOf(metadata))),
    retryDelay: details.map(({ retryDelay }) => secondsOf(retryDelay)).find((s) => s !== undefined),
    raw,
  };
}

/** `RATE_LIMIT_EXCEEDED` and `rateLimitExceeded` → `ratelimitexceeded` */
function plainReason(reason: string): string {
  return reason.slice(0, 100).replaceAll("_", "").toLowerCase();
}

/** Where the refusal is: in `error`, in the first of a list, or the body itself. */
function errorOf(body: unknown): unknown {
  const first = Array.isArray(body) ? body[0] : body;
  if (!isRecord(first)) return undefined;
  if (first.error !== undefined) return first.error;
  return Array.isArray(first.errors) ? first : undefined;
}

function partsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.slice(0, MAX_PARTS).filter(isRecord) : [];
}

function textsOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  const texts = Object.entries(value).slice(0, MAX_PARTS)
    .filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts.map(([key, text]) => [key, text.slice(0, 200)]));
}

/** `3.5s` */
function secondsOf(value: unknown): number | undefined {
  const seconds = /^(\d{1,6})(?:\.\d+)?s$/.exec(stringOf(value))?.[1];
  return seconds === undefined ? undefined : Number(seconds) + 1;
}

function speakable(text: string): string {
  const words = oneLine(text.replace(/https?:\S*/gi, "").replace(/[{}<>]/g, " "));
  return shorten(words, MAX_SAID);
}
