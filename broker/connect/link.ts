/**
 * Connect links: single use, short-lived, kept hashed. Whoever holds one may
 * connect an account for one subject, so the page behind it says for whom.
 *
 * @module
 */

import { Refusal } from "../core/refusal.ts";
import { requestedScopes, servicesOf, type Target } from "../core/scopes.ts";
import { digest, isSecret } from "../core/secrets.ts";
import { partsOf } from "../core/subject.ts";
import type { ConnectLink, ExpiringStore, Stored, Subject, World } from "../core/connection.ts";

/** How long a link lives if its maker does not say. */
export const LINK_LIFETIME_MS = 10 * 60 * 1000;
/** The shortest and the longest life that a maker may ask for, in seconds. */
export const LINK_SECONDS = { min: 30, max: 600 };

/** What a link is made for. */
export interface LinkRequest {
  subject: Subject;
  target: Target;
  /** The path segment: what the caller called the service. */
  service: string;
  scope?: string;
  account?: string;
  returnTo?: string;
  lifetimeMs?: number;
}

/** What makes and checks links. */
export interface LinkDeps {
  links: ExpiringStore<ConnectLink>;
  world: World;
  publicUrl: string;
  returnUrls: string[];
}

/** Makes a link; its secret is in the URL and nowhere else. */
export async function createLink(
  { links, world, publicUrl, returnUrls }: LinkDeps,
  { subject, target, service, scope, account, returnTo, lifetimeMs = LINK_LIFETIME_MS }:
    LinkRequest,
): Promise<{ url: string; expiresAt: number }> {
  if (returnTo !== undefined) requireReturnUrl(returnUrls, returnTo);
  const scopes = requestedScopes(target, scope);
  const services = target.isProvider ? servicesOf(target.server, scopes) : target.services;
  const secret = world.secret();
  const { userId } = partsOf(subject);
  const expiresAt = world.now() + lifetimeMs;
  await links.put(digest(secret), {
    subject,
    provider: target.server.name,
    service,
    services: services.map(({ name }) => name),
    scopes,
    userId,
    ...(scope === undefined ? {} : { scopeParam: scope }),
    ...(account === undefined ? {} : { account }),
    ...(returnTo === undefined ? {} : { returnTo }),
    expiresAt,
  });
  const url = new URL(`/auth/${service}`, publicUrl);
  url.searchParams.set("user_id", userId);
  if (scope !== undefined) url.searchParams.set("scope", scope);
  url.searchParams.set("link", secret);
  return { url: url.href, expiresAt };
}

/** The parameters of an opened link, as they came. */
export interface PresentedLink {
  service: string;
  userId: string | undefined;
  scope: string | undefined;
  secret: string | undefined;
}

/** The link behind a URL, unused; refuses one that is unknown, old or was changed. */
export async function readLink(
  { links, world }: LinkDeps,
  presented: PresentedLink,
): Promise<Stored<ConnectLink>> {
  const stored = isSecret(presented.secret) ? await links.peek(digest(presented.secret)) : null;
  if (stored === null) throw new Refusal({ code: "link_invalid" });
  const { value: link } = stored;
  if (
    link.service !== presented.service || link.userId !== presented.userId ||
    (link.scopeParam ?? "") !== (presented.scope ?? "")
  ) throw new Refusal({ code: "link_changed" });
  if (link.expiresAt <= world.now()) throw new Refusal({ code: "link_expired" });
  return stored;
}

/** `RETURN_URLS` are exact URLs, or prefixes that end in `/`. */
function requireReturnUrl(returnUrls: string[], returnTo: string): void {
  let url: URL | undefined;
  try {
    url = new URL(returnTo);
  } catch {
    // Told below.
  }
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
