/**
 * API keys: who calls, and which user ids and services are theirs.
 *
 * @module
 */

import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { type ApiKey, refusedService } from "../broker/core/api_key.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { digestBytes } from "../broker/core/secrets.ts";

/** Longer than any key we make: longer texts are not hashed. */
const MAX_KEY_LENGTH = 256;

/** The API key that a caller presented; compares digests in constant time. */
export function authenticate(keys: ApiKey[], presented: string | undefined): ApiKey {
  if (presented !== undefined && presented !== "" && presented.length <= MAX_KEY_LENGTH) {
    const sha256 = digestBytes(presented);
    let found: ApiKey | undefined;
    // All are compared, so that the time does not tell which one was near.
    for (const key of keys) if (timingSafeEqual(key.sha256, sha256)) found = key;
    if (found !== undefined) return found;
  }
  throw new Refusal({ code: "invalid_client" });
}

/** Refuses a service that the key is not for. */
export function requireService(key: ApiKey, provider: string, services: string[]): void {
  const service = refusedService(key, provider, services);
  if (service !== undefined) throw new Refusal({ code: "service_not_allowed", service });
}
