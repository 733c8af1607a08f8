/**
 * Which of an account's tenants a request to the proxy is about: the one that
 * `X-Tenant` names, or a header of the API's own. Only one that is kept beside
 * the tokens, whatever a caller says. Where nothing is named, one that changes
 * nothing goes to the usual one; one that changes something is refused where it
 * would matter, so that nothing is written in the wrong place.
 *
 * @module
 */

import type { Tenant, TokenSet } from "../../broker/core/connection.ts";
import { NOWHERE, type ProviderApi } from "../../broker/core/provider_api.ts";
import { extraOf, tenantNamed } from "../../broker/core/tenants.ts";
import { refuse } from "../http/errors.ts";
import type { Aim } from "./proxy_forward.ts";
import { targetUrl } from "./proxy_target.ts";

/** So many are named where a caller must choose. */
const MOST_NAMED = 10;

/** What a request is for. */
interface Meant {
  provider: ProviderApi;
  /** The provider's service, where one of them is meant. */
  service: string | undefined;
}

/** Where a request goes with a token set. @throws {Refusal} `invalid_request`. */
export function aimOf(request: Request, { provider, service }: Meant, tokens: TokenSet): Aim {
  const { title } = provider;
  const aimAt = (tenant?: Tenant): Aim => ({
    url: targetUrl(request.url, provider, service, extraOf(tokens, tenant)),
    headers: headersFor(provider, tenant),
  });
  const named = nameIn(request, provider);
  const tenant = named === undefined ? undefined : requireTenant(title, tokens, named);
  const aim = aimAt(tenant ?? tokens.tenants?.[0]);
  if (aim.url.host === NOWHERE) return refuseNowhere(title);
  if (tenant === undefined && !isReading(request)) requireOne(title, tokens, aimAt);
  return aim;
}

/** The name or id that the caller says; none of an API that has no tenants is refused as unknown. */
function nameIn({ headers }: Request, { tenants }: ProviderApi): string | undefined {
  const own = tenants?.header === undefined ? null : headers.get(tenants.header);
  return headers.get("X-Tenant") ?? own ?? undefined;
}

function headersFor({ tenants }: ProviderApi, tenant: Tenant | undefined): Record<string, string> {
  const header = tenants?.header;
  return header === undefined || tenant === undefined ? {} : { [header]: tenant.id };
}

function isReading({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

function requireTenant(title: string, { tenants = [] }: TokenSet, name: string): Tenant {
  const tenant = tenantNamed(tenants, name);
  if (tenant !== undefined) return tenant;
  const which = tenants.length === 0
    ? "None is known of it; connecting the account again may tell."
    : `It has ${namesOf(tenants)}.`;
  const detail = `X-Tenant names none of those that this ${title} account has. ${which}`;
  return refuse({ code: "invalid_request", detail });
}

/** Refuses what could go to several of them. */
function requireOne(
  title: string,
  { tenants = [] }: TokenSet,
  aimAt: (tenant: Tenant) => Aim,
): void {
  const aims = new Set(tenants.map((tenant) => {
    const { url, headers } = aimAt(tenant);
    return JSON.stringify([url.href, headers]);
  }));
  if (aims.size <= 1) return;
  const detail = `This ${title} account has several tenants, and X-Tenant does not say ` +
    `which one is meant: ${namesOf(tenants)}.`;
  refuse({ code: "invalid_request", detail });
}

function namesOf(tenants: Tenant[]): string {
  const names = tenants.slice(0, MOST_NAMED).map(({ id, label }) => `${label} (${id})`);
  const rest = tenants.length - names.length;
  return rest > 0 ? `${names.join(", ")} and ${rest} more` : names.join(", ");
}

function refuseNowhere(title: string): never {
  const detail = `It is not known where the API of this ${title} account is. ` +
    "Connecting the account again may tell.";
  return refuse({ code: "invalid_request", detail });
}
