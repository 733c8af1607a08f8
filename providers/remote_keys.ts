/**
 * Keys that a provider signs with, at an address of its own. jose keeps them,
 * and asks again for one that is not known; it bounds the time, and no more
 * than that. So it is given a way out that bounds the rest.
 *
 * @module
 */

import { createRemoteJWKSet, customFetch } from "jose/jwks/remote";
import { discard, readBytes } from "../broker/core/bodies.ts";

/** For a key that is not known, keys are asked for again after this long. */
export const PROVIDER_KEYS_RENEWAL_MS = 30_000;
/** For all other keys, after that. */
export const PROVIDER_KEYS_MS = 10 * 60_000;

/** Finds keys. */
export type Keys = ReturnType<typeof createRemoteJWKSet>;

/** How they are fetched. */
export interface KeysOptions {
  fetch: typeof fetch;
  /** Ms, for each request. */
  timeoutMs: number;
  /** Bytes; a longer answer is none. */
  limit: number;
}

/** The keys at an address, fetched when they are needed. No redirect is followed. */
export function keysAt(url: URL, { fetch, timeoutMs, limit }: KeysOptions): Keys {
  return createRemoteJWKSet(url, {
    cooldownDuration: PROVIDER_KEYS_RENEWAL_MS,
    cacheMaxAge: PROVIDER_KEYS_MS,
    timeoutDuration: timeoutMs,
    [customFetch]: async (url, init) => {
      const response = await fetch(url, { ...init, redirect: "manual" });
      if (response.status !== 200) {
        await discard(response);
        return new Response(null, { status: 502 });
      }
      const { bytes, truncated } = await readBytes(response, { limit, signal: init.signal });
      return new Response(truncated ? null : bytes, { status: truncated ? 502 : 200 });
    },
  });
}
