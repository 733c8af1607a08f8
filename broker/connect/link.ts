/**
 * Connect links: single use, short-lived, kept hashed. Whoever holds one may
 * connect an account for one subject, so the page behind it says for whom.
 *
 * @module
 */

import type { Acting } from "../core/actor.ts";
import { parseUrl } from "../core/addresses.ts";
import type { ConnectLink } from "../core/connection.ts";
import { Refusal } from "../core/refusal.ts";
import { requestedScopes, servicesOf, type Target } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import { find, type Found } from "../core/single_use.ts";
import type { ExpiringStore } from "../core/store.ts";
import { partsOf } from "../core/subject.ts";
import type { World } from "../core/world.ts";

/** How long a link lives if its maker does not say. */
export const LINK_LIFETIME_MS = 10 * 60 * 1000;
/** The shortest and the longest life that a maker may ask for, in seconds. */
export const LINK_SECONDS = { min: 30, max: 600 };

/** The longest parts of a link, in characters: all of them go into the record of the trip. */
export const LINK_LENGTHS = { service: 64, scope: 2000, account: 320, returnTo: 2000 };

/** Whom a link is made for, and what it connects. */
export interface LinkRequest extends Acting {
  target: Target;
  /** The path segment: what the caller called the service. */
  service: string;
  scope?: string | undefined;
  account?: string | undefined;
  returnTo?: string | undefined;
  lifetimeMs?: number | undefined;
}

/** Where links are kept, and what their URLs are made of. */
export interface LinkDeps {
  links: ExpiringStore<ConnectLink>;
  world: World;
  publicUrl: string;
  returnUrls: string[];
}

/** What a link says, before anybody holds it. */
export function linkOf(
  { world, returnUrls }: Pick<LinkDeps, "world" | "returnUrls">,
  request: LinkRequest,
): ConnectLink {
  const { subject, actor, target, service, scope, account, returnTo } = request;
  requireLengths(request);
  if (returnTo !== undefined) requireReturnUrl(returnUrls, returnTo);
  const scopes = requestedScopes(target, scope);
  const services = target.isProvider ? servicesOf(target.server, scopes) : target.services;
  return {
    subject,
    actor,
    provider: target.server.name,
    service,
    services: services.map(({ name }) => name),
    scopes,
    userId: partsOf(subject).userId,
    scopeParam: scope,
    account,
    returnTo,
    expiresAt: world.now() + (request.lifetimeMs ?? LINK_LIFETIME_MS),
  };
}

/**
 * Makes a link; its secret is in the URL and nowhere else.
 *
 * @throws {Refusal} `invalid_request` for a scope or a `returnTo` that is not allowed, and for
 * what is longer than {@linkcode LINK_LENGTHS}.
 */
export async function createLink(
  deps: LinkDeps,
  request: LinkRequest,
): Promise<{ url: string; expiresAt: number }> {
  const { links, world, publicUrl } = deps;
  const link = linkOf(deps, request);
  const secret = world.secret();
  await links.put(digest(secret), link);
  const url = new URL(`/auth/${link.service}`, publicUrl);
  url.searchParams.set("user_id", link.userId);
  if (link.scopeParam !== undefined) url.searchParams.set("scope", link.scopeParam);
  url.searchParams.set("link", secret);
  return { url: url.href, expiresAt: link.expiresAt };
}

/** The parameters of an opened link, as they came. */
export interface PresentedLink {
  service: string;
  userId: string | undefined;
  scope: string | undefined;
  secret: string | undefined;
}

/**
 * The link behind a URL, unused.
 *
 * @throws {Refusal} `link_invalid`, `link_changed`, `link_expired`.
 */
export async function readLink(
  { links, world }: LinkDeps,
  presented: PresentedLink,
): Promise<Found<ConnectLink>> {
  const found = await find(links, presented.secret);
  if (found === null) throw new Refusal({ code: "link_invalid" });
  const { value: link } = found;
  if (
    link.service !== presented.service || link.userId !== presented.userId ||
    (link.scopeParam ?? "") !== (presented.scope ?? "")
  ) throw new Refusal({ code: "link_changed" });
  if (link.expiresAt <= world.now()) throw new Refusal({ code: "link_expired" });
  return found;
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

/** `RETURN_URLS` are exact URLs, or prefixes that end in `/`. */
function requireReturnUrl(returnUrls: string[], returnTo: string): void {
  const url = parseUrl(returnTo);
  const allowed = url !== undefined && url.href === returnTo && url.hash === "" &&
    url.username === "" && url.password === "" &&
    returnUrls.some((entry) =>
      entry === returnTo || (entry.endsWith("/") && returnTo.startsWith(entry))
    );
  if (!allowed) {
    const detail = "return_to must be an absolute URL that RETURN_URLS allows";
    throw new Refusal({ code: "invalid_request", detail });
  }
}
