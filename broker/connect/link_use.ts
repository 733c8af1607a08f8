/**
 * How far a link goes. It is good for one connection, and not for one click:
 * people click twice, go back and click again, and say no by mistake. The
 * browser that confirms it first has it from then on, may set out with it as
 * often as it likes, and of all that it has begun one comes home. For every
 * other browser it is used up by the first confirmation: whoever was forwarded
 * a link, or read it over a shoulder, is late by then.
 *
 * @module
 */

import type { ConnectLink, Done, PendingAuthorization } from "../core/connection.ts";
import { LINK_LIFETIME_MS } from "../core/link_bounds.ts";
import { saidOf } from "../core/own_words.ts";
import { Refusal } from "../core/refusal.ts";
import { digest } from "../core/secrets.ts";
import { find } from "../core/single_use.ts";
import {
  isGood,
  type LinkDeps,
  type PresentedLink,
  readLink,
  urlOf,
  type Visitor,
} from "./link.ts";

/** Longer than what was begun with it, by whichever clock that ends. */
const KEPT_MS = LINK_LIFETIME_MS + 60 * 1000;

/**
 * The link, from now on the visitor's alone.
 *
 * @throws {Refusal} as {@linkcode readLink}; and what `check` throws, before anything is noted.
 */
export async function confirmLink<T>(
  deps: LinkDeps,
  presented: PresentedLink,
  visitor: Visitor & { browser: string },
  check: (link: ConnectLink) => Promise<T>,
): Promise<T> {
  for (;;) {
    const { value: link, replace } = await readLink(deps, presented, visitor);
    const checked = await check(link);
    const taken = {
      ...link,
      browser: digest(visitor.browser),
      usableUntil: link.usableUntil ?? link.expiresAt,
      expiresAt: Math.max(link.expiresAt, deps.world.now() + KEPT_MS),
    };
    // Another one was first, of the same browser, or of another one: reading it again tells.
    if (await replace(taken)) return checked;
  }
}

/** A link that something came home by: nothing else does, unless it is given back. */
export interface UsedLink {
  /** It is as good as before. Where the store is out it is not, and nobody is harmed. */
  giveBack(): Promise<void>;
  /** Its address, as long as it is good. */
  againUrl(): string | undefined;
  /** From now on it says what it has connected, to the browser that it was for, as long as it lives. */
  noteDone(done: Done): Promise<void>;
}

/** What was begun without a link. */
const NO_LINK: UsedLink = {
  giveBack: () => Promise.resolve(),
  againUrl: () => undefined,
  noteDone: () => Promise.resolve(),
};

/**
 * Takes the link before anything is asked of the provider, so that of two
 * sign-ins that come back at once one never gets as far.
 *
 * @throws {Refusal} `state_invalid`: something else came home by it.
 */
export async function useLink(
  deps: LinkDeps,
  pending: Pick<PendingAuthorization, "link" | "browser">,
): Promise<UsedLink> {
  const { links, world } = deps;
  const { link: secret, browser } = pending;
  if (secret === undefined) return NO_LINK;
  const found = await find(links, secret);
  const isHere = found !== null && found.value.browser === browser &&
    found.value.done === undefined && await found.take();
  if (!isHere) throw new Refusal({ code: "state_invalid", done: true });
  const { value: link } = found;
  const keep = async (kept: ConnectLink, event: string) => {
    try {
      await links.add(digest(secret), kept, world.now());
    } catch (error) {
      world.log({ level: "warn", event, detail: saidOf(error) });
    }
  };
  return {
    giveBack: () => keep(link, "link_not_given_back"),
    againUrl: () => againUrlOf(deps, secret, link),
    // Where it is not noted, who opens it again is told that it was used.
    noteDone: (done) => keep({ ...link, scopes: [], params: undefined, done }, "done_not_noted"),
  };
}

/** The address of a link that nothing came home by, as long as it is good. */
export async function againUrl(
  deps: LinkDeps,
  { link: secret }: Pick<PendingAuthorization, "link">,
): Promise<string | undefined> {
  if (secret === undefined) return undefined;
  const found = await find(deps.links, secret);
  return found === null ? undefined : againUrlOf(deps, secret, found.value);
}

function againUrlOf(
  { world, publicUrl }: LinkDeps,
  secret: string,
  link: ConnectLink,
): string | undefined {
  return link.done === undefined && isGood(link, world.now())
    ? urlOf(publicUrl, link, secret)
    : undefined;
}
