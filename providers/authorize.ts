/**
 * How a request to an API carries its credential, where the API does not want
 * it in a way of its own.
 *
 * @module
 */

import type { TokenSet } from "../broker/core/connection.ts";

/** What opens an API: of a token set, the part that is sent. */
type Opening = Pick<TokenSet, "accessToken">;

/**
 * `Authorization: Bearer …` (RFC 6750 §2.1), whatever the provider calls the
 * type: some say "bearer" or "user", and their APIs still want this word.
 */
export function bearer(headers: Headers, { accessToken }: Opening): void {
  headers.set("Authorization", `Bearer ${accessToken}`);
}

/** The headers of a provider's own request to its API, such as the one that identifies. */
export function bearerHeaders(tokens: Opening, more: Record<string, string> = {}): Headers {
  const headers = new Headers(more);
  bearer(headers, tokens);
  return headers;
}
