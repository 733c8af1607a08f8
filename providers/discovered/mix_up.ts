/**
 * Whether an authorization page belongs to somebody else than who named it.
 *
 * The attack (RFC 9700 §4.4): a server of the attacker's names, in metadata of
 * its own, the authorization endpoint of an honest server and a token endpoint
 * of its own, and hands on our registration to the honest one. The person sees
 * the honest page, and the code goes to the attacker. `iss` in the answer (RFC
 * 9207) shows it, but not every honest server sends it.
 *
 * @module
 */

import { isSameIssuer } from "./address.ts";
import type { Documents } from "./documents.ts";
import { type Metadata, metadataPlaces } from "./metadata.ts";

/**
 * Asks the authorization page's own host whose it is, where that is not the
 * issuer's. Many honest servers are on two hosts; their two agree, or one says
 * nothing.
 */
export async function isSomebodyElses(
  documents: Documents,
  { issuer, authorizationEndpoint }: Pick<Metadata, "issuer" | "authorizationEndpoint">,
): Promise<boolean> {
  const page = new URL(authorizationEndpoint);
  if (page.origin === new URL(issuer).origin) return false;
  const folder = page.pathname.slice(0, page.pathname.lastIndexOf("/"));
  const owners = [...new Set(["", folder])].map((path) => new URL(path || "/", page.origin));
  // The root's two places, and the folder's first three.
  const places = owners.flatMap((owner) => metadataPlaces(owner).slice(0, 3));
  const read = await Promise.all(places.map((place) => documents.read(place)));
  return read.some((each) =>
    each.kind === "document" && typeof each.members.issuer === "string" &&
    isSamePage(each.members.authorization_endpoint, page) &&
    !isSameIssuer(each.members.issuer, issuer)
  );
}

function isSamePage(said: unknown, page: URL): boolean {
  const url = typeof said === "string" ? URL.parse(said) : null;
  return url?.origin === page.origin && url.pathname === page.pathname;
}
