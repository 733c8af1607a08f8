/**
 * Where a request to the proxy leads: to the API of its provider, below the
 * address that is set for it, and nowhere else.
 *
 * @module
 */

import type { Extra } from "../../broker/core/connection.ts";
import type { ProviderApi } from "../../broker/core/provider_api.ts";
import { refuse } from "../http/errors.ts";

const WRITTEN = /^https?:\/\/[^/?#]+\/proxy\/[^/?#]+(\/[^?#]*)/;
/** A part of a path that leads up, also for a server that cuts off parameters (`..;x`). */
const UPWARDS = /(^|[/\\])\.{1,2}([/\\;]|$)/;
/** More than any server decodes. */
const MOST_DECODINGS = 4;

/**
 * The address at the provider of a request's own, `/proxy/{service}{path}?{query}`. Where each
 * customer has a host it is the one that `extra` of the connection says; `undefined`, before that
 * is known, shows whether the path is one.
 */
export function targetUrl(address: string, provider: ProviderApi, extra?: Extra): URL {
  // As it came: a URL's own path would have gone up already, and past the service's name.
  const [, path] = WRITTEN.exec(address) ?? [];
  const base = provider.apiUrl("/", extra);
  const url = path === undefined || leadsUp(path) ? undefined : provider.apiUrl(path, extra);
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

/**
 * Whether some server may read the path as one that leads up: a slash may be
 * encoded (`group%2Fproject` is one name), but then no `..` may stand beside it.
 */
function leadsUp(path: string): boolean {
  let decoded = path;
  for (let times = 0; times < MOST_DECODINGS; times++) {
    decoded = decoded.replaceAll(
      /%(2e|2f|5c|25|3b)/gi,
      (_, hex) => String.fromCharCode(parseInt(hex, 16)),
    );
  }
  return UPWARDS.test(decoded);
}
