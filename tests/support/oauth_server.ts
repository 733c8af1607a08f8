/**
 * An MCP server behind OAuth with an authorization server of its own: metadata,
 * `/authorize` (which asks nobody anything), `/token`, `/register`, `/revoke`,
 * `/userinfo`, and `/mcp`, where each person has tools of their own. All of it
 * can be bent, and everything that came in can be looked at.
 *
 * @module
 */

import { serve } from "./serve.ts";
import type { Heard, OAuthBehaviour, OAuthServer, Registered } from "./oauth_server/behaviour.ts";
import { clientOf, presentedBy, register } from "./oauth_server/clients.ts";
import { answerMcp } from "./oauth_server/endpoint.ts";
import { type Grant, Grants } from "./oauth_server/grants.ts";

export type { Heard, OAuthBehaviour, OAuthServer } from "./oauth_server/behaviour.ts";

/** Starts one on loopback. */
export function startOAuthServer(behaviour: OAuthBehaviour = {}): OAuthServer {
  const grants = new Grants(() => server.behaviour);
  const registrations: Registered[] = [];
  const sessions = new Map<string, string>();
  const { port, close } = serve(async (request) => {
    const heard = await hear(request);
    server.heard.push(heard);
    return await server.behaviour.answer?.(heard) ??
      await answer(heard, { server, grants, sessions });
  }, behaviour.port ?? 0);
  const origin = `http://127.0.0.1:${port}`;
  const server: OAuthServer = {
    behaviour,
    origin,
    issuer: origin + (behaviour.issuerPath ?? ""),
    url: `${origin}/mcp`,
    heard: [],
    registrations,
    count: (path, which = () => true) =>
      server.heard.filter((each) => each.path === path && which(each.body)).length,
    grants: (sub) => grants.all.filter((each) => each.sub === sub && !each.ended).length,
    endAccess: (sub) => grants.endAccess(sub),
    endGrants: (sub) => grants.endGrants(sub),
    forgetClients: () => void registrations.splice(0),
    whose: (token) => grants.whose(token),
    [Symbol.asyncDispose]: close,
  };
  return server;
}

interface Parts {
  server: OAuthServer;
  grants: Grants;
  sessions: Map<string, string>;
}

async function hear(request: Request): Promise<Heard> {
  const { pathname: path, searchParams } = new URL(request.url);
  const text = await request.text();
  const isJson = request.headers.get("Content-Type")?.includes("json");
  return {
    method: request.method,
    path,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body: isJson && text !== "" ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text)),
  };
}

async function answer(heard: Heard, parts: Parts): Promise<Response> {
  const { server, grants, sessions } = parts;
  const { behaviour, origin, url } = server;
  const issuerPath = new URL(server.issuer).pathname.replace(/^\/$/, "");
  const {
    metadataPaths = [`/.well-known/oauth-authorization-server${issuerPath}`],
    resourcePaths = ["/.well-known/oauth-protected-resource/mcp"],
  } = behaviour;
  if (metadataPaths.includes(heard.path)) return Response.json(metadataOf(server));
  if (resourcePaths.includes(heard.path)) {
    return Response.json({
      resource: url,
      authorization_servers: [(behaviour.trusts ?? server).issuer],
      ...behaviour.resourceMetadata,
    });
  }
  switch (heard.path) {
    case "/mcp":
      return answerMcp(heard, {
        behaviour,
        url,
        resourceMetadata: origin + (resourcePaths[0] ?? "/nowhere"),
        whose: (token) => (behaviour.trusts?.whose(token) ?? grants.whose(token)) as Grant,
        sessions,
      });
    case "/authorize":
      return await authorize(heard, parts);
    case "/token":
    case "/revoke":
      return await answerClient(heard, parts);
    case "/register":
      return register(heard, behaviour, server.registrations);
    case "/userinfo":
      return userinfo(heard, parts);
    default:
      return new Response("<!doctype html><h1>Not found</h1>", {
        status: 404,
        headers: { "Content-Type": "text/html" },
      });
  }
}

function metadataOf({ issuer, origin, behaviour }: OAuthServer): Record<string, unknown> {
  const { methods = ["none", "client_secret_basic", "client_secret_post"] } = behaviour;
  return {
    issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    revocation_endpoint: `${origin}/revoke`,
    userinfo_endpoint: behaviour.userinfo === false ? undefined : `${origin}/userinfo`,
    scopes_supported: behaviour.scopes,
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: methods,
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: behaviour.iss === "never" ? undefined : true,
    client_id_metadata_document_supported: behaviour.documents,
    ...behaviour.metadata,
  };
}

