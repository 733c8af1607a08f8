/**
 * What is known of a provider that has no code of its own.
 *
 * @module
 */

import type { RevocationData } from "./end_access.ts";
import type { Members } from "./extra.ts";
import type { OAuthClientOptions } from "./oauth.ts";

/** An API address whose JSON tells who the account is. */
export interface Userinfo {
  url: string;
  /** @default "GET" */
  method?: "GET" | "POST" | undefined;
  query?: Record<string, string> | undefined;
  /** In the place of `Bearer`. */
  scheme?: string | undefined;
  /** Sent beside `Authorization` and `Accept`. */
  headers?: Record<string, string> | undefined;
  /** The header that holds the client's id, for APIs that want to know whose token it is. */
  clientIdHeader?: string | undefined;
  /** JSON, as it is sent. */
  body?: string | undefined;
  /**
   * Members of the JSON, with dots for nested ones, and numbers for those of a list; or, as
   * `{name}`, what is known of the connection already. Several are separated by a space: all of
   * an id's are needed, as where somebody's number is only that of one workspace. The id is for
   * good.
   */
  id: string;
  label: string;
  /** What else is kept of the JSON. */
  extraMembers?: Members | undefined;
}

/**
 * The list of tenants that an account has, one of which each request of the API is about: sites,
 * organizations, companies. It is asked when an account is connected, and kept with its tokens.
 */
export interface TenantsData {
  /** Where the list is; the userinfo's own answer where it is not said. */
  url?: string | undefined;
  /** The member that is the list, with dots for nested ones; the answer itself where it is not said. */
  list?: string | undefined;
  /** Only the entries that have these members: path → value. */
  only?: Record<string, string> | undefined;
  /** A member that is true of the entry that is the usual one; else that is the first. */
  usual?: string | undefined;
  /** Members of each entry. The id is one part of a path, and for good. */
  id: string;
  label: string;
  /** What the id is kept as, for `{…}` in addresses of the API. */
  name: string;
  /** What else is kept of each. */
  extraMembers?: Members | undefined;
  /** The header in which requests of the API name it, for those that have it in no address. */
  header?: string | undefined;
}

/** What the person, or the app, must say before anybody is sent there. */
export interface ParamData {
  /** What it is called on the page that asks for it. */
  title: string;
  /** A regular expression for the whole value. */
  pattern: string;
}

/** A part of the provider that is connected by a name of its own, as mail is. */
export interface ServiceData {
  /** In paths, and unique among all providers and services. */
  name: string;
  title: string;
  /** Requested where a link does not say a scope. */
  scopes: string[];
  /** As `Service` has them. */
  moreScopes?: string[] | undefined;
  /** For the proxy, in the place of the provider's. */
  apiUrl?: string | undefined;
}

/** How such a provider's OAuth is spoken. */
type OAuthData = Pick<
  OAuthClientOptions,
  | "authorizationEndpoint"
  | "tokenEndpoint"
  | "refreshEndpoint"
  | "refreshesWithRedirectUri"
  | "revocationEndpoint"
  | "clientAuthentication"
  | "clientNames"
  | "tokenFormat"
  | "requestHeaders"
  | "deadGrants"
  | "revokesWithoutClient"
  | "pkce"
  | "authorizationParameters"
  | "exchangeParameters"
  | "lengthensBy"
  | "scopeSeparator"
  | "scopeParameter"
  | "issuer"
  | "sendsIssuer"
  | "errorCodes"
  | "extraMembers"
  | "tokensNeverEnd"
>;

/**
 * What is known of a provider whatever its credential is. Its addresses may have places in them,
 * such as `{shop}`, for a param, or for what was kept of an answer: see `placeholders.ts`.
 */
export interface PartData {
  /** Its name in paths, and, in upper case, the prefix of its variables. */
  name: string;
  title: string;
  /** Requested where a link does not say a scope; none where it is not said. */
  scopes?: string[] | undefined;
  /**
   * Beside the provider itself, which is a service by its own name. Whoever may use one of these
   * alone gets no connection that opens more, so each scope that is not named here, or implied by
   * one that is, belongs to none of them.
   */
  services?: ServiceData[] | undefined;
  /** Scope → those that it includes. */
  impliedScopes?: Record<string, string[]> | undefined;
  /** What scopes may begin with where the provider says which it granted, and means the same. */
  scopePrefix?: string | undefined;
  /** Scope → what it allows, in words for the person who is asked. */
  scopeTitles?: Record<string, string> | undefined;
  /** For the proxy; the userinfo's host where it is not said. Without either there is no proxy. */
  apiUrl?: string | undefined;
  /** Headers of its API's own; see `ProviderApi`. */
  proxyHeaders?: string[] | undefined;
  /** Where there is more than one: whose host it is, and the like. */
  params?: Record<string, ParamData> | undefined;
  /**
   * What makes an account another one, beside its id: one person may have several of them.
   * @default the names of `params`
   */
  accountParts?: string[] | undefined;
  /** The header in which its API wants the access token; `Authorization` where it is not said. */
  tokenHeader?: string | undefined;
  /** Where an address may lead whose host has a place in it: names, or `*.example.com`. */
  hosts?: string[] | undefined;
  /** Without it there is one account per user, or one for each host. */
  userinfo?: Userinfo | undefined;
  /** What an account has several of, and a request of the API is about one. Only beside `userinfo`. */
  tenants?: TenantsData | undefined;
}

/** All that is known of a provider where people sign in. */
export interface ProviderData extends PartData, OAuthData {
  /** Where an operator registers an OAuth app. */
  console: string;
  /** Requested with every authorization: without them the userinfo is refused, or no refresh token issued. */
  identityScopes?: string[] | undefined;
  /** How access is ended, where it is not RFC 7009 at `revocationEndpoint`. */
  revocation?: RevocationData | undefined;
  /** Members of the callback's query that are kept with the tokens. */
  callbackMembers?: string[] | undefined;
  /**
   * A refresh token ends after so many days in which nothing was refreshed, and each refresh begins
   * them anew, as the documentation has it. What a token answer says counts in its place.
   */
  refreshIdleDays?: number | undefined;
  /** So many days after the sign-in a person has to connect again, whatever is refreshed. */
  refreshMaxDays?: number | undefined;
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
