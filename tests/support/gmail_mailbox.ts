/**
 * A mailbox of the emulator's, with what has come in.
 *
 * @module
 */

import { google } from "../../providers/google/google.ts";
import { type EmulatedApi, type Json, startApi } from "./api.ts";

/** Whose it is. */
export const EMAIL = "me@example.com";

/** Starts one; each message is Ana's question about lunch where it does not say otherwise. */
export function startMailbox(messages: Json[] = []): Promise<EmulatedApi> {
  return startApi(google, {
    users: [{ email: EMAIL, name: "Me" }],
    messages: messages.map((message, index) => ({
      id: `msg_${index}`,
      thread_id: `thread_${index}`,
      user_email: EMAIL,
      to: EMAIL,
      from: "Ana López <ana@example.com>",
      subject: "Lunch?",
      body_text: "Shall we?",
      message_id: `<mid-${index}@example.com>`,
      label_ids: ["INBOX"],
      date: "2026-11-20T12:00:00.000Z",
      ...message,
    })),
  });
}
