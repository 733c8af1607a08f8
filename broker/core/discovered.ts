/**
 * What is known of an MCP server that asks for OAuth: where its people sign in,
 * and what this program is called there. Times are epoch milliseconds.
 *
 * @module
 */

/** What was found of an MCP server's authorization (RFC 9728, RFC 8414). */
export interface Discovered {
  foundAt: number;
  /** Sent as `resource` (RFC 8707). */
  resource: string;
  /** From the 401's challenge, else from the resource's metadata; may be empty. */
  scopes: string[];
  issuer: string;
  /** Its answers always carry `iss` (RFC 9207 §3). */
  sendsIssuer: boolean;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  registrationEndpoint?: string | undefined;
  revocationEndpoint?: string | undefined;
  userinfoEndpoint?: string | undefined;
  /** `scopes_supported` of the authorization server. */
  scopesSupported?: string[] | undefined;
  /** `token_endpoint_auth_methods_supported`. */
  authMethods?: string[] | undefined;
  /** It takes client id metadata documents. */
  takesDocuments: boolean;
  /** Whether it says that it knows PKCE with S256; absent where it says nothing. */
  pkce?: boolean | undefined;
  /** Nobody has said these addresses: they are those of 2025-03-26. */
  isGuess?: boolean | undefined;
}

/** What this program is at one authorization server. */
export interface Registration {
  /** Set by the operator, a document of ours that it reads, or registered there (RFC 7591). */
  kind: "operator" | "document" | "dynamic";
  clientId: string;
  clientSecret?: string | undefined;
  method: "none" | "client_secret_basic" | "client_secret_post";
  redirectUri: string;
  issuer: string;
  registeredAt: number;
  /** Absent where the secret does not end. */
  secretEndsAt?: number | undefined;
  /** The server did not know it: nobody is sent off with it any more. */
  isRefused?: boolean | undefined;
}

/** All that is kept of one of them. */
export interface DiscoveryRecord {
  /** The upstream's. */
  name: string;
  url: string;
  /** `open`: it asks for nobody. Absent where nothing was found yet. */
  found?: Discovered | { kind: "open"; foundAt: number } | undefined;
  /** Where its people signed in before, the newest first: for what was issued there. */
  earlier?: Discovered[] | undefined;
  /** The newest first; earlier ones are kept for what was issued to them. */
  registrations: Registration[];
  /** The `WWW-Authenticate` that it was last seen to refuse with. */
  challenge?: string | undefined;
  /** The server wants no registration before that. */
  registerAfter?: number | undefined;
  /** Somebody is registering. */
  registering?: { owner: string; until: number } | undefined;
}
