/**
 * Who a request acts for.
 *
 * @module
 */

import { Refusal } from "./refusal.ts";

/** Who a request acts for: `<realm>:<id>`, such as `voice:user_123`. */
export type Subject = `${string}:${string}`;

/** What an app may call a user of its own. */
export const USER_ID = /^[A-Za-z0-9._@|+-]{1,128}$/;

/** An API key's name or a provider's: the part before the colon of a subject. */
export const REALM = /^[a-z][a-z0-9_-]{0,31}$/;

/** The realm of the person at the machine, over stdio. */
export const LOCAL_REALM = "local";

/** The subject of a user id within the realm of an API key. */
export function subjectOf(realm: string, userId: unknown): Subject {
  if (typeof userId !== "string" || !USER_ID.test(userId)) {
    throw new Refusal({
      code: "invalid_request",
      detail: "user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ @ | + -",
    });
  }
  return `${realm}:${userId}`;
}

/** The realm and the id of a subject. */
export function partsOf(subject: Subject): { realm: string; userId: string } {
  const colon = subject.indexOf(":");
  return { realm: subject.slice(0, colon), userId: subject.slice(colon + 1) };
}
