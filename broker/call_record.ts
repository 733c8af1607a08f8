/**
 * The note of a tool call that must not happen twice: under which name it
 * stands, how long, and what it says to whoever comes with the same name. Pure.
 *
 * @module
 */

import type { CallKey, Remembered, RememberedCall } from "./core/call.ts";
import { isToCome } from "./core/clock.ts";
import { digest } from "./core/secrets.ts";

/** A call that is known by its JSON-RPC id alone is remembered this long. */
export const BY_ID_MS = 60_000;
/** How a call ended that was known only while it ran, for who waits for it in another process. */
export const FOR_WAITERS_MS = 10_000;
/** A call with an `Idempotency-Key` is remembered this long. */
export const BY_KEY_MS = 24 * 60 * 60_000;
/** A call whose process died is taken for running for this long after its last sign of life. */
export const RUNNING_MS = 60_000;
/** Characters of an outcome as JSON; as UTF-8 at most three times as many bytes, see `vault/pieces.ts`. */
export const MAX_OUTCOME = 100_000;

/** How long a note stays, by how its call was named. */
export const LIFETIMES = { header: BY_KEY_MS, id: BY_ID_MS, running: FOR_WAITERS_MS };

/** What a record says to whoever comes with the key of `call`. */
export function rememberedOf<T>(found: RememberedCall, call: string, now: number): Remembered<T> {
  const { outcome, tooLong = false, runningUntil } = found;
  if (found.call !== call) return { kind: "mismatch" };
  if (outcome !== undefined) {
    return { kind: "outcome", outcome: JSON.parse(outcome) as T, repeated: true };
  }
  if (tooLong) return { kind: "too_long" };
  // A version before 0.2 has no such time; one that lies too far ahead is no sign of life.
  const running = runningUntil === undefined || isToCome(runningUntil, now, RUNNING_MS);
  return { kind: running ? "running" : "cut_off" };
}

/** An outcome as it is kept. */
export function keptOutcome(outcome: unknown): Pick<RememberedCall, "outcome" | "tooLong"> {
  const json = JSON.stringify(outcome);
  return json.length <= MAX_OUTCOME ? { outcome: json } : { tooLong: true };
}

/** The digests of a call's name, and of the call itself. */
export function namesOf(
  { subject, actor, key, tool, args }: CallKey,
): { id: string; call: string } {
  const call = digest(JSON.stringify([tool, args]));
  const who = [subject, actor.kind, actor.id];
  // Clients count their ids from 1 in every session: an id alone names no call.
  const parts = key.kind === "header" ? [...who, key.text] : [...who, "id", key.text, call];
  return { id: digest(JSON.stringify(parts)), call };
}
