/**
 * Grants of the gateway: what a person allowed an MCP client, or the holder of
 * a personal token. OAuth 2.1 authorization code flow with PKCE, refresh
 * tokens that rotate, revocation that ends everything at once.
 *
 * @module
 */

import { type GrantDeps, readSecret } from "./access.ts";
import type { Client } from "./clients.ts";
import { digest, isSecret } from "../broker/core/secrets.ts";
import type { AuthorizationCode, GatewaySecret, Grant } from "../broker/core/connection.ts";

/** OAuth 2.1 §4.1.2: short, and used once. */
export const CODE_MS = 60_000;
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
  refreshToken: string;
  scopes: string[];
}

/** A person said yes: the code for the client. */
export async function issueCode(
  { store, world }: GrantDeps,
  request: Omit<AuthorizationCode, "grantId" | "expiresAt" | "used">,
): Promise<string> {
  const code = world.secret();
  const grantId = world.secret();
  const expiresAt = world.now() + CODE_MS;
  // Kept ten times as long: who comes with a used code must be noticed.
  await store.codes.put(digest(code), { ...request, grantId, expiresAt: expiresAt + 9 * CODE_MS });
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

/** Code → tokens. A code that comes a second time ends what the first one gave. */
export async function exchangeCode(
  deps: GrantDeps,
  exchange: CodeExchange,
): Promise<GatewayTokenSet> {
  const { store, world } = deps;
  const { client, code, verifier, redirectUri, resource } = exchange;
  const stored = isSecret(code) ? await store.codes.peek(digest(code)) : null;
  if (stored === null) throw new GrantError("invalid_grant", "unknown code");
  const { value } = stored;
  if (value.used) return await endReplayed(deps, code!);
  if (value.expiresAt - 9 * CODE_MS <= world.now()) {
    throw new GrantError("invalid_grant", "code expired");
  }
  if (value.clientId !== client.id) throw new GrantError("invalid_grant", "code of another client");
  // OAuth 2.1 no longer wants it here; PKCE does its work.
  if (redirectUri !== undefined && value.redirectUri !== redirectUri) {
    throw new GrantError("invalid_grant", "other redirect_uri");
  }
  if (!isVerifier(verifier) || digest(verifier) !== value.challenge) {
    throw new GrantError("invalid_grant", "PKCE verifier does not match");
  }
  if (resource !== undefined && resource !== value.resource) {
    throw new GrantError("invalid_target", "other resource");
  }
  if (!await store.codes.replace(digest(code!), { ...value, used: true }, stored.version)) {
    return await endReplayed(deps, code!);
  }
  const { subject, grantId: id, name, scopes } = value;
  const grant: Grant = {
    subject,
    id,
    clientId: client.id,
    name,
    scopes,
    resource: value.resource,
    createdAt: world.now(),
    usedAt: world.now(),
  };
  await store.grants.put(grant, null);
  // Whoever came with the same code at this moment has left word of it; see endReplayed().
  if ((await store.codes.peek(digest(code!)))?.value.replayed) {
    return await endReplayed(deps, code!);
  }
  return await issueTokens(deps, grant);
}

/**
 * A code came twice: nobody keeps what it gave. First the word, then the end,
 * so that a grant that is being made at this moment is noticed by one of the two.
 */
async function endReplayed({ store }: GrantDeps, code: string): Promise<never> {
  for (;;) {
    const stored = await store.codes.peek(digest(code));
    if (stored === null) break;
    const { value, version } = stored;
    if (!await store.codes.replace(digest(code), { ...value, replayed: true }, version)) continue;
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
 */
export async function refreshGrant(
  deps: GrantDeps,
  { client, refreshToken, resource }: RefreshExchange,
): Promise<GatewayTokenSet> {
  const { store, world } = deps;
  const stored = await readSecret(deps, refreshToken, REFRESH_PREFIX);
  if (stored === null) throw new GrantError("invalid_grant", "unknown refresh token");
  const { subject, grantId, rotated } = stored.value;
  const grant = (await store.grants.get(subject, grantId))?.value;
  if (grant === undefined) throw new GrantError("invalid_grant", "its grant has ended");
  if (grant.clientId !== client.id) {
    throw new GrantError("invalid_grant", "refresh token of another client");
  }
  if (resource !== undefined && resource !== grant.resource) {
    throw new GrantError("invalid_target", "other resource");
  }
  if (rotated !== undefined) return await replay(deps, grant, rotated);

  const successor = REFRESH_PREFIX + world.secret();
  const now = world.now();
  const used = { ...stored.value, rotated: { at: now, successor } };
  // The successor exists before the old one is used up: a crash between the two costs nothing.
  await putRefreshToken(deps, grant, successor);
  if (!await store.secrets.replace(digest(refreshToken!), used, stored.version)) {
    const winner = await readSecret(deps, refreshToken, REFRESH_PREFIX);
    if (winner?.value.rotated === undefined) throw new GrantError("invalid_grant", "token is gone");
    return await replay(deps, grant, winner.value.rotated);
  }
  return { accessToken: await sign(deps, grant), refreshToken: successor, scopes: grant.scopes };
}

async function replay(
  deps: GrantDeps,
  grant: Grant,
  { at, successor }: NonNullable<GatewaySecret["rotated"]>,
): Promise<GatewayTokenSet> {
  if (deps.world.now() - at > ROTATION_GRACE_MS) {
    await deps.store.grants.delete(grant.subject, grant.id);
    throw new GrantError("invalid_grant", "refresh token replayed, its grant was ended");
  }
  return { accessToken: await sign(deps, grant), refreshToken: successor, scopes: grant.scopes };
}

/** RFC 7009: ends the grant of a refresh or access token, if it is this client's. */
export async function revokeToken(
  deps: GrantDeps,
  token: string | undefined,
  clientId: string | undefined,
): Promise<void> {
  const { store, tokens } = deps;
  const stored = await readSecret(deps, token, REFRESH_PREFIX);
  const claims = stored?.value ?? (token === undefined ? undefined : await tokens.verify(token));
  if (claims === undefined) return;
  const grant = await store.grants.get(claims.subject, claims.grantId);
  if (grant !== null && grant.value.clientId === clientId) {
    await store.grants.delete(claims.subject, claims.grantId);
  }
}

async function issueTokens(deps: GrantDeps, grant: Grant): Promise<GatewayTokenSet> {
  const refreshToken = REFRESH_PREFIX + deps.world.secret();
  await putRefreshToken(deps, grant, refreshToken);
  return { accessToken: await sign(deps, grant), refreshToken, scopes: grant.scopes };
}

async function putRefreshToken({ store, world }: GrantDeps, grant: Grant, token: string) {
  await store.secrets.put(digest(token), {
    kind: "refresh",
    subject: grant.subject,
    grantId: grant.id,
    expiresAt: world.now() + REFRESH_TOKEN_MS,
  });
}

function sign({ tokens }: GrantDeps, grant: Grant): Promise<string> {
  const { subject, id: grantId, clientId, scopes, resource: audience } = grant;
  return tokens.sign({ subject, grantId, clientId: clientId!, scopes, audience });
}

/** RFC 7636 §4.1. */
function isVerifier(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9._~-]{43,128}$/.test(text);
}
