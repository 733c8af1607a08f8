/**
 * Grants of the gateway: what a person allowed an MCP client. Refresh tokens
 * that rotate, and revocation that ends everything at once.
 *
 * @module
 */

import { isToCome } from "../broker/core/clock.ts";
import type { Client } from "../broker/core/client.ts";
import type { GatewaySecret, Grant } from "../broker/core/grant.ts";
import { digest } from "../broker/core/secrets.ts";
import { endedBy, findSecret, type GrantDeps, touch } from "./access.ts";
import { ACCESS_TOKEN_SECONDS } from "./access_token.ts";
import { endOf } from "./grant_life.ts";

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
  const stored = await store.grants.get(subject, grantId);
  const end = endedBy(deps, stored);
  if (stored === null || end !== undefined) {
    throw new GrantError("invalid_grant", `its grant has ended, by ${end}`);
  }
  const { value: grant } = stored;
  if (grant.clientId !== client.id) {
    throw new GrantError("invalid_grant", "refresh token of another client");
  }
  if (resource !== undefined && resource !== grant.resource) {
    throw new GrantError("invalid_target", "other resource");
  }
  if (rotated !== undefined) return await replay(deps, grant, client, rotated);
  await touch(deps, stored);

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
  if (!isToCome(at + ROTATION_GRACE_MS, deps.world.now(), ROTATION_GRACE_MS)) {
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

/** The first tokens of a grant. */
export async function issueTokens(
  deps: GrantDeps,
  grant: Grant,
  client: Client,
): Promise<GatewayTokenSet> {
  const refreshToken = REFRESH_PREFIX + deps.world.secret();
  await putRefreshToken(deps, grant, refreshToken);
  return await tokenSet(deps, grant, client, refreshToken);
}

/** It lives as long as the grant does that is used now, and never again. */
async function putRefreshToken(
  { store, world, lifetimes }: GrantDeps,
  grant: Grant,
  token: string,
): Promise<void> {
  await store.secrets.put(digest(token), {
    kind: "refresh",
    subject: grant.subject,
    grantId: grant.id,
    expiresAt: endOf({ ...grant, usedAt: world.now() }, lifetimes),
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
