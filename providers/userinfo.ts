/**
 * Userinfo (OpenID Connect Core §5.3): who a token is of.
 *
 * @module
 */

/** Asks for it. A redirect is not followed: it would carry the token to another host. */
export function askUserinfo(
  endpoint: string,
  accessToken: string,
  { fetch, signal }: { fetch: typeof globalThis.fetch; signal: AbortSignal },
): Promise<Response> {
  return fetch(endpoint, {
    headers: {
      "Accept": "application/json",
      "Authorization": `Bearer ${accessToken}`,
      "User-Agent": "switchboard",
    },
    redirect: "manual",
    signal,
  });
}
