/**
 * The chains of refresh tokens that one grant has: the trunk, which began with
 * the code, and branches, each of which began with a refresh token that came
 * again late (`refresh_tokens.ts` says when). A chain is what a person can end
 * alone, with its access tokens: the grant names those that live, and it is
 * read at every call. Numbers are never given twice, so that what was ended
 * stays so without a list of the dead.
 *
 * There are at most {@linkcode MAX_BRANCHES} beside the trunk. Whoever would get
 * one more comes into the newest of them: to refuse it would let a thief who
 * fills all places lock an honest late copy out, and to end the oldest would let
 * him end somebody's sign-in. Pure: `now` is an argument.
 *
 * @module
 */

import type { Branch, Grant, GrantLifetimes } from "../../broker/core/grant.ts";
import { hasEnded } from "./grant_life.ts";

/** The number of the first chain. */
export const TRUNK = 0;

/** Beside the trunk, of those that live. */
export const MAX_BRANCHES = 4;

/** How exact "last used" is; more would be a write per call. */
export const USED_AT_MS = 60 * 60_000;

/** The chains that live, the oldest first. One that nobody uses ends as a grant does. */
export function branchesOf(grant: Grant, lifetimes: GrantLifetimes, now: number): Branch[] {
  const { createdAt, usedAt = createdAt } = grant;
  const { branches = [{ id: TRUNK, since: createdAt, usedAt }] } = grant;
  return branches.filter(({ usedAt }) => !hasEnded({ createdAt, usedAt }, lifetimes, now));
}

/** Whether a chain lives; `undefined` is the trunk. */
export function lives(
  grant: Grant,
  branch: number | undefined,
  lifetimes: GrantLifetimes,
  now: number,
): boolean {
  return branchesOf(grant, lifetimes, now).some(({ id }) => id === (branch ?? TRUNK));
}

/** A grant with one branch more. */
export interface Forked {
  grant: Grant;
  branch: Branch;
}

/** Begins a branch, or lets somebody into the newest where there are enough. */
export function forkGrant(grant: Grant, lifetimes: GrantLifetimes, now: number): Forked {
  const living = branchesOf(grant, lifetimes, now);
  const forks = living.filter(({ id }) => id !== TRUNK);
  const newest = forks.at(-1);
  if (newest === undefined || forks.length < MAX_BRANCHES) {
    const id = (grant.forks ?? 0) + 1;
    const branch = { id, since: now, usedAt: now };
    const branches = [...living, branch];
    return { grant: { ...grant, usedAt: now, forks: id, branches }, branch };
  }
  const branch = { ...newest, usedAt: now, joined: (newest.joined ?? 0) + 1 };
  const branches = living.map((each) => each === newest ? branch : each);
  return { grant: { ...grant, usedAt: now, branches }, branch };
}

/** Without a chain; `undefined` where none is left, or there was no such chain. */
export function withoutBranch(
  grant: Grant,
  branch: number,
  lifetimes: GrantLifetimes,
  now: number,
): { grant: Grant | undefined } | undefined {
  const living = branchesOf(grant, lifetimes, now);
  const branches = living.filter(({ id }) => id !== branch);
  if (branches.length === living.length) return undefined;
  return { grant: branches.length === 0 ? undefined : { ...grant, branches } };
}

/** With the time of this use; `undefined` where that was noted within the hour. */
export function used(grant: Grant, branch: number | undefined, now: number): Grant | undefined {
  const chain = grant.branches?.find(({ id }) => id === (branch ?? TRUNK));
  // Also where it was noted by a clock that ran ahead: it would be in use until then.
  const isNoted = (at = 0) => Math.abs(now - at) < USED_AT_MS;
  if (isNoted(grant.usedAt) && (chain === undefined || isNoted(chain.usedAt))) return undefined;
  const branches = grant.branches?.map((each) => each === chain ? { ...each, usedAt: now } : each);
  return { ...grant, usedAt: now, branches };
}
