/**
 * A provider's API as those see it who call it for a connection.
 *
 * @module
 */

import type { Extra, TokenSet } from "./connection.ts";
import type { TenantsOf } from "./tenants.ts";

/** The host of an API that nobody knows the address of (RFC 6761 §6.4). */
export const NOWHERE = "api.invalid";

/** Where a provider's API is, and what every request to it carries. */
export interface ProviderApi {
  name: string;
  title: string;
  /**
   * The absolute URL of an API path, such as `/repos/o/r/issues`. Where each
   * customer has a host, `extra` of the connection's token set says which;
   * without it the URL leads nowhere, to {@linkcode NOWHERE}. `service`: the one of the provider's
   * that is meant, where it may have a base of its own.
   */
  apiUrl(path: string, extra?: Extra, service?: string): URL;
  /**
   * Where a request of the API is about one of the account's tenants; `header` names it there. What
   * {@linkcode apiUrl} takes as `extra` is then that of the tenant that is meant.
   */
  tenants?: TenantsOf | undefined;
  /** The hosts that {@linkcode apiUrl} leads to, where there is more than the one of `/`. */
  apiHosts?: string[] | undefined;
  /** Sent with every API request; what authorizes it is added by the gateway. */
  apiHeaders: Record<string, string>;
  /**
   * Headers of this API's own that the proxy passes, to it and back, beside those
   * of every API; `*` at the end stands for the rest of a name.
   */
  proxyHeaders?: string[] | undefined;
  /**
   * Puts the credential into a request's headers, in the way this API wants
   * it: for most `Authorization: Bearer …` (RFC 6750 §2.1). Called last, so
   * that nothing a caller sends can take its place.
   */
  authorize(headers: Headers, tokens: TokenSet): void;
}
