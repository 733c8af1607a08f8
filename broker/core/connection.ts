/**
 * What is kept of a person's accounts at providers, from the first click on a
 * connect link to the token set. Times are epoch milliseconds, durations are
 * milliseconds, unless a name says otherwise.
 *
 * @module
 */

import type { TrailStep } from "./connect_trail.ts";
import type { Actor } from "./actor.ts";
import type { Subject } from "./subject.ts";

/**
 * What belongs to a connection beside its tokens, by the names that the provider's entry gives
 * it: what the provider said (`realmId`, `instance_url`), and which customer's host it is at.
 */
export type Extra = Record<string, string>;

/**
 * What new access tokens are had with where no refresh token is issued: a client that somebody
 * made at the provider (RFC 6749 §4.4), or an installation that this program's own key speaks for.
 */
export interface Renewal {
  /** The client's, or the installation's. */
  id: string;
  /** The client's. */
  secret?: string | undefined;
  /** What is asked for with it each time; where that is not said, what was granted. */
  scopes?: string[] | undefined;
}

/**
 * Where a token set is from, of a provider whose authorization server is found and may be another
 * one tomorrow. What one issued goes back to that one alone, and opens that address alone.
 */
export interface Via {
  /** The authorization server's (RFC 8414 §2). */
  issuer: string;
  /** This program's, there. */
  clientId: string;
  /** Of the resource that it opens, as it was configured, without a slash at its end. */
  url: string;
}

/**
 * One of those that an account has to do with at its provider, and that a request of the API is
 * about: an Atlassian site, a Xero organization. The provider listed it; nobody else can name one.
 */
export interface Tenant {
  /** The provider's. */
  id: string;
  /** What a person would recognise. */
  label: string;
  /** What stands in `extra` where it is the one that is meant. */
  extra: Extra;
}

/** What a provider issued for one account. */
export interface TokenSet {
  accessToken: string;
  /** As the provider spells it; nearly always `Bearer` (RFC 6750). `ApiKey` of a key. */
  tokenType: string;
  refreshToken?: string | undefined;
  renewal?: Renewal | undefined;
  /** Absent where the provider's authorization server is known beforehand. */
  via?: Via | undefined;
  /**
   * Since when the refresh token, or what stands in its place, is held: most providers send none
   * at a refresh, and the old one stays good. Absent where there is none, and in records of before
   * 0.2: nobody knows.
   */
  refreshIssuedAt?: number | undefined;
  /**
   * When the refresh token ends, and with it the connection, where the provider says so; an answer
   * that says another end moves it.
   */
  refreshExpiresAt?: number | undefined;
  /** When the provider first said that end. */
  refreshEndSince?: number | undefined;
  /** When the secret ends of the client that they were issued to, where it does. */
  clientEndsAt?: number | undefined;
  /** Of the access token. */
  issuedAt: number;
  /** Absent where the provider issues tokens that do not expire. */
  expiresAt?: number | undefined;
  /** Granted, not requested (RFC 6749 §3.3). */
  scopes: string[];
  /** Absent where the provider's entry names nothing. */
  extra?: Extra | undefined;
  /** The first is the usual one. Absent where there are none, or nobody knows them. */
  tenants?: Tenant[] | undefined;
}

/** Who the person is at the provider. */
export interface Account {
  /** Stable for ever, never an e-mail address: it is part of a record's key. */
  id: string;
  /** What a person would recognise: a login or an e-mail address. */
  label: string;
  /** That the provider vouches for; only where the scopes show it. */
  verifiedEmail?: string | undefined;
  /** What the answer that says so tells beside it. */
  extra?: Extra | undefined;
  /** Absent where the provider has none, or did not say; those that were known stay known then. */
  tenants?: Tenant[] | undefined;
  /** Why it did not say them, for the operator's log. Holds nothing of the answer. */
  untold?: string | undefined;
}

/**
 * The account's id where the provider has no way to tell whose it is. It names nobody: connections
 * to it are of as many people.
 */
export const UNNAMED_ACCOUNT = "default";
/** Begins the ids of accounts that a person or an app has named, since the provider does not. */
const NAMED_ACCOUNT = "named:";

/** The id of an account whose name is not the provider's. */
export function namedAccount(name: string): string {
  return NAMED_ACCOUNT + name.toLowerCase();
}

/** Whether an account's id says whose it is, or may stand for accounts of as many people. */
export function isUnnamed(account: string): boolean {
  return account === UNNAMED_ACCOUNT || account.startsWith(NAMED_ACCOUNT);
}

/** Names one connection. */
export interface ConnectionRef {
  subject: Subject;
  provider: string;
  /** {@linkcode Account.id} */
  account: string;
}

/**
 * `reauthorization_required` is terminal: only a person who connects again
 * leaves it. `moved`: another server has its tokens and refreshes them; here
 * they are neither refreshed nor handed out nor ended.
 */
export type ConnectionStatus = "active" | "reauthorization_required" | "moved";

/** Who disconnects; `user_deleted`: it goes with all of its person. */
export type EndedBy = Actor["kind"] | "user_deleted";

