/**
 * Receivers, as the operator has set them, and whose events go where.
 *
 * @module
 */

import { OPERATOR, type Receiver } from "../broker/core/events.ts";
import { digest } from "../broker/core/secrets.ts";

/**
 * The receiver of a realm: of an app its own, of people who sign in with a provider the operator's.
 * No app's events go to another, whatever it is called.
 */
export function receiverOf(
  receivers: Receiver[],
  isProvider: (realm: string) => boolean,
  realm: string,
): Receiver | undefined {
  const name = isProvider(realm) ? OPERATOR : realm === OPERATOR ? undefined : realm;
  return receivers.find((each) => each.name === name);
}

/** Tells one address from another, and says nothing of it. */
export function markOf({ url }: Receiver): string {
  return digest(`receiver ${url}`).slice(0, 16);
}
