/**
 * Slack's error codes, as what a person can do about them.
 *
 * https://docs.slack.dev/apis/web-api/#responses, the errors of each method's page, and those that
 * all methods share. Read in November 2026.
 *
 * @module
 */

import type { ApiFault } from "../provider.ts";

/** The token is not good any more. */
export const SIGNED_OUT: ApiFault = {
  kind: "unauthorized",
  message: "Slack no longer accepts the sign-in.",
};
/** Too many requests. */
export const SLOW_DOWN: ApiFault = {
  kind: "rate_limited",
  message: "Slack asks to slow down. Try again in a minute.",
  retryAfter: 60,
};
/** "It's possible some aspect of the operation succeeded before the error was raised." */
export const BROKEN: ApiFault = {
  kind: "unavailable",
  message: "Slack had a fault of its own. Try again in a moment.",
  retryAfter: 30,
};
/** Nobody takes requests. */
export const OUT = unavailable("Slack is not available at the moment.", 30);
/** States, for who asked for just them. */
export const ALREADY_REACTED: ApiFault = {
  kind: "conflict",
  message: "This person has reacted with that emoji already.",
};
export const NO_REACTION: ApiFault = {
  kind: "conflict",
  message: "This person has not reacted with that emoji.",
};
/** `conversations.info` and `conversations.history` for what cannot be seen, too. */
export const NO_CHANNEL = notFound(
  "Slack did not find this channel, or this account is not in it.",
);
/** A message or a thread. */
export const NO_MESSAGE = notFound("Slack did not find this message.");

/** Of requests that lack nothing else: it is the workspace that Slack wants to be told. */
export const NO_TEAM = invalid(
  "Slack did not accept the request. It says: missing argument.",
);

