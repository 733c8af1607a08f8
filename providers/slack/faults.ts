/**
 * Why Slack refuses: with 200 and a code, nearly always.
 *
 * https://docs.slack.dev/apis/web-api/#responses
 *
 * @module
 */

import { isRecord, stringOf } from "../../broker/core/json.ts";
import { lookUp } from "../../broker/core/lists.ts";
import type { ApiFault } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { BROKEN, FAULTS, invalid, OUT, SIGNED_OUT, SLOW_DOWN } from "./fault_table.ts";

/** Whether two faults are the same one: what is caught may be a copy. */
export function isSame(fault: ApiFault, known: ApiFault): boolean {
  return fault.kind === known.kind && fault.message === known.message;
}

/** Why an answer with 200 is a refusal. */
export function refusalIn(body: unknown, headers: Headers): ApiFault | undefined {
  if (!isRecord(body) || body.ok !== false) return undefined;
  const error = stringOf(body.error);
  if (error === "missing_scope") return missingScope(body);
  const known = lookUp(FAULTS, error);
  if (known?.kind === "rate_limited") return { ...known, ...waitOf(headers) };
  if (known !== undefined) return known;
  if (error === "") return BROKEN;
  // "Starts with" for the families that grow.
  if (error.startsWith("restricted_action")) return FAULTS.restricted_action;
  const said = /^[a-z_]{1,60}$/.test(error) ? ` It says: ${error.replaceAll("_", " ")}.` : "";
  return invalid(`Slack did not accept the request.${said}`);
}

/**
 * `needed` lists the scopes of which one is enough: `channels:read,groups:read`. The first that is
 * not granted is asked for.
 */
function missingScope({ needed, provided }: { needed?: unknown; provided?: unknown }): ApiFault {
  const granted = scopesIn(stringOf(provided));
  const scope = scopesIn(stringOf(needed)).find((scope) => !granted.includes(scope));
  return {
    kind: "missing_scope",
    message: "Slack has not been granted enough for this.",
    scopes: scope === undefined ? undefined : [scope],
  };
}

function scopesIn(list: string): string[] {
  return list.slice(0, 2_000).split(/[,|\s]+/).filter((scope) =>
    /^[a-z][a-z.:_]{0,60}$/.test(scope)
  );
}

function waitOf(headers: Headers): { retryAfter?: number } {
  const retryAfter = parseRetryAfter(headers);
  return retryAfter === undefined ? {} : { retryAfter };
}

/** Other statuses than 200 come from rate limits and outages. */
export function apiError(status: number, headers: Headers, body: unknown): ApiFault {
  if (status === 429) return { ...SLOW_DOWN, message: TOO_OFTEN, ...waitOf(headers) };
  if (status === 401) return SIGNED_OUT;
  // Nobody took it. Of the others of this kind nobody knows.
  if (status === 503) return { ...OUT, ...waitOf(headers) };
  if (status >= 500) return { ...BROKEN, ...waitOf(headers) };
  return refusalIn(body, headers) ?? BROKEN;
}

const TOO_OFTEN = "Slack asks to wait before it is asked again. Some apps may read once a minute.";
