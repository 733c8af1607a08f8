/**
 * Calls of Gmail's tools.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Cases, KnownFault } from "./case.ts";

const message_id = "18c0ffee";

/** Gmail has its own labels whatever else there is. */
const WITH_LABELS = {
  "GET /gmail/v1/users/{userId}/labels": (body: Json) => ({
    ...body,
    labels: [
      ...body.labels ?? [],
      { id: "STARRED", name: "STARRED", type: "system" },
      { id: "UNREAD", name: "UNREAD", type: "system" },
    ],
  }),
};

export const gmailCases: Cases = {
  gmail_search_messages: [
    { args: { query: "from:ana" } },
    { args: { query: "in:inbox newer_than:2d", limit: 50, page_token: "p" } },
  ],
  gmail_read_message: [{ args: { message_id } }],
  gmail_send_message: [
    { args: { to: ["a@example.com"], subject: "hello", body: "b" } },
    {
      args: {
        to: ["Ana Müller <a@example.com>", "b@example.com"],
        cc: ["c@example.com"],
        bcc: ["d@example.com"],
        subject: "Zahlen für 2027",
        body: "ü\n".repeat(500),
      },
    },
  ],
  gmail_reply: [
    { args: { message_id, body: "b" } },
    { args: { message_id, body: "b", reply_all: true } },
  ],
  gmail_create_draft: [
    { args: { body: "b" } },
    { args: { to: ["a@example.com"], cc: ["c@example.com"], subject: "hello", body: "b" } },
  ],
  gmail_label_messages: [
    { args: { message_ids: [message_id], add: ["STARRED"] }, answers: WITH_LABELS },
    {
      args: { message_ids: [message_id, "18c0ffef"], add: ["starred"], remove: ["UNREAD"] },
      answers: WITH_LABELS,
    },
  ],
  gmail_archive_messages: [
    { args: { message_ids: [message_id] } },
    { args: { message_ids: [message_id, "18c0ffef"] } },
  ],
};

export const gmailFaults: KnownFault[] = [
  {
    // The draft is there, and the message in it has no id.
    tool: "gmail_create_draft",
    check: "examples",
    fault: "cannot read a described answer",
  },
];
