/**
 * The operator's own OpenID Connect provider, by which people sign in. Nothing
 * is connected with it.
 *
 * @module
 */

/** Its name among providers, and the realm of its people. */
export const OIDC = "oidc";

/** What the operator set of it. */
export interface OidcSettings {
  /** To the letter (OpenID Connect Core §3.1.3.7, 2). */
  issuer: string;
  clientId: string;
  /** Absent: a public client, which PKCE alone protects. */
  clientSecret?: string | undefined;
  /** Epoch ms: when the secret ends, as the operator has noted it. */
  secretEndsAt?: number | undefined;
  /** As people read it. */
  title: string;
  scopes: string[];
  /** Its addresses count though it does not say that they are verified. */
  trustsEmail: boolean;
}
