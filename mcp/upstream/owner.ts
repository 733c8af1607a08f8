/**
 * Whose it is what an upstream lists and offers: a person's, as far as the
 * caller may act for that person. Who may act with some of the accounts alone
 * has lists of its own, and takes nobody else's away.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";

/** The name under which a visitor's lists are kept. */
export function ownerOf({ subject, actor: { accounts } }: Acting): string {
  return accounts === undefined ? subject : JSON.stringify([subject, accounts.toSorted()]);
}
