/**
 * Slack's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { listChannels } from "./list_channels.ts";
import { postMessage } from "./post_message.ts";
import { addReaction } from "./reactions.ts";
import { readMessages } from "./read_messages.ts";
import { searchMessages } from "./search_messages.ts";
import { searchPeople } from "./search_people.ts";

/** Every tool of the `slack` service. */
export const slackTools: Tool[] = [
  postMessage,
  readMessages,
  listChannels,
  searchPeople,
  searchMessages,
  addReaction,
];
