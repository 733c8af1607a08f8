/**
 * A provider whose connections are clients that people make there: made of data
 * alone, be it of the catalogue or of the operator's configuration. A client's
 * tokens are had by asking again (RFC 6749 §4.4), handed out, and its API can be
 * called through the proxy.
 *
 * @module
 */

import type {
  ClientCredentials,
  MadeClient,
  Revocation,
  TokenAnswer,
} from "../broker/core/authorization_server.ts";
import type { Account, Extra, TokenSet } from "../broker/core/connection.ts";
import { inOwnWords } from "../broker/core/own_words.ts";
import { identify, whereOf } from "./bare_account.ts";
import { bareParts, placedAt } from "./bare_provider.ts";
import { asking, hostsOf } from "./customer_host.ts";
import { EXCHANGE_TIMEOUT_MS, REVOCATION_TIMEOUT_MS } from "./oauth.ts";
import { filled } from "./placeholders.ts";
import type { FormRequest } from "./post_form.ts";
import { postRevocation, postToken } from "./post_token.ts";
import type { Provider, ProviderModule, ProviderSettings } from "./provider.ts";
import type { PartData, ProviderData } from "./provider_data.ts";

/** All that is known of such a provider. */
export interface ClientProviderData extends
  PartData,
  Pick<
    ProviderData,
    | "tokenEndpoint"
    | "revocationEndpoint"
    | "clientAuthentication"
    | "clientNames"
    | "tokenFormat"
    | "requestHeaders"
    | "scopeSeparator"
    | "errorCodes"
    | "extraMembers"
    | "tokensNeverEnd"
  > {
  /** The page where people make a client. */
  clientPage: string;
  /** How they make one there, in a sentence for them. */
  how: string;
  /** @default "client_credentials" */
  grantType?: string | undefined;
  /** Added to every token request; `{name}` stands for a param. */
  tokenParameters?: Record<string, string> | undefined;
}

/** An entry of the catalogue: what is known, and whence. */
export interface ClientCatalogueEntry extends ClientProviderData {
  /** The pages of the provider's documentation. */
  docs: string[];
  /** The day when they were last compared with this, `YYYY-MM-DD`. */
  docsRead: string;
  /** Whether the addresses and the client's authentication were read in those pages. */
  verified: "documentation" | "not verified";
}

/** The module that makes the provider of its data. `needs`: how an operator sets it up. */
export function clientModule(
  data: ClientProviderData,
  needs: ProviderModule["needs"],
): ProviderModule {
  const { name, clientPage: console } = data;
  return { name, console, needs, create: (settings) => clientProvider(data, settings) };
}

function clientProvider(known: ClientProviderData, settings: ProviderSettings): Provider {
  const data = placedAt(known, settings.baseUrl);
  return {
    ...bareParts(data, settings),
    credential: credentialOf(data, settings),
    identify: (tokens) => whose(data, settings, tokens),
  };
}

function credentialOf(data: ClientProviderData, settings: ProviderSettings): ClientCredentials {
  return {
    kind: "client_credentials",
    made: { url: data.clientPage, how: data.how },
    issue: (client, scopes, extra) => asking(() => issue(data, settings, client, scopes, extra)),
    revoke: (tokens) => asking(() => revoke(data, settings, tokens)),
  };
}

async function issue(
  data: ClientProviderData,
  settings: ProviderSettings,
  client: MadeClient,
  scopes: string[],
  extra: Extra | undefined,
): Promise<TokenAnswer> {
  const { grantType = "client_credentials", scopeSeparator = " ", tokenParameters = {} } = data;
  const form: Record<string, string> = { grant_type: grantType };
  if (scopes.length > 0) form.scope = scopes.join(scopeSeparator);
  for (const [name, template] of Object.entries(tokenParameters)) {
    form[name] = template.replaceAll(/\{(\w+)\}/g, (_, place) => extra?.[place] ?? "");
  }
  const url = filled(data.tokenEndpoint, extra, hostsOf(data, settings));
  const request = requestOf(data, settings, url, form, client);
  const { tokenFormat: format } = data;
  const answer = await postToken({ ...request, format, timeoutMs: EXCHANGE_TIMEOUT_MS }, data);
  if (answer.kind !== "issued") return answer;
  // There should be none (§4.4.3): the client itself is what renews.
  return { ...answer, tokens: { ...answer.tokens, refreshToken: undefined } };
}

/** RFC 7009, where the provider has it. */
async function revoke(
  data: ClientProviderData,
  settings: ProviderSettings,
  { accessToken, renewal, extra }: TokenSet,
): Promise<Revocation> {
  const { revocationEndpoint, clientPage } = data;
  const { id, secret } = renewal ?? {};
  if (revocationEndpoint === undefined || id === undefined || secret === undefined) {
    const reason = `its token ends by itself; a client is ended where it was made: ${clientPage}`;
    return { kind: "unsupported", reason };
  }
  const url = filled(revocationEndpoint, extra, hostsOf(data, settings));
  const request = requestOf(data, settings, url, { token: accessToken }, { id, secret });
  return await postRevocation({ ...request, timeoutMs: REVOCATION_TIMEOUT_MS }, data);
}

function requestOf(
  { clientAuthentication: method = "client_secret_post", clientNames, requestHeaders }:
    ClientProviderData,
  { fetch }: ProviderSettings,
  endpoint: string,
  form: Record<string, string>,
  { id: clientId, secret: clientSecret }: MadeClient,
): FormRequest {
  const authentication = { method, clientId, clientSecret, names: clientNames };
  return { fetch, endpoint, form, headers: requestHeaders, authentication };
}

/** Where no address tells whose it is, it is the client's. */
async function whose(
  data: ClientProviderData,
  settings: ProviderSettings,
  tokens: TokenSet,
): Promise<Account> {
  if (data.userinfo !== undefined) return await identify(data, settings, tokens);
  const { id: client } = tokens.renewal ?? {};
  if (client === undefined) throw inOwnWords(new Error(`${data.title}: no client is known`));
  const where = whereOf(data, tokens.extra);
  return where === ""
    ? { id: client, label: client }
    : { id: `${where}/${client}`, label: `${client} (${where})` };
}
