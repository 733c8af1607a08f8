/**
 * Slack's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { listChannels } from "./channels.ts";
import { postMessage, readMessages, replyInThread } from "./messages.ts";
import { searchPeople } from "./people.ts";

/** Every tool of the `slack` service. */
export const slackTools: Tool[] = [
  postMessage,
  readMessages,
  replyInThread,
  listChannels,
  searchPeople,
];
