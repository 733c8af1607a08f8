/**
 * The tenants of an account: which of them a request is about. Only ever one
 * that the provider listed for the very account, and never an id that a caller
 * made up.
 *
 * @module
 */

import type { Account, Extra, Tenant, TokenSet } from "./connection.ts";
import { withExtra } from "./extra.ts";

/** Tenants of one account. A longer list is not kept at all. */
export const MOST_TENANTS = 200;
/** Characters of the list as JSON: it is opened with the tokens at each call. */
export const LONGEST_TENANTS = 32_000;

/** What is to be known of a provider whose accounts have tenants. */
export interface TenantsOf {
  /** The header of its API in which a request names one. */
  header?: string | undefined;
}

/** All that is known beside the tokens, where a tenant is meant; the usual one where none is named. */
export function extraOf(
  { extra, tenants = [] }: Pick<TokenSet, "extra" | "tenants">,
  tenant: Tenant | undefined = tenants[0],
): Extra | undefined {
  return tenant === undefined ? extra : { ...extra, ...tenant.extra };
}

/** The one that a caller calls so: by its id, or by a label, in any case, that no other one has. */
export function tenantNamed(tenants: Tenant[], name: string): Tenant | undefined {
  const byId = tenants.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const called = tenants.filter(({ label }) => label.toLowerCase() === name.toLowerCase());
  return called.length === 1 ? called[0] : undefined;
}

/** The token set with what the provider said of the account that it opens. */
export function withSaid(tokens: TokenSet, { extra, tenants }: Account): TokenSet {
  if (extra === undefined && tenants === undefined) return tokens;
  return {
    ...tokens,
    extra: withExtra(tokens.extra, extra),
    tenants: tenants ?? tokens.tenants,
  };
}

/**
 * The list of an account that is connected again. The usual one stays the usual one, whatever the
 * order of the new list, which for some providers means nothing; and a list that nobody could ask
 * for takes nothing back.
 */
export function renewedTenants(
  now: Tenant[] | undefined,
  before: Tenant[] | undefined,
): Tenant[] | undefined {
  const usual = before?.[0]?.id;
  if (now === undefined || usual === undefined) return now ?? before;
  return now.toSorted((a, b) => Number(b.id === usual) - Number(a.id === usual));
}
