/**
 * Calls of Slack's tools.
 *
 * @module
 */

import type { Cases, KnownFault } from "./case.ts";

const channel = "C0123456789";
const thread = "1764000000.000100";

export const slackCases: Cases = {
  slack_post_message: [
    { args: { channel, text: "hello" } },
    { args: { channel: "#general", text: "*hello* <@U0123456789> & <all>" } },
  ],
  slack_read_messages: [
    { args: { channel } },
    { args: { channel: "general", limit: 100, cursor: "dXNlcjo5" } },
    { args: { channel, thread } },
  ],
  slack_reply_in_thread: [
    { args: { channel, thread, text: "hello" } },
    { args: { channel, thread, text: "hello", also_to_channel: true } },
  ],
  slack_list_channels: [{ args: {} }, { args: { limit: 200, cursor: "dXNlcjo5" } }],
  slack_search_people: [{ args: { query: "ana" } }, { args: { query: "ana@example.com" } }],
};

export const slackFaults: KnownFault[] = [
  "slack_post_message",
  "slack_read_messages",
  "slack_reply_in_thread",
  "slack_list_channels",
  "slack_search_people",
].map((tool) => ({ tool, check: "refusals", fault: '"missing_scope"' }));
