/**
 * People who are signed in: who may, for how long, and the end of it.
 *
 * @module
 */

import { personActor } from "../broker/core/actor.ts";
import { callerName, type Identified } from "../broker/core/callers.ts";
import { isToCome } from "../broker/core/clock.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { shownName } from "../broker/core/shown_name.ts";
import { digest } from "../broker/core/secrets.ts";
import { find, type Found } from "../broker/core/single_use.ts";
import type { Account } from "../broker/core/connection.ts";
import type { AuthorizationServer } from "../broker/core/authorization_server.ts";
import type { Session } from "../broker/core/grant.ts";
import type { Store } from "../broker/core/store.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { logRefused, type SignInRule } from "./sign_in_rule.ts";

/** How long a person stays signed in. */
export const SESSION_MS = 7 * 24 * 60 * 60_000;

/** Whoever changes settings, or deletes all of their data, has signed in within this time. */
export const FRESH_MS = 5 * 60_000;

/** Where sessions are kept, and who may have one. */
export interface SessionDeps {
  store: Pick<Store, "sessions" | "epochs">;
  world: World;
  rule: SignInRule;
  identified: Identified;
}

/** Signs in; returns the new session's secret, for a cookie. Never an earlier one (fixation). */
export async function startSession(
  { store, world, rule }: SessionDeps,
  server: AuthorizationServer,
  account: Account,
): Promise<{ secret: string; session: Session }> {
  const { verifiedEmail: email } = account;
  if (!rule.admits(email, server.name)) {
    world.log({ level: "warn", event: "sign_in_refused", provider: server.name });
    throw new Refusal({ code: "sign_in_refused" });
  }
  const subject: Subject = `${server.name}:${account.id}`;
  const secret = world.secret();
  const epoch = await store.epochs.get(subject);
  const label = shownName(account.label, account.id);
  const signedInAt = world.now();
  const session = { subject, email, label, epoch, signedInAt, expiresAt: signedInAt + SESSION_MS };
  await store.sessions.put(digest(secret), session);
  world.log({ level: "info", event: "signed_in", provider: server.name });
  return { secret, session };
}

/**
 * The session behind a cookie; `undefined` where there is none any more. One
 * that cannot be opened is none: its person signs in again. So does a person
 * who may not sign in any more, and is told so there; their session stays, for
 * the day when they may again.
 */
export async function readSession(
  { store, world, rule, identified }: SessionDeps,
  secret: unknown,
): Promise<Session | undefined> {
  const session = (await findSession(store, secret))?.value;
  if (session === undefined || !isToCome(session.expiresAt, world.now(), SESSION_MS)) {
    return undefined;
  }
  const epoch = await store.epochs.get(session.subject);
  if (session.epoch !== epoch) return undefined;
  if (rule.stillAdmits(session)) {
    identified.caller(callerName(personActor(session.subject)));
    return session;
  }
  logRefused(world, session, "session");
  return undefined;
}

/**
 * Whether a sign-in is new enough to change settings by it: somebody may have sat down at a browser
 * that was left alone. Of one that does not say when it was, nobody knows.
 */
export function isFresh({ signedInAt }: Session, now: number): boolean {
  return signedInAt !== undefined && isToCome(signedInAt + FRESH_MS, now, FRESH_MS);
}

/** As `find()`. One that cannot be opened lets nobody in, and must not keep its person out. */
async function findSession(
  { sessions }: SessionDeps["store"],
  secret: unknown,
): Promise<Found<Session> | null> {
  try {
    return await find(sessions, secret);
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

/** Ends one session, or every session of the subject. */
export async function endSession(
  { store }: SessionDeps,
  secret: string,
  { everywhere }: { everywhere: boolean },
): Promise<void> {
  const found = await findSession(store, secret);
  if (found === null) return;
  await found.take();
  if (everywhere) await store.epochs.raise(found.value.subject);
}
