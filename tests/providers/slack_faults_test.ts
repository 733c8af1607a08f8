/** What Slack refuses: each code that its pages name, in words that a person can do something with. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ApiFault } from "../../providers/provider.ts";
import { slack } from "../../providers/slack/slack.ts";
import { slackTools } from "../../providers/slack/tools.ts";
import { answeredBy, callTool, faultOf, type Json } from "../support/api.ts";
import { GENERAL, scriptedSlack } from "../support/slack.ts";

const provider = slack.create({ clientId: "", clientSecret: "", redirectUri: "", fetch });
const refusal = (body: Json, headers: HeadersInit = {}) =>
  provider.refusalIn?.(body, new Headers(headers));
const faultFor = (error: string): ApiFault => {
  const fault = refusal({ ok: false, error });
  if (fault === undefined) throw new Error(`${error} is no refusal`);
  return fault;
};

/** By the pages of the methods that are called, and what all methods share, in November 2026. */
const CODES: Record<string, string> = {
  unauthorized:
    "account_inactive invalid_auth not_authed token_expired token_revoked user_removed_from_team",
  missing_scope: "missing_scope invalid_types",
  rate_limited: "ratelimited rate_limited message_limit_exceeded",
  unavailable:
    "fatal_error internal_error service_unavailable request_timeout org_login_required " +
    "team_added_to_org external_channel_migrating assistant_search_context_disabled " +
    "fetch_members_failed",
  not_found: "channel_not_found context_channel_not_found message_not_found thread_not_found " +
    "bad_timestamp user_not_found users_not_found team_not_found invalid_team bot_not_found",
  forbidden: "access_denied accesslimited app_access_restricted cannot_reply_to_message " +
    "channel_is_limited_access ekm_access_denied enterprise_is_restricted feature_not_enabled " +
    "invalid_user_combination is_archived is_bot is_inactive messages_tab_disabled " +
    "method_not_supported_for_channel_type no_access no_permission not_allowed_token_type " +
    "not_in_channel plan_upgrade_required posting_to_channel_denied restricted_action " +
    "restricted_action_non_threadable_channel restricted_action_read_only_channel " +
    "restricted_action_thread_locked restricted_action_thread_only_channel restricted_action_new " +
    "send_on_behalf_not_allowed slack_connect_canvas_sharing_blocked " +
    "slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked " +
    "team_access_not_granted thread_locked two_factor_setup_required user_disabled " +
    "user_not_visible",
  conflict: "already_reacted no_reaction duplicate_message_not_allowed duplicate_message_not_found",
  invalid: "attachment_payload_limit_exceeded deprecated_endpoint invalid_arg_name " +
    "invalid_arguments invalid_cursor invalid_limit invalid_name method_deprecated " +
    "missing_argument missing_query msg_blocks_too_long msg_too_long no_query no_text " +
    "not_enough_users not_reactable query_too_long too_many_emoji too_many_reactions " +
    "too_many_users unknown_method what_comes_next",
};

for (const [kind, codes] of Object.entries(CODES)) {
  Deno.test(`Slack's codes for ${kind} are of that kind, and can be read aloud`, () => {
    for (const error of codes.split(" ")) {
      const fault = faultFor(error);
      assertEquals(fault.kind, kind, error);
      assert(/^[A-Z][^<>{}]{10,160}\.$/.test(fault.message), `${error}: ${fault.message}`);
      const waits = kind === "rate_limited" || kind === "unavailable";
      assertEquals(fault.retryAfter !== undefined, waits, error);
    }
  });
}

Deno.test("an answer that is no refusal is none", () => {
  for (
    const body of [{ ok: true, error: "x" }, {}, null, [], "x", { ok: "false" }, { error: "x" }]
  ) {
    assertEquals(refusal(body), undefined, JSON.stringify(body));
  }
  assertEquals(refusal({ ok: false })?.kind, "unavailable");
  assertEquals(refusal({ ok: false, error: 5 })?.kind, "unavailable");
});

Deno.test("a missing scope is the first alternative that was not granted", () => {
  const scopes = (needed: Json, provided?: Json) =>
    refusal({ ok: false, error: "missing_scope", needed, provided })?.scopes;
  assertEquals(scopes("groups:history"), ["groups:history"]);
  assertEquals(
    scopes("channels:history,groups:history,mpim:history", "identify,channels:history,chat:write"),
    ["groups:history"],
  );
  assertEquals(scopes("search:read.public|search:read"), ["search:read.public"]);
  for (const odd of [undefined, null, "", 7, "<script>", "X".repeat(100_000)]) {
    assertEquals(scopes(odd), undefined, String(odd).slice(0, 20));
  }
});

Deno.test("Slack says how long to wait, with 200 and with 429", async () => {
  assertEquals(
    refusal({ ok: false, error: "ratelimited" }, { "Retry-After": "7" })?.retryAfter,
    7,
  );
  assertEquals(refusal({ ok: false, error: "ratelimited" })?.retryAfter, 60);
  const answer = () =>
    Response.json({ ok: false, error: "ratelimited" }, {
      status: 429,
      headers: { "Retry-After": "42" },
    });
  const fault = await faultOf(
    callTool(slackTools, "slack_read_messages", { channel: GENERAL }, answeredBy(slack, answer)),
  );
  assertEquals([fault.kind, fault.retryAfter], ["rate_limited", 42]);
});

Deno.test("an operator is told what a person cannot mend", () => {
  for (const error of ["accesslimited", "not_allowed_token_type", "method_deprecated"]) {
    assertStringIncludes(faultFor(error).operator ?? "", "Slack", error);
  }
});

Deno.test("a fault of Slack's own after sending may have been done; a refusal was not", async () => {
  const posting = async (answer: Json) => {
    const { call } = scriptedSlack({ "chat.postMessage": answer });
    const args = { channel: GENERAL, text: "Hi" };
    return await faultOf(call("slack_post_message", args));
  };
  for (const error of ["internal_error", "fatal_error"]) {
    const fault = await posting({ ok: false, error });
    assertEquals([fault.kind, fault.mayBeDone, fault.retryAfter], ["unavailable", true, undefined]);
  }
  for (const status of [500, 502, 504]) {
    const fault = await posting(() => new Response("<html>", { status }));
    assertEquals(fault.mayBeDone, true, String(status));
  }
  for (const error of ["service_unavailable", "request_timeout", "is_archived", "ratelimited"]) {
    assertEquals((await posting({ ok: false, error })).mayBeDone, undefined, error);
  }
  assertEquals((await posting(() => new Response("", { status: 503 }))).mayBeDone, undefined);
});

Deno.test("what could not be looked up before sending was not sent", async () => {
  const { asked, call } = scriptedSlack({
    "conversations.list": { ok: false, error: "internal_error" },
  });
  const fault = await faultOf(call("slack_post_message", { channel: "general", text: "Hi" }));
  assertEquals([fault.kind, fault.mayBeDone], ["unavailable", undefined]);
  assertEquals(asked.map(({ method }) => method), ["conversations.list"]);
});
