/**
 * The broker's words and the ports through which it reaches the world. Nothing
 * here does anything; every other folder may know these shapes.
 *
 * Times are epoch milliseconds, durations are milliseconds, unless a name says
 * otherwise.
 *
 * @module
 */

import type {
  AuthorizationCode,
  EpochStore,
  GatewaySecret,
  GrantStore,
  RateLimits,
  RegisteredClient,
  RememberedCall,
  Session,
  UpstreamStore,
} from "./grant.ts";

export type * from "./grant.ts";

/** Who a request acts for: `<realm>:<id>`, such as `voice:user_123`. */
export type Subject = `${string}:${string}`;

/** What a provider issued for one account. */
export interface TokenSet {
  accessToken: string;
  /** As the provider spells it; nearly always `Bearer` (RFC 6750). */
  tokenType: string;
  refreshToken?: string;
  issuedAt: number;
  /** Absent where the provider issues tokens that do not expire. */
  expiresAt?: number;
  /** Granted, not requested (RFC 6749 §3.3). */
  scopes: string[];
}

/** Who the person is at the provider. */
export interface Account {
  /** Stable for ever, never an e-mail address: it is part of a record's key. */
  id: string;
  /** What a person would recognise: a login or an e-mail address. */
  label: string;
  /** That the provider vouches for; only where the scopes show it. */
  verifiedEmail?: string;
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
 * leaves it.
 */
export type ConnectionStatus = "active" | "reauthorization_required";

/** One subject's durable link to one account at one provider. */
export interface Connection extends ConnectionRef {
  label: string;
  status: ConnectionStatus;
  tokens: TokenSet;
  connectedAt: number;
  updatedAt: number;
  /** When a person last chose this account as the default; the latest wins. */
  preferredAt?: number;
  /** When somebody last wanted it enough to wait for a refresh; see `sweep.ts`. */
  usedAt?: number;
  /** After a failed refresh: nobody asks the provider before this time. */
  holdOffUntil?: number;
}

/** A stored value with the version that a later write must name. */
export interface Stored<T> {
  value: T;
  version: string;
}

/** A trip to a provider that has begun and has not come back (RFC 6749 §4.1). */
export interface PendingAuthorization {
  /** Absent where the trip is to find out who it is: a sign-in. */
  subject?: Subject;
  provider: string;
  /** What the person asked for; shown when it worked. */
  services: string[];
  /** Requested from the provider. */
  scopes: string[];
  /** PKCE (RFC 7636 §4.1). */
  verifier: string;
  /** Digest of the browser's cookie: only that browser may come back. */
  browser: string;
  returnTo?: string;
  expiresAt: number;
}

/** A short-lived URL that starts a connection for one subject, as it is kept. */
export interface ConnectLink {
  subject: Subject;
  provider: string;
  /** The path segment of the link: a service or a provider. */
  service: string;
  services: string[];
  scopes: string[];
  /** The query parameters that the link was made with; a changed link is refused. */
  userId: string;
  scopeParam?: string;
  /** The account that is meant: one that is connected, or a hint for the provider. */
  account?: string;
  returnTo?: string;
  expiresAt: number;
}

/** A finished authorization that the app must still claim for its own user. */
export interface Handoff {
  subject: Subject;
  provider: string;
  services: string[];
  account: Account;
  tokens: TokenSet;
  expiresAt: number;
}

/**
 * `eventual` may be a little old and is answered near by; before anything is
 * refused or refreshed, read again with `strong`.
 */
export type Consistency = "eventual" | "strong";

/** Connections at rest. Writes are conditional; `null` or `false`: somebody else wrote first. */
export interface ConnectionStore {
  get(ref: ConnectionRef): Promise<Stored<Connection> | null>;
  /** All of a subject's connections, at one provider or at all, in key order. */
  list(
    subject: Subject,
    provider?: string,
    consistency?: Consistency,
  ): Promise<Stored<Connection>[]>;
  /** `version` null: only if there is none yet. Returns the new version. */
  put(connection: Connection, version: string | null, also?: AlsoPut): Promise<string | null>;
  delete(ref: ConnectionRef, version: string): Promise<boolean>;
  /** Resolves when the record is seen with another version, or when `signal` aborts. */
  changed(ref: ConnectionRef, version: string, signal: AbortSignal): Promise<void>;
  /** Connections whose time to be refreshed has come, the longest overdue first. */
  due(now: number, limit: number): Promise<Due[]>;
  /** Takes an entry off that list. */
  settle(due: Due): Promise<void>;
}

/** What goes into the same commit as a connection. */
export interface AlsoPut {
  /** Gives the lease of this connection back. */
  release?: boolean;
  /** Lists it as {@linkcode Due} at this time. */
  dueAt?: number;
}

/** An entry of the list of refreshes to come. */
export interface Due {
  ref: ConnectionRef;
  at: number;
}

/** The timed right to refresh one connection. A courtesy: the record's version is the truth. */
export interface Lease {
  ref: ConnectionRef;
  owner: string;
  /** By the clock of its holder, which may differ from the reader's. */
  until: number;
  version: string;
}

/** Leases across processes and isolates. */
export interface LeaseStore {
  read(ref: ConnectionRef): Promise<Lease | null>;
  /** Takes a lease that is free, or whose version is still `over`; `null`: too late. */
  take(ref: ConnectionRef, owner: string, until: number, over?: Lease): Promise<Lease | null>;
  release(lease: Lease): Promise<void>;
}

/** Records that expire, under the digest of a secret; most of them are used once. */
export interface ExpiringStore<T extends { expiresAt: number }> {
  put(digest: string, value: T): Promise<void>;
  /** Only if there is none; an expired one counts as none. */
  add(digest: string, value: T, now: number): Promise<boolean>;
  /** Does not use it up. */
  peek(digest: string): Promise<Stored<T> | null>;
  /** Only if nobody changed it meanwhile. */
  replace(digest: string, value: T, version: string): Promise<boolean>;
  /** Uses it up; `false` when another request was first. */
  take(digest: string, version: string): Promise<boolean>;
}

/** Everything the broker keeps. */
export interface Store {
  connections: ConnectionStore;
  leases: LeaseStore;
  pending: ExpiringStore<PendingAuthorization>;
  links: ExpiringStore<ConnectLink>;
  handoffs: ExpiringStore<Handoff>;
  codes: ExpiringStore<AuthorizationCode>;
  secrets: ExpiringStore<GatewaySecret>;
  sessions: ExpiringStore<Session>;
  clients: ExpiringStore<RegisteredClient>;
  calls: ExpiringStore<RememberedCall>;
  grants: GrantStore;
  upstreams: UpstreamStore;
  epochs: EpochStore;
  limits: RateLimits;
}

/** How a token endpoint answered. */
export type TokenAnswer =
  | { kind: "issued"; tokens: IssuedTokens }
  /** The authorization server said no, in its own code (RFC 6749 §5.2). */
  | { kind: "rejected"; code: string }
  /** No usable answer: network, 5xx, 429, not JSON. `reason` holds nothing secret. */
  | { kind: "failed"; reason: string; retryAfter?: number };

/** What a token endpoint issued; what it left out is for the broker to fill in. */
export interface IssuedTokens {
  accessToken: string;
  tokenType: string;
  refreshToken?: string;
  /** Seconds, as on the wire. */
  expiresIn?: number;
  scopes?: string[];
}

/** What happened to the provider's side of a connection. */
export type Revocation =
  | { kind: "revoked" }
  /** The provider has no way to revoke. */
  | { kind: "unsupported" }
  | { kind: "failed"; reason: string };

/** A service: what a person connects, and what a tool belongs to. */
export interface Service {
  name: string;
  /** "Google Calendar" */
  title: string;
  /** Requested when the service is connected without saying a scope. */
  scopes: string[];
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
  /** Scope → what it allows, in words for the person who is asked. */
  scopeTitles: Record<string, string>;
  /** Requested with every authorization, so that the account can be identified. */
  identityScopes: string[];
  /** Shows a verified e-mail address, for sign-in; absent: nobody signs in with it. */
  signInScopes?: string[];
  /** Expected in `iss` (RFC 9207), where the provider sends it. */
  issuer?: string;
  /** The provider always sends `iss`: an answer without it is refused. */
  sendsIssuer?: boolean;
  /** Whether a scope that is in no table may be requested as it is. */
  acceptsScope(scope: string): boolean;
  authorizationUrl(request: AuthorizationRequest): URL;
  exchange(code: string, verifier: string): Promise<TokenAnswer>;
  refresh(refreshToken: string): Promise<TokenAnswer>;
  revoke(tokens: TokenSet): Promise<Revocation>;
  identify(tokens: TokenSet): Promise<Account>;
}

/** What goes into an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3). */
export interface AuthorizationRequest {
  state: string;
  verifier: string;
  scopes: string[];
  /** The account that is meant, in the person's words; a hint only. */
  account?: string;
}

/** What the broker needs from outside, passed in. */
export interface World {
  /** Epoch ms. */
  now(): number;
  /** A 256-bit random value as base64url. */
  secret(): string;
  /** Resolves after `ms`, or when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ n < 1, for jitter. */
  random(): number;
  log(event: LogEvent): void;
  metrics: Metrics;
}

/** How a refresh ended. */
export type RefreshOutcome =
  | "refreshed"
  /** The provider ended the grant. */
  | "reauthorization_required"
  | "failed"
  /** Somebody else had stored a newer token set by then. */
  | "superseded"
  /** Disconnected meanwhile. */
  | "gone";

/** What is counted. No label ever names a person, a record or a token. */
export interface Metrics {
  refresh(provider: string, outcome: RefreshOutcome): void;
  /** A caller waited this long for a refresh, in ms. */
  waited(provider: string, ms: number): void;
  /** A lease was taken over from a holder that had died. */
  takeover(provider: string): void;
}

/** One structured log line. Nothing in it is ever a secret. */
export interface LogEvent {
  level: "info" | "warn" | "error";
  event: string;
  [detail: string]: string | number | boolean | undefined;
}
