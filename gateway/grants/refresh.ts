/**
 * Refresh tokens of the gateway as they come to the token endpoint: what
 * `refresh_tokens.ts` judges is done here, in one commit that checks what was
 * judged.
 *
 * @module
 */

import type { Client } from "../../broker/core/client.ts";
import type { GatewaySecret, Grant } from "../../broker/core/grant.ts";
import { digest } from "../../broker/core/secrets.ts";
import type { Found } from "../../broker/core/single_use.ts";
import type { Stored } from "../../broker/core/store.ts";
import { endedBy, findSecret, type GrantDeps, touch } from "./access.ts";
import { forkGrant, USED_AT_MS } from "./branches.ts";
import { authenticates } from "../clients/authenticates.ts";
import { endOf } from "./grant_life.ts";
import {
  type GatewayTokenSet,
  GrantError,
  newRefreshToken,
  REFRESH_PREFIX,
  tokenSet,
} from "./grants.ts";
import { type Proof, requireWanted } from "../dpop/proofs.ts";
import { judge, leadsTo, type Presenter, type Verdict } from "./refresh_tokens.ts";
import { noteForked, noteRefused, saidOfRefused } from "./replays.ts";

/** What a client brings to refresh. */
export interface RefreshExchange {
  client: Client;
  refreshToken: string | undefined;
  resource: string | undefined;
  /** Of a key that the tokens are to be bound to. */
  proof?: Proof | undefined;
}

/** A refresh token, with what is known of it. */
export interface Known {
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
 * @throws {ProofError} `invalid_dpop_proof`.
 */
export async function refreshGrant(
  deps: GrantDeps,
  { client, refreshToken, resource, proof }: RefreshExchange,
): Promise<GatewayTokenSet> {
  const jkt = proof?.jkt;
  const presenter = { clientId: client.id, key: jkt, authenticates: authenticates(client) };
  for (;;) {
    const known = await know(deps, refreshToken);
    const verdict = judgeKnown(deps, known, presenter);
    if (verdict.kind === "refuse") {
      await noteRefused(deps, known.stored.value, verdict.why);
      throw new GrantError("invalid_grant", saidOfRefused(verdict.why));
    }
    requireSameProof(known.stored.value, client);
    requireWanted(client, proof);
    if (resource !== undefined && resource !== known.stored.value.resource) {
      throw new GrantError("invalid_target", "other resource");
    }
    await proof?.claim();
    const tokens = await give(deps, known, verdict, { refreshToken: refreshToken!, jkt });
    if (tokens !== undefined) return tokens;
  }
}

/** @throws {GrantError} `invalid_grant` where there is no such token, or its grant has ended. */
async function know(deps: GrantDeps, refreshToken: string | undefined): Promise<Known> {
  const found = await findSecret(deps, refreshToken, REFRESH_PREFIX);
  if (found === null) {
    throw new GrantError("invalid_grant", "unknown refresh token");
  }
  const { subject, grantId } = found.value;
  const stored = await deps.store.grants.get(subject, grantId);
  const end = endedBy(deps, stored);
  if (stored === null || end !== undefined) {
    throw new GrantError("invalid_grant", `its grant has ended, by ${end}`);
  }
  const successor = await findSecret(deps, leadsTo(found.value), REFRESH_PREFIX);
  return { found, successor, stored };
}

/**
 * What a client got that proved who it is, it keeps only as long as it does:
 * its document may say something else by now, and then anybody would be that client.
 */
function requireSameProof({ byKeys }: Grant, { keys }: Client): void {
  if (byKeys !== true || keys !== undefined) return;
  throw new GrantError("invalid_grant", "its client does not prove who it is any more");
}

/** What it gives, by all that is known of it. */
export function judgeKnown(
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
  { refreshToken, jkt }: { refreshToken: string; jkt: string | undefined },
): Promise<GatewayTokenSet | undefined> {
  const { found, stored } = known;
  switch (verdict.kind) {
    case "rotate":
      await touch(deps, stored, found.value.branch);
      // Nobody else can use one that is bound to a key: it stays.
      return found.value.key === undefined
        ? await rotate(deps, known, jkt)
        : await keep(deps, known, { refreshToken, jkt });
    case "repeat":
      await touch(deps, stored, verdict.branch);
      await prolong(deps, known);
      return await tokenSet(deps, stored.value, verdict, {
        refreshToken: verdict.successor,
        jkt,
      });
    case "fork":
      return await fork(deps, known, verdict, jkt);
  }
}

/** The same refresh token again. It is written anew, since it lives on from now. */
async function keep(
  deps: GrantDeps,
  { found, stored: { value: grant } }: Known,
  given: { refreshToken: string; jkt: string | undefined },
): Promise<GatewayTokenSet> {
  const { branch, key } = found.value;
  const same = newRefreshToken(deps, grant, { branch, key });
  await deps.store.secrets.put(digest(given.refreshToken), same);
  return await tokenSet(deps, grant, same, given);
}

async function rotate(
  deps: GrantDeps,
  { found, stored: { value: grant } }: Known,
  jkt: string | undefined,
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
  return await tokenSet(deps, grant, next, { refreshToken: successor, jkt });
}

/** Branch, used token and new token are written together: a half of it would be a place that nobody holds. */
async function fork(
  deps: GrantDeps,
  { found, stored }: Known,
  { count, until }: { count: number; until: number },
  jkt: string | undefined,
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
  return await tokenSet(deps, grant, next, { refreshToken: successor, jkt });
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
