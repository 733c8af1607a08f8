/**
 * Who calls with a gateway token: access tokens of MCP clients, and personal
 * tokens. Every call reads the grant, so that what was revoked stops at once.
 *
 * @module
 */

import type { AccessClaims, GatewayTokens } from "./access_token.ts";
import { digest, isSecret } from "../broker/core/secrets.ts";
import type {
  GatewaySecret,
  Grant,
  Store,
  Stored,
  Subject,
  World,
} from "../broker/core/connection.ts";

/** What grants work with. */
export interface GrantDeps {
  store: Pick<Store, "grants" | "codes" | "secrets">;
  tokens: GatewayTokens;
  world: World;
}

const PERSONAL_TOKEN_MS = 365 * 24 * 60 * 60_000;
/** How exact "last used" is; more would be a write per call. */
const USED_AT_MS = 60 * 60_000;

/** So that secret scanners can find them. */
export const PERSONAL_PREFIX = "sb_pat_";

/** Who calls with a gateway token, and what it allows. */
export interface Access {
  subject: Subject;
  scopes: string[];
  /** Absent for personal tokens, which are for every resource. */
  audience?: string;
  grantId: string;
}

/** The access behind an access token or a personal token; `undefined` where there is none. */
export async function readAccess(deps: GrantDeps, token: string): Promise<Access | undefined> {
  const personal = token.startsWith(PERSONAL_PREFIX);
  const claims = personal
    ? (await readSecret(deps, token, PERSONAL_PREFIX))?.value
    : await deps.tokens.verify(token);
  if (claims === undefined) return undefined;
  const stored = await deps.store.grants.get(claims.subject, claims.grantId);
  if (stored === null) return undefined;
  await touch(deps, stored);
  const { subject, grantId } = claims;
  const { scopes } = stored.value;
  // What the person narrowed since counts too: both must allow it.
  const held = personal
    ? scopes
    : (claims as AccessClaims).scopes.filter((s) => scopes.includes(s));
  return {
    subject,
    grantId,
    scopes: held,
    ...(personal ? {} : { audience: (claims as AccessClaims).audience }),
  };
}

/** Makes a personal token; it is shown once. */
export async function createPersonalToken(
  { store, world }: GrantDeps,
  { subject, name, scopes, resource }: Pick<Grant, "subject" | "name" | "scopes" | "resource">,
): Promise<string> {
  const token = PERSONAL_PREFIX + world.secret();
  const id = world.secret();
  const now = world.now();
  await store.grants.put({ subject, id, name, scopes, resource, createdAt: now }, null);
  await store.secrets.put(digest(token), {
    kind: "personal",
    subject,
    grantId: id,
    expiresAt: now + PERSONAL_TOKEN_MS,
  });
  return token;
}

/** The record of a refresh token or a personal token that still lives. */
export async function readSecret(
  { store, world }: GrantDeps,
  token: string | undefined,
  prefix: string,
): Promise<Stored<GatewaySecret> | null> {
  if (!token?.startsWith(prefix) || !isSecret(token.slice(prefix.length))) return null;
  const stored = await store.secrets.peek(digest(token));
  return stored === null || stored.value.expiresAt <= world.now() ? null : stored;
}

async function touch(
  { store, world }: GrantDeps,
  { value, version }: Stored<Grant>,
): Promise<void> {
  const now = world.now();
  if (now - (value.usedAt ?? 0) < USED_AT_MS) return;
  // Whoever wrote first has said it; a revoked grant is not brought back, the version is checked.
  await store.grants.put({ ...value, usedAt: now }, version);
}
