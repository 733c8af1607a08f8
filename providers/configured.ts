/**
 * Providers that the code does not know, from the operator's configuration:
 * broker only, no tools. Their tokens are handed out, and their API can be
 * called through the proxy.
 *
 * @module
 */

import { z } from "zod";
import { isSecureAddress, SECURE } from "../broker/core/addresses.ts";
import { issueWords } from "../broker/core/issue_words.ts";
import { shownName } from "../broker/core/shown_name.ts";
import { bareModule } from "./bare_provider.ts";
import {
  type ClientProviderSpec,
  ClientSpec,
  configuredClientModule,
} from "./configured_client.ts";
import { configuredKeyModule, type KeyProviderSpec, KeySpec } from "./configured_key.ts";
import { HeaderName, OwnHeaders, ProxyHeader, ServiceName } from "./configured_parts.ts";
import type { RevocationData } from "./end_access.ts";
import {
  Endpoint,
  ExtraName,
  faultOfPlaces,
  Host,
  Members,
  MOST_EXTRA,
  ParamSpec,
  ServicesSpec,
  TenantsSpec,
} from "./configured_places.ts";
import { originOf } from "./placeholders.ts";
import type { ProviderModule } from "./provider.ts";
import type { TenantsData } from "./provider_data.ts";

const DeadGrant = z.strictObject({
  status: z.int().min(400).max(499).optional(),
  member: z.string().min(1).max(200),
  equals: z.string().min(1).max(200).optional(),
  contains: z.string().min(1).max(200).optional(),
}).refine(
  // It would end every connection for any refusal at all.
  ({ equals, contains }) => equals !== undefined || contains !== undefined,
  "needs equals or contains",
);

const Spec = z.strictObject({
  /** Its name in paths, and, in upper case, the prefix of its variables. */
  name: ServiceName,
  title: z.string().min(1).max(80).optional(),
  authorization_endpoint: Endpoint,
  token_endpoint: Endpoint,
  revocation_endpoint: Endpoint.optional(),
  /**
   * `rfc7009`: a form with the refresh token; `access_token`: with the access
   * token instead; `bearer`, `bearer_delete`: a POST or DELETE that carries it.
   */
  revocation_style: z.enum(["rfc7009", "access_token", "bearer", "bearer_delete"])
    .default("rfc7009"),
  /** Requested where a link does not say a scope. */
  scopes: z.array(z.string().min(1)).default([]),
  /** Requested with every authorization, such as `offline_access`. */
  identity_scopes: z.array(z.string().min(1)).optional(),
  scope_separator: z.string().min(1).max(3).optional(),
  client_authentication: z.enum(["client_secret_post", "client_secret_basic"]).optional(),
  /** Its own words for a refresh token that is over. */
  dead_grants: z.array(DeadGrant).max(20).optional(),
  /** Off for the few that refuse parameters they do not know. */
  pkce: z.boolean().default(true),
  authorization_parameters: z.record(z.string(), z.string()).optional(),
  /** Expected in `iss` (RFC 9207), where it is sent. */
  issuer: z.string().refine(isSecureAddress, SECURE).optional(),
  /** As the server's metadata say it: then an answer without `iss` is refused. */
  authorization_response_iss_parameter_supported: z.boolean().default(false),
  /** Answers with JSON that says who the account is. */
  userinfo_endpoint: Endpoint.optional(),
  userinfo_method: z.enum(["GET", "POST"]).optional(),
  /** JSON, as it is sent. */
  userinfo_body: z.string().max(2000).optional(),
  userinfo_headers: OwnHeaders.optional(),
  /** Members of that JSON, with dots for nested ones. */
  account_id: z.string().default("sub"),
  account_label: z.string().default("email"),
  /** Kept with the tokens, and given back with them: name → member of the token answer. */
  extra: Members.optional(),
  /** The same of the userinfo, and of the callback's query. */
  userinfo_extra: Members.optional(),
  callback_extra: z.array(ExtraName).max(MOST_EXTRA).optional(),
  /** What an app, or a person, says before: `{shop}` in an address stands for it. */
  params: z.record(ExtraName, ParamSpec).optional(),
  /** Where an address may lead whose host has such a place. */
  hosts: z.array(Host).max(50).optional(),
  /** For the proxy. */
  api_url: Endpoint.optional(),
  /** Connected by names of their own. */
  services: ServicesSpec.optional(),
  /** What scopes may begin with in its answers. */
  scope_prefix: z.string().min(1).max(200).optional(),
  /** Scope → those that it includes. */
  implied_scopes: z.record(z.string(), z.array(z.string())).optional(),
  /** Sites, organizations, companies, one of which each request of the API is about. */
  tenants: TenantsSpec.optional(),
  /** Where it wants the access token; `Authorization`, as `Bearer`, where it is not said. */
  api_token_header: HeaderName.optional(),
  /** Its tokens live until they are ended, whatever `expires_in` says. */
  tokens_never_end: z.boolean().optional(),
  /** After so many days without a refresh, or after the sign-in, a connection ends. */
  refresh_idle_days: z.int().min(1).max(3650).optional(),
  refresh_max_days: z.int().min(1).max(3650).optional(),
  /** Headers that this API has of its own, for the proxy to pass in both directions. */
  proxy_headers: z.array(ProxyHeader).max(50).optional(),
}).refine(
  (spec) => spec.issuer !== undefined || !spec.authorization_response_iss_parameter_supported,
  {
    path: ["issuer"],
    message: "is needed to check the iss parameter",
  },
).superRefine((spec, context) => {
  const [path, message] = faultOfPlaces(spec) ?? [];
  if (path !== undefined) context.addIssue({ code: "custom", path: [path], message });
});

