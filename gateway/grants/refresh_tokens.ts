/**
 * What a refresh token gives that comes to the token endpoint. Pure: the
 * records and `now` are arguments.
 *
 * Real clients come again with refresh tokens that they have used: several
 * processes share one store and refresh from what they read at their start, an
 * answer gets lost, a laptop sleeps (Claude Code, Codex and opencode, seen from
 * February to September 2026). Many forget all they have when they are refused
 * once. So:
 *
 * 1. Until its successor is used, a refresh token leads to that same successor,
 *    however late. *Used* means that the successor itself came to the token
 *    endpoint. An access token that was issued with it does not count, though
 *    it shows that an answer arrived: at one of the copies, and the others
 *    still come with the old one. So copies that keep pace share one chain, and
 *    nothing is written per call to find out.
 * 2. For an hour after that ({@linkcode FORK_MS}) it gets a branch of its own,
 *    at most {@linkcode MAX_FORKS} times. The hour begins with the successor's
 *    first use, not with its own: access tokens live for an hour, so a copy
 *    that is one turn behind comes about then, when an hour from its own use
 *    would be over. A branch's first token is what the old one leads to from
 *    then on, by rule 1: many processes that come at once share it.
 * 3. Later, or from another client or key, it is refused, and nothing ends:
 *    neither a late client nor whoever found an old token takes the sign-in
 *    away from those who use it.
 *
 * Clients that authenticate keep to {@linkcode ROTATION_GRACE_MS}: they are one
 * program in one place, and its operator can mend it. What a copy that keeps
 * pace is, a thief may be as well: nobody can tell two holders of one chain
 * apart. `tests/faults/sign_in_model/` says what each gets, and for how long.
 *
 * @module
 */

import { isToCome } from "../../broker/core/clock.ts";
import type {
  GatewaySecret,
  Grant,
  GrantLifetimes,
  RefusedReplay,
} from "../../broker/core/grant.ts";
import { lives } from "./branches.ts";

/** A client that authenticates may come again with a used refresh token for this long. */
export const ROTATION_GRACE_MS = 60_000;

/** A used one of any other client gets branches for this long after its successor's first use. */
export const FORK_MS = 60 * 60_000;

/** So many branches come of one refresh token. */
export const MAX_FORKS = 4;

/** Who comes with it. */
export interface Presenter {
  clientId: string;
  /** RFC 7638 thumbprint of the key that it has proved to hold. */
  key: string | undefined;
  /** Whether it proves that it is this client (RFC 6749 §2.3). */
  authenticates: boolean;
}

/** What is known of it. */
export interface Presented {
  token: GatewaySecret;
  /** The record of what it leads to; see {@linkcode leadsTo}. */
  successor: GatewaySecret | undefined;
  grant: Grant;
  lifetimes: GrantLifetimes;
}

/** What it gives. */
export type Verdict =
  /** A successor, for the first time. */
  | { kind: "rotate" }
  /** The successor that it got before. */
  | { kind: "repeat"; successor: string; branch: number | undefined }
  /** A branch, from where on it leads there; until `until` it may come again. */
  | { kind: "fork"; count: number; until: number }
  | { kind: "refuse"; why: RefusedReplay };

/** The refresh token that it was exchanged for last. */
export function leadsTo({ forked, rotated }: GatewaySecret): string | undefined {
  return forked?.successor ?? rotated?.successor;
}

/** Judges a refresh token of a grant that lives. */
export function judge(
  { token, successor, grant, lifetimes }: Presented,
  { clientId, key, authenticates }: Presenter,
  now: number,
): Verdict {
  const { branch, rotated, forked } = token;
  if (grant.clientId !== clientId) return { kind: "refuse", why: "other_client" };
  // One that is bound to no key stays so: a thief who binds it first would lock the others out.
  if (token.key !== undefined && token.key !== key) return { kind: "refuse", why: "other_key" };
  if (!lives(grant, branch, lifetimes, now)) return { kind: "refuse", why: "ended" };
  if (rotated === undefined) return { kind: "rotate" };
  if (authenticates) {
    return isToCome(rotated.at + ROTATION_GRACE_MS, now, ROTATION_GRACE_MS)
      ? { kind: "repeat", successor: rotated.successor, branch }
      : { kind: "refuse", why: "late" };
  }
  const lead = leadsTo(token);
  if (lead === undefined || successor === undefined) return { kind: "refuse", why: "late" };
  // Whoever ended the branch that came of it does not want the next one.
  if (!lives(grant, successor.branch, lifetimes, now)) return { kind: "refuse", why: "ended" };
  if (successor.rotated === undefined) {
    return { kind: "repeat", successor: lead, branch: successor.branch };
  }
  const { count, until } = forked ?? { count: 0, until: successor.rotated.at + FORK_MS };
  if (!isToCome(until, now, FORK_MS)) return { kind: "refuse", why: "late" };
  if (count >= MAX_FORKS) return { kind: "refuse", why: "too_often" };
  return { kind: "fork", count: count + 1, until };
}
