/**
 * By which way a connection may come to a subject. A connect link can be
 * forwarded, and whoever confirms it connects their own account for the
 * link's subject (cross-user session fixation). Who has to be there when a link
 * is used therefore depends on who the subject is, and not on who made the link
 * or how: this is the one place that says it.
 *
 * It is asked when a link is made, opened and confirmed, and when the browser
 * comes back: what counts is the configuration of that moment, not the one that
 * a link was made under.
 *
 * @module
 */

import { type App, refusedService } from "../core/api_key.ts";
import { isSecure, parseUrl } from "../core/addresses.ts";
import { Refusal } from "../core/refusal.ts";
import type { Servers } from "../core/scopes.ts";
import { LOCAL_REALM, partsOf, type Subject } from "../core/subject.ts";
import type { World } from "../core/world.ts";

/** What the operator has set that decides it. */
export interface WayDeps {
  servers: Servers;
  /** `elsewhere`: over stdio, where no keys are known. The gateway that opens a link knows them. */
  apps: App[] | "elsewhere";
  /** `RETURN_URLS` */
  returnUrls: string[];
}

/** What is to be connected, for whom. Links and what was begun with them are this, too. */
export interface Wanted {
  subject: Subject;
  provider: string;
  services: string[];
  returnTo?: string | undefined;
  /** The web origin of the page that opens it in a pop-up. */
  origin?: string | undefined;
}

/** The way. */
export type WayIn =
  /** For an app's user. With `returnTo` or `origin` it is the app that lets it in, by claiming it. */
  | { kind: "app"; returnTo: string | undefined; origin?: string | undefined }
  /** For somebody who signs in here: in a browser with that person's session, and no other. */
  | { kind: "person" }
  /** For the person at this machine. Only stdio makes such links, and it has the key ring. */
  | { kind: "local" }
  | { kind: "closed"; why: Closed };

/** Why there is none. */
export type Closed =
  /** The realm is no key's and no provider's: it was, or the record is somebody's invention. */
  | "unknown_realm"
  | "service_not_allowed"
  | "return_url_not_allowed"
  /** It is not the origin of any address where the app's users may be sent. */
  | "origin_not_allowed"
  /** The app connects by hand-off only, and there is nowhere to hand off to. */
  | "hand_off_only";

/** The way of today. */
export function wayInto(
  { servers, apps, returnUrls }: WayDeps,
  { subject, provider, services, returnTo, origin }: Wanted,
): WayIn {
  const { realm } = partsOf(subject);
  // Apps' realms are never called like a provider; see config/names.ts.
  if (servers.has(realm)) return { kind: "person" };
  if (realm === LOCAL_REALM) return { kind: "local" };
  if (apps === "elsewhere") return { kind: "app", returnTo, origin };
  const app = apps.find((app) => app.realm === realm);
  // Never taken for an app's user: the sign-in provider of a person may have been removed.
  if (app === undefined) return { kind: "closed", why: "unknown_realm" };
  if (refusedService(app, provider, services) !== undefined) {
    return { kind: "closed", why: "service_not_allowed" };
  }
  // The operator has allowed the default by setting it, to this app and no other.
  const mayBe = app.returnUrls === undefined ? returnUrls : [...returnUrls, ...app.returnUrls];
  const allowed = app.returnTo === undefined ? mayBe : [...mayBe, app.returnTo];
  if (origin !== undefined && !mayHear(allowed, origin)) {
    return { kind: "closed", why: "origin_not_allowed" };
  }
  const back = returnTo ?? app.returnTo;
  // A page in whose pop-up it goes on is somewhere to hand off to, too.
  if (back === undefined && origin === undefined && app.handOffOnly) {
    return { kind: "closed", why: "hand_off_only" };
  }
  return back === undefined || back === app.returnTo || mayReturn(mayBe, back)
    ? { kind: "app", returnTo: back, origin }
    : { kind: "closed", why: "return_url_not_allowed" };
}

/**
 * The way that is open to whoever uses a link, or comes back from it: in their
 * browser `person` is signed in, if anybody is.
 *
 * @throws {Refusal} `link_withdrawn`, `sign_in_needed`, `other_person`.
 */
export function requireWayIn(
  deps: WayDeps & { world: Pick<World, "log"> },
  wanted: Wanted,
  person: Subject | undefined,
): WayIn {
  const way = wayInto(deps, wanted);
  if (way.kind === "closed") {
    const { realm } = partsOf(wanted.subject);
    const { provider } = wanted;
    deps.world.log({ level: "warn", event: "link_withdrawn", realm, provider, why: way.why });
    throw new Refusal({ code: "link_withdrawn" });
  }
  if (way.kind === "person" && person !== wanted.subject) {
    throw new Refusal({ code: person === undefined ? "sign_in_needed" : "other_person" });
  }
  return way;
}

/**
 * Whoever may be sent a person with a code may be told the code in a message. An origin as browsers
 * write it (HTML's "serialization of an origin"), and nothing like it: it is compared, letter by
 * letter, by the browser that delivers the message.
 */
function mayHear(allowed: string[], origin: string): boolean {
  const url = parseUrl(origin);
  return url !== undefined && url.origin === origin && isSecure(url) &&
    allowed.some((entry) => parseUrl(entry)?.origin === origin);
}

/** `RETURN_URLS` are exact URLs, or prefixes that end in `/`. */
function mayReturn(returnUrls: string[], returnTo: string): boolean {
  const url = parseUrl(returnTo);
  return url !== undefined && url.href === returnTo && url.hash === "" &&
    url.username === "" && url.password === "" &&
    returnUrls.some((entry) =>
      entry === returnTo || (entry.endsWith("/") && returnTo.startsWith(entry))
    );
}
