/**
 * Tools for Gmail.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest
 *
 * @module
 */

import type { Tool } from "../../provider.ts";
import { labelMessages } from "./labels.ts";
import { listLabels } from "./label_list.ts";
import { readMessage } from "./read.ts";
import { reply } from "./reply.ts";
import { searchMessages } from "./search.ts";
import { createDraft, sendMessage } from "./write.ts";

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
