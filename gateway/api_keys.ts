/**
 * API keys: who calls, and which user ids and services are theirs.
 *
 * @module
 */

import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { type ApiKey, refusedService } from "../broker/core/api_key.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { passingDigest } from "../broker/core/secrets.ts";
import type { Guesses } from "./guesses.ts";

/** Longer than any key we make: longer texts are not hashed. */
export const MAX_KEY_LENGTH = 256;

/** What an address presented. Nothing at all is no guess. */
export interface Presented {
  key: string | undefined;
  address: string | undefined;
}

/**
 * The API key that a caller presented; compares digests in constant time.
 *
 * @throws {Refusal} `invalid_client`, `rate_limited`.
 */
export function authenticate(
  keys: ApiKey[],
  guesses: Guesses,
  { key, address }: Presented,
): ApiKey {
  if (key === undefined || key === "") throw new Refusal({ code: "invalid_client" });
  const found = key.length > MAX_KEY_LENGTH ? undefined : keyOf(keys, key);
  guesses.judge(address, found?.realm);
  if (found === undefined) throw new Refusal({ code: "invalid_client" });
  return found;
}

function keyOf(keys: ApiKey[], presented: string): ApiKey | undefined {
  const sha256 = passingDigest(presented);
  let found: ApiKey | undefined;
  // All are compared, so that the time does not tell which one was near.
  for (const key of keys) if (timingSafeEqual(key.sha256, sha256)) found = key;
  return found;
}

/** Refuses a service that the key is not for. */
export function requireService(key: ApiKey, provider: string, services: string[]): void {
  const service = refusedService(key, provider, services);
  if (service !== undefined) throw new Refusal({ code: "service_not_allowed", service });
}
