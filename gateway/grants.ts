/**
 * Grants of the gateway: what a person allowed an MCP client. Refresh tokens
 * that rotate, as `refresh_tokens.ts` judges them; what ends a grant, or one of
 * its chains.
 *
 * @module
 */

import type { Client } from "../broker/core/client.ts";
import type { GatewaySecret, Grant } from "../broker/core/grant.ts";
import { digest } from "../broker/core/secrets.ts";
import type { Found } from "../broker/core/single_use.ts";
import type { Stored } from "../broker/core/store.ts";
import type { Subject } from "../broker/core/subject.ts";
import { endedBy, findSecret, type GrantDeps, touch } from "./access.ts";
import { ACCESS_TOKEN_SECONDS } from "./access_token.ts";
import { forkGrant, lives, TRUNK, USED_AT_MS, withoutBranch } from "./branches.ts";
import { authenticates } from "./client_secrets.ts";
import { endOf } from "./grant_life.ts";
import { judge, leadsTo, type Presenter, type Verdict } from "./refresh_tokens.ts";
import { noteForked, noteRefused, saidOfRefused } from "./replays.ts";

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
  /** RFC 7638 thumbprint of the key that it has proved to hold. */
  key?: string | undefined;
}

/** A refresh token, with what is known of it. */
interface Known {
  refreshToken: string;
  found: Found<GatewaySecret>;
  successor: Found<GatewaySecret> | null;
  stored: Stored<Grant>;
}

/**
 * Refresh token → tokens; it rotates. One that was used gives what
 * {@linkcode judge} says. Each way is one commit that checks what was judged;
 * who was not first is judged again.
 *
 * @throws {GrantError} `invalid_grant`, `invalid_target`.
 */
export async function refreshGrant(
  deps: GrantDeps,
  { client, refreshToken, resource, key }: RefreshExchange,
): Promise<GatewayTokenSet> {
  const presenter = { clientId: client.id, key, authenticates: authenticates(client) };
  for (;;) {
    const known = await know(deps, refreshToken);
    const verdict = judgeKnown(deps, known, presenter);
    if (verdict.kind === "refuse") {
      await noteRefused(deps, known.stored.value, verdict.why);
      throw new GrantError("invalid_grant", saidOfRefused(verdict.why));
    }
    if (resource !== undefined && resource !== known.stored.value.resource) {
      throw new GrantError("invalid_target", "other resource");
    }
    const tokens = await give(deps, known, verdict);
    if (tokens !== undefined) return tokens;
  }
}

/** @throws {GrantError} `invalid_grant` where there is no such token, or its grant has ended. */
async function know(deps: GrantDeps, refreshToken: string | undefined): Promise<Known> {
  const found = await findSecret(deps, refreshToken, REFRESH_PREFIX);
  if (refreshToken === undefined || found === null) {
    throw new GrantError("invalid_grant", "unknown refresh token");
  }
  const { subject, grantId } = found.value;
  const stored = await deps.store.grants.get(subject, grantId);
  const end = endedBy(deps, stored);
  if (stored === null || end !== undefined) {
    throw new GrantError("invalid_grant", `its grant has ended, by ${end}`);
  }
  const successor = await findSecret(deps, leadsTo(found.value), REFRESH_PREFIX);
  return { refreshToken, found, successor, stored };
}

function judgeKnown(
  { lifetimes, world }: GrantDeps,
  { found, successor, stored: { value: grant } }: Known,
  presenter: Presenter,
): Verdict {
  const presented = { token: found.value, successor: successor?.value, grant, lifetimes };
  return judge(presented, presenter, world.now());
}

/** What was judged; `undefined` where somebody else was first. */
async function give(
  deps: GrantDeps,
  known: Known,
  verdict: Exclude<Verdict, { kind: "refuse" }>,
): Promise<GatewayTokenSet | undefined> {
  const { found, stored } = known;
  switch (verdict.kind) {
    case "rotate":
      await touch(deps, stored, found.value.branch);
      return await rotate(deps, known);
    case "repeat":
      await touch(deps, stored, verdict.branch);
      await prolong(deps, known);
      return await tokenSet(deps, stored.value, verdict, verdict.successor);
    case "fork":
      return await fork(deps, known, verdict);
  }
}

async function rotate(
  deps: GrantDeps,
  { found, stored: { value: grant } }: Known,
): Promise<GatewayTokenSet | undefined> {
  const { store, world } = deps;
  const { branch, key } = found.value;
  const successor = REFRESH_PREFIX + world.secret();
  const next = newRefreshToken(deps, grant, { branch, key });
  // The successor exists before the old one is used up: a crash between the two costs nothing.
  await store.secrets.put(digest(successor), next);
  const { expiresAt } = next;
  // Whoever comes again with the old one finds it as long as the new one lives.
  const used = { ...found.value, rotated: { at: world.now(), successor }, expiresAt };
  if (!await found.replace(used)) return undefined;
  return await tokenSet(deps, grant, next, successor);
}

