/**
 * The signature of an event, by Standard Webhooks: over its id, the time and the
 * body, with each secret of the receiver. While one is being replaced a receiver
 * finds the one that it knows.
 *
 * @module
 */

import { Webhook } from "standardwebhooks";

/** What is signed. */
export interface Signing {
  id: string;
  /** Epoch ms: of this attempt. */
  at: number;
  body: string;
}

/** The headers of an attempt. `secrets`: as the receiver has them, `whsec_…`. */
export function signedHeaders(
  { id, at, body }: Signing,
  secrets: string[],
): Record<string, string> {
  const time = new Date(at);
  return {
    "content-type": "application/json",
    "user-agent": "switchboard",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, time, body))
      .join(" "),
  };
}
