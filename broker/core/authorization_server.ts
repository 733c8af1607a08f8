/**
 * A provider as the broker sees it: an authorization server, its services and
 * its words.
 *
 * @module
 */

import type { Account, Extra, MeantAccount, Renewal, TokenSet, Via } from "./connection.ts";
import type { ProviderEvents } from "./provider_event.ts";
import type { TenantsOf } from "./tenants.ts";

/** How a token endpoint answered. */
export type TokenAnswer =
  | { kind: "issued"; tokens: IssuedTokens }
  /**
   * The authorization server said no, in its own code (RFC 6749 §5.2), or in words that are
   * nobody's: `unknown_error`. Never a firewall's page, a 429 or a 5xx.
   */
  | {
    kind: "rejected";
    code: string;
    retryAfter?: number | undefined;
    /** Where the person can mend it, at the provider. */
    page?: string | undefined;
  }
  /** No usable answer: network, 5xx, 429, a page. `reason` holds nothing secret. */
  | { kind: "failed"; reason: string; retryAfter?: number | undefined };

/**
 * Codes that are about this program's registration at the provider, which no
 * person can mend by connecting again (RFC 6749 §5.2). A dialect that knows
 * better has made another code of it.
 */
export function isClientFault(code: string): boolean {
  return code === "invalid_client" || code === "unauthorized_client";
}

/**
 * The code of a server that does not know a client which this program registered by itself. The
 * person mends it by connecting again; and it may mend itself.
 */
export const LOST_CLIENT = "lost_client";

/** Why a token endpoint's answer is of no use, as `reason` has it where nothing else is known. */
export const TOKEN_FAULTS = {
  late: "no answer in time",
  lost: "the connection failed",
  empty: "the answer holds no access_token",
} as const;

/** What a token endpoint issued; what it left out is for the broker to fill in. */
export interface IssuedTokens {
  accessToken: string;
  tokenType: string;
  refreshToken?: string | undefined;
  /** In the place of a refresh token. */
  renewal?: Renewal | undefined;
  /** Seconds, as on the wire; 0 where it is over already. */
  expiresIn?: number | undefined;
  /** Epoch ms, by the provider's clock; where it says a moment instead of a length. */
  expiresAt?: number | undefined;
  /** Of the refresh token; seconds, more than 0. Absent where nothing is said of its end. */
  refreshExpiresIn?: number | undefined;
  /** Epoch ms: when the secret ends without which nothing of it can be refreshed. */
  clientEndsAt?: number | undefined;
  scopes?: string[] | undefined;
  /** What the entry names of the rest of the answer. */
  extra?: Extra | undefined;
  /** Whose they are, where the answer itself says so. */
  account?: Account | undefined;
}

/** What happened to the provider's side of a connection. */
export type Revocation =
  | { kind: "revoked" }
  /** The provider has no way to revoke. `reason`: what can be done instead, where something can. */
  | { kind: "unsupported"; reason?: string | undefined }
  | { kind: "failed"; reason: string; retryAfter?: number | undefined };

/** A service: what a person connects, and what a tool belongs to. */
export interface Service {
  name: string;
  /** "Google Calendar" */
  title: string;
  /** Requested when the service is connected without saying a scope. */
  scopes: string[];
  /**
   * Each of these opens something of it as well, and is requested where a link says so. One that
   * opens another service, too, stands with both: nobody who may use one alone is given it.
   */
  moreScopes?: string[] | undefined;
  /**
   * In their place for whoever may do nothing but read; where it is not said, there is no less to ask for.
   */
  readScopes?: string[] | undefined;
}

