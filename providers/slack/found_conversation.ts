/**
 * A conversation of Slack's that was found.
 *
 * @module
 */

import { shortLine } from "../text.ts";
import type { Channel } from "./channels.ts";

/** A conversation that was found. */
export interface Conversation {
  id: string;
  /** A channel's; absent where Slack does not say it, and of direct messages. */
  name?: string | undefined;
  /** Whom direct messages are with, by name. */
  people?: string[] | undefined;
  /** How it is spoken of: `#general`, `the direct messages with Ana`. */
  label: string;
  /** What a link named beside it. */
  ts?: string | undefined;
  thread?: string | undefined;
}

/** A channel, which has a name. */
export function named({ id, name }: Channel): Conversation {
  const plain = shortLine(name ?? "", 80);
  return { id, name: plain, label: `#${plain}` };
}
