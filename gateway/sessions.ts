/**
 * People who are signed in: who may, for how long, and the end of it.
 *
 * @module
 */

import { Refusal } from "../broker/core/refusal.ts";
import { digest, isSecret } from "../broker/core/secrets.ts";
import type {
  Account,
  AuthorizationServer,
  Session,
  Store,
  Subject,
  World,
} from "../broker/core/connection.ts";

/** How long a person stays signed in. */
export const SESSION_MS = 7 * 24 * 60 * 60_000;

/** What sessions work with. */
export interface SessionDeps {
  store: Pick<Store, "sessions" | "epochs">;
  world: World;
  /** `*@example.com`, `me@gmail.com`, or `*` for everybody; empty: nobody. */
  signInAllow: string[];
}

/** Whether an e-mail address may sign in. Patterns and addresses compare without case. */
export function maySignIn(allow: string[], email: string | undefined): boolean {
  const address = email?.toLowerCase() ?? "";
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) return false;
  return allow.some((pattern) =>
    pattern === "*" || pattern.toLowerCase() === address ||
    (pattern.startsWith("*@") && address.split("@")[1] === pattern.slice(2).toLowerCase())
  );
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
  const { label } = account;
  const session = { subject, label, epoch, expiresAt: world.now() + SESSION_MS };
  await store.sessions.put(digest(secret), session);
  world.log({ level: "info", event: "signed_in", provider: server.name });
  return { secret, session };
}

/** The session behind a cookie; `undefined` where there is none any more. */
export async function readSession(
  { store, world }: SessionDeps,
  secret: unknown,
): Promise<Session | undefined> {
  if (!isSecret(secret)) return undefined;
  const stored = await store.sessions.peek(digest(secret));
  if (stored === null || stored.value.expiresAt <= world.now()) return undefined;
  const epoch = await store.epochs.get(stored.value.subject);
  return stored.value.epoch === epoch ? stored.value : undefined;
}

/** Ends one session, or every session of the subject. */
export async function endSession(
  { store }: SessionDeps,
  secret: string,
  { everywhere }: { everywhere: boolean },
): Promise<void> {
  const stored = await store.sessions.peek(digest(secret));
  if (stored === null) return;
  await store.sessions.take(digest(secret), stored.version);
  if (everywhere) await store.epochs.raise(stored.value.subject);
}
