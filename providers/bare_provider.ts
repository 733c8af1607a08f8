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
import { endAccess, type RevocationData } from "./end_access.ts";
import { OAuthClient, type OAuthClientOptions } from "./oauth.ts";
import type { ApiFault, Provider, ProviderModule, ProviderSettings } from "./provider.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { askWithin } from "./whose_account.ts";

/** An API address whose JSON tells who the account is. */
export interface Userinfo {
  url: string;
  /** @default "GET" */
  method?: "GET" | "POST" | undefined;
  query?: Record<string, string> | undefined;
  /** Sent beside `Authorization` and `Accept`. */
  headers?: Record<string, string> | undefined;
  /** The header that holds the client's id, for APIs that want to know whose token it is. */
  clientIdHeader?: string | undefined;
  /** JSON, as it is sent. */
  body?: string | undefined;
  /** Members of the JSON, with dots for nested ones, and numbers for those of a list. The id is for good. */
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
  | "deadGrants"
  | "revokesWithoutClient"
  | "pkce"
  | "authorizationParameters"
  | "scopeSeparator"
  | "scopeParameter"
  | "issuer"
  | "sendsIssuer"
  | "errorCodes"
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
  /** Requested with every authorization: without them the userinfo is refused, or no refresh token issued. */
  identityScopes?: string[] | undefined;
  /** Scope → what it allows, in words for the person who is asked. */
  scopeTitles?: Record<string, string> | undefined;
  /** How access is ended, where it is not RFC 7009 at `revocationEndpoint`. */
  revocation?: RevocationData | undefined;
  /** For the proxy; the userinfo's host where it is not said. Without either there is no proxy. */
  apiUrl?: string | undefined;
  /** Headers of its API's own; see `ProviderApi`. */
  proxyHeaders?: string[] | undefined;
  /** Without it there is one account per user. */
  userinfo?: Userinfo | undefined;
}

/** An entry of the catalogue: what is known, and whence. */
export interface CatalogueEntry extends ProviderData {
  /** The pages of the provider's documentation. */
  docs: string[];
  /** The day when they were last compared with this, `YYYY-MM-DD`. */
  docsRead: string;
  /**
   * The addresses, the client's authentication and what a refresh token takes
   * were read in those pages; or some of it could not be, and is what other
   * brokers say. What a provider answers when a grant is over is seldom
   * documented: `deadGrants` is what was seen.
   */
  verified: "documentation" | "not verified";
}

/** The module that makes the provider of its data and the operator's settings. */
export function bareModule(data: ProviderData): ProviderModule {
  const { name, console } = data;
  return { name, console, create: (settings) => bareProvider(data, settings) };
}

function bareProvider(known: ProviderData, settings: ProviderSettings): Provider {
  const data = at(known, settings.baseUrl);
  const { name, title, scopes = [], userinfo, revocation } = data;
  const apiUrl = settings.apiUrl ?? settings.baseUrl ?? data.apiUrl ??
    (userinfo && new URL(userinfo.url).origin);
  // Nowhere: a request to it fails, and carries the token to nobody.
  const api = withoutTrailingSlashes(apiUrl ?? "https://api.invalid");
  const client = new OAuthClient({ ...data, ...settings });
  const { clientId, clientSecret, fetch } = settings;
  const { clientAuthentication: method = "client_secret_post" } = data;
  const deps = {
    fetch,
    authentication: { method, clientId, clientSecret },
    refresh: client.refresh.bind(client),
  };
  const flow = client.flow();
  return {
    name,
    title,
    services: [{ name, title, scopes }],
    scopeNames: {},
    scopeTitles: data.scopeTitles ?? {},
    impliedScopes: {},
    identityScopes: data.identityScopes ?? [],
    credential: revocation === undefined
      ? flow
      : { ...flow, revoke: (tokens) => endAccess(deps, revocation, tokens) },
    acceptsScope: (scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope),
    identify: (tokens) => identify(data, settings, tokens),
    tools: [],
    apiUrl: (path) => new URL(api + path),
    apiHeaders: { Accept: "application/json" },
    proxyHeaders: data.proxyHeaders,
    authorize: bearer,
    apiError: (status, headers) => faultOf(title, status, headers),
  };
}

/** With one base in the place of all of the provider's hosts; the paths stay. */
function at(data: ProviderData, baseUrl: string | undefined): ProviderData {
  if (baseUrl === undefined) return data;
  const base = withoutTrailingSlashes(baseUrl);
  const moved = (url: string) => {
    const { pathname, search } = new URL(url);
    return base + pathname + search;
  };
  const { authorizationEndpoint, tokenEndpoint, refreshEndpoint, revocationEndpoint } = data;
  const { userinfo, revocation, issuer } = data;
  return {
    ...data,
    issuer: issuer && withoutTrailingSlashes(moved(issuer)),
    authorizationEndpoint: moved(authorizationEndpoint),
    tokenEndpoint: moved(tokenEndpoint),
    refreshEndpoint: refreshEndpoint && moved(refreshEndpoint),
    revocationEndpoint: revocationEndpoint && moved(revocationEndpoint),
    userinfo: userinfo && { ...userinfo, url: moved(userinfo.url) },
    revocation: revocation && { ...revocation, url: moved(revocation.url) },
  };
}

/** Without an endpoint that tells, there is one account per user: "default". */
async function identify(
  { title, userinfo }: ProviderData,
  { fetch, clientId }: ProviderSettings,
  tokens: TokenSet,
): Promise<Account> {
  if (userinfo === undefined) return { id: "default", label: title };
  const { method, body, clientIdHeader, query = {} } = userinfo;
  const url = new URL(userinfo.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers = bearerHeaders(tokens, { Accept: "application/json", ...userinfo.headers });
  if (clientIdHeader !== undefined) headers.set(clientIdHeader, clientId);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  const user = await askWithin({ fetch, title })("userinfo", {
    url: url.href,
    method,
    headers,
    body,
  });
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
