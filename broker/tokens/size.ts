/**
 * How large a token set may be. Providers issue access tokens of 50 KB and more
 * (JWTs that list every group); beyond these limits something is wrong, and
 * whatever it is must not fill the store.
 *
 * @module
 */

import type { TokenSet } from "../core/connection.ts";
import { inOwnWords } from "../core/own_words.ts";
import { StoreError } from "../core/store_errors.ts";

/** A token set with all that belongs to it, as JSON; its tenants have a limit of their own. */
export const MAX_TOKEN_SET_BYTES = 256 * 1024;
/** Of its granted scopes, all in all: they are asked for again at the next connect, in a URL. */
export const MAX_SCOPE_CHARACTERS = 16_000;

/**
 * Before the store is asked.
 *
 * @throws {StoreError} that is permanent, as the store's own is for what it cannot take.
 */
export function requireKeepable(tokens: TokenSet): void {
  const scopes = tokens.scopes.reduce((sum, scope) => sum + scope.length + 1, 0);
  const { byteLength } = new TextEncoder().encode(
    JSON.stringify({ ...tokens, tenants: undefined }),
  );
  if (scopes <= MAX_SCOPE_CHARACTERS && byteLength <= MAX_TOKEN_SET_BYTES) return;
  const sizes = `it has ${byteLength} bytes, its scopes ${scopes} characters`;
  throw new StoreError("keep a token set", inOwnWords(new RangeError(sizes)), true);
}
