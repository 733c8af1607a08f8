/**
 * An MCP server as a protected resource (RFC 9728): what it is called, who
 * issues tokens for it, and with which scopes.
 *
 * @module
 */

import { type Challenge, scopesIn } from "../../broker/core/challenge.ts";
import { withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import { type Named, usableAddress } from "./address.ts";
import { type Documents, textsOf } from "./documents.ts";

/** What a server says of itself. */
export interface Resource {
  /** Sent as `resource` (RFC 8707). */
  resource: string;
  /** As they are written; none where the server's own origin is meant. */
  issuers: string[];
  scopes: string[];
}

export type FoundResource =
  | { kind: "found"; resource: Resource }
  | { kind: "none" }
  | { kind: "foreign" }
  | { kind: "later"; retryAfter?: number | undefined };

/** Several are tried, but nobody has a dozen. */
const MOST_ISSUERS = 4;

/** Reads the server's metadata, from where the challenge says, else from the well-known places. */
export async function findResource(
  documents: Documents,
  named: Named,
  challenge: Challenge | undefined,
): Promise<FoundResource> {
  let outcome: FoundResource = { kind: "none" };
  for (const url of placesOf(named, challenge?.resourceMetadata)) {
    const read = await documents.read(url);
    if (read.kind === "later" && outcome.kind === "none") outcome = read;
    if (read.kind !== "document") continue;
    const resource = resourceOf(read.members, named);
    if (resource !== undefined) return { kind: "found", resource };
    outcome = { kind: "foreign" };
  }
  return outcome;
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

function placesOf(named: Named, said: string | undefined): URL[] {
  const { upstream } = named;
  const places: URL[] = [];
  // Relative ones were seen; RFC 9728 §5.1 wants none.
  const own = said === undefined ? undefined : URL.parse(said, upstream)?.href;
  const usable = usableAddress(own, named);
  if (usable !== undefined) places.push(usable);
  const path = withoutTrailingSlashes(upstream.pathname);
  for (const part of [path, ""]) places.push(new URL(WELL_KNOWN + part, upstream.origin));
  return places.filter(({ href }, at) => places.findIndex((each) => each.href === href) === at);
}

/** `undefined` where it is another resource's metadata, or names nobody usable. */
function resourceOf(
  { resource, authorization_servers, scopes_supported }: Record<string, unknown>,
  named: Named,
): Resource | undefined {
  const { upstream } = named;
  const own = resourceFor(resource, upstream);
  if (own === undefined) return undefined;
  const issuers = textsOf(authorization_servers) ?? [];
  const usable = issuers.filter((text) => usableAddress(text, named)?.search === "");
  if (issuers.length > 0 && usable.length === 0) return undefined;
  return {
    resource: own,
    issuers: usable.slice(0, MOST_ISSUERS),
    scopes: scopesIn(textsOf(scopes_supported)),
  };
}

/**
 * What the server is called in requests for tokens: its own word, where that is
 * its address or stands above it, to the letter, since some compare letters.
 * Where it is another path of the origin, the address itself: a token for a
 * neighbour is not to be sent here. Another origin's metadata is refused.
 */
function resourceFor(said: unknown, upstream: URL): string | undefined {
  const address = ownAddress(upstream);
  if (said === undefined || said === null) return address;
  const url = typeof said === "string" ? URL.parse(said) : null;
  if (typeof said !== "string" || url?.origin !== upstream.origin) return undefined;
  if (url.hash !== "" || url.username !== "" || url.password !== "") return undefined;
  const above = withoutTrailingSlashes(url.pathname);
  const path = withoutTrailingSlashes(upstream.pathname);
  const covers = path === above || path.startsWith(`${above}/`);
  return covers && (url.search === "" || url.search === upstream.search) ? said : address;
}

/** A server's address as a resource: without a fragment (RFC 8707 §2). */
export function ownAddress(upstream: URL): string {
  const url = new URL(upstream);
  url.hash = "";
  // The URL class ends an origin with a slash that nobody wrote.
  return url.pathname === "/" && url.search === "" ? url.origin : url.href;
}