async function authorize({ query }: Heard, { server, grants }: Parts): Promise<Response> {
  const { behaviour, issuer, registrations, url, origin } = server;
  const client = await clientOf(query.client_id ?? "", behaviour, registrations);
  const page = (text: string) => new Response(`<!doctype html>${text}`, { status: 400 });
  if (client === undefined) return page("unknown client");
  const { redirect_uri: redirectUri = "", code_challenge: challenge = "" } = query;
  if (!client.redirectUris.includes(redirectUri)) return page("unknown redirect_uri");
  const { iss = "always", refreshTokens = "always" } = behaviour;
  const back = (members: Record<string, string>, good: boolean) => {
    const target = new URL(redirectUri);
    const isNamed = iss === "always" || (iss === "success" && good);
    const all = { ...members, state: query.state ?? "", ...(isNamed && { iss: issuer }) };
    for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
    return new Response(null, { status: 302, headers: { Location: target.href } });
  };
  const refuse = (error: string) => back({ error }, false);
  if (behaviour.deny !== undefined) return refuse(behaviour.deny);
  if (query.response_type !== "code" || query.code_challenge_method !== "S256") {
    return refuse("invalid_request");
  }
  const scopes = query.scope?.split(" ").filter((scope) => scope !== "") ?? [];
  const isKnown = (scope: string) =>
    (behaviour.scopes?.includes(scope) ?? true) &&
    (!behaviour.strictScopes || (client.scopes?.includes(scope) ?? false));
  if (!scopes.every(isKnown)) return refuse("invalid_scope");
  const own = [url, `${url}/`, origin, `${origin}/`];
  if (
    behaviour.resource === "strict" && query.resource !== undefined && !own.includes(query.resource)
  ) return refuse("invalid_target");
  const refreshable = {
    always: true,
    never: false,
    offline_access: scopes.includes("offline_access"),
    consent: scopes.includes("offline_access") && query.prompt === "consent",
  }[refreshTokens];
  const sub = query.login ?? behaviour.login ?? "alice";
  const { resource } = query;
  const grant = { clientId: client.id, sub, scopes, resource, refreshable };
  return back({ code: grants.code({ grant, challenge, redirectUri }) }, true);
}

/** The two endpoints at which a client says who it is. */
async function answerClient(heard: Heard, { server, grants }: Parts): Promise<Response> {
  const { behaviour, registrations } = server;
  const { methods = ["none", "client_secret_basic", "client_secret_post"] } = behaviour;
  const presented = presentedBy(heard);
  const client = await clientOf(presented.id, behaviour, registrations);
  const isClient = client !== undefined && client.secret === presented.secret &&
    methods.includes(presented.method);
  const refuse = (error: string, status: number) => Response.json({ error }, { status });
  if (!isClient) return refuse("invalid_client", behaviour.invalidClientStatus ?? 401);
  const { body } = heard;
  if (heard.path === "/revoke") {
    grants.revoke(body.token);
    return new Response(null);
  }
  const isExchange = body.grant_type === "authorization_code";
  if (!isExchange && body.grant_type !== "refresh_token") {
    return refuse("unsupported_grant_type", 400);
  }
  const found = isExchange ? grants.exchange(body, client.id) : grants.refresh(body, client.id);
  if ("error" in found) return refuse(String(found.error), found.status as number);
  const idToken = isExchange ? idTokenFor(String(found.access_token), client.id, server) : {};
  return Response.json({ ...found, ...idToken }, { headers: { "Cache-Control": "no-store" } });
}

function idTokenFor(
  accessToken: string,
  aud: string,
  { behaviour, issuer, whose }: OAuthServer,
): Record<string, unknown> {
  const { idToken = false } = behaviour;
  if (idToken === false) return {};
  const sub = whose(accessToken)!.sub;
  const iat = Math.floor((behaviour.now?.() ?? Date.now()) / 1000);
  const usual = { iss: issuer, aud, sub, iat, exp: iat + 3600, email: `${sub}@notes.example` };
  const claims = idToken === true ? usual : { ...usual, ...idToken };
  const parts = [{ alg: "RS256", typ: "JWT" }, claims].map((part) =>
    new TextEncoder().encode(JSON.stringify(part)).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    })
  );
  return { id_token: [...parts, "c2lnbmF0dXJl"].join(".") };
}

function userinfo({ headers }: Heard, { server, grants }: Parts): Response {
  const grant = grants.whose(headers.get("Authorization")?.replace(/^Bearer /, "") ?? "");
  const { userinfo } = server.behaviour;
  if (grant === undefined || userinfo === false) return new Response(null, { status: 401 });
  const { sub } = grant;
  return Response.json({ sub, name: `${sub} of Notes`, ...userinfo });
}
