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
import type { TokenSet, Via } from "./connection.ts";
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

/** Whether people connect it by a sign-in over there. */
export function isSignIn({ credential }: Pick<Server, "credential">): boolean {
  return credential.kind === "oauth" || credential.kind === "found";
}

/** What callers are told of it: where the authorization server was found is no matter to them. */
export function shownKind({ credential }: Pick<Server, "credential">) {
  return credential.kind === "found" ? "oauth" : credential.kind;
}

/**
 * How a person signs in who sets out now.
 *
 * @throws {Refusal} `invalid_request` where people do not; as {@linkcode FoundFlow.begin}.
 */
export async function flowToday(
  server: Server,
  scopes: string[],
): Promise<{ flow: OAuthFlow; via?: Via | undefined }> {
  const { credential } = server;
  return credential.kind === "found"
    ? await credential.begin(scopes)
    : { flow: oauthFlowOf(server) };
}

/**
 * The flow that was set out with, or that issued a token set; `undefined` where it was of another
 * authorization server than there is now.
 */
export async function flowOf(
  { credential }: Server,
  via: Via | undefined,
): Promise<OAuthFlow | undefined> {
  if (credential.kind === "oauth") return via === undefined ? credential : undefined;
  return credential.kind === "found" && via !== undefined && via.url === credential.url
    ? await credential.resume(via)
    : undefined;
}

/** Whether a token set is for what the provider's name stands for today: it goes nowhere else. */
export function isFor({ credential }: Pick<Server, "credential">, { via }: TokenSet): boolean {
  return credential.kind === "found" ? via?.url === credential.url : via === undefined;
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
 * answer is that of a grant that is over: only a person can help. `undefined`:
 * they are from a server that is not known here now, be it that an operator has
 * mistyped something. Nothing is known of their grant.
 */
export async function renew(server: Server, tokens: TokenSet): Promise<TokenAnswer | undefined> {
  const { credential } = server;
  const { refreshToken, renewal, scopes, extra, via } = tokens;
  switch (credential.kind) {
    case "oauth":
    case "found": {
      const flow = await flowOf(server, via);
      if (flow === undefined) return undefined;
      if (refreshToken !== undefined) return await flow.refresh(refreshToken, extra);
      return renewal === undefined ? OVER : await flow.reissue?.(renewal, extra) ?? OVER;
    }
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
  // What an authorization server ends that nobody knows beforehand nobody knows, either.
  return credential.kind === "found" ||
    credential.kind === "oauth" && credential.revoke !== credential.revokeAlone;
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
export async function revoke(server: Server, tokens: TokenSet): Promise<Revocation> {
  const { credential } = server;
  switch (credential.kind) {
    case "api_key": {
      const reason = `a key is ended where it was made: ${credential.made.url}`;
      return { kind: "unsupported", reason };
    }
    case "client_credentials":
      return await credential.revoke(tokens);
    case "oauth":
      return await credential.revoke(tokens);
    case "found": {
      // Also what is from another address than today's: it is to end where it was issued.
      const flow = tokens.via && await credential.resume(tokens.via);
      return await flow?.revoke(tokens) ?? { kind: "unsupported" };
    }
  }
}