/** One subject's durable link to one account at one provider. */
export interface Connection extends ConnectionRef {
  label: string;
  status: ConnectionStatus;
  tokens: TokenSet;
  connectedAt: number;
  updatedAt: number;
  /** When a person last chose this account as the default; the latest wins. */
  preferredAt?: number | undefined;
  /** When a person last signed in for it; absent in records of versions before 0.2, and of imports. */
  signedInAt?: number | undefined;
  /** When somebody last wanted it enough to wait for a refresh; see `sweep.ts`. */
  usedAt?: number | undefined;
  /** After a failed refresh: nobody asks the provider before this time. */
  holdOffUntil?: number | undefined;
  /** Since when the provider refuses to refresh it, in words that do not say why. */
  refusedSince?: number | undefined;
  /** When it is looked at whether its end is near; see `expiry.ts`. */
  warnAt?: number | undefined;
  /** The end that its app was told of. */
  warnedOf?: number | undefined;
  /** Until then the person is asked to connect again, and the provider is not; see `refusals.ts`. */
  givenUpUntil?: number | undefined;
  /** The provider did not accept the client itself: whoever runs this program must act. */
  clientRefused?: boolean | undefined;
  /**
   * Somebody here has ended it, be it to disconnect it or since its tokens leaked: no refresh that
   * is under way brings it back, only a person who connects again.
   */
  endedAt?: number | undefined;
  /** Whose disconnect it is that is under way: where that was cut off, somebody else finishes it. */
  endedBy?: EndedBy | undefined;
  /** When the provider confirmed the end of a connection whose record is kept. */
  revokedAt?: number | undefined;
  /** Digests of the token sets that were imported into it, the newest first; see `import.ts`. */
  imported?: string[] | undefined;
  /** Of an import that is not known yet whose account it is: for whom it was brought. */
  heldFor?: Subject | undefined;
  /** Which key it was sealed to when it was moved out, by its thumbprint, and when. */
  moved?: { to: string; at: number } | undefined;
}

/** A trip to a provider that has begun and has not come back (RFC 6749 §4.1). */
export interface PendingAuthorization {
  /** Ties the steps of one connect together in the log; see `broker/connect/trail.ts`. No secret. */
  trail?: string | undefined;
  /** Who began it; absent in a sign-in, and in records of versions before 0.2. */
  actor?: Actor | undefined;
  /** Absent where the trip is to find out who it is: a sign-in. */
  subject?: Subject | undefined;
  provider: string;
  /** What the person asked for; shown when it worked. */
  services: string[];
  /** Requested from the provider. */
  scopes: string[];
  /** PKCE (RFC 7636 §4.1). */
  verifier: string;
  /** Digest of the browser's cookie: only that browser may come back. */
  browser: string;
  returnTo?: string | undefined;
  /** The web origin whose page opened the link in a pop-up: it alone hears of the end there. */
  origin?: string | undefined;
  /** What the link called the service; absent in a sign-in, and in records of versions before 0.2. */
  service?: string | undefined;
  /**
   * The secret of the link that it began with, so that a page can lead back to it; in the box,
   * like the verifier. Absent where there was none: it was begun on the person's own page.
   */
  link?: string | undefined;
  /** The connected account that it is about, where that is one in particular. */
  meant?: MeantAccount | undefined;
  /** What the link calls the account; its name, where the provider does not tell one. */
  account?: string | undefined;
  /** Where at the provider, as `AuthorizationServer.params` names it. */
  params?: Extra | undefined;
  /** Where the browser was sent; absent where that is known beforehand. */
  via?: Via | undefined;
  /** It came back and is over. What is left says so to the browser that reloads the page. */
  done?: Done | undefined;
  expiresAt: number;
}

/** An account that is connected already, and that somebody is sent to sign in with again. */
export interface MeantAccount {
  /** {@linkcode Account.id} */
  account: string;
  label: string;
}

/** A short-lived URL that starts a connection for one subject, as it is kept. */
export interface ConnectLink {
  /** Ties the steps of one connect together in the log; see `broker/connect/trail.ts`. No secret. */
  trail?: string | undefined;
  /** That it was made: the first step of that connect. */
  made?: TrailStep | undefined;
  subject: Subject;
  /** Who made it; absent in records of versions before 0.2. */
  actor?: Actor | undefined;
  provider: string;
  /** The path segment of the link: a service or a provider. */
  service: string;
  services: string[];
  scopes: string[];
  /** The query parameters that the link was made with; a changed link is refused. */
  userId: string;
  scopeParam?: string | undefined;
  /** The account that is meant: one that is connected, or a hint for the provider. */
  account?: string | undefined;
  returnTo?: string | undefined;
  /** The web origin of the page that opens it in a pop-up. */
  origin?: string | undefined;
  /** Where at the provider, as far as its maker said. */
  params?: Extra | undefined;
  /** Digest of the cookie of the browser that confirmed it first; from then on it is good there alone. */
  browser?: string | undefined;
  /** What came of it. It connects nothing any more; the browser that it was for is told. */
  done?: Done | undefined;
  /** Until then it can be opened and confirmed; absent before that: until `expiresAt`. */
  usableUntil?: number | undefined;
  /** Until then its record is kept: what was begun with it uses it up when it comes back. */
  expiresAt: number;
}

/** What a trip has connected, for a browser that opens its addresses again. */
export interface Done {
  /** Names of what is open now. */
  services: string[];
  label: string;
  /** The app has to claim it. */
  handedOff: boolean;
}

/** A finished authorization that the app must still claim for its own user. */
export interface Handoff {
  /** Ties the steps of one connect together in the log; see `broker/connect/trail.ts`. No secret. */
  trail?: string | undefined;
  subject: Subject;
  actor?: Actor | undefined;
  provider: string;
  services: string[];
  account: Account;
  tokens: TokenSet;
  /** Scopes that were asked for and not granted, by their friendly names. */
  missing?: string[] | undefined;
  /** Which account should have come, where another one did. */
  meant?: MeantAccount | undefined;
  /** Until then it can be claimed; 0 once it was given up. Absent in records of before 0.2. */
  usableUntil?: number | undefined;
  /** Until then its record is kept: what nobody claims is ended at the provider. */
  expiresAt: number;
}
