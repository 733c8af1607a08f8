/**
 * The page behind a link to a service that is connected by an API key, and what
 * comes of it. The key comes in the body of a form of ours, and goes nowhere
 * but to its provider and into the vault: it stands in no address, no page, no
 * log line.
 *
 * @module
 */

import type { Context } from "hono";
import { LONGEST_KEY, type OpenedLink, type PresentedLink } from "../../broker/broker.ts";
import type { ApiKeyCredential } from "../../broker/core/authorization_server.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { AppDeps } from "../http/deps.ts";
import { titleOf } from "./titles.ts";

/** Who is asked, and by whom. */
export interface Asked {
  /** The app that asks; absent where a signed-in person connects for themselves. */
  app?: string | undefined;
  userId: string;
  /** Hidden in the form. */
  fields: Record<string, string | undefined>;
}

/** The page that asks for the key. */
export async function keyPage(
  c: Context,
  { link, server, meant }: OpenedLink,
  { made }: ApiKeyCredential,
  { app, userId, fields }: Asked,
): Promise<Response> {
  const { pasteKeyPage } = await import("./pages/paste_key.tsx");
  return c.html(pasteKeyPage({
    app,
    userId,
    title: titleOf(server, link.services),
    account: meant?.label,
    made,
    longest: LONGEST_KEY,
    action: `/auth/${link.service}`,
    fields,
  }));
}

/** A key was pasted into a form of ours, in the browser of `visitor`. */
export async function keepPasted(
  c: Context,
  { broker }: AppDeps,
  presented: PresentedLink,
  visitor: { browser: string; person: Subject | undefined; key: string },
): Promise<Response> {
  // What is around it was copied with it; no key has any.
  const key = visitor.key.trim();
  const done = await broker.pasteKey(presented, { ...visitor, key });
  if (done.kind === "handed_off") return c.redirect(done.redirectTo.href, 303);
  const { connectedPage } = await import("./pages/connected.tsx");
  const { server, services, label, meant, againUrl } = done;
  return c.html(connectedPage({
    title: titleOf(server, services),
    provider: server.title,
    label,
    withheld: [],
    missing: [],
    meant: meant?.label,
    byKey: true,
    againUrl,
  }));
}
