/**
 * Grants of the gateway: what a person allowed an MCP client, and the tokens
 * that it gets for that. `refresh.ts` renews them, `grant_ends.ts` ends them.
 *
 * @module
 */

import type { Client } from "../../broker/core/client.ts";
import type { GatewaySecret, Grant } from "../../broker/core/grant.ts";
import { digest } from "../../broker/core/secrets.ts";
import type { GrantDeps } from "./access.ts";
import { ACCESS_TOKEN_SECONDS } from "./access_token.ts";
import { authenticates } from "../clients/authenticates.ts";
import { TRUNK } from "./branches.ts";
import { endOf } from "./grant_life.ts";
import type { Proof } from "../dpop/proofs.ts";

/** So that secret scanners can find them. */
export const REFRESH_PREFIX = "sb_rt_";

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
  /** Whether whoever uses it has to prove a key (RFC 9449). */
  isBound: boolean;
  /** Of which grant they are. */
  of: Pick<Grant, "subject" | "id">;
}

/**
 * The first tokens of a grant. Refresh tokens of clients that authenticate are theirs alone
 * already, and go on when such a client changes the key of its proofs (RFC 9449 §5).
 */
export async function issueTokens(
  deps: GrantDeps,
  grant: Grant,
  client: Client,
  proof?: Pick<Proof, "jkt">,
): Promise<GatewayTokenSet> {
  const key = authenticates(client) ? undefined : proof?.jkt;
  const refreshToken = REFRESH_PREFIX + deps.world.secret();
  const first = newRefreshToken(deps, grant, { branch: undefined, key });
  await deps.store.secrets.put(digest(refreshToken), first);
  return await tokenSet(deps, grant, first, { refreshToken, jkt: proof?.jkt });
}

/** It lives as long as the grant does that is used now, and never again. */
export function newRefreshToken(
  { world, lifetimes }: GrantDeps,
  grant: Grant,
  of: Pick<GatewaySecret, "branch" | "key">,
): GatewaySecret {
  const { subject, id: grantId } = grant;
  const expiresAt = endOf({ ...grant, usedAt: world.now() }, lifetimes);
  return { kind: "refresh", subject, grantId, ...of, expiresAt };
}

/** A refresh token that is stored, and an access token of the same chain, bound to a key if to any. */
export async function tokenSet(
  { tokens }: GrantDeps,
  { subject, id: grantId, clientId, scopes, resource: audience }: Grant,
  { branch = TRUNK }: Pick<GatewaySecret, "branch">,
  { refreshToken, jkt }: { refreshToken: string; jkt: string | undefined },
): Promise<GatewayTokenSet> {
  const said = { subject, grantId, clientId: clientId!, scopes, audience, jkt };
  // The trunk goes without saying: so it was before there were branches.
  const accessToken = await tokens.sign(branch === TRUNK ? said : { ...said, branch });
  return {
    accessToken,
    expiresIn: ACCESS_TOKEN_SECONDS,
    refreshToken,
    scopes,
    isBound: jkt !== undefined,
    of: { subject, id: grantId },
  };
}
