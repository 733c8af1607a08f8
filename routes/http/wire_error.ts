/**
 * What the HTTP edge says no with, and what an error is as HTTP says it.
 *
 * @module
 */

import type { Popup } from "../../broker/core/popup.ts";
import type { Reason } from "../../broker/core/refusal.ts";
import type { Words } from "../../broker/core/words.ts";

/** The statuses of errors here. */
export type Status = 400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 413 | 415 | 429 | 500 | 503;

/** Why the HTTP edge itself says no, before broker or gateway are asked. */
export type HttpReason =
  | { code: "cross_site" }
  | { code: "unsupported_media_type" }
  | { code: "payload_too_large"; limit: number }
  | { code: "request_timeout"; seconds: number }
  | { code: "forbidden_host"; host: string; served: string }
  | { code: "forbidden_origin" }
  | { code: "not_found" }
  | { code: "method_not_allowed"; allow: string };

/** An error as HTTP says it. */
export interface WireError extends Words {
  status: Status;
  /** Why; absent where it is a fault of this program. Pages say it in the reader's language. */
  reason?: Reason | HttpReason | undefined;
  /** An app's page shows it in a pop-up. */
  popup?: Popup | undefined;
  /** The methods that work (RFC 9110 §10.2.1). */
  allow?: string | undefined;
}
