/**
 * The person says no on the page behind a link, before anything is asked of the
 * provider. The link stays as good as it was: people think again.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Ending } from "../core/popup.ts";
import { Refusal } from "../core/refusal.ts";
import { endingOf } from "./ending.ts";
import { type PresentedLink, readLink, urlOf, type Visitor } from "./link.ts";
import { type AuthorizationDeps, serverOf } from "./new_connection.ts";
import { toldOf } from "./turned_back.ts";
import { noteEnd } from "./trail.ts";
import { requireWayIn } from "./way_in.ts";

/** What comes of a no. */
export type Declined =
  /** The app hears of it: `access_denied`. */
  | { kind: "turned_back"; server: AuthorizationServer; ending: Ending }
  /** There is nowhere to go back to. */
  | { kind: "declined"; server: AuthorizationServer; services: string[]; againUrl: string };

/**
 * The no to a link.
 *
 * @throws {Refusal} as `readLink()`, and `unknown_service`.
 */
export async function declineLink(
  deps: AuthorizationDeps,
  presented: PresentedLink,
  visitor: Visitor,
): Promise<Declined> {
  const { value: link } = await readLink(deps, presented, visitor);
  const server = serverOf(deps.servers, link.provider);
  const way = requireWayIn(deps, link, visitor.person);
  noteEnd(deps, link, "declined");
  const told = toldOf(link, new Refusal({ code: "access_denied", title: server.title }));
  const back = way.kind === "app" ? { ...way, link: presented.secret } : undefined;
  const ending = told && back && endingOf(back, told);
  if (ending !== undefined) return { kind: "turned_back", server, ending };
  const againUrl = urlOf(deps.publicUrl, link, presented.secret!);
  return { kind: "declined", server, services: link.services, againUrl };
}
