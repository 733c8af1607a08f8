/**
 * What an entry of `PROVIDERS` says of addresses with places in them, and of
 * what goes there.
 *
 * @module
 */

import { z } from "zod";
import { isSecureAddress, SECURE } from "../broker/core/addresses.ts";
import { ServiceName, TenantHeader } from "./configured_parts.ts";
import { isHostOpen, originOf, placesIn } from "./placeholders.ts";

/** Names that one entry keeps, of each kind. */
export const MOST_EXTRA = 20;
/** Services of one entry, beside the provider itself. */
const MOST_OWN_SERVICES = 20;

/** Codes, tokens, client secrets and people's browsers go there. Places are looked at below. */
export const Endpoint = z.string().refine(
  (url) => isSecureAddress(url) || (placesIn(url).length > 0 && isSecureAddress(withXs(url))),
  `${SECURE}, an absolute URL without user`,
);

/** Something in each place, to see whether an address comes of it. */
function withXs(template: string): string {
  const origin = originOf(template);
  return template.replace(origin, origin.startsWith("{") ? "https://x" : origin)
    .replaceAll(/\{\w+\}/g, "x");
}

/** A name of something that is kept beside the tokens. */
export const ExtraName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "must be a-z, 0-9 and _");

/** Where it stands in an answer, with dots for what is nested. */
export const Members = z.record(ExtraName, z.string().min(1).max(200))
  .refine((all) => Object.keys(all).length <= MOST_EXTRA, `must be at most ${MOST_EXTRA}`);

export const ParamSpec = z.strictObject({
  title: z.string().min(1).max(80),
  pattern: z.string().min(1).max(500).refine(isPattern, "must be a regular expression"),
});

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`);
    return true;
  } catch {
    return false;
  }
}

/** Where a member stands in JSON, with dots for nested ones. */
const Path = z.string().min(1).max(200);

/** What an account has several of; see `TenantsData`. */
export const TenantsSpec = z.strictObject({
  /** What the id is kept as, for `{…}` in `api_url`. */
  name: ExtraName,
  /** The userinfo's answer where it is not said. */
  endpoint: Endpoint.optional(),
  list: Path.optional(),
  only: z.record(Path, z.string().max(200)).optional(),
  usual: Path.optional(),
  id: Path.default("id"),
  label: Path.default("name"),
  extra: Members.optional(),
  /** In which requests of the API name it. */
  header: TenantHeader.optional(),
});

/** Services beside the provider itself; see `ServiceData`. */
export const ServicesSpec = z.array(z.strictObject({
  name: ServiceName,
  title: z.string().min(1).max(80).optional(),
  /** By none of them nobody could say what is of the service. */
  scopes: z.array(z.string().min(1).max(200)).min(1).max(50),
  more_scopes: z.array(z.string().min(1).max(200)).max(200).optional(),
  api_url: Endpoint.optional(),
})).max(MOST_OWN_SERVICES);

/** A name, or all below one that has a dot: nobody means every host of a country. */
export const Host = z.string().regex(
  /^(\*\.[a-z0-9-]+\.|[a-z0-9])[a-z0-9.-]{0,250}[a-z0-9]$/,
  "must be a host, or *. and the domain that it is below",
);

/** What addresses with places need: a name for each place, and hosts for the open ones. */
interface Placed {
  /** Absent where nobody is sent anywhere. */
  authorization_endpoint?: string | undefined;
  token_endpoint: string;
  revocation_endpoint?: string | undefined;
  userinfo_endpoint?: string | undefined;
  api_url?: string | undefined;
  extra?: Record<string, string> | undefined;
  userinfo_extra?: Record<string, string> | undefined;
  callback_extra?: string[] | undefined;
  params?: Record<string, unknown> | undefined;
  hosts?: string[] | undefined;
  tenants?: z.output<typeof TenantsSpec> | undefined;
  services?: z.output<typeof ServicesSpec> | undefined;
}

/** What is wrong with them: at which member, and what. */
export function faultOfPlaces(spec: Placed): [path: string, message: string] | undefined {
  const { tenants, services = [], userinfo_endpoint } = spec;
  const params = Object.keys(spec.params ?? {});
  const said = [
    ...Object.keys(spec.extra ?? {}),
    ...Object.keys(spec.userinfo_extra ?? {}),
    ...(spec.callback_extra ?? []),
  ];
  const ofTenants = tenants ? [tenants.name, ...Object.keys(tenants.extra ?? {})] : [];
  // Otherwise an answer would say where the next secret goes.
  const both = params.find((name) => said.includes(name) || ofTenants.includes(name));
  if (both !== undefined) return ["params", `${both} is taken from an answer, too`];
  if (tenants !== undefined && userinfo_endpoint === undefined) {
    return ["tenants", "are asked for after userinfo_endpoint, which is missing"];
  }
  const { authorization_endpoint, token_endpoint, revocation_endpoint } = spec;
  const asked = { authorization_endpoint, token_endpoint };
  const later = { revocation_endpoint, userinfo_endpoint, tenants: tenants?.endpoint };
  const apis = {
    api_url: spec.api_url,
    ...Object.fromEntries(services.map(({ name, api_url }) => [`services.${name}`, api_url])),
  };
  for (const [path, url = ""] of Object.entries({ ...asked, ...later, ...apis })) {
    const known = path in asked ? params : [...params, ...said, ...(path in apis ? ofTenants : [])];
    const unknown = placesIn(url).find((name) => !known.includes(name));
    if (unknown !== undefined) return [path, `nothing says what {${unknown}} is`];
    if (isHostOpen(url) && (spec.hosts ?? []).length === 0) {
      return ["hosts", `is needed, since ${path} leads to a host per customer`];
    }
  }
  return undefined;
}
