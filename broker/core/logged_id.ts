/**
 * Ids of people, as a log may have them: as the backend calls its users, but where that is an e-mail
 * address, something that only tells it from others.
 *
 * @module
 */

import { digestHex } from "./secrets.ts";

/** Of the digest of an e-mail address; `printf %s ada@example.com | sha256sum` begins with them. */
const SHOWN_DIGITS = 12;
/** So many of those are remembered. */
const MOST_HIDDEN = 1_000;

const hidden = new Map<string, string>();

/** A subject, or a caller as `Callers` calls it. */
export function loggedId(id: string): string {
  if (!id.includes("@")) return id;
  const known = hidden.get(id);
  if (known !== undefined) return known;
  if (hidden.size >= MOST_HIDDEN) hidden.clear();
  // `voice:ada@example.com`, and before it, of a caller, what kind that is.
  const [, kind = "", realm = "", rest = ""] = /^([a-z]+ )?([^:]*:)?(.*)$/s.exec(id) ?? [];
  const made = `${kind}${realm}~${digestHex(rest).slice(0, SHOWN_DIGITS)}`;
  hidden.set(id, made);
  return made;
}
