/**
 * Finds out how an MCP server wants people to be signed in: MCP's authorization
 * specification of 2025-11-25, and that of 2025-03-26 for servers that know no
 * other.
 *
 * The functions of the MCP SDK for this read whole documents strictly (one odd
 * member, and nothing is found), ask again for browsers' sake, and have no
 * bounds; so the rules are kept here, with everything that a server names.
 *
 * @module
 */

import { saidOf } from "../../broker/core/own_words.ts";
import { NotAllowed } from "../../broker/core/careful_fetch.ts";
import type { Discovered } from "../../broker/core/discovered.ts";
import { unique } from "../../broker/core/lists.ts";
import { isSameIssuer, type Named, usableAddress } from "./address.ts";
import { type Challenge, parseChallenge, scopesIn } from "../../broker/core/challenge.ts";
import { Documents } from "./documents.ts";
import { findMetadata, type Metadata } from "./metadata.ts";
import { isSomebodyElses } from "./mix_up.ts";
import { probe } from "./probe.ts";
import { findResource, ownAddress, type Resource } from "./resource.ts";

/** What became of it. Reasons are in own words, and quote nobody. */
export type Found =
  | { kind: "protected"; discovered: Discovered }
  /** It answered without asking for anybody. */
  | { kind: "open" }
  /** It asks for something that is not OAuth, or nothing usable was found. */
  | { kind: "unknown"; reason: string }
  /** It could not be found out now. */
  | { kind: "failed"; reason: string; retryAfter?: number | undefined };

/** What discovery needs of the outside. */
export interface DiscoveryDeps {
  /** Careful: strangers name where it goes. */
  fetch: typeof fetch;
  /** Epoch ms. */
  now: number;
  /** For all of it. */
  signal: AbortSignal;
  /** A `WWW-Authenticate` of the server's that was seen elsewhere: then it is not asked again. */
  challenge?: string | undefined;
  /** The operator said that the server is in a private network. */
  isPrivate?: boolean | undefined;
  /** The authorization server of before: of several it is the one, as long as it is named. */
  prefer?: string | undefined;
}

/** Finds out. Does not throw. */
export async function discover(upstreamUrl: string, deps: DiscoveryDeps): Promise<Found> {
  const { fetch, signal, isPrivate = false, now, prefer } = deps;
  const named: Named = { upstream: new URL(upstreamUrl), isPrivate };
  const documents = new Documents(fetch, signal);
  try {
    const seen = parseChallenge(deps.challenge);
    if (seen?.isOAuth) return await follow(documents, named, seen, { now, prefer });
    const asked = await probe(documents, named.upstream);
    switch (asked.kind) {
      case "open":
      case "failed":
        return asked;
      case "asks":
        return await follow(documents, named, asked.challenge, { now, prefer });
      case "unclear": {
        const found = await follow(documents, named, undefined, { now, prefer, isSure: false });
        const reason = `it answered with status ${asked.status}, and names no authorization server`;
        return found.kind === "unknown" ? { kind: "unknown", reason } : found;
      }
    }
  } catch (error) {
    if (signal.aborted) return { kind: "failed", reason: "no answer in time" };
    const isOwn = error instanceof NotAllowed;
    return { kind: "failed", reason: isOwn ? saidOf(error) : "it cannot be reached" };
  }
}

/** From the challenge, or without one, to the authorization server. */
async function follow(
  documents: Documents,
  named: Named,
  challenge: Challenge | undefined,
  { now, prefer, isSure = true }: Pick<DiscoveryDeps, "now" | "prefer"> & {
    /** Whether it is known that the server asks at all. */
    isSure?: boolean;
  },
): Promise<Found> {
  const found = await findResource(documents, named, challenge);
  // Without what the server has just pointed at, what else is found may be of another time.
  if (found.kind === "later" && challenge?.resourceMetadata !== undefined) {
    return later(found.retryAfter);
  }
  if (found.kind === "foreign") return unknown("its metadata is another server's, or names nobody");
  const known = found.kind === "found" ? found.resource : undefined;
  if (known === undefined && challenge !== undefined && !challenge.isOAuth) {
    return unknown("it asks for something else than OAuth");
  }
  if (known === undefined && !isSure) return unknown("nothing was found");
  const { origin } = named.upstream;
  const resource = known ?? { resource: ownAddress(named.upstream), issuers: [], scopes: [] };
  const server = resource.issuers.length > 0
    ? await firstOf(documents, named, resource.issuers, prefer)
    : await atOrigin(documents, named, origin);
  if (server.kind !== "found") {
    // What could not be read may have named another one.
    return found.kind === "later" && server.kind === "unknown" ? later(found.retryAfter) : server;
  }
  const { metadata } = server;
  if (await isSomebodyElses(documents, metadata)) {
    return unknown("its authorization page is another server's");
  }
  // What was not asked any more would have been asked for a reason.
  if (documents.wereTooMany) return unknown("its metadata leads to too many places");
  return {
    kind: "protected",
    discovered: { ...metadata, ...ownPart(resource, challenge), foundAt: now },
  };
}