type OAuthSpec = z.output<typeof Spec>;

/** One entry of `PROVIDERS`. */
export type ProviderSpec = OAuthSpec | KeyProviderSpec | ClientProviderSpec;

/**
 * Reads `PROVIDERS` or `providers.json`.
 *
 * @throws {TypeError} whose message names the entry, the member and the fault.
 */
export function parseProviderSpecs(text: string, taken: string[]): ProviderSpec[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TypeError("is not JSON");
  }
  if (!Array.isArray(json)) throw new TypeError("is no list");
  const faults: string[] = [];
  const specs = json.flatMap((entry: unknown, index): ProviderSpec[] => {
    const schema = schemaOf(entry);
    const { data, error } = schema.safeParse(entry);
    for (const issue of error?.issues ?? []) {
      const at = { ...issue, path: [index, ...issue.path] };
      faults.push(issueWords(at, Object.keys(schema.shape)));
    }
    return data === undefined ? [] : [data];
  });
  if (faults.length > 0) throw new TypeError(`entry ${faults.join("; ")}`);
  const names = [...taken];
  for (const spec of specs) {
    const services = "services" in spec ? spec.services ?? [] : [];
    for (const { name } of [spec, ...services]) {
      if (names.includes(name)) throw new TypeError(`entry ${name}: the name is taken`);
      names.push(name);
    }
  }
  return specs;
}

/** What else is wrong with it is told in the words of its kind. */
function schemaOf(entry: unknown): typeof Spec | typeof KeySpec | typeof ClientSpec {
  if (typeof entry !== "object" || entry === null || !("credential" in entry)) return Spec;
  return entry.credential === "client_credentials" ? ClientSpec : KeySpec;
}

/** A provider module made of an entry. */
export function configuredModule(spec: ProviderSpec): ProviderModule {
  if ("credential" in spec) {
    return spec.credential === "api_key" ? configuredKeyModule(spec) : configuredClientModule(spec);
  }
  const { name, userinfo_endpoint: url, account_id: id, account_label: label } = spec;
  const { userinfo_method: method, userinfo_body: body, userinfo_headers: headers } = spec;
  return bareModule({
    name,
    title: shownName(spec.title ?? "", name),
    console: originOf(spec.authorization_endpoint),
    authorizationEndpoint: spec.authorization_endpoint,
    tokenEndpoint: spec.token_endpoint,
    revocationEndpoint: spec.revocation_endpoint,
    clientAuthentication: spec.client_authentication,
    deadGrants: spec.dead_grants,
    pkce: spec.pkce,
    authorizationParameters: spec.authorization_parameters,
    revocation: revocationOf(spec),
    scopes: spec.scopes,
    identityScopes: spec.identity_scopes,
    scopeSeparator: spec.scope_separator,
    issuer: spec.issuer,
    sendsIssuer: spec.authorization_response_iss_parameter_supported,
    extraMembers: spec.extra,
    callbackMembers: spec.callback_extra,
    params: spec.params,
    hosts: spec.hosts,
    userinfo: url === undefined
      ? undefined
      : { url, method, body, headers, id, label, extraMembers: spec.userinfo_extra },
    tenants: tenantsOf(spec),
    services: spec.services?.map(({ name, title = "", scopes, more_scopes, api_url }) => ({
      name,
      title: shownName(title, name),
      scopes,
      moreScopes: more_scopes,
      apiUrl: api_url,
    })),
    scopePrefix: spec.scope_prefix,
    impliedScopes: spec.implied_scopes,
    tokenHeader: spec.api_token_header,
    tokensNeverEnd: spec.tokens_never_end,
    refreshIdleDays: spec.refresh_idle_days,
    refreshMaxDays: spec.refresh_max_days,
    proxyHeaders: spec.proxy_headers,
    apiUrl: spec.api_url ?? originOf(spec.token_endpoint),
  });
}

function tenantsOf({ tenants }: OAuthSpec): TenantsData | undefined {
  if (tenants === undefined) return undefined;
  const { endpoint: url, extra: extraMembers, ...rest } = tenants;
  return { ...rest, url, extraMembers };
}

function revocationOf(
  { revocation_endpoint: url, revocation_style: style }: OAuthSpec,
): RevocationData | undefined {
  if (url === undefined || style === "rfc7009") return undefined;
  if (style === "access_token") return { url, shows: "form" };
  return { url, shows: "bearer", method: style === "bearer" ? "POST" : "DELETE" };
}
