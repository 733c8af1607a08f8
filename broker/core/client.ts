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
}

/** Fetches a client id metadata document; see `net/client_document.ts`. */
export type FetchDocument = (url: URL) => Promise<unknown>;