/** Each code, as what a person can do about it. */
export const FAULTS: Record<string, ApiFault> = {
  ...byCode(SIGNED_OUT, [
    "account_inactive",
    "invalid_auth",
    "invalid_token",
    "not_authed",
    "team_disabled",
    "token_expired",
    "token_revoked",
    "user_removed_from_team",
  ]),
  // The kinds of conversations that are asked for are Slack's own: it is the scope that is missing.
  invalid_types: { kind: "missing_scope", message: "Slack has not been granted enough for this." },
  ...byCode(SLOW_DOWN, ["ratelimited", "rate_limited"]),
  message_limit_exceeded: {
    kind: "rate_limited",
    message: "This Slack workspace has sent as many messages as its plan allows for now.",
    retryAfter: 600,
  },
  ...byCode(BROKEN, ["fatal_error", "internal_error", "fetch_members_failed"]),
  // Not begun: the request did not arrive as a whole, or nobody took it.
  request_timeout: unavailable("Slack did not get the whole request. Try again.", 5),
  service_unavailable: OUT,
  assistant_search_context_disabled: unavailable("Slack's search is out of order for now.", 120),
  ...byCode(unavailable("This Slack workspace is being moved. Try again in a few minutes.", 300), [
    "org_login_required",
    "team_added_to_org",
  ]),
  external_channel_migrating: unavailable(
    "This Slack channel is being moved. Try again in a few minutes.",
    120,
  ),

  ...byCode(NO_CHANNEL, [
    "channel_not_found",
    "context_channel_not_found",
    "duplicate_channel_not_found",
  ]),
  ...byCode(NO_MESSAGE, ["bad_timestamp", "message_not_found", "thread_not_found"]),
  ...byCode(notFound("Slack did not find this person."), ["user_not_found", "users_not_found"]),
  user_not_visible: forbidden("Slack does not show this person to this account."),
  user_disabled: forbidden("This person's Slack account has been deactivated."),
  bot_not_found: notFound("Slack did not find this app."),
  ...byCode(notFound("Slack did not find this workspace."), ["invalid_team", "team_not_found"]),
  ...byCode(notFound("Slack did not find this file."), [
    "file_comment_not_found",
    "file_not_found",
  ]),

  not_in_channel: forbidden(
    "This Slack account is not in that channel. It has to be joined in Slack first.",
  ),
  is_archived: forbidden("This Slack channel is archived."),
  is_inactive: forbidden("This Slack conversation is no longer active."),
  ...byCode(forbidden("This Slack account may not see that channel."), [
    "channel_is_limited_access",
    "no_access",
  ]),
  ekm_access_denied: forbidden("The admins of this Slack workspace have stopped messages there."),
  ...byCode(
    forbidden("This Slack account may not post there: the workspace's settings forbid it."),
    [
      "posting_to_channel_denied",
      "posting_to_general_channel_denied",
      "restricted_action",
    ],
  ),
  restricted_action_read_only_channel: forbidden("This Slack channel is read-only."),
  restricted_action_thread_only_channel: forbidden(
    "This Slack channel takes replies in threads only.",
  ),
  restricted_action_non_threadable_channel: forbidden("This Slack channel takes no threads."),
  ...byCode(forbidden("This Slack thread has been locked."), [
    "restricted_action_thread_locked",
    "thread_locked",
  ]),
  cannot_reply_to_message: forbidden("Slack takes no replies to this kind of message."),
  messages_tab_disabled: forbidden("This Slack app takes no messages."),
  ...byCode(forbidden("Slack does not share this with other companies: an admin forbids it."), [
    "slack_connect_canvas_sharing_blocked",
    "slack_connect_file_link_sharing_blocked",
    "slack_connect_lists_sharing_blocked",
  ]),
  ...byCode(forbidden("Slack does not let these people talk in one conversation."), [
    "invalid_user_combination",
  ]),
  method_not_supported_for_channel_type: forbidden(
    "Slack does not do this in such a conversation.",
  ),
  two_factor_setup_required: forbidden(
    "Slack wants two-factor authentication to be set up for this account first.",
  ),
  accesslimited: {
    ...forbidden("This Slack workspace does not take requests from this server's network."),
    operator: "Slack answers accesslimited: the workspace takes requests from other addresses only",
  },
  ...byCode(forbidden("This Slack workspace has not allowed this app."), [
    "access_denied",
    "app_access_restricted",
    "app_missing_action_url",
    "team_access_not_granted",
  ]),
  ...byCode({
    ...forbidden("Slack does not do this with this kind of sign-in."),
    operator: "Slack refuses the kind of token, or of workspace: see the app's settings",
  }, [
    "enterprise_is_restricted",
    "not_allowed_token_type",
    "not_bearer_token",
    "is_bot",
    "user_is_bot",
  ]),
  ...byCode(forbidden("This Slack account does not have the permission for this."), [
    "no_permission",
    "send_on_behalf_not_allowed",
    "user_is_restricted",
    "user_is_ultra_restricted",
  ]),
  ...byCode(forbidden("This Slack workspace's plan does not have this."), [
    "feature_not_enabled",
    "paid_teams_only",
    "plan_upgrade_required",
  ]),

  already_reacted: ALREADY_REACTED,
  no_reaction: NO_REACTION,
  ...byCode(
    conflict("Slack took this for a repetition of a message that it has, and did not post it."),
    ["duplicate_message_not_allowed", "duplicate_message_not_found"],
  ),

  ...byCode(invalid("Slack says that the message is too long. Send it in parts."), [
    "attachment_payload_limit_exceeded",
    "msg_blocks_too_long",
    "msg_too_long",
  ]),
  missing_argument: NO_TEAM,
  no_text: invalid("Slack does not take a message without text."),
  invalid_name: invalid("Slack does not have an emoji of this name here."),
  too_many_emoji: invalid("This Slack message has as many different reactions as it can have."),
  too_many_reactions: invalid(
    "This person has reacted to this message as often as Slack lets them.",
  ),
  not_reactable: invalid("Slack takes no reactions to this."),
  too_many_users: invalid("Slack takes at most eight people in one conversation."),
  not_enough_users: invalid("Slack needs somebody to talk with."),
  ...byCode(invalid("Slack does not search without words."), ["missing_query", "no_query"]),
  query_too_long: invalid("Slack says that the search is too long."),
  ...byCode(
    invalid("Slack no longer knows where this list goes on (invalid cursor). Begin it again."),
    [
      "invalid_cursor",
    ],
  ),
  ...byCode({
    ...invalid("Slack no longer offers this."),
    operator: "Slack has retired a method that is called here",
  }, ["deprecated_endpoint", "method_deprecated", "unknown_method"]),
};

function byCode(fault: ApiFault, codes: string[]): Record<string, ApiFault> {
  return Object.fromEntries(codes.map((code) => [code, fault]));
}

function notFound(message: string): ApiFault {
  return { kind: "not_found", message };
}

function forbidden(message: string): ApiFault {
  return { kind: "forbidden", message };
}

export function invalid(message: string): ApiFault {
  return { kind: "invalid", message };
}

function conflict(message: string): ApiFault {
  return { kind: "conflict", message };
}

/** Of what Slack does not begin with. */
function unavailable(message: string, retryAfter: number): ApiFault {
  return { kind: "unavailable", message, retryAfter, mayBeDone: false };
}
