/**
 * Calls of Slack's tools.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Cases, KnownFault } from "./case.ts";

const channel = "C0123456789";
const thread = "1764000000.000100";
/** One channel is called so. */
const named = {
  "GET conversations.list": (body: Json) => ({ ...body, channels: body.channels.slice(0, 1) }),
};
/** Direct messages with just whom they were opened with. */
const opened = {
  "POST conversations.open": (body: Json) => ({
    ...body,
    channel: { ...body.channel, user: "U0123456789" },
  }),
};
const link = `https://example.slack.com/archives/${channel}/p1764000000000100`;

export const slackCases: Cases = {
  slack_post_message: [
    { args: { channel, text: "hello" } },
    { args: { channel: "#general", text: "*hello* <@U0123456789> & <all>" }, answers: named },
    { args: { channel, text: "hello", mention: ["U0123456789"] } },
    { args: { people: ["U0123456789"], text: "hello" }, answers: opened },
    { args: { channel, thread, text: "hello" } },
    { args: { channel, thread: link, text: "hello", also_to_channel: true } },
  ],
  slack_read_messages: [
    { args: { channel } },
    { args: { channel: "general", limit: 100, cursor: "dXNlcjo5" }, answers: named },
    { args: { channel: "general", since: "2026-11-23" }, answers: named },
    { args: { channel, thread } },
    { args: { channel: link } },
  ],
  slack_list_channels: [
    { args: {} },
    { args: { limit: 200, cursor: "dXNlcjo5" } },
    { args: { kinds: ["public", "private", "direct", "group"], archived: true } },
  ],
  slack_search_people: [{ args: { query: "ana" } }, { args: { query: "ana@example.com" } }],
  slack_search_messages: [
    { args: { query: "budget" } },
    { args: { query: "budget", limit: 50, sort: "best", cursor: "page:2" } },
    {
      args: { channel, from: "U0123456789", since: "2026-11-01", until: "2026-11-30" },
    },
  ],
  slack_add_reaction: [
    { args: { channel, message: thread, emoji: "eyes" } },
    { args: { message: link, emoji: "eyes" } },
    {
      args: { channel: "general", message: thread, emoji: "\u{1F44D}", remove: true },
      answers: named,
    },
  ],
};

export const slackFaults: KnownFault[] = [];
