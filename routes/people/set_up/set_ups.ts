/**
 * What to paste into which client. Each entry says where its format is
 * published.
 *
 * @module
 */

import { chats } from "./chats.ts";
import { editors } from "./editors.ts";
import { others } from "./others.ts";
import { CLIENTS, NO_TOKEN, type SetUp } from "./set_up.ts";
import { terminals } from "./terminals.ts";
import { voicePlatforms } from "./voice.ts";

/** Where the gateway is, and for whom. */
export interface SetUpOptions {
  /** An origin. */
  publicUrl: string;
  /**
   * A personal token that was made just now; whatever holds it is to be copied once.
   * @default a placeholder
   */
  token?: string | undefined;
  /**
   * What the example of a session token may use.
   * @default "github"
   */
  service?: string | undefined;
}

/** All clients', in the order of {@linkcode CLIENTS}. */
export function setUps({ publicUrl, token = NO_TOKEN, service = "github" }: SetUpOptions): SetUp[] {
  const place = { publicUrl, mcpUrl: `${publicUrl}/mcp`, token, service };
  return [chats, editors, terminals, voicePlatforms, others].flatMap((some) => some(place))
    .toSorted((a, b) => CLIENTS.indexOf(a.id) - CLIENTS.indexOf(b.id));
}
