/**
 * A provider without tools: its tokens are handed out, and its API can be
 * called through the proxy.
 *
 * @module
 */

import type { Account } from "../broker/core/connection.ts";
import { type OAuthClient, parseRetryAfter } from "./oauth.ts";
import type { ApiFault, Provider } from "./provider.ts";

const TIMEOUT_MS = 10_000;

/** An API address whose JSON tells who the account is. */
export interface Userinfo {
  url: string;
  /** Members of the JSON, with dots for nested ones. */
  id: string;
  label: string;
}

/** What is known of such a provider. */
export interface BareProvider {
  name: string;
  title: string;
  flow: ReturnType<OAuthClient["flow"]>;
  /** Requested where a link does not say a scope. */
  scopes: string[];
  fetch: typeof fetch;
  /** For the proxy; without it there is none. */
  apiUrl: string | undefined;
  issuer?: string | undefined;
  userinfo?: Userinfo | undefined;
}

/** Makes the provider. */
export function bareProvider(options: BareProvider): Provider {
  const { name, title, flow, scopes, issuer, apiUrl } = options;
  // Nowhere: a request to it fails, and carries the token to nobody.
  const api = (apiUrl ?? "https://api.invalid").replace(/\/+$/, "");
  return {
    ...flow,
    name,
    title,
    services: [{ name, title, scopes }],
    scopeNames: {},
    scopeTitles: {},
    impliedScopes: {},
    identityScopes: [],
    ...(issuer === undefined ? {} : { issuer }),
    acceptsScope: (scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope),
    identify: ({ accessToken }) => identify(options, accessToken),
    tools: [],
    apiUrl: (path) => new URL(api + path),
    apiHeaders: { Accept: "application/json" },
    apiError: (status, headers) => faultOf(title, status, headers),
  };
}

/** Without an endpoint that tells, there is one account per user: "default". */
async function identify(
  { title, userinfo, fetch }: BareProvider,
  accessToken: string,
): Promise<Account> {
  if (userinfo === undefined) return { id: "default", label: title };
  const response = await fetch(userinfo.url, {
    headers: { Accept: "application/json", Authorization: `Bearer ${accessToken}` },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${title} answered userinfo with ${response.status}`);
  const user: unknown = await response.json();
  const id = memberOf(user, userinfo.id);
  if (id === undefined || id.length > 200) {
    throw new Error(`${title}'s userinfo has no usable ${userinfo.id}`);
  }
  return { id, label: memberOf(user, userinfo.label) ?? id };
}

/** A text or number inside of JSON, by a path with dots. */
function memberOf(value: unknown, path: string): string | undefined {
  const found = path.split(".").reduce<unknown>(
    (at, name) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    value,
  );
  return typeof found === "string" || typeof found === "number" ? String(found) : undefined;
}

function faultOf(title: string, status: number, headers: Headers): ApiFault {
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
