/**
 * Fetching from addresses that strangers name; see `net/careful_fetch.ts`.
 *
 * @module
 */

import { inOwnWords } from "./own_words.ts";

/**
 * A `fetch` that goes to public addresses over https and nowhere else, follows
 * no redirect, and is bounded in bytes and in time.
 *
 * @throws {NotAllowed} before anything was sent.
 */
export type CarefulFetch = typeof fetch;

/**
 * Nothing is sent to this address. One answer for a name that does not exist
 * and for one of this program's own network: whoever named it learns of neither.
 */
export class NotAllowed extends TypeError {
  override name = "NotAllowed";

  constructor(detail = "its host is not on the public internet") {
    super(detail);
    inOwnWords(this);
  }
}
