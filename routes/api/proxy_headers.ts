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
 * What answers of ours say themselves, of themselves, is ours here too: what the API
 * says by the same name goes on under a name that says whose it is.
 *
 * @module
 */

import { keepUnbuffered } from "../http/event_stream.ts";
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
  "ratelimit-*",
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
  "x-total",
  "x-total-count",
  "x-total-pages",
];

/**
 * What answers of ours say of themselves, and by which name the API's own goes on: a request's id by
 * which it is found in our log, and our limits. By the API's word for its own a caller would look for
 * the wrong request, or wait for a limit that is none.
 */
const OURS = new Map([
  ["ratelimit", "X-Provider-RateLimit"],
  ["ratelimit-policy", "X-Provider-RateLimit-Policy"],
  ["x-request-id", "X-Provider-Request-Id"],
]);

/**
 * Nor where a provider's own list has them: credentials, who calls, what is for
 * one connection, what is ours to say, and orders to browsers.
 */
const NEVER = new RegExp(
  "^(access-control|content-security|cross-origin|critical|document|origin|permissions|proxy|" +
    "public-key-pins|sec|speculation|supports|x-accel|x-forwarded|x-lighttpd|x-permitted|x-provider|" +
    "x-sendfile)(-|$)|" +
    "^(accept-ch|activate-storage-access|age|alt-svc|authorization|baggage|cache-control|" +
    "clear-site-data|connection|content-length|content-location|" +
    "cookie|date|expect|expires|forwarded|host|keep-alive|nel|no-vary-search|" +
    "pragma|ratelimit|ratelimit-policy|referer|referrer-policy|refresh|report-to|" +
    "reporting-endpoints|server-timing|service-worker-allowed|set-cookie2?|set-login|" +
    "sourcemap|strict-transport-security|te|timing-allow-origin|traceparent|tracestate|trailer|" +
    "transfer-encoding|upgrade|use-as-dictionary|vary|via|www-authenticate|x-account|x-api-key|" +
    "x-content-type-options|x-dns-prefetch-control|x-frame-options|x-request-id|x-robots-tag|" +
    "x-sourcemap|x-tenant|x-user-id|x-xss-protection)$",
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
  for (const [name, value] of passed(headers, RESPONSE, provider)) {
    if (!OURS.has(name)) out.append(name, value);
  }
  for (const [name, value] of passed(headers, [...OURS.keys()], {})) {
    out.append(OURS.get(name) ?? name, value);
  }
  // What is said without a host is said of the provider's, not of ours: whoever follows it here
  // would do so with an API key.
  const location = out.get("Location");
  if (location !== null) out.set("Location", URL.parse(location, asked)?.href ?? asked.href);
  const link = out.get("Link");
  if (link !== null) out.set("Link", withHosts(link, asked));
  // Whatever the provider says: this copy was made with one person's token. And nobody encodes it
  // anew, Deno included.
  out.set("Cache-Control", "no-store, no-transform");
  keepUnbuffered(out);
  return out;
}

/** By these APIs say how they call a request. */
const IDS = ["x-request-id", "request-id", "x-github-request-id"];
/** What an id may look like: a token, a name or an address of somebody seldom does. */
const ID = /^[A-Za-z0-9][A-Za-z0-9:._-]{3,63}$/;

/**
 * How the API calls this request, for our log; `undefined` where it does not say, or says something
 * that is none. An API that has our token could write it there.
 */
export function providerRequestId(headers: Headers, { accessToken }: TokenSet): string | undefined {
  const id = IDS.map((name) => headers.get(name)).find((value) => value !== null);
  if (id === undefined || id === null || !ID.test(id)) return undefined;
  return id.includes(accessToken) || accessToken.includes(id) ? undefined : id;
}

/** The addresses in a `Link` header (RFC 8288), each with its host. */
function withHosts(link: string, asked: URL): string {
  return link.replaceAll(
    /<([^<>]*)>/g,
    (_, to: string) => `<${URL.parse(to, asked)?.href ?? asked.href}>`,
  );
}

function passed(
  headers: Headers,
  names: string[],
  { proxyHeaders = [] }: Pick<ProviderApi, "proxyHeaders">,
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
