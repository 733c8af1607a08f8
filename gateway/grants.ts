/**
 * Grants of the gateway: what a person allowed an MCP client, or the holder of
 * a personal token. OAuth 2.1 authorization code flow with PKCE, refresh
 * tokens that rotate, revocation that ends everything at once.
 *
 * @module
 */

import type { Client } from "../broker/core/client.ts";
import type { AuthorizationCode, GatewaySecret, Grant } from "../broker/core/grant.ts";
import { digest } from "../broker/core/secrets.ts";
import { find } from "../broker/core/single_use.ts";
import { findSecret, type GrantDeps } from "./access.ts";
import { ACCESS_TOKEN_SECONDS } from "./access_token.ts";

/** OAuth 2.1 §4.1.2: short, and used once. */
export const CODE_MS = 60_000;
/** A code's record outlives the code, so that whoever comes with a used one is noticed. */
const CODE_RECORD_MS = 10 * CODE_MS;
/** A refresh token that nobody uses for this long is over. */
export const REFRESH_TOKEN_MS = 30 * 24 * 60 * 60_000;
/** A used refresh token may come again for this long: its answer was lost on the way. */
export const ROTATION_GRACE_MS = 60_000;

const REFRESH_PREFIX = "sb_rt_";

/** Errors of the token endpoint (RFC 6749 §5.2); `reason` is for the log only. */
export class GrantError extends Error {
  constructor(
    readonly error: "invalid_grant" | "invalid_target" | "invalid_scope",
    readonly reason: string,
  ) {
    super(error);
    this.name = "GrantError";
  }
}

/** What a token endpoint answers with. */
export interface GatewayTokenSet {
  accessToken: string;
  /** Seconds, as on the wire. */
  expiresIn: number;
  refreshToken: string;
  scopes: string[];
}

/** A person said yes: the code for the client. */
export async function issueCode(
  { store, world }: GrantDeps,
  request: Omit<AuthorizationCode, "grantId" | "usableUntil" | "expiresAt" | "used" | "replayed">,
): Promise<string> {
  const code = world.secret();
  const now = world.now();
  await store.codes.put(digest(code), {
    ...request,
    grantId: world.secret(),
    usableUntil: now + CODE_MS,
    expiresAt: now + CODE_RECORD_MS,
  });
  return code;
}

/** What a client brings to exchange a code. */
export interface CodeExchange {
  client: Client;
  code: string | undefined;
  verifier: string | undefined;
  redirectUri: string | undefined;
  resource: string | undefined;
}

/**
 * Code → tokens. A code that comes a second time ends what the first one gave.
 *
 * @throws {GrantError} `invalid_grant`, `invalid_target`.
 */
export async function exchangeCode(
  deps: GrantDeps,
  exchange: CodeExchange,
): Promise<GatewayTokenSet> {
  const { store, world } = deps;
  const { client, code } = exchange;
  const found = await find(store.codes, code);
  if (found === null) throw new GrantError("invalid_grant", "unknown code");
  const { value } = found;
  if (value.used) return await endReplayed(deps, code);
  requireExchange(value, exchange, world.now());
  if (!await found.replace({ ...value, used: true })) return await endReplayed(deps, code);
  const { subject, grantId: id, name, scopes, resource } = value;
  const now = world.now();
  const grant: Grant = {
    subject,
    id,
    clientId: client.id,
    name,
    scopes,
    resource,
    createdAt: now,
    usedAt: now,
  };
  await store.grants.put(grant, null);
  // Whoever came with the same code at this moment has left word of it; see endReplayed().
  if ((await find(store.codes, code))?.value.replayed) return await endReplayed(deps, code);
  return await issueTokens(deps, grant, client);
}

/** Refuses an exchange that does not fit its code (OAuth 2.1 §4.1.3, RFC 8707 §2.2). */
function requireExchange(code: AuthorizationCode, exchange: CodeExchange, now: number): void {
  const { client, redirectUri, verifier, resource } = exchange;
  if (!(code.usableUntil > now)) throw new GrantError("invalid_grant", "code expired");
  if (code.clientId !== client.id) throw new GrantError("invalid_grant", "code of another client");
  // OAuth 2.1 no longer wants it here; PKCE does its work.
  if (redirectUri !== undefined && code.redirectUri !== redirectUri) {
    throw new GrantError("invalid_grant", "other redirect_uri");
  }
  if (!isVerifier(verifier) || digest(verifier) !== code.challenge) {
    throw new GrantError("invalid_grant", "PKCE verifier does not match");
  }
  if (resource !== undefined && resource !== code.resource) {
    throw new GrantError("invalid_target", "other resource");
  }
}

