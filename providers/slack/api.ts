/**
 * Slack's Web API, which answers 200 when it refuses.
 *
 * https://docs.slack.dev/apis/web-api/#responses
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import { z } from "zod";
import { type ApiClient, ApiError, type ApiFault, type ApiRequest } from "../provider.ts";

const Envelope = z.looseObject({ ok: z.boolean() });
const Refusal = z.object({ error: z.string(), needed: z.string().optional() });

const UNUSABLE: ApiFault = {
  kind: "unavailable",
  message: "Slack is not answering properly at the moment.",
};
/** The token is not good any more. */
export const SIGNED_OUT: ApiFault = {
  kind: "unauthorized",
  message: "Slack no longer accepts the sign-in.",
};
/** Too many requests. */
export const SLOW_DOWN: ApiFault = {
  kind: "rate_limited",
  message: "Slack asks to slow down.",
  retryAfter: 60,
};

/** The codes that a person can do something about, in words. */
const FAULTS: Record<string, ApiFault> = {
  ...byCode(SIGNED_OUT, [
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
  ]),
  ...byCode(SLOW_DOWN, ["ratelimited", "rate_limited", "message_limit_exceeded"]),
  ...byCode(UNUSABLE, ["fatal_error", "internal_error", "request_timeout", "service_unavailable"]),
  ...byCode({ kind: "not_found", message: "Slack did not find this channel." }, [
    "channel_not_found",
  ]),
  ...byCode({ kind: "not_found", message: "Slack did not find this message." }, [
    "message_not_found",
    "thread_not_found",
  ]),
  ...byCode({ kind: "not_found", message: "Slack did not find this person." }, [
    "user_not_found",
    "users_not_found",
  ]),
  ...byCode({ kind: "forbidden", message: "This Slack account is not in that channel." }, [
    "not_in_channel",
  ]),
  ...byCode({ kind: "forbidden", message: "This Slack channel is archived." }, ["is_archived"]),
  ...byCode({ kind: "forbidden", message: "This Slack workspace does not allow this." }, [
    "access_denied",
    "cannot_reply_to_message",
    "ekm_access_denied",
    "no_permission",
    "not_allowed_token_type",
    "org_login_required",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_thread_only_channel",
    "team_access_not_granted",
  ]),
  ...byCode({ kind: "invalid", message: "Slack says that the message is too long." }, [
    "msg_too_long",
    "msg_blocks_too_long",
  ]),
};

function byCode(fault: ApiFault, codes: string[]): Record<string, ApiFault> {
  return Object.fromEntries(codes.map((code) => [code, fault]));
}

/** Why Slack refused. */
export function faultOf(body: unknown): ApiFault {
  const parsed = Refusal.safeParse(body);
  if (!parsed.success) return UNUSABLE;
  const { error, needed = "" } = parsed.data;
  if (error === "missing_scope") {
    const scope = /^[a-z.:_,|]{1,200}$/.test(needed) ? ` It needs the permission ${needed}.` : "";
    return { kind: "forbidden", message: `Slack has not been granted enough.${scope}` };
  }
  const known = lookUp(FAULTS, error);
  if (known !== undefined) return known;
  const code = /^[a-z_]{1,60}$/.test(error) ? ` It says: ${error.replaceAll("_", " ")}.` : "";
  return { kind: "invalid", message: `Slack did not accept the request.${code}` };
}

/**
 * Calls a method.
 *
 * @throws {ApiError} where Slack says no, with 200 too.
 */
export async function call<T>(
  api: ApiClient,
  method: string,
  schema: z.ZodType<T>,
  request: ApiRequest = {},
): Promise<T> {
  const answer = await api.json(`/${method}`, Envelope, request);
  if (!answer.ok) throw new ApiError(faultOf(answer));
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new ApiError(UNUSABLE);
  return parsed.data;
}

/** Calls a method that changes something. Slack warns where the JSON's type names no charset. */
export function send<T>(
  api: ApiClient,
  method: string,
  schema: z.ZodType<T>,
  body: Record<string, unknown>,
): Promise<T> {
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  return call(api, method, schema, { method: "POST", body, headers });
}

/** What an answer says about the next page; at the end Slack sends an empty cursor. */
export const Paged = z.object({
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

/** The cursor of the next page. */
export function cursorOf({ response_metadata }: z.output<typeof Paged>): string | undefined {
  return response_metadata?.next_cursor || undefined;
}

/** Input fields of every list. */
export const cursor = z.string().min(1).max(500).optional()
  .describe("Where to go on: `next_cursor` of an earlier answer. Left out, at the start.");

/** Output fields of every list. */
export const pagingOutput = {
  has_more: z.boolean().describe("Whether there is more than this."),
  next_cursor: z.string().optional().describe("Pass it as `cursor` to go on."),
};

/** Where a list goes on. */
export function pageAfter(
  next: string | undefined,
): { has_more: boolean; next_cursor: string | undefined } {
  return { has_more: next !== undefined, next_cursor: next };
}
