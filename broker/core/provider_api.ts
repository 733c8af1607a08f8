/**
 * A provider's API as those see it who call it for a connection.
 *
 * @module
 */

/** Where a provider's API is, and what every request to it carries. */
export interface ProviderApi {
  name: string;
  title: string;
  /** The absolute URL of an API path, such as `/repos/o/r/issues`. */
  apiUrl(path: string): URL;
  /** The hosts that {@linkcode apiUrl} leads to, where there is more than the one of `/`. */
  apiHosts?: string[] | undefined;
  /** Sent with every API request; what authorizes it is added by the gateway. */
  apiHeaders: Record<string, string>;
}
