/**
 * The code was exchanged, and what it gave cannot be kept. The code is used up,
 * and nobody holds the tokens any more: they are ended at the provider, and the
 * person is told what is true.
 *
 * @module
 */

import type { AuthorizationServer, Revocation } from "../core/authorization_server.ts";
import type { TokenSet } from "../core/connection.ts";
import { canEndAlone, revoke, revokeAlone } from "../core/credential.ts";
import { deadlineIn, until } from "../core/deadline.ts";
import { inOwnWords, saidOf } from "../core/own_words.ts";
import { insist } from "../core/patience.ts";
import { type GivenAccess, Refusal } from "../core/refusal.ts";
import type { Store } from "../core/store.ts";
import { isPermanent, StoreError, VaultError } from "../core/store_errors.ts";
import type { Subject } from "../core/subject.ts";
import type { World } from "../core/world.ts";
import { type Held, heldBy, heldOn } from "../tokens/held.ts";

/** A person waits in the browser while the provider is told. */
export const TAKE_BACK_MS = 10_000;
/** And while the store is asked again: the code that brought them here is good only once. */
export const CONNECT_PATIENCE_MS = 5_000;

/** What a provider sent cannot be kept. `detail` goes on after "was not connected:". */
export class NotKeepable extends Error {
  /** A code for it. */
  readonly why: string | undefined;

  constructor(readonly detail: string, options?: ErrorOptions & { why?: string }) {
    super(detail, options);
    this.why = options?.why;
    this.name = "NotKeepable";
    inOwnWords(this);
  }
}

/** What was given, by whom, for whom. */
export interface Given {
  server: AuthorizationServer;
  subject: Subject;
  tokens: TokenSet;
  /** Absent where the provider did not say whose it is. */
  account?: string | undefined;
}

interface Deps {
  store: Pick<Store, "connections" | "handoffs">;
  world: World;
}

/** Tries again for a while, unless no later try can succeed. */
export async function patiently<T>(world: World, write: () => Promise<T>): Promise<T> {
  const again = (error: unknown) => error instanceof StoreError && !error.permanent;
  return await insist(world, write, { forMs: CONNECT_PATIENCE_MS, longestPauseMs: 1_000, again });
}

/** Ends what was given, and returns what the person is told: the refusal for `error`. */
export async function takenBack(deps: Deps, given: Given, error: unknown): Promise<unknown> {
  const { server: { name: provider, title } } = given;
  const access = await takeBack(deps, given);
  const detail = saidOf(error);
  deps.world.log({ level: "error", event: "connection_not_kept", provider, detail, access });
  if (error instanceof Refusal && error.reason.code === "quota_exceeded") {
    return new Refusal({ ...error.reason, given: { title, access } }, { cause: error });
  }
  if (error instanceof NotKeepable || isPermanent(error)) {
    const { detail, why } = error instanceof NotKeepable
      ? error
      : { detail: "what it sent is too large to keep", why: "too_large" };
    return new Refusal({ code: "not_keepable", title, detail, why, access }, { cause: error });
  }
  const isStores = error instanceof StoreError || error instanceof VaultError;
  return isStores ? new Refusal({ code: "not_stored", title, access }, { cause: error }) : error;
}

async function takeBack(deps: Deps, given: Given): Promise<GivenAccess> {
  const { server, tokens } = given;
  const held = await heldWith(deps, given);
  const revocation = await ended(deps.world, server, tokens, held);
  if (revocation?.kind === "revoked") return "taken_back";
  return held === "connection" || held === "handoff" ? "held_before" : "not_taken_back";
}

/**
 * Ends a token set that nobody keeps, and nothing that is held beside it; `null` where that is not
 * possible. A provider that does not answer is not waited for.
 */
export async function ended(
  world: World,
  server: AuthorizationServer,
  tokens: TokenSet,
  held: Held,
): Promise<Revocation | null> {
  if (held !== "nothing" && !canEndAlone(server)) return null;
  using deadline = deadlineIn(world, TAKE_BACK_MS);
  const failed = (): Revocation => ({ kind: "failed", reason: "no answer" });
  const asked = held === "nothing" ? revoke(server, tokens) : revokeAlone(server, tokens);
  return await until(deadline.signal, asked).catch(failed);
}

/** What hangs on the same grant. Where the store does not tell, what nobody holds does not live on. */
async function heldWith(deps: Deps, { server, subject, account }: Given): Promise<Held> {
  try {
    return account === undefined
      ? await heldBy(deps, subject, server.name)
      : await heldOn(deps, server.name, account);
  } catch (error) {
    if (error instanceof StoreError) return "nothing";
    throw error;
  }
}
