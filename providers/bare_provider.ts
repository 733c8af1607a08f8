/**
 * A provider without tools and without code: made of data alone, be it of the
 * catalogue or of the operator's configuration. Its tokens are handed out, and
 * its API can be called through the proxy.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../broker/core/addresses.ts";
import type { KnownEnds, OAuthFlow, Param } from "../broker/core/authorization_server.ts";
import type { TokenSet } from "../broker/core/connection.ts";
import { NOWHERE } from "../broker/core/provider_api.ts";
import { bearer } from "./authorize.ts";
import { identify } from "./bare_account.ts";
import { apiBase, asking, authorizationUrl, clientOf, revoke } from "./customer_host.ts";
import { isHostOpen, movedTo, originOf } from "./placeholders.ts";
import type { ApiFault, Provider, ProviderModule, ProviderSettings } from "./provider.ts";
import type { PartData, ProviderData } from "./provider_data.ts";
import { parseRetryAfter } from "./retry_after.ts";

export type { CatalogueEntry } from "./provider_data.ts";

/** The module that makes the provider of its data and the operator's settings. */
export function bareModule(data: ProviderData): ProviderModule {
  const { name, console } = data;
  return { name, console, create: (settings) => bareProvider(data, settings) };
}

function bareProvider(known: ProviderData, settings: ProviderSettings): Provider {
  const data = at(known, settings.baseUrl);
  const whose = async (tokens: TokenSet) => (await identify(data, settings, tokens)).id;
  const end: OAuthFlow["revoke"] = (tokens) => asking(() => revoke(data, settings, tokens, whose));
  return {
    ...bareParts(data, settings),
    identityScopes: data.identityScopes ?? [],
    impliedScopes: impliedBy(data, data.identityScopes),
    callbackMembers: data.callbackMembers,
    credential: {
      kind: "oauth",
      issuer: data.issuer,
      sendsIssuer: data.sendsIssuer,
      // Where there is one for each customer it is not known beforehand.
      origin: isHostOpen(data.authorizationEndpoint)
        ? undefined
        : originOf(data.authorizationEndpoint),
      tokenOrigin: isHostOpen(data.tokenEndpoint) ? undefined : originOf(data.tokenEndpoint),
      authorizationUrl: (request) => authorizationUrl(data, settings, request),
      exchange: (code, verifier, params) =>
        asking(() => clientOf(data, settings, params).exchange(code, verifier)),
      refresh: (refreshToken, extra) =>
        asking(() => clientOf(data, settings, extra).refresh(refreshToken)),
      revoke: end,
      revokeAlone: endsNothingElse(data) ? end : undefined,
    },
    identify: (tokens) => identify(data, settings, tokens),
    knownEnds: knownEndsOf(data),
  };
}

const DAY_MS = 24 * 60 * 60_000;

function knownEndsOf(
  { refreshIdleDays: idle, refreshMaxDays: max }: ProviderData,
): KnownEnds | undefined {
  if (idle === undefined && max === undefined) return undefined;
  return {
    idleMs: idle && idle * DAY_MS,
    max: max === undefined ? undefined : { ms: max * DAY_MS, reason: "sign_in_expires" },
  };
}

/** What is the same of every provider that is made of data, whatever its credential is. */
export function bareParts(
  data: PartData,
  settings: ProviderSettings,
): Omit<Provider, "credential" | "identify"> {
  const { name, title, scopes = [], services = [], userinfo } = data;
  const apiUrl = settings.apiUrl ?? settings.baseUrl ?? data.apiUrl ??
    (userinfo && originOf(userinfo.url));
  // Nowhere: a request to it fails, and carries the token to nobody.
  const api = apiUrl ?? `https://${NOWHERE}`;
  const moved = settings.apiUrl ?? settings.baseUrl;
  const baseOf = (service?: string) => {
    const own = services.find(({ name }) => name === service)?.apiUrl;
    return own === undefined ? api : moved === undefined ? own : movedTo(moved, own);
  };
  return {
    name,
    title,
    services: [
      { name, title, scopes },
      ...services.map(({ name, title, scopes, moreScopes }) => ({
        name,
        title,
        scopes,
        moreScopes,
      })),
    ],
    scopeNames: {},
    scopeTitles: data.scopeTitles ?? {},
    impliedScopes: impliedBy(data),
    identityScopes: [],
    params: paramsOf(data),
    acceptsScope: (scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope),
    tools: [],
    apiUrl: (path, extra, service) => new URL(apiBase(data, baseOf(service), extra) + path),
    apiHeaders: { Accept: "application/json" },
    tenants: data.tenants && { header: data.tenants.header },
    proxyHeaders: data.proxyHeaders,
    authorize: data.tokenHeader === undefined
      ? bearer
      : (headers, { accessToken }) => headers.set(data.tokenHeader!, accessToken),
    apiError: (status, headers) => faultOf(title, status, headers),
  };
}

/** Where there is a documentation that says so, and where nothing is ended at all. */
function endsNothingElse({ revocation, revocationEndpoint }: ProviderData): boolean {
  return revocation === undefined ? revocationEndpoint === undefined : revocation.alone === true;
}

/** Whole names of scopes include the short ones. */
function impliedBy(data: PartData, identityScopes: string[] = []): Record<string, string[]> {
  const { impliedScopes = {}, scopePrefix, scopeTitles = {} } = data;
  if (scopePrefix === undefined) return impliedScopes;
  const more = data.services?.flatMap(({ scopes, moreScopes = [] }) => [...scopes, ...moreScopes]);
  const known = [...identityScopes, ...Object.keys(scopeTitles), ...more ?? []];
  const whole = known.map((scope): [string, string[]] => [scopePrefix + scope, [scope]]);
  return { ...impliedScopes, ...Object.fromEntries(whole) };
}

function paramsOf({ params }: PartData): Record<string, Param> | undefined {
  return params && Object.fromEntries(
    Object.entries(params).map(([name, { title, pattern }]) =>
      [name, { title, pattern: new RegExp(`^(?:${pattern})$`) }] as const
    ),
  );
}

/** With one base in the place of all of the provider's hosts; the paths stay. */
function at(data: ProviderData, baseUrl: string | undefined): ProviderData {
  if (baseUrl === undefined) return data;
  const moved = (url: string) => movedTo(baseUrl, url);
  const { authorizationEndpoint, refreshEndpoint, revocation, issuer } = data;
  return {
    ...placedAt(data, baseUrl),
    issuer: issuer && withoutTrailingSlashes(moved(issuer)),
    authorizationEndpoint: moved(authorizationEndpoint),
    refreshEndpoint: refreshEndpoint && moved(refreshEndpoint),
    revocation: revocation && { ...revocation, url: moved(revocation.url) },
  };
}

/** The same of the addresses that every such provider has. */
export function placedAt<
  T extends PartData & Pick<ProviderData, "tokenEndpoint" | "revocationEndpoint">,
>(
  data: T,
  baseUrl: string | undefined,
): T {
  if (baseUrl === undefined) return data;
  const { tokenEndpoint, revocationEndpoint, userinfo, tenants } = data;
  return {
    ...data,
    tokenEndpoint: movedTo(baseUrl, tokenEndpoint),
    revocationEndpoint: revocationEndpoint && movedTo(baseUrl, revocationEndpoint),
    userinfo: userinfo && { ...userinfo, url: movedTo(baseUrl, userinfo.url) },
    tenants: tenants && { ...tenants, url: tenants.url && movedTo(baseUrl, tenants.url) },
  };
}

/** Why an API refused, where nothing is known of its words. */
export function faultOf(title: string, status: number, headers: Headers): ApiFault {
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
