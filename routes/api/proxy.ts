/**
 * `ANY /proxy/{service}/*`: a provider's API with its token put in, for
 * backends that should never hold one. Only to the provider's own hosts;
 * bodies are streamed both ways.
 *
 * @module
 */

import type { Context } from "hono";
import { appActor } from "../../broker/core/actor.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import { subjectOf } from "../../broker/core/subject.ts";
import type { ProviderApi } from "../../broker/core/provider_api.ts";
import { any, pathPart, type Route } from "../http/area.ts";
import { readBytes } from "../http/body.ts";
import { requireApiKey, requireTarget } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";

const WAIT_MS = 15_000;
/** A body that is not longer can be sent again after a 401. */
export const REPLAY_BYTES = 1024 * 1024;

/** What belongs to one connection (RFC 9110 §7.6.1), to us, or to the caller's identity. */
const NOT_FORWARDED = new Set([
  "authorization",
  "baggage",
  "connection",
  "content-length",
  "cookie",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "origin",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "referer",
  "te",
  "traceparent",
  "tracestate",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-account",
  "x-api-key",
  "x-user-id",
]);
const NOT_RETURNED = new Set([
  "alt-svc",
  "connection",
  "content-encoding",
  "content-length",
  "content-security-policy",
  "keep-alive",
  "proxy-authenticate",
  "set-cookie",
  "strict-transport-security",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
]);

/** Every method below `/proxy/{service}/`. */
export function proxyRoutes(deps: AppDeps): Route[] {
  const { broker, gateway, providers } = deps;
  return [
    any("/proxy/:service/*", async (c) => {
      const key = requireApiKey(c, gateway);
      const service = pathPart(c, "service");
      const subject = subjectOf(key.realm, c.req.header("X-User-Id"));
      const target = requireTarget(key, broker, service);
      const provider = providers.get(target.server.name)!;
      const url = targetUrl(c, provider, service);
      const account = c.req.header("X-Account");
      const tokensOf = async (rejected?: string) => {
        const { tokens } = await broker.token({
          subject,
          actor: appActor(key.realm),
          service,
          reach: key.services,
          scopes: [],
          account,
          rejected,
          waitMs: WAIT_MS,
        });
        return tokens;
      };
      return await forward(c, deps, provider, url, tokensOf);
    }),
  ];
}

/** The address at the provider; refuses one that leads anywhere else. */
function targetUrl(c: Context, provider: ProviderApi, service: string): URL {
  const { pathname, search } = new URL(c.req.url);
  const path = pathname.slice(`/proxy/${service}`.length);
  const base = provider.apiUrl("/");
  const url = path.startsWith("/") ? provider.apiUrl(path) : undefined;
  const allowed = provider.apiHosts ?? [base.host];
  if (url === undefined || !allowed.includes(url.host) || url.protocol !== base.protocol) {
    return refuse({
      code: "invalid_request",
      detail: "This path does not lead to the provider's API.",
    });
  }
  url.search = search;
  return url;
}

async function forward(
  c: Context,
  { fetch, world }: AppDeps,
  provider: ProviderApi,
  url: URL,
  tokensOf: (rejected?: string) => Promise<TokenSet>,
): Promise<Response> {
  const first = await tokensOf();
  const request = c.req.raw;
  const body = await replayable(request, world);
  const send = (tokens: TokenSet) =>
    fetch(url, {
      method: request.method,
      headers: forwarded(request.headers, provider, tokens),
      body: body.take(),
      // Followed by the caller, if at all: the token must not go along.
      redirect: "manual",
      // The caller's patience is the only limit, for silence too: nothing is kept here, what is not
      // read is not fetched, and APIs that push are silent for as long as they like.
      signal: request.signal,
    });
  let response: Response;
  try {
    response = await send(first);
    if (response.status === 401 && body.again) {
      await response.body?.cancel();
      response = await send(await tokensOf(first.accessToken));
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse({ code: "provider_unavailable", title: provider.title, retryAfter: 5 });
  }
  const headers = new Headers();
  for (const [name, value] of response.headers) {
    if (!NOT_RETURNED.has(name)) headers.append(name, value);
  }
  // Whatever the provider says: this copy was made with one person's token.
  headers.set("Cache-Control", "no-store");
  return new Response(response.body, { status: response.status, headers });
}

/** The body as a stream, or kept where it is small enough to be sent twice. */
async function replayable(
  request: Request,
  world: AppDeps["world"],
): Promise<{ again: boolean; take(): BodyInit | null }> {
  const { body } = request;
  if (body === null || request.method === "GET" || request.method === "HEAD") {
    return { again: true, take: () => null };
  }
  const length = Number(request.headers.get("Content-Length") ?? NaN);
  if (!(length <= REPLAY_BYTES)) return { again: false, take: () => body };
  const bytes = await readBytes(request, REPLAY_BYTES, world);
  return { again: true, take: () => bytes };
}

function forwarded(headers: Headers, provider: ProviderApi, tokens: TokenSet): Headers {
  const hops = (headers.get("Connection") ?? "").toLowerCase().split(",").map((name) =>
    name.trim()
  );
  const out = new Headers(provider.apiHeaders);
  for (const [name, value] of headers) {
    const ours = NOT_FORWARDED.has(name) || hops.includes(name) ||
      name.startsWith("x-forwarded-") ||
      name.startsWith("sec-");
    if (!ours) out.set(name, value);
  }
  provider.authorize(out, tokens);
  return out;
}
