/**
 * What a provider sent back through the browser: read, and held against what was
 * begun. Nothing is used up here.
 *
 * @module
 */

import type { Activity } from "../core/activity.ts";
import { isOpen } from "../core/clock.ts";
import type { PendingAuthorization } from "../core/connection.ts";
import { PENDING_LIFETIME_MS } from "../core/link_bounds.ts";
import { Refusal } from "../core/refusal.ts";
import { digest } from "../core/secrets.ts";
import { find, type Found } from "../core/single_use.ts";
import type { Store } from "../core/store.ts";
import type { Subject } from "../core/subject.ts";
import type { World } from "../core/world.ts";
import { inPopup } from "./ending.ts";
import { noteFailure } from "./trail.ts";
import type { WayDeps } from "./way_in.ts";

/** What came back on a callback URL. */
export interface Callback {
  /** The provider in the path. */
  provider: string;
  state: string | undefined;
  code: string | undefined;
  error: string | undefined;
  /** RFC 9207. */
  iss: string | undefined;
  /** Everything that came, those above included. */
  query: Record<string, string>;
  /** The browser's cookie. */
  browser: string | undefined;
  /** Who is signed in in that browser, if anybody is. */
  person: Subject | undefined;
}

/** The longest authorization code, in characters; 2,400 were seen. It goes into a form body as it is. */
export const LONGEST_CODE = 8 * 1024;

interface CallbackDeps extends WayDeps {
  store: Pick<Store, "pending" | "clocks">;
  world: Pick<World, "now" | "log">;
  activity?: Activity | undefined;
}

/**
 * What was begun with a state, and has not come back.
 *
 * @throws {Refusal} `state_missing`, `state_invalid`, `state_expired`, `browser_mismatch`,
 * `service_mismatch`.
 */
export async function readPending(
  deps: CallbackDeps,
  { provider, state, browser }: Callback,
): Promise<Found<PendingAuthorization>> {
  const { store, world } = deps;
  const found = await find(store.pending, state);
  if (found === null) {
    throw new Refusal({ code: (state ?? "") === "" ? "state_missing" : "state_invalid" });
  }
  const { value: pending } = found;
  const refusal = (code: "browser_mismatch" | "service_mismatch" | "state_expired") => {
    const refused = new Refusal({ code });
    noteFailure(deps, pending, refused);
    return refused;
  };
  if (browser === undefined || digest(browser) !== pending.browser) {
    throw refusal("browser_mismatch");
  }
  if (pending.provider !== provider) throw refusal("service_mismatch");
  if (!await isOpen(store.clocks, pending.expiresAt, world.now(), PENDING_LIFETIME_MS)) {
    const expired = refusal("state_expired");
    const { subject } = pending;
    throw subject === undefined
      ? expired
      : inPopup(deps, { ...pending, subject }, expired, { ends: true });
  }
  return found;
}

/** What the provider said. */
export type Said = { code: string } | { error: string };

/**
 * A code, or the provider's error; refuses an answer that is neither, or both. One without a
 * value is not there (RFC 6749 §3.1): some providers send `code=` along with an error.
 */
export function saidBy({ code = "", error = "" }: Callback): Said {
  const refuse = (detail: string) => new Refusal({ code: "invalid_request", detail });
  if (code === "" && error === "") throw refuse("The answer carries no code.");
  if (code !== "" && error !== "") throw refuse("The answer carries both a code and an error.");
  // A page of text is no code.
  if (code.length > LONGEST_CODE) throw refuse("The answer carries a code that is too long.");
  return code === "" ? { error } : { code };
}
