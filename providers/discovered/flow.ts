/**
 * The sign-in at the authorization server of an MCP server: the usual flow,
 * with the resource in every request (RFC 8707), so that the token is for that
 * server and for no other.
 *
 * @module
 */

import {
  type AuthorizationRequest,
  LOST_CLIENT,
  type OAuthFlow,
  type Revocation,
  type TokenAnswer,
} from "../../broker/core/authorization_server.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import type { Discovered, Registration } from "../../broker/core/discovered.ts";
import { EXCHANGE_TIMEOUT_MS, OAuthClient } from "../oauth.ts";
import type { Wire } from "../token_wire.ts";
import { accountOf } from "./account.ts";
import { scopesToAsk } from "./discovery.ts";
import { otherMethod } from "./registration.ts";

/** What a flow is made of, and whom it tells what it has learnt. */
export interface FlowParts {
  discovered: Discovered;
  registration: Registration;
  fetch: typeof fetch;
  /** Epoch ms. */
  now(): number;
  /** The token endpoint takes another method than was agreed on at registration. */
  onMethod(method: Registration["method"]): Promise<void>;
  /** The authorization server does not know this program any more. */
  onUnknownClient(): Promise<void>;
  /** The token endpoint gave no usable answer. */
  onSilence(): Promise<void>;
  /** The MCP server has named another authorization server since. */
  isLeft?: boolean | undefined;
}

/** As {@linkcode OAuthFlow}. */
export function discoveredFlow(parts: FlowParts): OAuthFlow {
  const { discovered: { issuer, sendsIssuer, authorizationEndpoint } } = parts;
  return {
    kind: "oauth",
    issuer,
    sendsIssuer,
    origin: new URL(authorizationEndpoint).origin,
    authorizationUrl: (request) => authorizationUrl(parts, request),
    exchange: (code, verifier) => exchange(parts, code, verifier),
    refresh: (refreshToken) => refresh(parts, refreshToken),
    revoke: (tokens) => revoke(parts, tokens),
  };
}

async function authorizationUrl(
  parts: FlowParts,
  request: AuthorizationRequest,
): Promise<URL> {
  const scopes = scopesToAsk(parts.discovered, request.scopes);
  const url = await clientOf(parts).authorizationUrl({ ...request, scopes });
  // Without being asked again, people who have agreed before get no refresh token (OpenID Connect
  // Core §11).
  if (scopes.includes("offline_access")) url.searchParams.set("prompt", "consent");
  return url;
}

async function exchange(parts: FlowParts, code: string, verifier: string): Promise<TokenAnswer> {
  let idToken: unknown;
  const liftAnswer = (wire: Wire) => {
    idToken = wire.id_token;
    return wire;
  };
  const answer = await withEitherMethod(
    parts,
    (registration) => clientOf({ ...parts, registration }, liftAnswer).exchange(code, verifier),
  );
  if (answer.kind !== "issued") return answer;
  const { discovered, registration, fetch } = parts;
  const { accessToken } = answer.tokens;
  const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
  const account = await accountOf(
    discovered,
    registration,
    { accessToken, idToken: typeof idToken === "string" ? idToken : undefined },
    { fetch, now: parts.now(), signal },
  );
  return withEnd(parts, { kind: "issued", tokens: { ...answer.tokens, account } });
}

/**
 * Without its secret a client refreshes nothing, and one that is registered anew is another client:
 * what was issued to this one ends with it (RFC 7591 §3.2.1, `client_secret_expires_at`).
 */
function withEnd({ registration }: FlowParts, answer: TokenAnswer): TokenAnswer {
  const { kind, secretEndsAt: clientEndsAt } = registration;
  if (answer.kind !== "issued" || kind !== "dynamic" || clientEndsAt === undefined) return answer;
  return { ...answer, tokens: { ...answer.tokens, clientEndsAt } };
}

async function refresh(parts: FlowParts, refreshToken: string): Promise<TokenAnswer> {
  const answer = await withEitherMethod(
    parts,
    (registration) => clientOf({ ...parts, registration }).refresh(refreshToken),
  );
  // Only the person can mend that: what was issued to a client that is gone is gone with it, and so
  // is what an authorization server issued that is not there any more. Or it was a bad moment.
  const isGone = (isUnknownClient(answer) && parts.registration.kind === "dynamic") ||
    (answer.kind === "failed" && parts.isLeft === true);
  if (isGone) return { kind: "rejected", code: LOST_CLIENT };
  if (answer.kind === "failed") await parts.onSilence();
  return withEnd(parts, answer);
}

/**
 * Some servers agree to one method at registration and take only the other at their token
 * endpoint. A client that is not known by either is not known.
 */
async function withEitherMethod(
  parts: FlowParts,
  ask: (registration: Registration) => Promise<TokenAnswer>,
): Promise<TokenAnswer> {
  const { registration } = parts;
  const first = await ask(registration);
  if (!isUnknownClient(first)) return first;
  const other = otherMethod(registration);
  const second = other === undefined ? first : await ask(other);
  if (isUnknownClient(second)) await parts.onUnknownClient();
  else if (other !== undefined && second.kind === "issued") await parts.onMethod(other.method);
  return second;
}

function isUnknownClient(answer: TokenAnswer): boolean {
  return answer.kind === "rejected" && answer.code === "invalid_client";
}

/** Both tokens: at some servers an access token outlives the refresh token that it came with. */
async function revoke(parts: FlowParts, tokens: TokenSet): Promise<Revocation> {
  const { refreshToken, accessToken } = tokens;
  const client = clientOf(parts);
  const first = await client.revoke(refreshToken ?? accessToken);
  if (refreshToken === undefined || first.kind !== "revoked") return first;
  const second = await client.revoke(accessToken);
  // Of a server that ends both with the first, or takes refresh tokens only.
  return second.kind === "failed" ? first : second;
}

function clientOf(
  { discovered, registration, fetch }: FlowParts,
  liftAnswer?: (wire: Wire) => Wire,
): OAuthClient {
  const { resource } = discovered;
  return new OAuthClient({
    clientId: registration.clientId,
    clientSecret: registration.clientSecret ?? "",
    redirectUri: registration.redirectUri,
    clientAuthentication: registration.method,
    authorizationEndpoint: discovered.authorizationEndpoint,
    tokenEndpoint: discovered.tokenEndpoint,
    revocationEndpoint: discovered.revocationEndpoint,
    authorizationParameters: { resource },
    exchangeParameters: { resource },
    refreshParameters: { resource },
    liftAnswer,
    fetch,
  });
}
