/**
 * Connect links: for one connection, short-lived, kept hashed. Whoever holds one may
 * connect an account for one subject, so the page behind it says for whom.
 *
 * @module
 */

import type { Activity } from "../core/activity.ts";
import type { Acting } from "../core/actor.ts";
import { type Clocks, isOpen, isToCome } from "../core/clock.ts";
import type { AuthorizationServer, Service } from "../core/authorization_server.ts";
import type { ConnectLink, Extra } from "../core/connection.ts";
import { LINK_LENGTHS, LINK_LIFETIME_MS } from "../core/link_bounds.ts";
import { type Cure, type Reason, Refusal } from "../core/refusal.ts";
import { requestedScopes, servicesOf, type Target } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import { find, type Found } from "../core/single_use.ts";
import type { ExpiringStore } from "../core/store.ts";
import { partsOf, type Subject } from "../core/subject.ts";
import type { World } from "../core/world.ts";
import { inPopup } from "./ending.ts";
import { checkedParams } from "./params.ts";
import { newTrail, noteFailure, noteStep } from "./trail.ts";
import { type Closed, requireWayIn, type WayDeps, wayInto } from "./way_in.ts";

/** Whom a link is made for, and what it connects. */
export interface LinkRequest extends Acting {
  target: Target;
  /** The path segment: what the caller called the service. */
  service: string;
  scope?: string | undefined;
  account?: string | undefined;
  returnTo?: string | undefined;
  /** The web origin of the page that opens it in a pop-up, and hears of the end there. */
  origin?: string | undefined;
  /** Where at the provider, as far as the app says it; the page asks for the rest. */
  params?: Extra | undefined;
  lifetimeMs?: number | undefined;
}

/** Where links are kept, what their URLs are made of, and what the operator allows. */
export interface LinkDeps extends WayDeps {
  clocks: Clocks;
  links: ExpiringStore<ConnectLink>;
  world: World;
  /** Where failures are noted; absent: in the log alone. */
  activity?: Activity | undefined;
  publicUrl: string;
}

type DraftDeps = WayDeps & Pick<LinkDeps, "world">;

/**
 * What a link says, before anybody holds it.
 *
 * @throws {Refusal} `invalid_request`, `service_not_allowed`, `link_withdrawn`.
 */
export function linkOf(deps: DraftDeps, request: LinkRequest): ConnectLink {
  const drafted = draft(deps, request);
  if ("closed" in drafted) throw new Refusal(reasonOf(drafted.closed, request));
  return drafted.link;
}

/** The link, or why today's rules let nobody make it. */
function draft(
  deps: DraftDeps,
  request: LinkRequest,
): { link: ConnectLink } | { closed: Closed } {
  const { subject, actor, target, service, scope, account, params } = request;
  requireLengths(request);
  if (params !== undefined) checkedParams(target.server, params);
  const scopes = requestedScopes(target, scope);
  const meant = target.isProvider ? opened(target.server, scopes) : target.services;
  const services = meant.map(({ name }) => name);
  const provider = target.server.name;
  const { returnTo, origin } = request;
  const way = wayInto(deps, { subject, provider, services, returnTo, origin });
  if (way.kind === "closed") return { closed: way.why };
  const link: ConnectLink = {
    subject,
    actor,
    provider,
    service,
    services,
    scopes,
    userId: partsOf(subject).userId,
    scopeParam: scope,
    account,
    returnTo: way.kind === "app" ? way.returnTo : undefined,
    origin: way.kind === "app" ? way.origin : undefined,
    params,
    trail: newTrail(deps.world),
    expiresAt: deps.world.now() + (request.lifetimeMs ?? LINK_LIFETIME_MS),
  };
  return { link };
}

/** What scopes open, without the provider's own service where it stands for no scope of theirs. */
function opened(server: AuthorizationServer, scopes: string[]): Service[] {
  const all = servicesOf(server, scopes);
  const others = all.filter((one) => one.name !== server.name || one.scopes.length > 0);
  return others.length === 0 ? all : others;
}

/** Why no link is made, for whoever asked for one. */
function reasonOf(closed: Closed, { target, service }: LinkRequest): Reason {
  switch (closed) {
    case "unknown_realm":
      return { code: "link_withdrawn" };
    case "service_not_allowed":
      return { code: closed, service: target.isProvider ? target.server.name : service };
    case "return_url_not_allowed": {
      const detail = "return_to must be an absolute URL that RETURN_URLS allows";
      return { code: "invalid_request", detail };
    }
    case "origin_not_allowed": {
      const detail = 'origin must be a web origin such as "https://app.example.com", without a ' +
        "path, and RETURN_URLS must have an address there (RETURN_TO of this key counts as well)";
      return { code: "invalid_request", detail };
    }
    case "hand_off_only": {
      const detail = "return_to is missing: this app's users are connected by hand-off only, " +
        "and no default is set in RETURN_TO";
      return { code: "invalid_request", detail };
    }
  }
}

/**
 * Makes a link; its secret is in the URL and nowhere else.
 *
 * @throws {Refusal} `invalid_request` for a scope or a `returnTo` that is not allowed, for one
 * that is missing, and for what is longer than {@linkcode LINK_LENGTHS}; `service_not_allowed`;
 * `link_withdrawn` where the subject's realm is nobody's any more.
 */