/**
 * A code came twice: nobody keeps what it gave. First the word, then the end,
 * so that a grant that is being made at this moment is noticed by one of the two.
 */
async function endReplayed({ store }: GrantDeps, code: string | undefined): Promise<never> {
  for (;;) {
    const found = await find(store.codes, code);
    if (found === null) break;
    const { value } = found;
    if (!await found.replace({ ...value, replayed: true })) continue;
    await store.grants.delete(value.subject, value.grantId);
    break;
  }
  throw new GrantError("invalid_grant", "code replayed, its grant was ended");
}

/** What a client brings to refresh. */
export interface RefreshExchange {
  client: Client;
  refreshToken: string | undefined;
  resource: string | undefined;
}

/**
 * Refresh token → tokens; it rotates. A replay within the grace gets the same
 * successor, since an answer may get lost; a later one ends the grant.
 *
 * @throws {GrantError} `invalid_grant`, `invalid_target`.
 */
export async function refreshGrant(
  deps: GrantDeps,
  { client, refreshToken, resource }: RefreshExchange,
): Promise<GatewayTokenSet> {
  const { store, world } = deps;
  const found = await findSecret(deps, refreshToken, REFRESH_PREFIX);
  if (found === null) throw new GrantError("invalid_grant", "unknown refresh token");
  const { subject, grantId, rotated } = found.value;
  const grant = (await store.grants.get(subject, grantId))?.value;
  if (grant === undefined) throw new GrantError("invalid_grant", "its grant has ended");
  if (grant.clientId !== client.id) {
    throw new GrantError("invalid_grant", "refresh token of another client");
  }
  if (resource !== undefined && resource !== grant.resource) {
    throw new GrantError("invalid_target", "other resource");
  }
  if (rotated !== undefined) return await replay(deps, grant, client, rotated);

  const successor = REFRESH_PREFIX + world.secret();
  // The successor exists before the old one is used up: a crash between the two costs nothing.
  await putRefreshToken(deps, grant, successor);
  const used = { ...found.value, rotated: { at: world.now(), successor } };
  if (!await found.replace(used)) {
    const winner = await findSecret(deps, refreshToken, REFRESH_PREFIX);
    if (winner?.value.rotated === undefined) throw new GrantError("invalid_grant", "token is gone");
    return await replay(deps, grant, client, winner.value.rotated);
  }
  return await tokenSet(deps, grant, client, successor);
}

async function replay(
  deps: GrantDeps,
  grant: Grant,
  client: Client,
  { at, successor }: NonNullable<GatewaySecret["rotated"]>,
): Promise<GatewayTokenSet> {
  if (deps.world.now() - at > ROTATION_GRACE_MS) {
    await deps.store.grants.delete(grant.subject, grant.id);
    throw new GrantError("invalid_grant", "refresh token replayed, its grant was ended");
  }
  return await tokenSet(deps, grant, client, successor);
}

/** RFC 7009: ends the grant of a refresh or access token, if it is this client's. */
export async function revokeToken(
  deps: GrantDeps,
  token: string | undefined,
  clientId: string | undefined,
): Promise<void> {
  const { store, tokens } = deps;
  const found = await findSecret(deps, token, REFRESH_PREFIX);
  const claims = found?.value ?? (token === undefined ? undefined : await tokens.verify(token));
  if (claims === undefined) return;
  const grant = await store.grants.get(claims.subject, claims.grantId);
  if (grant !== null && grant.value.clientId === clientId) {
    await store.grants.delete(claims.subject, claims.grantId);
  }
}

async function issueTokens(
  deps: GrantDeps,
  grant: Grant,
  client: Client,
): Promise<GatewayTokenSet> {
  const refreshToken = REFRESH_PREFIX + deps.world.secret();
  await putRefreshToken(deps, grant, refreshToken);
  return await tokenSet(deps, grant, client, refreshToken);
}

async function putRefreshToken(
  { store, world }: GrantDeps,
  grant: Grant,
  token: string,
): Promise<void> {
  await store.secrets.put(digest(token), {
    kind: "refresh",
    subject: grant.subject,
    grantId: grant.id,
    expiresAt: world.now() + REFRESH_TOKEN_MS,
  });
}

async function tokenSet(
  { tokens }: GrantDeps,
  { subject, id: grantId, scopes, resource: audience }: Grant,
  { id: clientId }: Client,
  refreshToken: string,
): Promise<GatewayTokenSet> {
  const accessToken = await tokens.sign({ subject, grantId, clientId, scopes, audience });
  return { accessToken, expiresIn: ACCESS_TOKEN_SECONDS, refreshToken, scopes };
}

/** RFC 7636 §4.1. */
function isVerifier(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9._~-]{43,128}$/.test(text);
}
