/**
 * Which headers the proxy passes, in both directions: what a backend needs to
 * work with an API, by name. All others stay where they are, those among them
 * that nobody has thought of yet.
 *
 * Not from the caller: its own credentials and cookies, who it is and who stands
 * before it (`X-Forwarded-…`), its trace, what belongs to one connection
 * (RFC 9110 §7.6.1), a method in the place of the method (`X-HTTP-Method-Override`).
 * Not from the API, since this answer comes from our origin: cookies, CORS, its
 * own rules for browsers, its challenges for credentials that are not the caller's.
 *
 * @module
 */

import type { TokenSet } from "../../broker/core/connection.ts";
import type { ProviderApi } from "../../broker/core/provider_api.ts";

const REQUEST = [
  "accept",
  "accept-language",
  "content-digest",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-md5",
  "content-range",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "prefer",
  "range",
  "user-agent",
  "x-request-id",
];

const RESPONSE = [
  "accept-ranges",
  "allow",
  "content-digest",
  "content-disposition",
  // Still there where the body is still encoded: what `fetch` decodes it takes both of these from.
  "content-encoding",
  "content-length",
  "content-language",
  "content-range",
  "content-type",
  "deprecation",
  "etag",
  "last-modified",
  "link",
  // For the caller to follow, who will do it without the token.
  "location",
  "preference-applied",
  // Of a resumable upload: how far it is.
  "range",
  "ratelimit*",
  "rate-limit*",
  "request-id",
  "retry-after",
  "sunset",
  "x-next-page",
  "x-page",
  "x-per-page",
  "x-prev-page",
  "x-rate-limit*",
  "x-ratelimit*",
  "x-request-id",
  "x-total",
  "x-total-count",
  "x-total-pages",
];

/**
 * Nor where a provider's own list has them: credentials, who calls, what is for
 * one connection, and orders to browsers.
 */
const NEVER = new RegExp(
  "^(access-control|content-security|cross-origin|permissions|proxy|sec|x-forwarded)-|" +
    "^(alt-svc|authorization|baggage|clear-site-data|connection|content-length|" +
    "cookie|expect|forwarded|host|keep-alive|nel|" +
    "origin|referer|refresh|report-to|reporting-endpoints|service-worker-allowed|set-cookie|" +
    "sourcemap|strict-transport-security|te|traceparent|tracestate|trailer|transfer-encoding|" +
    "upgrade|via|www-authenticate|x-account|x-api-key|x-frame-options|x-tenant|x-user-id)$",
);

/**
 * What goes to the API: what may pass, what this request says by itself (`own`), and the token,
 * which nothing can take the place of.
 */
export function requestHeaders(
  headers: Headers,
  provider: ProviderApi,
  { tokens, own }: { tokens: TokenSet; own: Record<string, string> },
): Headers {
  const out = new Headers(provider.apiHeaders);
  for (const [name, value] of passed(headers, REQUEST, provider)) out.set(name, value);
  for (const [name, value] of Object.entries(own)) out.set(name, value);
  // As it is: what is decoded on the way no longer fits its ETag, its ranges, its length.
  out.set("Accept-Encoding", "identity");
  provider.authorize(out, tokens);
  return out;
}

/** What goes back to the caller. */
export function responseHeaders(headers: Headers, provider: ProviderApi, asked: URL): Headers {
  const out = new Headers();
  for (const [name, value] of passed(headers, RESPONSE, provider)) out.append(name, value);
  // What is said without a host is said of the provider's, not of ours.
  const location = out.get("Location");
  if (location !== null) out.set("Location", URL.parse(location, asked)?.href ?? asked.href);
  // Whatever the provider says: this copy was made with one person's token. And nobody encodes it
  // anew, Deno included.
  out.set("Cache-Control", "no-store, no-transform");
  return out;
}

function passed(
  headers: Headers,
  names: string[],
  { proxyHeaders = [] }: ProviderApi,
): [name: string, value: string][] {
  // A header that the sender wants to end with this connection.
  const hops = (headers.get("Connection") ?? "").toLowerCase().split(",").map((hop) => hop.trim());
  const own = proxyHeaders.map((name) => name.toLowerCase());
  return [...headers].filter(([name]) =>
    !hops.includes(name) && (isOf(name, names) || isOf(name, own) && !NEVER.test(name))
  );
}

/** Whether a list has the name, or the beginning of it before a `*`. */
function isOf(name: string, list: string[]): boolean {
  return list.some((one) => one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one);
}
