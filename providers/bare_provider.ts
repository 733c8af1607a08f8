/**
 * A provider without tools and without code: made of data alone, be it of the
 * catalogue or of the operator's configuration. Its tokens are handed out, and
 * its API can be called through the proxy.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../broker/core/addresses.ts";
import type { Account, TokenSet } from "../broker/core/connection.ts";
import { inOwnWords } from "../broker/core/own_words.ts";
import { bearer, bearerHeaders } from "./authorize.ts";
import { OAuthClient, type OAuthClientOptions } from "./oauth.ts";
import type { ApiFault, Provider, ProviderModule, ProviderSettings } from "./provider.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { askWithin } from "./whose_account.ts";

/** An API address whose JSON tells who the account is. */
export interface Userinfo {
  url: string;
  /** Members of the JSON, with dots for nested ones. */
  id: string;
  label: string;
}

/** How such a provider's OAuth is spoken. */
type OAuthData = Pick<
  OAuthClientOptions,
  | "authorizationEndpoint"
  | "tokenEndpoint"
  | "refreshEndpoint"
  | "revocationEndpoint"
  | "clientAuthentication"
  | "revokesWithoutClient"
  | "pkce"
  | "authorizationParameters"
  | "scopeSeparator"
  | "scopeParameter"
  | "issuer"
  | "sendsIssuer"
>;

/** All that is known of such a provider. */
export interface ProviderData extends OAuthData {
  /** Its name in paths, and, in upper case, the prefix of its variables. */
  name: string;
  title: string;
  /** Where an operator registers an OAuth app. */
  console: string;
  /** Requested where a link does not say a scope; none where it is not said. */
  scopes?: string[] | undefined;
  /** For the proxy; the userinfo's host where it is not said. Without either there is no proxy. */
  apiUrl?: string | undefined;
  /** Headers of its API's own; see `ProviderApi`. */
  proxyHeaders?: string[] | undefined;
  /** Without it there is one account per user. */
  userinfo?: Userinfo | undefined;
}

/** The module that makes the provider of its data and the operator's settings. */
export function bareModule(data: ProviderData): ProviderModule {
  const { name, console } = data;
  return { name, console, create: (settings) => bareProvider(data, settings) };
}

function bareProvider(data: ProviderData, settings: ProviderSettings): Provider {
  const { name, title, scopes = [], userinfo } = data;
  const apiUrl = settings.apiUrl ?? settings.baseUrl ?? data.apiUrl ??
    (userinfo && new URL(userinfo.url).origin);
  // Nowhere: a request to it fails, and carries the token to nobody.
  const api = withoutTrailingSlashes(apiUrl ?? "https://api.invalid");
  return {
    name,
    title,
    services: [{ name, title, scopes }],
    scopeNames: {},
    scopeTitles: {},
    impliedScopes: {},
    identityScopes: [],
    credential: new OAuthClient({ ...data, ...settings }).flow(),
    acceptsScope: (scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope),
    identify: (tokens) => identify(data, settings.fetch, tokens),
    tools: [],
    apiUrl: (path) => new URL(api + path),
    apiHeaders: { Accept: "application/json" },
    proxyHeaders: data.proxyHeaders,
    authorize: bearer,
    apiError: (status, headers) => faultOf(title, status, headers),
  };
}

/** Without an endpoint that tells, there is one account per user: "default". */
async function identify(
  { title, userinfo }: ProviderData,
  fetch: ProviderSettings["fetch"],
  tokens: TokenSet,
): Promise<Account> {
  if (userinfo === undefined) return { id: "default", label: title };
  const headers = bearerHeaders(tokens, { Accept: "application/json" });
  const user = await askWithin({ fetch, title })("userinfo", { url: userinfo.url, headers });
  const id = memberOf(user, userinfo.id);
  if (id === undefined || id.length > 200) {
    throw inOwnWords(new Error(`${title}'s userinfo has no usable ${userinfo.id}`));
  }
  return { id, label: memberOf(user, userinfo.label) ?? id };
}

/** A text or number inside of JSON, by a path with dots. */
function memberOf(value: unknown, path: string): string | undefined {
  const found = path.split(".").reduce<unknown>(
    (at, name) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    value,
  );
  return typeof found === "string" || typeof found === "number" ? String(found) : undefined;
}

function faultOf(title: string, status: number, headers: Headers): ApiFault {
  switch (status) {
    case 401:
      return { kind: "unauthorized", message: `${title} no longer accepts the sign-in.` };
    case 403:
      return { kind: "forbidden", message: `${title} does not allow this.` };
    case 404:
      return { kind: "not_found", message: `${title} did not find this.` };
    case 429: {
      const retryAfter = parseRetryAfter(headers) ?? 60;
      return { kind: "rate_limited", message: `${title} asks to slow down.`, retryAfter };
    }
    default:
      return { kind: "unavailable", message: `${title} is not answering properly at the moment.` };
  }
}