/** A provider as the broker sees it: an authorization server and its words. */
export interface AuthorizationServer {
  name: string;
  title: string;
  services: Service[];
  /** Friendly scope name → scopes on the wire. */
  scopeNames: Record<string, string[]>;
  /** Scope → the scopes that it includes. */
  impliedScopes: Record<string, string[]>;
  /**
   * A scope that stands for permissions which are kept elsewhere, as those of a GitHub App. Where
   * it was granted nothing is judged by scopes: the API itself says what it does not allow.
   */
  unjudgedScope?: string | undefined;
  /** It asks nobody who they are, as far as is known: there is nothing to be connected. */
  readonly needsNobody?: boolean | undefined;
  /** Scope → what it allows, in words for the person who is asked. */
  scopeTitles: Record<string, string>;
  /** Requested with every authorization, so that the account can be identified. */
  identityScopes: string[];
  /** Shows a verified e-mail address, for sign-in; absent: nobody signs in with it. */
  signInScopes?: string[] | undefined;
  /** What must be known before anybody is sent there: whose host it is. By name. */
  params?: Record<string, Param> | undefined;
  /** Members of the callback's query that are kept with the tokens. */
  callbackMembers?: string[] | undefined;
  /** Where its accounts have several of something, and a request of the API is about one of them. */
  tenants?: TenantsOf | undefined;
  /** How a connection comes by its token set; `credential.ts` asks it. */
  credential: Credential;
  /** Where it tells by itself what happened over there; absent: nothing of it is listened to. */
  events?: ProviderEvents | undefined;
  /** When connections end by themselves, where its documentation, or the operator, says so. */
  knownEnds?: KnownEnds | undefined;
  /** Whether a scope that is in no table may be requested as it is. */
  acceptsScope(scope: string): boolean;
  /** Whose account a token set opens, whatever the kind of credential. */
  identify(tokens: TokenSet, known?: KnownOfAccount): Promise<Account>;
}

/** Ends that nobody says in a token answer; what an answer says counts in their place. */
export interface KnownEnds {
  /** After so many ms in which nothing was refreshed. */
  idleMs?: number | undefined;
  /** After the sign-in, whatever is refreshed. */
  max?: {
    ms: number;
    reason: "test_mode" | "sign_in_expires";
    /** Not where nothing but these scopes was granted. */
    spares?: string[] | undefined;
  } | undefined;
}

/** What is known of an account before anybody asks for it. */
export interface KnownOfAccount {
  /** As the answer said it that issued the token set. */
  said?: Account | undefined;
  /** The account that was meant, where that is connected already. */
  meant?: MeantAccount | undefined;
  /** As a person or an app calls it. */
  name?: string | undefined;
}

/** Something that the person, or the app, must say: the name of a shop, a subdomain. */
export interface Param {
  /** What it is called on the page that asks for it. */
  title: string;
  /** Of the whole value. */
  pattern: RegExp;
}

/** How the broker comes by what opens an API, how it renews that, and how it ends it. */
export type Credential = OAuthFlow | FoundFlow | ApiKeyCredential | ClientCredentials;

/**
 * A person signs in at the provider and allows it there: the authorization
 * code grant (RFC 6749 §4.1) with PKCE. The token set ends and is refreshed.
 */
export interface OAuthFlow {
  kind: "oauth";
  /** Expected in `iss` (RFC 9207), where the provider sends it. */
  issuer?: string | undefined;
  /** The provider always sends `iss`: an answer without it is refused. */
  sendsIssuer?: boolean | undefined;
  /** The origin of the page that it sends people to: whose an `iss` may be that nobody named. */
  origin?: string | undefined;
  /** The origin of the endpoint that takes codes; absent where each customer has one. */
  tokenOrigin?: string | undefined;
  /** Where the person's browser is sent. */
  authorizationUrl(request: AuthorizationRequest): Promise<URL>;
  /** The code that the browser came back with, for a token set (RFC 6749 §4.1.3). */
  exchange(code: string, verifier: string, params?: Extra): Promise<TokenAnswer>;
  /** RFC 6749 §6. Not aborted once it was sent: the refresh token may be used up by then. */
  refresh(refreshToken: string, extra?: Extra): Promise<TokenAnswer>;
  /** Where a code is exchanged for what has no refresh token, and is issued anew. */
  reissue?: ((renewal: Renewal, extra?: Extra) => Promise<TokenAnswer>) | undefined;
  /** Ends what a token set opens, and maybe all that the account has granted to this program. */
  revoke(tokens: TokenSet): Promise<Revocation>;
  /**
   * Ends this token set alone. Only where the provider's documentation says that nothing else ends
   * with it: what is not known is taken for the whole grant, on which others' connections hang.
   */
  revokeAlone?: ((tokens: TokenSet) => Promise<Revocation>) | undefined;
}

