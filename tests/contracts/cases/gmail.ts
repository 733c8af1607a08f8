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

/** A draft that can be sent says to whom. */
const WITH_RECIPIENT = {
  "GET /gmail/v1/users/{userId}/drafts/{id}": (body: Json) => ({
    ...body,
    message: {
      ...body.message,
      payload: { headers: [{ name: "To", value: "Ana <a@example.com>" }] },
    },
  }),
};

const WITH_FILE = {
  "GET /gmail/v1/users/{userId}/messages/{id}": (body: Json) => ({
    ...body,
    payload: {
      mimeType: "multipart/mixed",
      parts: [{ mimeType: "text/plain", filename: "a.txt", body: { attachmentId: "A-1_b" } }],
    },
  }),
};

export const gmailCases: Cases = {
  gmail_search_messages: [
    { args: { query: "from:ana" } },
    { args: { query: "in:inbox newer_than:2d", limit: 50, page_token: "p" } },
    { args: { drafts: true, query: "subject:x" } },
  ],
  gmail_read_message: [
    { args: { message_id } },
    { args: { message_id, thread: true } },
    { args: { message_id, attachment: "a.txt" }, answers: WITH_FILE },
  ],
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
    { args: { to: ["a@example.com"], forward: message_id, body: "b" } },
    { args: { to: ["a@example.com"], forward: message_id }, answers: WITH_FILE },
    { args: { draft_id: "r-12" }, answers: WITH_RECIPIENT },
  ],
  gmail_reply: [
    { args: { message_id, body: "b" } },
    { args: { message_id, body: "b", reply_all: true } },
    { args: { message_id, body: "b", draft: true } },
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
    { args: { message_ids: [message_id], add: ["Brand new"], create: true } },
    { args: { message_ids: [message_id], remove: ["INBOX"] } },
  ],
  gmail_list_labels: [{ args: {} }, { args: { count: ["STARRED"] }, answers: WITH_LABELS }],
};

export const gmailFaults: KnownFault[] = [];
