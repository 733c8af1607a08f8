/**
 * The OAuth of a provider that is made of data alone, at the host that a
 * connection is at: for most there is one, for some there is one per customer.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../broker/core/addresses.ts";
import type { AuthorizationRequest, Revocation } from "../broker/core/authorization_server.ts";
import type { Extra, TokenSet } from "../broker/core/connection.ts";
import { NOWHERE } from "../broker/core/provider_api.ts";
import { saidOf } from "../broker/core/own_words.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { endAccess } from "./end_access.ts";
import { OAuthClient } from "./oauth.ts";
import { filled, Unfilled } from "./placeholders.ts";
import type { ProviderSettings } from "./provider.ts";
import type { PartData, ProviderData } from "./provider_data.ts";

/**
 * The client at the host that a connection is at. Its methods throw {@linkcode Unfilled} where the
 * address that they need is not known.
 */
export function clientOf(
  data: ProviderData,
  settings: ProviderSettings,
  extra?: Extra,
): OAuthClient {
  const fill = <T extends string | undefined>(url: T) =>
    (url && filled(url, extra, hostsOf(data, settings))) as T;
  return new OAuthClient({
    ...data,
    ...settings,
    // When they are asked for: what the provider says with the tokens is not known before.
    get authorizationEndpoint() {
      return fill(data.authorizationEndpoint);
    },
    get tokenEndpoint() {
      return fill(data.tokenEndpoint);
    },
    get refreshEndpoint() {
      return fill(data.refreshEndpoint);
    },
    get revocationEndpoint() {
      return fill(data.revocationEndpoint);
    },
  });
}

/** Where the browser is sent. @throws {Refusal} `invalid_request`, where that is no host of the provider's. */
export async function authorizationUrl(
  data: ProviderData,
  settings: ProviderSettings,
  request: AuthorizationRequest,
): Promise<URL> {
  try {
    return await clientOf(data, settings, request.params).authorizationUrl(request);
  } catch (error) {
    if (!(error instanceof Unfilled)) throw error;
    const detail = `This leads to no host of ${data.title}: ${saidOf(error)}.`;
    throw new Refusal({ code: "invalid_request", detail });
  }
}

/** Nobody is asked where it is not known who. */
export async function asking<T>(
  ask: () => Promise<T>,
): Promise<T | { kind: "failed"; reason: string }> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Unfilled) return { kind: "failed", reason: saidOf(error) };
    throw error;
  }
}

/** One server in the place of all hosts is the operator's choice. */
export function hostsOf({ hosts = [] }: PartData, { baseUrl }: ProviderSettings): string[] {
  return baseUrl === undefined ? hosts : [];
}

/** Ends what a token set opens. `whose` tells the id of the account that it is for. */
export async function revoke(
  data: ProviderData,
  settings: ProviderSettings,
  tokens: TokenSet,
  whose: (tokens: TokenSet) => Promise<string>,
): Promise<Revocation> {
  const { revocation, clientAuthentication: method = "client_secret_post" } = data;
  const { clientNames: names, requestHeaders: headers } = data;
  const { fetch, clientId, clientSecret } = settings;
  const { refreshToken, accessToken, extra } = tokens;
  const client = clientOf(data, settings, extra);
  if (revocation === undefined) return await client.revoke(refreshToken ?? accessToken);
  const url = filled(revocation.url, extra, hostsOf(data, settings));
  const authentication = { method, clientId, clientSecret, names };
  const deps = { fetch, authentication, headers, refresh: client.refresh.bind(client), whose };
  return await endAccess(deps, { ...revocation, url }, tokens);
}

/** Where a connection's API is; nowhere, where nobody said so, or it may not be there. */
export function apiBase({ hosts }: PartData, api: string, extra: Extra | undefined): string {
  try {
    return withoutTrailingSlashes(filled(api, extra, hosts));
  } catch (error) {
    if (error instanceof Unfilled) return `https://${NOWHERE}`;
    throw error;
  }
}