function ownPart({ resource, scopes }: Resource, challenge: Challenge | undefined) {
  const asked = challenge?.scope === undefined ? [] : scopesIn([challenge.scope]);
  return { resource, scopes: asked.length > 0 ? asked : scopes };
}

type FoundServer = { kind: "found"; metadata: Metadata } | Exclude<Found, { kind: "protected" }>;

/** The first usable one of those that the resource names. */
async function firstOf(
  documents: Documents,
  named: Named,
  issuers: string[],
  prefer?: string,
): Promise<FoundServer> {
  const isPreferred = (issuer: string) => prefer !== undefined && isSameIssuer(issuer, prefer);
  const inOrder = [...issuers.filter(isPreferred), ...issuers.filter((each) => !isPreferred(each))];
  let outcome: FoundServer = unknown("its authorization server has no usable metadata");
  let silent: string | undefined;
  for (const issuer of inOrder) {
    const found = await findMetadata(documents, named, issuer);
    if (found.kind === "found") return found;
    if (found.kind === "none") silent ??= issuer;
    if (found.kind === "later") {
      outcome = later(found.retryAfter);
      // It has a bad moment: that is no reason to go to another one.
      if (isPreferred(issuer)) return outcome;
    }
    if (found.kind === "mismatch") {
      outcome = unknown("its authorization server's metadata names another issuer");
    }
  }
  const isSilent = silent !== undefined && outcome.kind === "unknown" &&
    usableAddress(silent, named) !== undefined;
  return isSilent ? await byDefault(documents, silent!) : outcome;
}

/**
 * As in 2025-03-26: the server's own origin is the authorization server, with
 * metadata or without. Nobody has named an issuer then: where the metadata
 * names another one, that one's own metadata counts, and nothing of this.
 */
async function atOrigin(documents: Documents, named: Named, origin: string): Promise<FoundServer> {
  const found = await findMetadata(documents, named, origin);
  switch (found.kind) {
    case "found":
      return found;
    case "later":
      return later(found.retryAfter);
    case "mismatch":
      return await firstOf(documents, named, [found.issuer]);
    case "none":
      return await byDefault(documents, origin);
  }
}

/** The default endpoints of 2025-03-26, where there is such a page at all. */
async function byDefault(documents: Documents, issuer: string): Promise<FoundServer> {
  const at = (path: string) => new URL(path, issuer);
  const response = await documents.send(at("/authorize"), { headers: { Accept: "text/html" } });
  await response?.body?.cancel();
  // Without parameters such a page is free to say anything, 500 too (seen November 2026).
  const isThere = response !== undefined && response.status !== 404 && response.status !== 410;
  if (!isThere) return unknown("it names no authorization server");
  return {
    kind: "found",
    metadata: {
      issuer,
      sendsIssuer: false,
      authorizationEndpoint: at("/authorize").href,
      tokenEndpoint: at("/token").href,
      registrationEndpoint: at("/register").href,
      takesDocuments: false,
      isGuess: true,
    },
  };
}

function unknown(reason: string): { kind: "unknown"; reason: string } {
  return { kind: "unknown", reason };
}

function later(retryAfter: number | undefined): Exclude<Found, { kind: "protected" }> {
  return { kind: "failed", reason: "its metadata cannot be read now", retryAfter };
}

/**
 * Scopes to ask for: those that are wanted, else what the server says, else
 * none. Without `offline_access`, where there is such a scope, many give no
 * refresh token.
 */
export function scopesToAsk(
  { scopes, scopesSupported = [] }: Pick<Discovered, "scopes" | "scopesSupported">,
  wanted: string[],
): string[] {
  const asked = wanted.length > 0 ? wanted : scopes;
  const offline = scopesSupported.includes("offline_access") ? ["offline_access"] : [];
  return unique([...asked, ...offline]);
}
