/**
 * What was begun and is not finished: connect links, and people at a provider.
 * So many may live at a time. Where there are more, the oldest of the same
 * person gives way, and where a stranger could be meant by it, the oldest of
 * whoever has the most: nobody is kept out by what others have begun. Only an
 * app that makes too many links is told to wait. Known to this process alone,
 * but for how many sign-ins were begun from an address.
 *
 * @module
 */

import type { Acting } from "../core/actor.ts";
import type { ConnectLink, PendingAuthorization } from "../core/connection.ts";
import { LIMITS, type Limits, NO_LIMITS } from "../core/limits.ts";
import { LINK_LIFETIME_MS, PENDING_LIFETIME_MS } from "../core/link_bounds.ts";
import { Places } from "../core/places.ts";
import { refuseWhileOver } from "../core/refusal.ts";
import { digest } from "../core/secrets.ts";
import type { ExpiringStore, Store } from "../core/store.ts";
import type { World } from "../core/world.ts";

/** Links that are alive: of one user, of one app, of all. */
export const LINKS_ALIVE = { perSubject: 50, perApp: 10_000, all: 50_000 };
/** People who are at a provider to connect: of one subject, of all. */
export const CONNECTING = { perSubject: 20, all: 20_000 };
/** People who are at a provider to sign in: of one browser, of all. */
export const SIGNING_IN = { perBrowser: 5, all: 5_000 };
/** Sign-ins that are begun from one address. */
export const SIGN_IN_STARTS = LIMITS.sign_in;

/** Who wants to sign in. */
export interface SignInRequest {
  provider: string;
  returnTo: string;
  browser: string;
  /** The person wants another account than the one they are signed in with there. */
  another?: boolean | undefined;
  /** Of the browser; `undefined` where it could be everybody's. */
  address?: string | undefined;
}

/** What one process has begun. */
export class Outstanding {
  readonly #store: Pick<Store, "links" | "pending">;
  readonly #clock: Pick<World, "now">;
  readonly #linksOf = placesOf(LINKS_ALIVE.perSubject, LINKS_ALIVE.all, LINK_LIFETIME_MS);
  readonly #linksBy = placesOf(LINKS_ALIVE.perApp, LINKS_ALIVE.all, LINK_LIFETIME_MS);
  readonly #connecting = placesOf(CONNECTING.perSubject, CONNECTING.all, PENDING_LIFETIME_MS);
  // One more than by address: who loses a place is decided there, since browsers cost nothing.
  readonly #browsers = placesOf(SIGNING_IN.perBrowser, SIGNING_IN.all + 1, PENDING_LIFETIME_MS);
  readonly #addresses = placesOf(SIGNING_IN.all, SIGNING_IN.all, PENDING_LIFETIME_MS);
  readonly #limits: Limits;

  constructor(
    store: Pick<Store, "links" | "pending">,
    clock: Pick<World, "now">,
    limits: Limits = NO_LIMITS,
  ) {
    this.#limits = limits;
    this.#store = store;
    this.#clock = clock;
  }

  /** Links, one of them to be made. An app with too many has to wait, and no other does. */
  linksFor({ subject, actor }: Acting): ExpiringStore<ConnectLink> {
    const app = actor.kind === "app" ? actor.id : undefined;
    return this.#admitting(this.#store.links, this.#linksOf, (link, now) => {
      if (app !== undefined) refuseWhileOver(this.#linksBy.wait(app, now));
      const dropped = this.#linksOf.take(subject, link, now);
      for (const old of dropped) this.#linksBy.leave(old);
      // It drops none: an app that has too many was told to wait, and of all there are no more here.
      if (app !== undefined) this.#linksBy.take(app, link, now);
      return dropped;
    });
  }

  /** People who set out to connect something. */
  connecting(): ExpiringStore<PendingAuthorization> {
    return this.#admitting(
      this.#store.pending,
      this.#connecting,
      (pending, now, { subject, browser }) =>
        this.#connecting.take(subject ?? browser, pending, now),
    );
  }

  /** Somebody who sets out to sign in, and can be anybody. */
  signingIn({ browser, address }: SignInRequest): ExpiringStore<PendingAuthorization> {
    const owner = digest(browser);
    const store = this.#admitting(this.#store.pending, this.#addresses, (pending, now) => {
      const dropped = this.#browsers.take(owner, pending, now);
      for (const old of dropped) this.#addresses.leave(old);
      const also = this.#addresses.take(address ?? owner, pending, now);
      for (const old of also) this.#browsers.leave(old);
      return [...dropped, ...also];
    });
    return {
      ...store,
      put: async (key, value) => {
        if (address !== undefined) {
          refuseWhileOver(await this.#limits.take({ name: "sign_in", key: address }));
        }
        await store.put(key, value);
      },
    };
  }

  /** The same store; what is put there gets a place first, and what lost its place is deleted. */
  #admitting<T extends { expiresAt: number }>(
    store: ExpiringStore<T>,
    places: Places,
    admit: (digest: string, now: number, value: T) => string[],
  ): ExpiringStore<T> {
    return {
      ...store,
      put: async (key, value) => {
        const dropped = admit(key, this.#clock.now(), value);
        await Promise.all(dropped.map((old) => drop(store, old)));
        await store.put(key, value);
        // Many at the same time: whoever dropped it meanwhile did not find it.
        if (!places.has(key)) await drop(store, key);
      },
    };
  }
}

function placesOf(perOwner: number, all: number, lifetimeMs: number): Places {
  return new Places({ perOwner, all, lifetimeMs });
}

/** One that was used meanwhile is gone already. */
async function drop<T extends { expiresAt: number }>(
  store: ExpiringStore<T>,
  key: string,
): Promise<void> {
  const found = await store.peek(key);
  if (found !== null) await store.take(key, found.version);
}
