/**
 * People who are signed in: who may, for how long, and the end of it.
 *
 * @module
 */

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

/** How long a person stays signed in. */
export const SESSION_MS = 7 * 24 * 60 * 60_000;

/** Where sessions are kept, and who may have one. */
export interface SessionDeps {
  store: Pick<Store, "sessions" | "epochs">;
  world: World;
  /** `*@example.com`, `me@gmail.com`, or `*` for everybody; empty: nobody. */
  signInAllow: string[];
}

/** Whether an e-mail address may sign in. Patterns and addresses compare without case, in ASCII. */
export function maySignIn(allow: string[], email: string | undefined): boolean {
  const address = lowered(email ?? "");
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) return false;
  return allow.some((pattern) =>
    pattern === "*" || lowered(pattern) === address ||
    (pattern.startsWith("*@") && address.split("@")[1] === lowered(pattern.slice(2)))
  );
}

/** A to Z only: `toLowerCase()` makes a k of the Kelvin sign, and so of one mailbox another. */
function lowered(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Signs in; returns the new session's secret, for a cookie. Never an earlier one (fixation). */
export async function startSession(
  { store, world, signInAllow }: SessionDeps,
  server: AuthorizationServer,
  account: Account,
): Promise<{ secret: string; session: Session }> {
  if (!maySignIn(signInAllow, account.verifiedEmail)) {
    world.log({ level: "warn", event: "sign_in_refused", provider: server.name });
    throw new Refusal({ code: "sign_in_refused" });
  }
  const subject: Subject = `${server.name}:${account.id}`;
  const secret = world.secret();
  const epoch = await store.epochs.get(subject);
  const label = shownName(account.label, account.id);
  const session = { subject, label, epoch, expiresAt: world.now() + SESSION_MS };
  await store.sessions.put(digest(secret), session);
  world.log({ level: "info", event: "signed_in", provider: server.name });
  return { secret, session };
}

/**
 * The session behind a cookie; `undefined` where there is none any more. One
 * that cannot be opened is none: its person signs in again.
 */
export async function readSession(
  { store, world }: SessionDeps,
  secret: unknown,
): Promise<Session | undefined> {
  const session = (await findSession(store, secret))?.value;
  if (session === undefined || session.expiresAt <= world.now()) return undefined;
  const epoch = await store.epochs.get(session.subject);
  return session.epoch === epoch ? session : undefined;
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
