/**
 * API keys of backends, as the operator set them.
 *
 * @module
 */

/** One line of `API_KEYS`. The key itself is known to the caller only. */
export interface ApiKey {
  /** The realm of the caller's user ids. */
  realm: string;
  /** SHA-256 of the key. */
  sha256: Uint8Array;
  /** Services or providers that it may use; all where absent. */
  services?: string[] | undefined;
}
