/**
 * MCP clients as everybody sees them, and how a client's own description is
 * fetched.
 *
 * @module
 */

/** A client as the rest sees it. */
export interface Client {
  id: string;
  name: string;
  redirectUris: string[];
  /**
   * How its identity is known: `document`: whoever controls that host vouches
   * for it; `operator`: set by env; `registered`: nobody vouches, it says so itself.
   */
  kind: "document" | "operator" | "registered";
  /** SHA-256 as hex, for a confidential client. */
  secretSha256?: string | undefined;
  /** Of a client that proves who it is by assertions; without one it is nobody. */
  keys?: ClientKeys | undefined;
  /** It wants no tokens but such as are bound to a key (RFC 9449 §5.2). */
  boundOnly?: boolean | undefined;
}

/** The keys that a client signs its assertions with (RFC 7523): at an address, or listed here. */
export type ClientKeys =
  & ({ uri: string; list?: undefined } | { uri?: undefined; list: PublicKey[] })
  /** The one algorithm that it signs with; absent: any that is allowed. */
  & { algorithm?: string | undefined };

/** A public key as JSON (RFC 7517), with the names that it has there. */
export interface PublicKey {
  kty: string;
  kid?: string;
  alg?: string;
  use?: string;
  key_ops?: string[];
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
}

/** Keys that were fetched from a client's address for them. */
export interface FetchedKeys {
  uri: string;
  list: PublicKey[];
  fetchedAt: number;
}

/** Fetches a client id metadata document, or a client's keys; see `net/client_document.ts`. */
export type FetchDocument = (url: URL) => Promise<unknown>;
