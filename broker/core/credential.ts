/**
 * What the broker does with a provider's credential, whatever its kind. Those
 * who connect, refresh and disconnect ask here, so that a new kind of
 * credential is one more case in this file.
 *
 * @module
 */

import type {
  ApiKeyCredential,
  AuthorizationServer,
  ClientCredentials,
  OAuthFlow,
  Revocation,
  TokenAnswer,
} from "./authorization_server.ts";
import { isClientFault } from "./authorization_server.ts";
import type { TokenSet } from "./connection.ts";
import { Refusal } from "./refusal.ts";

/** Of an authorization server, what is needed here. */
type Server = Pick<AuthorizationServer, "title" | "credential">;

/**
 * How a person signs in at this provider.
 *
 * @throws {Refusal} `invalid_request` where people do not.
 */
export function oauthFlowOf({ title, credential }: Server): OAuthFlow {
  if (credential.kind === "oauth") return credential;
  const detail = `${title} is not connected by a sign-in.`;
  throw new Refusal({ code: "invalid_request", detail });
}

/**
 * How a key of this provider is used.
 *
 * @throws {Refusal} `invalid_request` where there are none.
 */
export function apiKeysOf({ title, credential }: Server): ApiKeyCredential {
  if (credential.kind === "api_key") return credential;
  const detail = `${title} is not connected by an API key.`;
  throw new Refusal({ code: "invalid_request", detail });
}

/** Whether a new access token can be had without a person. */
export function isRenewable(
  { refreshToken, renewal }: Pick<TokenSet, "refreshToken" | "renewal">,
): boolean {
  return refreshToken !== undefined || renewal !== undefined;
}

/**
 * How a client that somebody made at this provider is used.
 *
 * @throws {Refusal} `invalid_request` where none is.
 */
export function clientCredentialsOf({ title, credential }: Server): ClientCredentials {
  if (credential.kind === "client_credentials") return credential;
  const detail = `${title} is not connected by a client of its user's own.`;
  throw new Refusal({ code: "invalid_request", detail });
}

/**
 * A new token set in the place of `tokens`. Where nothing can be renewed the
 * answer is that of a grant that is over: only a person can help.
 */
export async function renew({ credential }: Server, tokens: TokenSet): Promise<TokenAnswer> {
  const { refreshToken, renewal, scopes, extra } = tokens;
  switch (credential.kind) {
    case "oauth":
      if (refreshToken !== undefined) return await credential.refresh(refreshToken, extra);
      return renewal === undefined ? OVER : await credential.reissue?.(renewal, extra) ?? OVER;
    case "client_credentials": {
      const { id, secret } = renewal ?? {};
      if (id === undefined || secret === undefined) return OVER;
      const wanted = renewal?.scopes ?? scopes;
      const answer = await credential.issue({ id, secret }, wanted, extra);
      // Not this program's client: whoever made it has deleted it, or given it another secret.
      return answer.kind === "rejected" && isClientFault(answer.code) ? OVER : answer;
    }
    case "api_key":
      return OVER;
  }
}

const OVER: TokenAnswer = { kind: "rejected", code: "invalid_grant" };

/** Whether to end one token set may end others that the account's owner has granted to this program. */
export function mayEndOthers({ credential }: Server): boolean {
  return credential.kind === "oauth" && credential.revoke !== credential.revokeAlone;
}

/** Whether the provider has a way to end one token set and nothing else. */
export function canEndAlone({ credential }: Server): boolean {
  return credential.kind === "oauth" && credential.revokeAlone !== undefined;
}

/** Ends a token set and nothing else, where that {@linkcode canEndAlone}. */
export async function revokeAlone(
  { credential }: Server,
  tokens: TokenSet,
): Promise<Revocation> {
  const { revokeAlone } = credential.kind === "oauth" ? credential : {};
  return await revokeAlone?.(tokens) ?? { kind: "unsupported" };
}

/**
 * Ends a token set at the provider, and what hangs on the same grant: ask `endTokens()` where
 * others may. A key can only be ended where it was made.
 */
export async function revoke({ credential }: Server, tokens: TokenSet): Promise<Revocation> {
  if (credential.kind !== "api_key") return await credential.revoke(tokens);
  const reason = `a key is ended where it was made: ${credential.made.url}`;
  return { kind: "unsupported", reason };
}
