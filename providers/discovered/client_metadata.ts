/**
 * Who this program is to servers that register clients by themselves (RFC
 * 7591), or read who they are at an address of their own (client id metadata
 * documents). Nothing of it is secret.
 *
 * @module
 */

import { isLoopback, withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import { isPrivateHost } from "../../broker/core/public_address.ts";

/** Below it stand our client id metadata documents, one for each server: `<name>.json`. */
export const CLIENT_DOCUMENTS = "/oauth/client/";

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

/**
 * As it is read at its address, which is its id. Each server has one of its own, with one callback:
 * people agree to a client, and who has agreed at one server to "Switchboard" must not be taken to
 * have agreed to another's callback.
 */
export function clientDocument(publicUrl: string, redirectUri: string): Record<string, unknown> {
  return {
    client_id: documentId(publicUrl, redirectUri),
    ...clientMetadata(publicUrl, [redirectUri]),
  };
}

/** The id of the client that our document for a callback describes. */
export function documentId(publicUrl: string, redirectUri: string): string {
  const name = new URL(redirectUri).pathname.split("/").at(-1)!;
  return `${withoutTrailingSlashes(publicUrl)}${CLIENT_DOCUMENTS}${name}.json`;
}

/** Whether others can read it: they go to public https addresses alone. */
export function isReadable(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === "https:" && !isPrivateHost(hostname);
}
