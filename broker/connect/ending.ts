/**
 * How whoever sent a person off hears of the end: an app at its `return_to`, or
 * its page from the pop-up that it opened.
 *
 * @module
 */

import type { PendingAuthorization } from "../core/connection.ts";
import type { Ending, Popup, Told } from "../core/popup.ts";
import { Refusal } from "../core/refusal.ts";
import { digest } from "../core/secrets.ts";
import { wordsOf } from "../core/words.ts";
import { type Wanted, type WayDeps, wayInto } from "./way_in.ts";

/** Characters of a link's digest: enough to tell trips in one tab from each other. */
const TRIP_LENGTH = 16;

/** Where it leads, by today's rules. */
export type Back = Pick<PendingAuthorization, "returnTo" | "origin">;

/** The end, as it is told; `undefined`: the app hears of nothing, and our own page says it all. */
export function endingOf(
  { returnTo, origin, link }: Back & Pick<PendingAuthorization, "link">,
  told: Told,
): Ending | undefined {
  if (origin === undefined) {
    if (returnTo === undefined) return undefined;
    // By a redirect, an app that was given something has always heard of the code alone.
    const said = "code" in told ? { code: told.code } : told;
    return { told, redirectTo: withQuery(returnTo, said) };
  }
  const redirectTo = returnTo === undefined ? undefined : withQuery(returnTo, told);
  return { told, redirectTo, popup: { ...popupOf(origin, link), told } };
}

/** What of the answer is ours, in the place of whatever the app has put there itself. */
function withQuery(address: string, said: Record<string, string | undefined>): URL {
  const url = new URL(address);
  for (const name of ["code", "error"]) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(said)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

/** A pop-up by a link. */
export function popupOf(origin: string, link: string | undefined): Popup {
  return { origin, trip: digest(link ?? "").slice(0, TRIP_LENGTH) };
}

/**
 * The same refusal, of something that goes on in an app's pop-up: its page must not cut that off
 * from the app's, since the person may try again. `ends`: for this link it is over, and the app
 * is told. By today's rules: an origin that was taken out of them hears of nothing.
 */
export function inPopup(
  deps: WayDeps,
  trip: Wanted & Pick<PendingAuthorization, "link" | "service">,
  error: unknown,
  { ends }: { ends: boolean },
): unknown {
  if (!(error instanceof Refusal) || trip.origin === undefined) return error;
  const way = wayInto(deps, trip);
  if (way.kind !== "app" || way.origin === undefined) return error;
  const { reason } = error;
  const popup = popupOf(way.origin, trip.link);
  if (ends) {
    popup.told = { error: wordsOf(reason).error, service: trip.service ?? trip.provider };
  }
  return new Refusal({ ...reason, popup }, { cause: error });
}
