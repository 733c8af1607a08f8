/**
 * The metadata of an authorization server: RFC 8414, and OpenID Connect
 * Discovery 1.0, in every place where servers were seen to keep it.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import type { Discovered } from "../../broker/core/discovered.ts";
import { isSameIssuer, type Named, usableAddress } from "./address.ts";
import { type Documents, textsOf } from "./documents.ts";
import { scopesIn } from "../../broker/core/challenge.ts";

/** What an authorization server says of itself; its issuer to the letter (RFC 9207 §2.4). */
export type Metadata = Omit<Discovered, "foundAt" | "resource" | "scopes">;

export type FoundMetadata =
  | { kind: "found"; metadata: Metadata }
  | { kind: "none" }
  /** It is another server's, whose issuer is named. */
  | { kind: "mismatch"; issuer: string }
  | { kind: "later"; retryAfter?: number | undefined };

const OAUTH = "/.well-known/oauth-authorization-server";
const OPENID = "/.well-known/openid-configuration";

/**
 * The places in their order (MCP 2025-11-25): the path inserted, both kinds;
 * appended, as OpenID Connect has it; then what the standards have not: RFC
 * 8414's appended, and at the root, where it must still name this issuer.
 */
export function metadataPlaces(issuer: URL): URL[] {
  const { origin } = issuer;
  const path = withoutTrailingSlashes(issuer.pathname);
  const paths = path === ""
    ? [OAUTH, OPENID]
    : [OAUTH + path, OPENID + path, path + OPENID, path + OAUTH, OAUTH, OPENID];
  return paths.map((each) => new URL(each, origin));
}

/** Finds the metadata of an issuer. */
export async function findMetadata(
  documents: Documents,
  named: Named,
  issuer: string,
): Promise<FoundMetadata> {
  const url = usableAddress(issuer, named);
  if (url === undefined || url.search !== "") return { kind: "none" };
  let outcome: FoundMetadata = { kind: "none" };
  for (const place of metadataPlaces(url)) {
    const read = await documents.read(place);
    if (read.kind === "later" && outcome.kind === "none") outcome = read;
    if (read.kind !== "document") continue;
    const said = read.members.issuer;
    // RFC 8414 §3.3: else anybody could speak for another server, and get its codes (mix-up).
    if (typeof said !== "string" || !isSameIssuer(said, issuer)) {
      if (typeof said === "string") outcome = { kind: "mismatch", issuer: said };
      continue;
    }
    const metadata = metadataOf(read.members, said, named);
    if (metadata !== undefined) return { kind: "found", metadata };
  }
  return outcome;
}

/** `undefined` where what is needed is missing or unusable. What can be done without is left out. */
function metadataOf(
  members: Record<string, unknown>,
  issuer: string,
  named: Named,
): Metadata | undefined {
  const address = (name: string) => usableAddress(members[name], named)?.href;
  const authorizationEndpoint = address("authorization_endpoint");
  const tokenEndpoint = address("token_endpoint");
  if (authorizationEndpoint === undefined || tokenEndpoint === undefined) return undefined;
  const challenges = textsOf(members.code_challenge_methods_supported);
  const scopes = textsOf(members.scopes_supported);
  return {
    issuer,
    sendsIssuer: members.authorization_response_iss_parameter_supported === true,
    authorizationEndpoint,
    tokenEndpoint,
    registrationEndpoint: address("registration_endpoint"),
    revocationEndpoint: address("revocation_endpoint"),
    userinfoEndpoint: address("userinfo_endpoint"),
    scopesSupported: scopes && scopesIn(scopes),
    authMethods: textsOf(members.token_endpoint_auth_methods_supported),
    takesDocuments: members.client_id_metadata_document_supported === true,
    pkce: challenges?.includes("S256"),
  };
}
