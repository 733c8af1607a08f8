/**
 * One server for all providers of the catalogue, which speaks each one's way as
 * its documentation says: what is missing is refused as that provider refuses.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { serve } from "../../support/serve.ts";

/** What a provider's documentation says of its OAuth; written from there, not from our data. */
export interface Says {
  authorize: string;
  /** Parameters without which the page is an error. */
  asks?: Record<string, string>;
  /** The page is an error where any scope is asked for. */
  takesNoScope?: true;
  /** @default " " */
  separator?: string;
  /** `ignored` where nothing is said. @default "ignored" */
  pkce?: "required" | "verified" | "refused" | "ignored";
  /** Comes back in `iss` (RFC 9207). */
  iss?: string;
  /** Comes back beside the code. */
  callback?: Record<string, string>;
  /** Where it is, for providers with a host per customer. */
  params?: Record<string, string>;
  /** How the account is known here, where that is not what `whoami` says. */
  account?: string;
  /** There is nothing to refresh. */
  neverEnds?: true;
  /** The grant that makes a short-lived token a longer one, which ends without a refresh. */
  lengthens?: string;
  /** What is kept beside the tokens. */
  extra?: Record<string, string>;
  /** A request of the proxy to `/x`: where it arrives, and in which header the token. */
  api?: { url: string; header: string; before: string; also?: Record<string, string> };
  /** The list that is asked beside `whoami`, with the same token. */
  tenants?: { url: string; answer: unknown };
  /** Parts with names of their own: what a link asks for, and where `/x` of the proxy arrives. */
  services?: Record<string, { scopes: string[]; api: string }>;
  token: string;
  /** Where refresh tokens go, if not to `token`. */
  refresh?: string;
  /** What the exchange of a code must hold, and a refresh must not. */
  exchangeAsks?: Record<string, string>;
  /** A refresh without the redirect URI is refused. */
  refreshSaysRedirect?: true;
  client: "basic" | "post";
  /** What requests call the client's id and secret. @default ["client_id", "client_secret"] */
  clientNames?: [string, string];
  /** Token requests are JSON, and a form is refused. */
  json?: true;
  /** What token requests must hold. */
  headers?: Record<string, string>;
  /** A refresh token comes only with this scope, or this parameter; else always. */
  offline?: { scope: string } | { parameter: [string, string] };
  /** The member that says when an access token ends, in epoch seconds, in the place of expires_in. */
  endsAt?: string;
  /** Beside access_token, refresh_token, expires_in. */
  issues?: Record<string, unknown>;
  /** What it calls `scope`, of what was asked for. */
  grants?: (scopes: string[]) => string;
  /** Absent: the API cannot be asked with the client's credentials and a token alone. */
  whoami?: {
    url: string;
    method?: "POST";
    query?: Record<string, string>;
    /** What they must hold; `*` for anything that is not the platform's default. */
    headers?: Record<string, string>;
    /** @default "Bearer" */
    scheme?: string;
    body?: string;
    scopes?: string[];
    answer: unknown;
    /** The stable id and the name in it. */
    account: string;
    label: string;
  };
  /** How access is ended; absent where it cannot. `<access>` and the like stand for what is sent. */
  end?: {
    url: string;
    method?: "DELETE";
    by: "bearer" | "form" | "json";
    form?: Record<string, string>;
    basic?: true;
    /** What it must hold, as `form` does. */
    authorization?: string;
    /** It is the account that is named, and no token: whose it is must be asked before. */
    byAccount?: true;
    status?: number;
  };
  /** The answer to a refresh token that is over. `isVague`: it could mean anything. */
  dead: { status: number; body: unknown; isVague?: true };
}

/** What a person allowed. */
interface Grant {
  provider: string;
  scopes: string[];
  challenge: string | null;
  redirectUri: string;
  offline: boolean;
  access?: string | undefined;
  refresh?: string | undefined;
  state: "lives" | "ended" | "dead";
}

export const SECRET = "s+e/=& 1";
/** Of every access token, in seconds. */
export const LIFETIME = 3600;