/**
 * As {@linkcode OAuthFlow}, at an authorization server that is found, and where this program
 * registers itself: there is a flow of its own for each that it has met.
 */
export interface FoundFlow {
  kind: "found";
  /** Of the resource that its token sets open, as the operator set it. */
  url: string;
  /**
   * For whoever connects now; `scopes` are those that will be asked for.
   *
   * @throws {Refusal} `provider_unavailable`, `provider_refused`, `invalid_request`.
   */
  begin(scopes: string[]): Promise<{ flow: OAuthFlow; via: Via }>;
  /** The same flow again; `undefined` where nothing is known of it any more. */
  resume(via: Via): Promise<OAuthFlow | undefined>;
}

/**
 * A key that a person made in the provider's own console and handed over. It
 * is kept as the access token of a token set without an end. Nobody but the
 * person can renew it or end it, and they do both over there.
 */
export interface ApiKeyCredential {
  kind: "api_key";
  /** What a key looks like, from its first character to its last. */
  pattern: RegExp;
  /** Where people make one, and how, in a sentence for them. */
  made: { url: string; how: string };
  /** The header that opens the API, with all of its value. */
  header(key: string): KeyHeader;
  /** Asks the provider whose key it is: one request, which changes nothing there. */
  verify(key: string): Promise<KeyAnswer>;
}

/** A header that carries a key. */
export interface KeyHeader {
  name: string;
  value: string;
}

/** What a provider says of a key. */
export type KeyAnswer =
  | { kind: "known"; account: Account }
  /** It does not take the key, or does not let it see whose it is. */
  | { kind: "refused" }
  /** It takes the key, and what it says of its owner is not what is known of its answers. */
  | { kind: "unclear" }
  /** No usable answer: network, 5xx, 429. Nothing is known of the key. */
  | { kind: "failed"; retryAfter?: number | undefined };

/**
 * A client that somebody made in the provider's console, handed over with its
 * secret, which asks for itself (RFC 6749 §4.4): nobody signs in, no refresh
 * token exists, and a new token set is had by asking again.
 */
export interface ClientCredentials {
  kind: "client_credentials";
  /** Where people make one, and how, in a sentence for them. */
  made: { url: string; how: string };
  /** `extra`: where at the provider, as {@linkcode AuthorizationServer.params} names it. */
  issue(client: MadeClient, scopes: string[], extra?: Extra): Promise<TokenAnswer>;
  /** Ends a token set, and leaves the client. */
  revoke(tokens: TokenSet): Promise<Revocation>;
}

/** What a person pastes, or a backend posts. */
export type Secret =
  | { kind: "api_key"; key: string }
  | { kind: "client_credentials"; client: MadeClient };

/** A client and its secret. */
export interface MadeClient {
  id: string;
  secret: string;
}

/** What goes into an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3). */
export interface AuthorizationRequest {
  state: string;
  verifier: string;
  scopes: string[];
  /** The account that is meant, in the person's words; a hint only. */
  account?: string | undefined;
  /** As {@linkcode AuthorizationServer.params} names them; all of them. */
  params?: Extra | undefined;
  /** What was granted earlier must not come along: the app may not have it. */
  alone?: boolean | undefined;
  /** The person wants another account than the one that they are signed in with there. */
  another?: boolean | undefined;
}
