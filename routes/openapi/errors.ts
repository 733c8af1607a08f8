/**
 * Which errors a route has.
 *
 * @module
 */

import { type Code, SAID, type Said, statusOfCode } from "./codes.ts";
import type { Operation } from "./operation.ts";

const ALWAYS: Code[] = ["server_error", "not_loaded", "server_restarting"];
const KEY_ASKED: Code[] = ["invalid_request", "invalid_client", "rate_limited"];
/** Routes that always want a key are there for no page of another origin, and ask the store. */
const KEY_NEEDED: Code[] = ["forbidden_host", "forbidden_origin", "store_unavailable"];
const WITH_BODY: Code[] = [
  "unsupported_media_type",
  "payload_too_large",
  "request_timeout",
];

/** All that a route may say no with, by status. */
export function errorsOf(operation: Operation): Map<number, Said[]> {
  const codes = new Set<Code>([
    ...operation.refuses,
    ...(operation.key === "none" ? [] : KEY_ASKED),
    ...(operation.key === "needed" ? KEY_NEEDED : []),
    ...(operation.body === undefined ? [] : WITH_BODY),
    ...ALWAYS,
  ]);
  const all = [...codes].map((code) => ({ status: statusOfCode(code), ...SAID[code] }));
  return Map.groupBy(all.toSorted((a, b) => a.status - b.status), ({ status }) => status);
}
