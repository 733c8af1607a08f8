/**
 * Who calls with a gateway token: access tokens of MCP clients, and personal
 * tokens. Every call reads the grant, so that what was revoked stops at once,
 * and so does what today's configuration does not allow any more.
 *
 * @module
 */

import { callerName, type Identified } from "../../broker/core/callers.ts";
import type { GatewaySecret, Grant, GrantLifetimes } from "../../broker/core/grant.ts";
import type { Quotas } from "../../broker/core/quotas.ts";
import { digest } from "../../broker/core/secrets.ts";
import { find, type Found } from "../../broker/core/single_use.ts";
import type { Store, Stored } from "../../broker/core/store.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { World } from "../../broker/core/world.ts";
import type { GatewayTokens } from "./access_token.ts";
import { lives, used } from "./branches.ts";
import { hasEnded } from "./grant_life.ts";
import { narrowed } from "./narrow.ts";
import { requireGrantRoom } from "./room.ts";
import type { Proof } from "../dpop/proofs.ts";
import { logRefused, type SignInRule } from "../sign_in_rule.ts";

/** Where grants and their secrets are kept, who signs for them, and what ends them. */
export interface GrantDeps {
  store: Pick<Store, "grants" | "codes" | "secrets" | "clocks">;
  tokens: GatewayTokens;
  world: World;
  rule: SignInRule;
  lifetimes: GrantLifetimes;
  identified: Identified;
  /** How much one person may hold; absent: the usual. */
  quotas?: Quotas | undefined;
}

/** So that secret scanners can find them. */
const PERSONAL_PREFIX = "sb_pat_";

/** Who calls with a gateway token, and what it allows. */
export interface Access {
  subject: Subject;
  scopes: string[];
  /** Absent for personal tokens, which are for every resource. */
  audience?: string | undefined;
  grantId: string;
  /** The client's, or the one that its person gave a personal token. */
  name: string;
}

/** JWTs and personal tokens; a bearer token that looks otherwise is taken for an API key. */
export function isGatewayToken(bearer: string): boolean {
  return bearer.startsWith(PERSONAL_PREFIX) || bearer.split(".").length === 3;
}

/**
 * The access behind an access token or a personal token; `undefined` where there is none. A token
 * that is bound to a key is good with a proof of it, and with nothing else; a proof is good with a
 * token that is bound to its key, and with no other, of whatever kind (RFC 9449 §7.2).
 */
export async function readAccess(
  deps: GrantDeps,
  token: string,
  proof?: Pick<Proof, "jkt">,
): Promise<Access | undefined> {
  if (token.startsWith(PERSONAL_PREFIX)) {
    if (proof !== undefined) return undefined;
    const found = await findSecret(deps, token, PERSONAL_PREFIX);
    if (found !== null) {
      deps.identified.caller(callerName({ kind: "client", id: found.value.grantId }));
    }
    const grant = found && await livingGrant(deps, found.value);
    if (grant === undefined || grant === null) return undefined;
    const { subject, id: grantId, name, scopes } = grant;
    return { subject, grantId, name, scopes };
  }
  const claims = await deps.tokens.verify(token);
  // Whoever has the token and not its key is not the caller, and keeps no grant in use.
  if (claims?.jkt !== proof?.jkt) return undefined;
  // One that has ended has turns of its own, too: nobody else's.
  if (claims !== undefined) {
    deps.identified.caller(callerName({ kind: "client", id: claims.grantId }));
  }
  const grant = claims && await livingGrant(deps, claims);
  if (claims === undefined || grant === undefined) return undefined;
  const { subject, id: grantId, name } = grant;
  // What the person narrowed since counts too: both must allow it.
  const scopes = narrowed(claims.scopes, grant.scopes);
  return { subject, grantId, name, scopes, audience: claims.audience };
}

async function livingGrant(
  deps: GrantDeps,
  { subject, grantId, branch }: Pick<Access, "subject" | "grantId"> & Pick<GatewaySecret, "branch">,
): Promise<Grant | undefined> {
  const stored = await deps.store.grants.get(subject, grantId);
  const end = endedBy(deps, stored);
  if (end === "sign_in_rule") logRefused(deps.world, { subject }, "grant");
  if (stored === null || end !== undefined) return undefined;
  if (!lives(stored.value, branch, deps.lifetimes, deps.world.now())) return undefined;
  await touch(deps, stored, branch);
  return stored.value;
}

/**
 * What has ended a grant, if anything has. Nothing is deleted for it: where the
 * operator allows it again, it goes on.
 */
export function endedBy(
  { world, rule, lifetimes }: GrantDeps,
  stored: Stored<Grant> | null,
): "revocation" | "time" | "sign_in_rule" | undefined {
  if (stored === null) return "revocation";
  if (hasEnded(stored.value, lifetimes, world.now())) return "time";
  return rule.stillAdmits(stored.value) ? undefined : "sign_in_rule";
}

/** Makes a personal token; it is shown once. @throws {Refusal} `quota_exceeded`, `rate_limited`. */
export async function createPersonalToken(
  deps: GrantDeps,
  { subject, email, name, scopes, resource }: Omit<Grant, "id" | "createdAt">,
): Promise<string> {
  const { store, world, lifetimes } = deps;
  await requireGrantRoom(deps, subject, "personal_tokens");
  const token = PERSONAL_PREFIX + world.secret();
  const id = world.secret();
  const now = world.now();
  const grant = { subject, email, id, name, scopes, resource, createdAt: now };
  // First what may be refused: without its grant it is good for nothing, and nobody sees it.
  await store.secrets.put(digest(token), {
    kind: "personal",
    subject,
    grantId: id,
    expiresAt: now + lifetimes.maxMs,
  });
  await store.grants.put(grant, null);
  return token;
}

/** The record of a refresh token or a personal token that still lives. */
export async function findSecret(
  { store, world }: GrantDeps,
  token: string | undefined,
  prefix: string,
): Promise<Found<GatewaySecret> | null> {
  const found = await find(store.secrets, token, prefix);
  return found === null || found.value.expiresAt <= world.now() ? null : found;
}

/** Notes that it was used, in one of its chains. */
export async function touch(
  { store, world }: GrantDeps,
  { value, version }: Stored<Grant>,
  branch: number | undefined,
): Promise<void> {
  const next = used(value, branch, world.now());
  // Where somebody wrote first, the next use notes it; and a grant that was revoked meanwhile is
  // not brought back, since the version is checked.
  if (next !== undefined) await store.grants.put(next, version);
}
