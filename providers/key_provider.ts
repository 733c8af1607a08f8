/**
 * A provider whose connections are API keys: made of data alone, be it of the
 * catalogue or of the operator's configuration. Keys are handed out, and its
 * API can be called through the proxy.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../broker/core/addresses.ts";
import type {
  ApiKeyCredential,
  KeyAnswer,
  KeyHeader,
} from "../broker/core/authorization_server.ts";
import { discard, readJson } from "../broker/core/bodies.ts";
import { inOwnWords } from "../broker/core/own_words.ts";
import { faultOf } from "./bare_provider.ts";
import { movedTo, originOf } from "./placeholders.ts";
import type { Provider, ProviderModule, ProviderSettings } from "./provider.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { memberOf } from "./token_wire.ts";
import { IDENTIFY_TIMEOUT_MS, MAX_ACCOUNT_BYTES } from "./whose_account.ts";

/** How an API wants a key: `{key}` in the value stands for it. */
export interface KeyHeaderData {
  name: string;
  value: string;
  /** The value is what goes into `Basic` (RFC 7617), such as `{key}:`, and is encoded for it. */
  basic?: boolean | undefined;
}

/** All that is known of such a provider. */
export interface KeyProviderData {
  /** Its name in paths, and, in upper case, the prefix of its variables. */
  name: string;
  title: string;
  /** The page where people make a key. */
  keyPage: string;
  /** How they make one there, in a sentence for them. */
  how: string;
  /** A regular expression for the whole key. */
  pattern: string;
  /** @default `Authorization: Bearer {key}` */
  header?: KeyHeaderData | undefined;
  /** Tells whose key it is, by a `GET` that changes nothing. */
  verify: {
    url: string;
    /** Members of the JSON, with dots for nested ones. The id is for good. */
    id: string;
    label: string;
  };
  /** Sent with every request to the API, the one that verifies included. */
  apiHeaders?: Record<string, string> | undefined;
  /** For the proxy; the host of `verify` where it is not said. */
  apiUrl?: string | undefined;
  /** Headers of its API's own; see `ProviderApi`. */
  proxyHeaders?: string[] | undefined;
}

/** An entry of the catalogue: what is known, and whence. */
export interface KeyCatalogueEntry extends KeyProviderData {
  /** The pages of the provider's documentation. */
  docs: string[];
  /** The day when they were last compared with this, `YYYY-MM-DD`. */
  docsRead: string;
  /** Whether the header, the address that verifies and its members were read in those pages. */
  verified: "documentation" | "not verified";
}

const BEARER: KeyHeaderData = { name: "Authorization", value: "Bearer {key}" };

/** The module that makes the provider of its data. `needs`: how an operator sets it up. */
export function keyModule(
  data: KeyProviderData,
  needs: ProviderModule["needs"],
): ProviderModule {
  const { name, keyPage: console } = data;
  return { name, console, needs, create: (settings) => keyProvider(data, settings) };
}

function keyProvider(data: KeyProviderData, settings: ProviderSettings): Provider {
  const { name, title, verify: { url } } = data;
  const base = settings.apiUrl ?? settings.baseUrl ?? data.apiUrl ?? originOf(url);
  const credential = credentialOf(data, settings);
  return {
    name,
    title,
    services: [{ name, title, scopes: [] }],
    scopeNames: {},
    scopeTitles: {},
    impliedScopes: {},
    identityScopes: [],
    credential,
    // What a key is for is chosen where it is made, and seldom told.
    acceptsScope: () => false,
    async identify({ accessToken }) {
      const answer = await credential.verify(accessToken);
      if (answer.kind === "known") return answer.account;
      throw inOwnWords(new Error(`${title} did not say whose key it is: ${answer.kind}`));
    },
    tools: [],
    apiUrl: (path) => new URL(withoutTrailingSlashes(base) + path),
    apiHeaders: { Accept: "application/json", ...data.apiHeaders },
    proxyHeaders: data.proxyHeaders,
    authorize(headers, { accessToken }) {
      const { name, value } = credential.header(accessToken);
      headers.set(name, value);
    },
    apiError: (status, headers) => faultOf(title, status, headers),
  };
}

function credentialOf(data: KeyProviderData, settings: ProviderSettings): ApiKeyCredential {
  const { keyPage: url, how, pattern } = data;
  return {
    kind: "api_key",
    pattern: new RegExp(`^(?:${pattern})$`),
    made: { url, how },
    header: (key) => headerOf(data.header ?? BEARER, key),
    verify: (key) => verify(data, settings, key),
  };
}

function headerOf({ name, value, basic = false }: KeyHeaderData, key: string): KeyHeader {
  // By a function: in a text `$&` and its like would be taken for more than they are.
  const whole = value.replaceAll("{key}", () => key);
  return { name, value: basic ? `Basic ${btoa(whole)}` : whole };
}

async function verify(
  { verify: { url, id, label }, header = BEARER, apiHeaders }: KeyProviderData,
  { fetch, baseUrl }: ProviderSettings,
  key: string,
): Promise<KeyAnswer> {
  const signal = AbortSignal.timeout(IDENTIFY_TIMEOUT_MS);
  try {
    const headers = new Headers({ Accept: "application/json", ...apiHeaders });
    const { name, value } = headerOf(header, key);
    headers.set(name, value);
    const response = await fetch(baseUrl === undefined ? url : movedTo(baseUrl, url), {
      headers,
      // A redirect would carry the key to another host.
      redirect: "manual",
      signal,
    });
    if (!response.ok) {
      await discard(response);
      if ([400, 401, 403].includes(response.status)) return { kind: "refused" };
      return { kind: "failed", retryAfter: parseRetryAfter(response.headers) };
    }
    return whoseBy(await readJson(response, { limit: MAX_ACCOUNT_BYTES, signal }), id, label);
  } catch {
    // The message may quote the answer, or the header.
    return { kind: "failed" };
  }
}

function whoseBy(answer: unknown, idAt: string, labelAt: string): KeyAnswer {
  const id = memberOf(answer, idAt);
  if (id === undefined) return { kind: "unclear" };
  return { kind: "known", account: { id, label: memberOf(answer, labelAt) ?? id } };
}