/** The running server. */
export interface CatalogueDouble extends AsyncDisposable {
  /** Its clock, for those who say when a token ends. */
  now: () => number;
  /** The provider's hosts lead here. */
  fetch: typeof fetch;
  /** What a provider was allowed last. */
  last(provider: string): Grant;
  /** Its access token is no longer taken; its refresh token is. */
  expire(grant: Grant): void;
  /** Why requests were refused: the wrong client, no verifier, … */
  refusals: string[];
}

/** Starts it. */
export function startCatalogueDouble(all: Record<string, Says>): CatalogueDouble {
  const grants: Grant[] = [];
  const codes = new Map<string, Grant>();
  const refusals: string[] = [];
  let count = 0;
  const refuse = (status: number, why: string, body: unknown = { error: "invalid_request" }) => {
    refusals.push(why);
    return Response.json(body, { status });
  };
  const hosts = new Set(Object.values(all).flatMap(urlsOf).map((url) => new URL(url).host));

  const { port, close } = serve(async (request) => {
    const own = new URL(request.url);
    const [, host = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(own.pathname) ?? [];
    const at = `https://${host}${path}`;
    const text = await request.text();
    const isJson = request.headers.get("Content-Type") === "application/json";
    const [provider, says] = Object.entries(all).find(([, says]) => urlsOf(says).includes(at)) ??
      [];
    if (says === undefined || provider === undefined) return refuse(404, `nothing at ${at}`);
    if (at === says.whoami?.url && request.method === (says.whoami.method ?? "GET")) {
      return who(provider, says.whoami, request, own.searchParams, text);
    }
    const wantsJson = at === says.end?.url ? says.end.by === "json" : says.json === true;
    if (text !== "" && isJson !== wantsJson) return refuse(415, `${provider}: the body's type`);
    const form = new URLSearchParams(isJson ? JSON.parse(text) : text);
    if (at === says.authorize && request.method === "GET") {
      return authorize(provider, says, own.searchParams);
    }
    const isRefresh = form.get("grant_type") === "refresh_token";
    const tokens = isRefresh ? says.refresh ?? says.token : says.token;
    if (at === tokens && request.method === "POST") {
      return token(provider, says, request, form);
    }
    const { end, tenants } = says;
    if (at === tenants?.url) {
      if (bearerOf(provider, request) === undefined) return refuse(401, `${provider}: tenants`);
      return Response.json(tenants.answer);
    }
    const api = apisOf(says).find(({ url }) => url === at);
    if (api !== undefined) {
      const sent = request.headers.get(api.header) ?? "";
      const isGood = sent === api.before + grants.findLast((x) => x.provider === provider)?.access;
      if (!isGood) return refuse(401, `${provider}: the API's token`);
      const wrong = Object.entries(api.also ?? {})
        .find(([name, value]) => request.headers.get(name) !== value);
      return wrong === undefined
        ? Response.json({ ok: true })
        : refuse(403, `${provider}: the API's ${wrong[0]}`);
    }
    if (at === end?.url && request.method === (end.method ?? "POST")) {
      return over(provider, says, request, form);
    }
    return refuse(405, `${provider}: ${request.method} ${at}`);
  });

  function authorize(provider: string, says: Says, asked: URLSearchParams): Response {
    for (const [name, value] of Object.entries(says.asks ?? {})) {
      if (asked.get(name) !== value) return refuse(400, `${provider}: no ${name}=${value}`);
    }
    const [clientId = "client_id"] = says.clientNames ?? [];
    if (asked.get(clientId) !== `${provider}-id` || (says.clientNames && asked.has("client_id"))) {
      return refuse(400, `${provider}: ${clientId}`);
    }
    if (asked.get("response_type") !== "code") return refuse(400, `${provider}: response_type`);
    const scope = asked.get("scope");
    if (says.takesNoScope && scope !== null) return refuse(400, `${provider}: a scope`);
    const challenge = asked.get("code_challenge");
    if (says.pkce === "required" && challenge === null) return refuse(400, `${provider}: no PKCE`);
    if (says.pkce === "refused" && challenge !== null) return refuse(400, `${provider}: PKCE`);
    const scopes = (scope ?? "").split(says.separator ?? " ").filter(Boolean);
    const { offline } = says;
    const grant: Grant = {
      provider,
      scopes,
      challenge,
      redirectUri: asked.get("redirect_uri")!,
      offline: offline === undefined ||
        ("scope" in offline
          ? scopes.includes(offline.scope)
          : asked.get(offline.parameter[0]) === offline.parameter[1]),
      state: "lives",
    };
    grants.push(grant);
    const code = `code-${++count}`;
    codes.set(code, grant);
    const back = new URL(grant.redirectUri);
    for (const [name, value] of Object.entries(says.callback ?? {})) {
      back.searchParams.set(name, value);
    }
    back.searchParams.set("code", code);
    back.searchParams.set("state", asked.get("state")!);
    if (says.iss !== undefined) back.searchParams.set("iss", says.iss);
    return Response.redirect(back, 302);
  }

  function token(provider: string, says: Says, request: Request, form: URLSearchParams): Response {
    if (!isClient(provider, says, request, form)) {
      return refuse(401, `${provider}: the client`, { error: "invalid_client" });
    }
    for (const [name, value] of Object.entries(says.headers ?? {})) {
      if (request.headers.get(name) !== value) return refuse(400, `${provider}: no ${name}`);
    }
    const isRefresh = form.get("grant_type") === "refresh_token";
    for (const [name, value] of Object.entries(says.exchangeAsks ?? {})) {
      if (form.get(name) !== (isRefresh ? null : value)) return refuse(400, `${provider}: ${name}`);
    }
    if (isRefresh) {
      const grant = grants.find(({ refresh }) => refresh === form.get("refresh_token"));
      if (grant?.provider !== provider || grant.state !== "lives") {
        return Response.json(says.dead.body, { status: says.dead.status });
      }
      if (says.refreshSaysRedirect && form.get("redirect_uri") !== grant.redirectUri) {
        return refuse(400, `${provider}: the refresh's redirect`);
      }
      return issue(grant, says);
    }
    if (says.lengthens !== undefined && form.get("grant_type") === says.lengthens) {
      const short = grants.find(({ access }) => access === form.get(says.lengthens!));
      return short === undefined
        ? refuse(400, `${provider}: the token to lengthen`)
        : issue(short, says);
    }
    const grant = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    if (grant?.provider !== provider) return refuse(400, `${provider}: the code`);
    const verifier = form.get("code_verifier");
    if (says.pkce === "refused" && verifier !== null) return refuse(401, `${provider}: verifier`);
    const isProven = grant.challenge === null ||
      createHash("sha256").update(verifier ?? "").digest("base64url") === grant.challenge;
    const proves = says.pkce === "required" || says.pkce === "verified";
    if (proves && !isProven) return refuse(400, `${provider}: no verifier`);
    if (form.get("redirect_uri") !== grant.redirectUri) return refuse(400, `${provider}: redirect`);
    return issue(grant, says, says.lengthens === undefined ? LIFETIME : 1);
  }

  function issue(grant: Grant, says: Says, lifetime = LIFETIME): Response {
    grant.access = `${grant.provider}-access-${++count}`;
    grant.refresh = grant.offline && says.lengthens === undefined
      ? `${grant.provider}-refresh-${count}`
      : undefined;
    return Response.json({
      access_token: grant.access,
      refresh_token: grant.refresh,
      token_type: "bearer",
      ...says.endsAt === undefined
        ? { expires_in: lifetime }
        : { [says.endsAt]: String(double.now() / 1000 + lifetime) },
      scope: says.grants?.(grant.scopes),
      ...says.issues,
    });
  }

  function bearerOf(provider: string, request: Request, scheme = "Bearer"): Grant | undefined {
    const [said, token] = (request.headers.get("Authorization") ?? "").split(" ");
    if (said !== scheme) return undefined;
    return grants.find((grant) =>
      grant.provider === provider && grant.access === token && grant.state === "lives"
    );
  }

  function who(
    provider: string,
    whoami: NonNullable<Says["whoami"]>,
    request: Request,
    query: URLSearchParams,
    body: string,
  ): Response {
    const grant = bearerOf(provider, request, whoami.scheme);
    if (grant === undefined) return refuse(401, `${provider}: whoami's token`);
    for (const [name, value] of Object.entries(whoami.headers ?? {})) {
      const sent = request.headers.get(name) ?? "";
      const isThere = value === "*" ? sent !== "" && !sent.startsWith("Deno/") : sent === value;
      if (!isThere) return refuse(403, `${provider}: whoami's ${name}`);
    }
    for (const [name, value] of Object.entries(whoami.query ?? {})) {
      if (query.get(name) !== value) return refuse(400, `${provider}: whoami's ${name}`);
    }
    if (whoami.body !== undefined && body !== whoami.body) {
      return refuse(400, `${provider}: whoami's body`);
    }
    const missing = (whoami.scopes ?? []).filter((scope) => !grant.scopes.includes(scope));
    if (missing.length > 0) return refuse(403, `${provider}: whoami without ${missing}`);
    return Response.json(whoami.answer);
  }

  function over(provider: string, says: Says, request: Request, form: URLSearchParams): Response {
    const { by, form: wanted = {}, basic, authorization, status = 200 } = says.end!;
    if (by === "bearer") {
      const grant = bearerOf(provider, request);
      if (grant === undefined) return refuse(401, `${provider}: the token to end`);
      grant.state = "ended";
      return new Response(null, { status });
    }
    if (basic && !isClient(provider, { client: "basic" }, request, form)) {
      return refuse(401, `${provider}: who ends`, { error: "invalid_client" });
    }
    const sent = request.headers.get("Authorization");
    const meant = (value: string, grant: Grant) =>
      value
        .replace("<access>", grant.access ?? "")
        .replace("<refresh>", grant.refresh ?? "")
        .replace("<client_id>", `${provider}-id`)
        .replace("<client_secret>", SECRET);
    const grant = grants.find((grant) =>
      grant.provider === provider && grant.state === "lives" &&
      (authorization === undefined || sent === meant(authorization, grant)) &&
      Object.entries(wanted).every(([name, value]) => form.get(name) === meant(value, grant))
    );
    if (grant === undefined) {
      return refuse(400, `${provider}: what to end`, { status: 400, message: "Invalid token" });
    }
    grant.state = "ended";
    return new Response(null, { status });
  }

  const double: CatalogueDouble = {
    now: () => Date.now(),
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (!hosts.has(url.host)) return fetch(input, init);
      return fetch(`http://127.0.0.1:${port}/${url.host}${url.pathname}${url.search}`, init);
    },
    last: (provider) => grants.findLast((grant) => grant.provider === provider)!,
    expire: (grant) => void (grant.access = undefined),
    refusals,
    [Symbol.asyncDispose]: close,
  };
  return double;
}

/** A provider's API, and those of its services. */
function apisOf({ api, services = {} }: Says): NonNullable<Says["api"]>[] {
  const parts = Object.values(services)
    .map(({ api: url }) => ({ url, header: "Authorization", before: "Bearer " }));
  return api === undefined ? parts : [api, ...parts];
}

function urlsOf(says: Says): string[] {
  const { authorize, token, refresh, whoami, tenants, end } = says;
  return [authorize, token, refresh, whoami?.url, tenants?.url, end?.url]
    .concat(apisOf(says).map(({ url }) => url))
    .filter((url) => url !== undefined);
}

function isClient(
  provider: string,
  { client, clientNames: [id, secret] = ["client_id", "client_secret"] }: Pick<
    Says,
    "client" | "clientNames"
  >,
  request: Request,
  form: URLSearchParams,
): boolean {
  const authorization = request.headers.get("Authorization");
  if (client === "basic") {
    const isIn = form.has(secret);
    return !isIn && authorization === `Basic ${btoa(`${provider}-id:${SECRET}`)}`;
  }
  return authorization === null && form.get(id) === `${provider}-id` &&
    form.get(secret) === SECRET;
}
