/**
 * Entries of `PROVIDERS` whose connections are clients that people make there:
 * `"credential": "client_credentials"`.
 *
 * @module
 */

import { z } from "zod";
import { LONGEST_NAME, shownName } from "../broker/core/shown_name.ts";
import { clientModule } from "./client_provider.ts";
import { HeaderName, PlainAddress, ProxyHeader, ServiceName } from "./configured_parts.ts";
import {
  Endpoint,
  ExtraName,
  faultOfPlaces,
  Host,
  Members,
  ParamSpec,
} from "./configured_places.ts";
import { originOf, placesIn } from "./placeholders.ts";
import type { ProviderModule } from "./provider.ts";

/** Who the client is and what it asks is not theirs to change. */
const TokenParameters = z.record(
  z.string().regex(/^(?!(grant_type|client_id|client_secret|scope)$)[a-z][a-z0-9_]{0,60}$/),
  z.string().min(1).max(500),
);

export const ClientSpec = z.strictObject({
  /** Its name in paths, and, in upper case, the prefix of its variables. */
  name: ServiceName,
  title: z.string().min(1).max(80).optional(),
  credential: z.literal("client_credentials"),
  /** Where people make a client, and how, in a sentence for them. */
  client_page: PlainAddress,
  client_how: z.string().max(LONGEST_NAME).optional(),
  token_endpoint: Endpoint,
  /** RFC 7009. */
  revocation_endpoint: Endpoint.optional(),
  client_authentication: z.enum(["client_secret_post", "client_secret_basic"]).optional(),
  /** In the place of `client_credentials`. */
  grant_type: z.string().min(1).max(200).optional(),
  /** Sent with every token request, such as an `audience`; `{name}` stands for a param. */
  token_parameters: TokenParameters.optional(),
  /** Requested where a link, or a backend, does not say a scope. */
  scopes: z.array(z.string().min(1)).default([]),
  scope_separator: z.string().min(1).max(3).optional(),
  /** Answers with JSON that says whose it is; it is the client's, where there is none. */
  userinfo_endpoint: Endpoint.optional(),
  account_id: z.string().default("id"),
  account_label: z.string().default("name"),
  /** Kept with the tokens, and given back with them: name → member of the token answer. */
  extra: Members.optional(),
  /** What an app, or a person, says before: `{shop}` in an address stands for it. */
  params: z.record(ExtraName, ParamSpec).optional(),
  /** Where an address may lead whose host has such a place. */
  hosts: z.array(Host).max(50).optional(),
  /** For the proxy. */
  api_url: Endpoint.optional(),
  /** Where it wants the access token; `Authorization`, as `Bearer`, where it is not said. */
  api_token_header: HeaderName.optional(),
  proxy_headers: z.array(ProxyHeader).max(50).optional(),
}).superRefine((spec, context) => {
  const [path, message] = faultOfPlaces(spec) ?? faultOfParameters(spec) ?? [];
  if (path !== undefined) context.addIssue({ code: "custom", path: [path], message });
});

function faultOfParameters(
  { token_parameters = {}, params = {} }: {
    token_parameters?: Record<string, string> | undefined;
    params?: Record<string, unknown> | undefined;
  },
): [path: string, message: string] | undefined {
  const unknown = Object.values(token_parameters).flatMap(placesIn)
    .find((name) => !Object.hasOwn(params, name));
  return unknown === undefined
    ? undefined
    : ["token_parameters", `nothing says what {${unknown}} is`];
}

/** One such entry. */
export type ClientProviderSpec = z.output<typeof ClientSpec>;

/** A provider module made of an entry. */
export function configuredClientModule(spec: ClientProviderSpec): ProviderModule {
  const { name, userinfo_endpoint: url, account_id: id, account_label: label } = spec;
  const title = shownName(spec.title ?? "", name);
  return clientModule({
    name,
    title,
    clientPage: spec.client_page,
    how: shownName(spec.client_how ?? "", `Make a client at ${title}.`),
    tokenEndpoint: spec.token_endpoint,
    revocationEndpoint: spec.revocation_endpoint,
    clientAuthentication: spec.client_authentication,
    grantType: spec.grant_type,
    tokenParameters: spec.token_parameters,
    scopes: spec.scopes,
    scopeSeparator: spec.scope_separator,
    userinfo: url === undefined ? undefined : { url, id, label },
    extraMembers: spec.extra,
    params: spec.params,
    hosts: spec.hosts,
    apiUrl: spec.api_url ?? originOf(spec.token_endpoint),
    tokenHeader: spec.api_token_header,
    proxyHeaders: spec.proxy_headers,
  }, "nothing");
}
