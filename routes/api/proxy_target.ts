/**
 * Where a request to the proxy leads: to the API of its provider, below the
 * address that is set for it, and nowhere else.
 *
 * @module
 */

import { leadsUp } from "../../broker/core/addresses.ts";
import type { Extra } from "../../broker/core/connection.ts";
import type { ProviderApi } from "../../broker/core/provider_api.ts";
import { refuse } from "../http/errors.ts";

const WRITTEN = /^https?:\/\/[^/?#]+\/proxy\/[^/?#]+(\/[^?#]*)/;

/**
 * The address at the provider of a request's own, `/proxy/{service}{path}?{query}`, below the
 * base of the service where that has one of its own. Where each customer has a host it is the one that `extra` of the connection says; `undefined`, before that
 * is known, shows whether the path is one.
 */
export function targetUrl(
  address: string,
  provider: ProviderApi,
  service: string | undefined,
  extra?: Extra,
): URL {
  // As it came: a URL's own path would have gone up already, and past the service's name.
  const [, path] = WRITTEN.exec(address) ?? [];
  const base = provider.apiUrl("/", extra, service);
  const url = path === undefined || leadsUp(path)
    ? undefined
    : provider.apiUrl(path, extra, service);
  const hosts = provider.apiHosts ?? [base.host];
  const isApi = url !== undefined && url.protocol === base.protocol && hosts.includes(url.host) &&
    url.username === "" && url.password === "";
  if (!isApi) {
    return refuse({
      code: "invalid_request",
      detail: "This path does not lead to the provider's API.",
    });
  }
  url.search = new URL(address).search;
  return url;
}
