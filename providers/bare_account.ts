/**
 * Whose account it is, at a provider that is made of data alone.
 *
 * @module
 */

import {
  type Account,
  type Extra,
  type TokenSet,
  UNNAMED_ACCOUNT,
} from "../broker/core/connection.ts";
import { inOwnWords } from "../broker/core/own_words.ts";
import { bearerHeaders } from "./authorize.ts";
import { hostsOf } from "./customer_host.ts";
import { extraOf } from "./extra.ts";
import { filled } from "./placeholders.ts";
import type { ProviderSettings } from "./provider.ts";
import type { PartData } from "./provider_data.ts";
import { tenantsOf } from "./tenants.ts";
import { memberOf } from "./token_wire.ts";
import { type Ask, askWithin } from "./whose_account.ts";

/**
 * Without an endpoint that tells, there is one account per user: "default". Where there is a host
 * per customer, the id says which: at each of them somebody may be the first user.
 */
export async function identify(
  data: PartData,
  settings: ProviderSettings,
  tokens: TokenSet,
): Promise<Account> {
  const { title, userinfo, tenants } = data;
  const { extra = {} } = tokens;
  const where = whereOf(data, extra);
  if (userinfo === undefined) {
    return where === "" ? { id: UNNAMED_ACCOUNT, label: title } : { id: where, label: where };
  }
  // For both questions together.
  const ask = askWithin({ fetch: settings.fetch, title });
  const user = await askWho(data, settings, tokens, ask);
  const known = (path: string) =>
    path.startsWith("{") ? extra[path.slice(1, -1)] : memberOf(user, path);
  const parts = userinfo.id.split(" ").map(known);
  const id = parts.join("/");
  if (parts.some((part) => part === undefined || part === "") || id.length > 200) {
    throw inOwnWords(new Error(`${title}'s userinfo has no usable ${userinfo.id}`));
  }
  const label = userinfo.label.split(" ").flatMap((path) => known(path) ?? []).join(" · ") || id;
  return {
    id: where === "" ? id : `${where}/${id}`,
    label: where === "" ? label : `${label} (${where})`,
    extra: extraOf(user, userinfo.extraMembers),
    ...tenants && await tenantsOf({ ...data, tenants }, settings, tokens, { user, ask }),
  };
}

/** What makes an account another one, beside its id; nothing, where nothing does. */
export function whereOf(
  { params = {}, accountParts = Object.keys(params) }: PartData,
  extra: Extra = {},
): string {
  return accountParts.flatMap((name) => extra[name] ?? []).join(",");
}

async function askWho(
  data: PartData,
  settings: ProviderSettings,
  tokens: TokenSet,
  ask: Ask,
): Promise<unknown> {
  const { clientId } = settings;
  const { method, body, clientIdHeader, query = {}, headers: own, url: template, scheme } = data
    .userinfo!;
  const url = new URL(filled(template, tokens.extra, hostsOf(data, settings)));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers = bearerHeaders(tokens, { Accept: "application/json", ...own });
  if (scheme !== undefined) headers.set("Authorization", `${scheme} ${tokens.accessToken}`);
  if (clientIdHeader !== undefined) headers.set(clientIdHeader, clientId);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  const question = { url: url.href, method, headers, body };
  return await ask("userinfo", question);
}
