/**
 * Who this program is to servers that register clients by themselves (RFC
 * 7591), or read who they are at an address of their own (client id metadata
 * documents). Nothing of it is secret.
 *
 * @module
 */

import { isLoopback, withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import { isPrivateHost } from "../../broker/core/public_address.ts";

/** The path of our client id metadata document. */
export const CLIENT_DOCUMENT_PATH = "/oauth/client.json";

/** As it is registered. */
export function clientMetadata(publicUrl: string, redirectUris: string[]): Record<string, unknown> {
  // OpenID Connect Registration §2: servers refuse the one kind's redirects for the other.
  const isNative = redirectUris.every((uri) => isLoopback(new URL(uri).hostname));
  return {
    client_name: "Switchboard",
    client_uri: withoutTrailingSlashes(publicUrl),
    redirect_uris: redirectUris,
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    application_type: isNative ? "native" : "web",
  };
}

/** As it is read at its address, which is its id. */
export function clientDocument(publicUrl: string, redirectUris: string[]): Record<string, unknown> {
  return { client_id: documentId(publicUrl), ...clientMetadata(publicUrl, redirectUris) };
}

/** The id of the client that our document describes. */
export function documentId(publicUrl: string): string {
  return withoutTrailingSlashes(publicUrl) + CLIENT_DOCUMENT_PATH;
}

/** Whether others can read it: they go to public https addresses alone. */
export function isReadable(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === "https:" && !isPrivateHost(hostname);
}
