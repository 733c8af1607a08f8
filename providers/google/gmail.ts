/**
 * Tools for Gmail.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { labelMessages } from "./gmail_labels.ts";
import { listLabels } from "./gmail_label_list.ts";
import { readMessage } from "./gmail_read.ts";
import { reply } from "./gmail_reply.ts";
import { searchMessages } from "./gmail_search.ts";
import { createDraft, sendMessage } from "./gmail_write.ts";

/** Every tool of the `gmail` service. */
export const gmailTools: Tool[] = [
  searchMessages,
  readMessage,
  sendMessage,
  reply,
  createDraft,
  labelMessages,
  listLabels,
];
