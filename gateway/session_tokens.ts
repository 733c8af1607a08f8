/**
 * Session tokens: what a backend gives to a platform that sends one static
 * header (OpenAI Realtime, ElevenLabs, Vapi, LiveKit; November 2026), in the
 * place of its API key, which would stand for all of its users there.
 *
 * A token is a JWT, so that whose it is can be read without looking it up. What
 * makes it good is its record, which every call reads: it ends with that, with
 * the API key that made it, and with its time.
 *
 * @module
 */

import type { ApiKey } from "../broker/core/api_key.ts";
import { callerName, type Identified } from "../broker/core/callers.ts";
import { isToCome } from "../broker/core/clock.ts";
import { SESSION_TOKEN_SECONDS, type SessionToken } from "../broker/core/grant.ts";
import { digest, isSecret } from "../broker/core/secrets.ts";
import type { Store } from "../broker/core/store.ts";
import { partsOf, type Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import type { Doors } from "./doors.ts";
import { readOwn, type SigningKeys, signOwn } from "./own_jwt.ts";

/** So that secret scanners can find them. */
const PREFIX = "sb_st_";
/** Not RFC 9068's: neither kind is taken for the other. */
const TYPE = "sb-session+jwt";

/** Where session tokens are kept, who signs them, and what ends them. */
export interface SessionTokenDeps {
  store: Pick<Store, "sessionTokens">;
  world: World;
  /** Also who it is that they are good for. */
  publicUrl: string;
  signingKeys: SigningKeys;
  apiKeys: ApiKey[];
  doors: Doors;
  identified: Identified;
}

/** What a backend asks for; each is no more than its key may. */
export interface SessionTokenRequest extends
  Pick<
    SessionToken,
    "subject" | "services" | "tools" | "readOnly" | "accounts" | "voice"
  > {
  /** ms */
  lifetimeMs: number;
}

/** A token that is good, and the key behind it as it is today: it allows no more than both do. */
export interface SessionAccess {
  session: SessionToken;
  key: ApiKey;
}

/** Whether a bearer token is meant as one. */
export function isSessionToken(bearer: string): boolean {
  return bearer.startsWith(PREFIX);
}

/** Makes one; the token is shown once. @throws {Refusal} `rate_limited`. */
export async function createSessionToken(
  { store, world, publicUrl, signingKeys, doors }: SessionTokenDeps,
  key: ApiKey,
  { lifetimeMs, ...allowed }: SessionTokenRequest,
): Promise<{ token: string; record: SessionToken }> {
  await doors.enter("session_token", allowed.subject, key.limits?.session_token);
  const createdAt = world.now();
  const record: SessionToken = {
    ...allowed,
    id: world.secret(),
    madeBy: markOf(key),
    createdAt,
    expiresAt: createdAt + lifetimeMs,
  };
  await store.sessionTokens.put(record, null);
  const jwt = await signOwn(signingKeys, TYPE, {
    iss: publicUrl,
    sub: record.subject,
    aud: `${publicUrl}/mcp`,
    jti: record.id,
    iat: Math.floor(createdAt / 1000),
    exp: Math.ceil(record.expiresAt / 1000),
  });
  return { token: PREFIX + jwt, record };
}

/** `undefined` for everything that is no living session token of ours. */
export async function readSessionToken(
  deps: SessionTokenDeps,
  token: string,
): Promise<SessionAccess | undefined> {
  const { store, world, apiKeys, identified } = deps;
  const named = await verified(deps, token.slice(PREFIX.length));
  if (named === undefined) return undefined;
  identified.caller(callerName({ kind: "client", id: named.id }));
  const session = (await store.sessionTokens.get(named.subject, named.id))?.value;
  const longest = SESSION_TOKEN_SECONDS.max * 1000;
  if (session === undefined || !isToCome(session.expiresAt, world.now(), longest)) return undefined;
  const { realm } = partsOf(session.subject);
  const key = apiKeys.find((each) => each.realm === realm && markOf(each) === session.madeBy);
  return key && { session, key };
}

/** Those of a subject that are good today, the newest first. */
export async function livingSessionTokens(
  { store, world }: SessionTokenDeps,
  subject: Subject,
): Promise<SessionToken[]> {
  const all = await store.sessionTokens.list(subject);
  return all.filter(({ expiresAt }) => expiresAt > world.now())
    .sort((a, b) => b.createdAt - a.createdAt);
}

/** Ends one of a subject, or all; returns how many that were. */
export async function endSessionTokens(
  deps: SessionTokenDeps,
  subject: Subject,
  id: string | undefined,
): Promise<number> {
  const { sessionTokens } = deps.store;
  // What cannot be an id is nobody's.
  if (id !== undefined && !isSecret(id)) return 0;
  const living = await livingSessionTokens(deps, subject);
  const ended = living.filter((token) => id === undefined || token.id === id);
  for (const token of ended) await sessionTokens.delete(subject, token.id, { by: "app" });
  return ended.length;
}

/** Tells API keys of one name apart without saying anything of them. */
function markOf({ sha256 }: ApiKey): string {
  return digest(`session token ${sha256.join()}`);
}

async function verified(
  { world, publicUrl, signingKeys }: SessionTokenDeps,
  jwt: string,
): Promise<{ subject: Subject; id: string } | undefined> {
  const { sub, jti } = await readOwn(signingKeys, world, jwt, {
    type: TYPE,
    issuer: publicUrl,
    audience: `${publicUrl}/mcp`,
    requires: ["sub", "jti"],
  }) ?? {};
  return isSecret(jti) ? { subject: sub as Subject, id: jti } : undefined;
}
