/**
 * Which tenants an account has at a provider that is made of data alone: asked
 * once it is known whose account it is, and bounded, since whoever answers may
 * say anything. What an answer calls an id goes into addresses and headers, and
 * nothing else of it leads anywhere but by the entry's own rules for hosts.
 *
 * @module
 */

import type { Account, Tenant, TokenSet } from "../broker/core/connection.ts";
import { inOwnWords, saidOf } from "../broker/core/own_words.ts";
import { shownName } from "../broker/core/shown_name.ts";
import { LONGEST_TENANTS, MOST_TENANTS } from "../broker/core/tenants.ts";
import { bearerHeaders } from "./authorize.ts";
import { hostsOf } from "./customer_host.ts";
import { extraOf } from "./extra.ts";
import { filled } from "./placeholders.ts";
import type { ProviderSettings } from "./provider.ts";
import type { PartData, TenantsData } from "./provider_data.ts";
import { memberOf, valueAt, type Wire, wordAt } from "./token_wire.ts";
import type { Ask } from "./whose_account.ts";

/** In decoded bytes: each of an answer's entries may list the scopes that it is open for. */
export const MAX_TENANTS_BYTES = 512 * 1024;
/** One part of a path, whoever decodes it how often: it leads neither up nor down. */
const TENANT_ID = /^[A-Za-z0-9][A-Za-z0-9_:.-]{0,127}$/;

/**
 * The whole list, or why there is none: a person is connected without it, and has it by connecting
 * again. Half of a list is none.
 */
export async function tenantsOf(
  data: PartData & { tenants: TenantsData },
  settings: ProviderSettings,
  tokens: TokenSet,
  { user, ask }: { user: unknown; ask: Ask },
): Promise<Pick<Account, "tenants" | "untold">> {
  const { url: template } = data.tenants;
  try {
    const url = template && filled(template, tokens.extra, hostsOf(data, settings));
    const headers = bearerHeaders(tokens, { Accept: "application/json" });
    const answer = url === undefined
      ? user
      : await ask("which tenants there are", { url, headers, limit: MAX_TENANTS_BYTES });
    return { tenants: listed(data, answer) };
  } catch (error) {
    return { untold: saidOf(error) };
  }
}

function listed(
  { title, tenants: data }: { title: string; tenants: TenantsData },
  answer: unknown,
) {
  const list = valueAt(answer, data.list);
  const fault = (what: string) => inOwnWords(new Error(`${title}'s tenants ${what}`));
  if (!Array.isArray(list)) throw fault("are no list");
  const meant = list.filter((one): one is Wire => isOne(one, data.only));
  if (meant.length > MOST_TENANTS) throw fault(`are more than ${MOST_TENANTS}`);
  const all = new Map<string, Tenant>();
  for (const one of meant.toSorted((a, b) => rank(a, data) - rank(b, data))) {
    const id = memberOf(one, data.id) ?? "";
    // A provider may list one several times, for each product in it.
    if (!TENANT_ID.test(id)) continue;
    const label = shownName(memberOf(one, data.label) ?? "", id);
    all.set(id, { id, label, extra: { ...extraOf(one, data.extraMembers), [data.name]: id } });
  }
  if (meant.length > 0 && all.size === 0) throw fault("have no usable id");
  const tenants = [...all.values()];
  if (JSON.stringify(tenants).length > LONGEST_TENANTS) throw fault("are too long to keep");
  return tenants;
}

/** The usual one goes first. */
function rank(one: Wire, { usual }: TenantsData): number {
  return usual !== undefined && wordAt(one, usual) === "true" ? 0 : 1;
}

function isOne(value: unknown, only: Record<string, string> = {}): value is Wire {
  return typeof value === "object" && value !== null &&
    Object.entries(only).every(([path, wanted]) => wordAt(value as Wire, path) === wanted);
}