export async function createLink(
  deps: LinkDeps,
  request: LinkRequest,
): Promise<{ url: string; expiresAt: number }> {
  const link = linkOf(deps, request);
  return { url: await keep(deps, link), expiresAt: link.expiresAt };
}

/**
 * The link that nobody asked for, and that mends what is missing: as `createLink()`, but where the
 * operator lets no such link be made it says so.
 */
export async function cureLink(deps: LinkDeps, request: LinkRequest): Promise<Cure> {
  const drafted = draft(deps, request);
  if ("closed" in drafted) return { onlyInApp: drafted.closed === "hand_off_only" };
  return { connectUrl: await keep(deps, drafted.link) };
}

/** Keeps a link under a new secret; returns its URL. */
async function keep(
  { links, world, publicUrl, activity }: LinkDeps,
  link: ConnectLink,
): Promise<string> {
  const secret = world.secret();
  const requestId = activity?.requestId();
  const made = { at: world.now(), step: "link_made", requestId } as const;
  await links.put(digest(secret), { ...link, made });
  // In the log alone: the record is begun with its first use.
  noteStep({ world }, link, "link_made");
  return urlOf(publicUrl, link, secret);
}

/** The address of a link. */
export function urlOf(publicUrl: string, link: ConnectLink, secret: string): string {
  const url = new URL(`/auth/${link.service}`, publicUrl);
  url.searchParams.set("user_id", link.userId);
  if (link.scopeParam !== undefined) url.searchParams.set("scope", link.scopeParam);
  url.searchParams.set("link", secret);
  return url.href;
}

/** The parameters of an opened link, as they came. */
export interface PresentedLink {
  service: string;
  userId: string | undefined;
  scope: string | undefined;
  secret: string | undefined;
  /** What the page behind it asked for. */
  params?: Extra | undefined;
}

/** Who uses a link. */
export interface Visitor {
  /** The browser's cookie, if it has one. */
  browser: string | undefined;
  /** Who is signed in there, if anybody is. */
  person: Subject | undefined;
}

/**
 * The link behind a URL, for a browser that may still use it. Reading it changes nothing.
 *
 * @throws {Refusal} `link_invalid`, `link_changed`, `link_expired`, `link_withdrawn`,
 * `sign_in_needed`, `other_person`.
 */
export async function readLink(
  deps: LinkDeps,
  presented: PresentedLink,
  { browser, person }: Visitor,
): Promise<Found<ConnectLink>> {
  const { links } = deps;
  const found = await find(links, presented.secret);
  if (found === null) throw new Refusal({ code: "link_invalid" });
  const { value: link } = found;
  try {
    requireUsable(link, presented, browser);
    if (link.done === undefined && !await isOpenStill(deps, link)) {
      throw new Refusal({ code: "link_expired" });
    }
    requireWayIn(deps, link, person);
    requireNotDone(deps, link);
  } catch (error) {
    noteFailure(deps, link, error);
    // Whose page waits for it is known: it need not wait until the person closes the pop-up.
    throw inPopup(deps, { ...link, link: presented.secret }, error, { ends: true });
  }
  return found;
}

/** Who comes back by it in the same browser is told that it has worked. */
function requireNotDone({ servers }: LinkDeps, { provider, done }: ConnectLink): void {
  if (done === undefined) return;
  const server = servers.get(provider);
  const titles = (server?.services ?? []).filter(({ name }) => done.services.includes(name))
    .map(({ title }) => title);
  const title = titles.length === 0 ? server?.title ?? provider : titles.join(", ");
  throw new Refusal({ code: "link_done", title, label: done.label, handedOff: done.handedOff });
}

function requireUsable(
  link: ConnectLink,
  presented: PresentedLink,
  browser: string | undefined,
): void {
  // Another browser confirmed it: to this one it is used up.
  const isTaken = link.browser !== undefined &&
    (browser === undefined || digest(browser) !== link.browser);
  if (isTaken) throw new Refusal({ code: "link_invalid" });
  if (
    link.service !== presented.service || link.userId !== presented.userId ||
    (link.scopeParam ?? "") !== (presented.scope ?? "")
  ) throw new Refusal({ code: "link_changed" });
}

/** As {@linkcode isGood}, by whichever clock it was made. */
function isOpenStill({ clocks, world }: LinkDeps, link: ConnectLink): Promise<boolean> {
  const { usableUntil, expiresAt } = link;
  return isOpen(clocks, usableUntil ?? expiresAt, world.now(), LINK_LIFETIME_MS);
}

/** Whether it has not expired; its record may live on for what was begun with it. */
export function isGood({ usableUntil, expiresAt }: ConnectLink, now: number): boolean {
  return isToCome(usableUntil ?? expiresAt, now, LINK_LIFETIME_MS);
}

/** Before anybody sets out: what cannot be kept would be found out when a code is used up. */
function requireLengths(request: LinkRequest): void {
  for (const [part, longest] of Object.entries(LINK_LENGTHS)) {
    const text = request[part as keyof typeof LINK_LENGTHS];
    if (text !== undefined && text.length > longest) {
      const detail = `${part} is longer than ${longest} characters`;
      throw new Refusal({ code: "invalid_request", detail });
    }
  }
}
