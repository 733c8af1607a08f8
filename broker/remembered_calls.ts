/**
 * Tool calls that must not happen twice. A voice app that got no answer asks
 * again; the issue it wanted must not be created again.
 *
 * @module
 */

import { digest } from "./core/secrets.ts";
import type { CallKey, Remembered, RememberedCall } from "./core/call.ts";
import type { Store } from "./core/store.ts";
import type { World } from "./core/world.ts";

/** A call that is known by its JSON-RPC id alone is remembered this long. */
export const BY_ID_MS = 60_000;
/** A call with an `Idempotency-Key` is remembered this long. */
export const BY_KEY_MS = 24 * 60 * 60_000;
/** A call whose process died is taken for running for this long. */
const RUNNING_MS = 60_000;
const POLL_MS = 100;
/** Characters; a KV value holds 64 KiB, and letters may take three bytes. */
export const MAX_OUTCOME = 16_000;

/** Where calls are remembered, and by which clock. */
export interface RememberDeps {
  store: Pick<Store, "calls">;
  world: World;
}

/**
 * Runs a call, or gives what the same call gave before. `worthKeeping` says
 * which outcomes are final; after another one the call may be tried again.
 */
export async function once<T>(
  deps: RememberDeps,
  callKey: CallKey,
  run: () => Promise<T>,
  worthKeeping: (outcome: T) => boolean,
  signal: AbortSignal,
): Promise<Remembered<T>> {
  const { store, world } = deps;
  const { id, call } = namesOf(callKey);
  for (;;) {
    const running: RememberedCall = { call, expiresAt: world.now() + RUNNING_MS };
    if (await store.calls.add(id, running, world.now())) break;
    const recalled = await recall<T>(deps, id, call, signal);
    // The first one failed meanwhile, and left the way free.
    if (recalled !== null) return recalled;
  }
  const outcome = await run();
  const stored = await store.calls.peek(id);
  if (stored === null) return { kind: "outcome", outcome };
  if (worthKeeping(outcome)) {
    const lifetime = callKey.key.kind === "header" ? BY_KEY_MS : BY_ID_MS;
    const expiresAt = world.now() + lifetime;
    const kept = { call, outcome: JSON.stringify(outcome), expiresAt };
    // What does not fit into a record stays known as running: it is not done again.
    if (kept.outcome.length <= MAX_OUTCOME) await store.calls.replace(id, kept, stored.version);
  } else await store.calls.take(id, stored.version);
  return { kind: "outcome", outcome };
}

/** Waits for the first call's outcome; `null` when it left none. */
async function recall<T>(
  { store, world }: RememberDeps,
  id: string,
  call: string,
  signal: AbortSignal,
): Promise<Remembered<T> | null> {
  for (;;) {
    const stored = await store.calls.peek(id);
    if (stored === null || stored.value.expiresAt <= world.now()) return null;
    if (stored.value.call !== call) return { kind: "mismatch" };
    if (stored.value.outcome !== undefined) {
      return { kind: "outcome", outcome: JSON.parse(stored.value.outcome) as T };
    }
    if (signal.aborted) return { kind: "running" };
    await world.sleep(POLL_MS, signal);
  }
}

function namesOf({ subject, key, tool, args }: CallKey): { id: string; call: string } {
  const call = digest(JSON.stringify([tool, args]));
  // Clients count their ids from 1 in every session: an id alone names no call.
  const parts = key.kind === "header" ? [subject, key.text] : [subject, "id", key.text, call];
  return { id: digest(JSON.stringify(parts)), call };
}