/** Branch, used token and new token are written together: a half of it would be a place that nobody holds. */
async function fork(
  deps: GrantDeps,
  { found, stored }: Known,
  { count, until }: { count: number; until: number },
): Promise<GatewayTokenSet | undefined> {
  const { store, world, lifetimes } = deps;
  const { value: token, record } = found;
  const { grant, branch } = forkGrant(stored.value, lifetimes, world.now());
  const successor = REFRESH_PREFIX + world.secret();
  const next = newRefreshToken(deps, grant, { branch: branch.id, key: token.key });
  const forked = { successor, count, until };
  const written = await store.grants.put(grant, stored.version, [
    { ...record, value: { ...token, forked, expiresAt: next.expiresAt } },
    { digest: digest(successor), value: next, version: null },
  ]);
  if (!written) return undefined;
  noteForked(deps, branch, token.branch);
  return await tokenSet(deps, grant, next, successor);
}

/** What is given again lives as long as what is given now, exact to the hour. */
async function prolong(
  { world, lifetimes }: GrantDeps,
  { found, successor, stored: { value: grant } }: Known,
): Promise<void> {
  const expiresAt = endOf({ ...grant, usedAt: world.now() }, lifetimes);
  for (const one of [successor, found]) {
    if (one === null || expiresAt - one.value.expiresAt < USED_AT_MS) continue;
    // Where somebody was first, it was used, and so given what this would give.
    await one.replace({ ...one.value, expiresAt });
  }
}

/**
 * RFC 7009: ends the grant of a refresh or access token, if it is this client's
 * and gives something still. One that would be refused ends nothing: whoever
 * found an old one would sign its person out.
 */
export async function revokeToken(
  deps: GrantDeps,
  token: string | undefined,
  client: Client,
): Promise<void> {
  const { store, tokens, world, lifetimes } = deps;
  const found = await findSecret(deps, token, REFRESH_PREFIX);
  const claims = found?.value ?? (token === undefined ? undefined : await tokens.verify(token));
  if (claims === undefined) return;
  const { subject, grantId, branch } = claims;
  const stored = await store.grants.get(subject, grantId);
  if (stored === null || stored.value.clientId !== client.id) return;
  if (found === null) {
    if (!lives(stored.value, branch, lifetimes, world.now())) return;
  } else if (!authenticates(client)) {
    const successor = await findSecret(deps, leadsTo(found.value), REFRESH_PREFIX);
    const known = { refreshToken: token!, found, successor, stored };
    // To give back what is bound to a key it need not be proved.
    const presenter = { clientId: client.id, key: found.value.key, authenticates: false };
    const verdict = judgeKnown(deps, known, presenter);
    if (verdict.kind === "refuse") return await noteRefused(deps, stored.value, verdict.why);
  }
  await store.grants.delete(subject, grantId);
}

/** Ends one chain of a grant with all its tokens; with the last one the grant ends. */
export async function endBranch(
  { store, world, lifetimes }: GrantDeps,
  subject: Subject,
  grantId: string,
  branch: number,
): Promise<void> {
  for (;;) {
    const stored = await store.grants.get(subject, grantId);
    const without = stored && withoutBranch(stored.value, branch, lifetimes, world.now());
    if (stored === null || !without) return;
    const { version } = stored;
    // With the last chain, unless another one has begun meanwhile.
    const isDone = without.grant === undefined
      ? await store.grants.take(subject, grantId, version)
      : await store.grants.put(without.grant, version);
    if (!isDone) continue;
    world.log({ level: "info", event: "grant_branch_ended", branch });
    return;
  }
}

/** The first tokens of a grant. `key`: as in {@linkcode RefreshExchange}. */
export async function issueTokens(
  deps: GrantDeps,
  grant: Grant,
  key?: string,
): Promise<GatewayTokenSet> {
  const refreshToken = REFRESH_PREFIX + deps.world.secret();
  const first = newRefreshToken(deps, grant, { branch: undefined, key });
  await deps.store.secrets.put(digest(refreshToken), first);
  return await tokenSet(deps, grant, first, refreshToken);
}

/** It lives as long as the grant does that is used now, and never again. */
function newRefreshToken(
  { world, lifetimes }: GrantDeps,
  grant: Grant,
  of: Pick<GatewaySecret, "branch" | "key">,
): GatewaySecret {
  const { subject, id: grantId } = grant;
  const expiresAt = endOf({ ...grant, usedAt: world.now() }, lifetimes);
  return { kind: "refresh", subject, grantId, ...of, expiresAt };
}

async function tokenSet(
  { tokens }: GrantDeps,
  { subject, id: grantId, clientId, scopes, resource: audience }: Grant,
  { branch = TRUNK }: Pick<GatewaySecret, "branch">,
  refreshToken: string,
): Promise<GatewayTokenSet> {
  const said = { subject, grantId, clientId: clientId!, scopes, audience };
  // The trunk goes without saying: so it was before there were branches.
  const accessToken = await tokens.sign(branch === TRUNK ? said : { ...said, branch });
  return { accessToken, expiresIn: ACCESS_TOKEN_SECONDS, refreshToken, scopes };
}
