/**
 * The ports of the store: what the broker and the gateway keep, and how they
 * read and write it. `vault/` implements them; every operation may throw a
 * `StoreError` or a `VaultError` (`store_errors.ts`). A `StoreError` that is
 * `permanent` has changed nothing, and no later try will.
 *
 * @module
 */

import type { Clocks } from "./clock.ts";
import type { ActivityStore } from "./activity.ts";
import type { RememberedCall } from "./call.ts";
import type { ConnectTrail } from "./connect_trail.ts";
import type {
  Connection,
  ConnectionRef,
  ConnectLink,
  Handoff,
  PendingAuthorization,
} from "./connection.ts";
import type {
  AuthorizationCode,
  GatewaySecret,
  Grant,
  RegisteredClient,
  Session,
  SessionToken,
} from "./grant.ts";
import type { CountStore, FigureStore } from "./counts.ts";
import type { DiscoveryRecord } from "./discovered.ts";
import type { LimitStore } from "./limits.ts";
import type { Deletion, EventReason, EventStore, PutCause } from "./events.ts";
import type { PersonStore } from "./person_store.ts";
import type { SettingsStore } from "./settings.ts";
import type { Subject } from "./subject.ts";
import type {
  Definition,
  DefinitionRecord,
  KeptList,
  KeptText,
  ListReport,
  OlderRecord,
} from "./upstream.ts";

/** A stored value with the version that a later write must name. */
export interface Stored<T> {
  value: T;
  version: string;
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
  /** How many connections a subject has, up to `most`. Nothing is opened. */
  count(subject: Subject, most: number): Promise<number>;
  /** As `list()`; what cannot be opened hides nothing that can. */
  survey(subject: Subject, provider?: string): Promise<Survey>;
  /** `version` null: only if there is none yet. Returns the new version. */
  put(connection: Connection, version: string | null, also?: AlsoPut): Promise<string | null>;
  /** Without a `deletion` nobody is told of it. */
  delete(ref: ConnectionRef, version: string, deletion?: Deletion): Promise<boolean>;
  /** Whether anybody has a connection that works, to this account or to any. */
  lives(provider: string, account?: string): Promise<boolean>;
  /** Where so many connections that work stand, of whichever subject: to an account, or to any. */
  toAccount(of: { provider: string; account?: string }, limit: number): Promise<ConnectionRef[]>;
  /** Resolves when the record is seen with another version, or when `signal` aborts. */
  changed(ref: ConnectionRef, version: string, signal: AbortSignal): Promise<void>;
  /** Connections whose time to be refreshed has come, the longest overdue first, from one on. */
  due(now: number, limit: number, after?: Due): Promise<Due[]>;
  /**
   * Moves entries to another time, each as it was read: until then they are their mover's. `null`:
   * somebody else has moved or settled one of them, and none was moved.
   */
  postpone(some: Due[], at: number): Promise<Due[] | null>;
  /** Takes entries off the list of what is due. */
  settle(some: Due[]): Promise<void>;
}

/** A subject's connections, as far as they can be opened. */
export interface Survey {
  opened: Stored<Connection>[];
  unopened: Unopened[];
}

/**
 * A connection whose box cannot be opened: its key is gone, or it was changed
 * or moved. Nothing of it is known but where it stands. It can be replaced and
 * deleted under its version; it is never taken for another one.
 */
export interface Unopened {
  ref: ConnectionRef;
  version: string;
  updatedAt: number;
}

/** A connection as far as it stands in clear. */
export interface LedgerEntry {
  ref: ConnectionRef;
  /** Of the record. */
  version: string;
  updatedAt: number;
  /** When somebody here has ended it. */
  endedAt?: number | undefined;
}

/** What a task sees of all people's connections, also of those that cannot be opened. */
export interface ConnectionLedger {
  /** All connections to a provider. */
  all(provider: string): AsyncIterable<LedgerEntry>;
  look(ref: ConnectionRef): Promise<LedgerEntry | null>;
  /** Lays down what cannot be opened; `false`: somebody else wrote first. Its box stays as it is. */
  layDown(entry: LedgerEntry, at: number): Promise<boolean>;
}

/** What goes into the same commit as a connection, and why it is written. */
export interface AlsoPut extends PutCause {
  /** Gives the lease of this connection back. */
  release?: boolean | undefined;
  /** Lists it as {@linkcode Due} at this time. */
  dueAt?: number | undefined;
  /** And at this one: it is looked at whether its end is near. */
  warnAt?: number | undefined;
  /** What it is for, by names, as it is counted; absent: as before. */
  services?: string[] | undefined;
  /** Uses up the handoff that it came from; one that is used up already is a write that lost. */
  claimed?: RecordOf | undefined;
}

/** One record of an {@linkcode ExpiringStore}, as it was read. */
export interface RecordOf {
  digest: string;
  version: string;
}

/** An entry of the list of refreshes to come. */
export interface Due {
  ref: ConnectionRef;
  at: number;
  /** Of the entry. */
  version: string;
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
  /**
   * Takes a lease that is free, of a connection that is still as it was `seen`, in one commit:
   * nobody has to read it again. `null`: one of both is not so, and it is not said which.
   */
  takeFor(seen: Stored<Connection>, owner: string, until: number): Promise<Lease | null>;
  release(lease: Lease): Promise<void>;
}

/** Records that expire, under the digest of a secret; most of them are used once. */
export interface ExpiringStore<T extends { expiresAt: number }> {
  put(digest: string, value: T): Promise<void>;
  /** Only if there is none; an expired one counts as none. The new version, or `null`. */
  add(digest: string, value: T, now: number): Promise<string | null>;
  /** Reads a record without using it up. */
  peek(digest: string): Promise<Stored<T> | null>;
  /** Only if nobody changed it meanwhile. The new version, or `null`. */
  replace(digest: string, value: T, version: string): Promise<string | null>;
  /** Uses it up; `false` when another request was first. */
  take(digest: string, version: string): Promise<boolean>;
}

/** For whom a token set was imported. */
export interface ImportedFor {
  subject: Subject;
  /** Under whom it is kept while it is refreshed first; absent in records of versions before 0.2. */
  held?: Subject | undefined;
  expiresAt: number;
}

/** That something was used which is good for one use: nothing is kept of it but until when. */
export interface UsedProof {
  /** Whose it was, where it is a person's. */
  subject?: Subject | undefined;
  expiresAt: number;
}

/** Finished authorizations that apps must claim. */
export interface HandoffStore extends ExpiringStore<Handoff> {
  /** All of them, and how many others cannot be opened. */
  survey(): Promise<{ opened: KeptHandoff[]; unopened: number }>;
}

/** A hand-off as it was read. */
export interface KeptHandoff extends Stored<Handoff> {
  digest: string;
}

/** A code for the first setup, or what it was exchanged for. */
export interface SetupSecret {
  kind: "code" | "session";
  expiresAt: number;
}

/** Connects, step by step. */
export interface TrailStore {
  read(id: string): Promise<Stored<ConnectTrail> | null>;
  /**
   * `version` null: only if there is none yet. `references`: ids of requests by which it is found,
   * too. `false`: somebody else wrote first.
   */
  write(trail: ConnectTrail, version: string | null, references: string[]): Promise<boolean>;
  /** By its id, or such a reference. */
  find(reference: string): Promise<ConnectTrail | null>;
  /** Of a subject, in no order; at most so many are read. */
  list(subject: Subject, most: number): Promise<{ trails: ConnectTrail[]; areAll: boolean }>;
}

/** Everything that broker and gateway keep, by kind. */
export interface Store {
  connections: ConnectionStore;
  leases: LeaseStore;
  providers: ProviderStore;
  pending: ExpiringStore<PendingAuthorization>;
  links: ExpiringStore<ConnectLink>;
  handoffs: HandoffStore;
  codes: ExpiringStore<AuthorizationCode>;
  secrets: ExpiringStore<GatewaySecret>;
  sessions: ExpiringStore<Session>;
  clients: ExpiringStore<RegisteredClient>;
  calls: ExpiringStore<RememberedCall>;
  imports: ExpiringStore<ImportedFor>;
  lists: ExpiringStore<KeptList>;
  proofs: ExpiringStore<UsedProof>;
  setups: ExpiringStore<SetupSecret>;
  grants: GrantStore;
  sessionTokens: SessionTokenStore;
  upstreams: UpstreamStore;
  discoveries: DiscoveryStore;
  settings: SettingsStore;
  epochs: EpochStore;
  clocks: Clocks;
  people: PersonStore;
  activity: ActivityStore;
  trails: TrailStore;
  events: EventStore;
  figures: FigureStore;
  limits: LimitStore;
  counts: CountStore;
}

/**
 * What processes tell each other of a provider, and of no person: when somebody's refresh last
 * succeeded, as far as it was noted, and when the provider last refused this program's client.
 */
export type ProviderEvent = "refreshed" | "client_refused";

/** When such things last happened, in epoch ms. */
export interface ProviderStore {
  last(provider: string, event: ProviderEvent): Promise<number | null>;
  note(provider: string, event: ProviderEvent, at: number): Promise<void>;
  /** What a provider last refused calls for, and only the operator can mend. */
  lastFault(provider: string): Promise<ProviderFault | null>;
  noteFault(provider: string, fault: ProviderFault): Promise<void>;
  /**
   * Until when (epoch ms) it is not to be asked: by whom, in names of the caller's own that tell
   * nobody; under "" by anybody.
   */
  pauses(provider: string): Promise<Record<string, number>>;
  /** Adds one. Of too many those that end first are left out; where others write at once, it may be lost. */
  notePause(provider: string, of: string, until: number, now: number): Promise<void>;
  /**
   * Tells the operator's receiver that the secret of this program's client ends, once of each end;
   * where there is no such receiver, nobody is told, and nothing is noted.
   */
  tellSecretEnd(provider: string, endsAt: number): Promise<void>;
}

/** A fault of the operator's at a provider: an API that is not enabled there. */
export interface ProviderFault {
  /** Epoch ms. */
  at: number;
  /** In our own words, never the provider's. */
  detail: string;
}

/** Grants at rest. Deleting one ends all its tokens at once. */
export interface GrantStore {
  get(subject: Subject, id: string): Promise<Stored<Grant> | null>;
  /** Without those that cannot be opened. */
  list(subject: Subject): Promise<Grant[]>;
  /** `version` null: only if there is none yet. `secrets` are written in the same commit, or not at all. */
  put(grant: Grant, version: string | null, secrets?: PutSecret[]): Promise<boolean>;
  /** `ended`: what its app is told; absent: nothing. `false`: there was none. */
  delete(subject: Subject, id: string, ended?: EndedGrant): Promise<boolean>;
  /** Deletes it only as it was read; `false`: somebody wrote first. */
  take(subject: Subject, id: string, version: string, ended?: EndedGrant): Promise<boolean>;
}

/** Who ended a grant or a session token, and what it is called. */
export interface EndedGrant {
  by: EventReason;
  name?: string | undefined;
}

/** A token's record that goes into the same commit as its grant. `version` null: a new one. */
export interface PutSecret {
  digest: string;
  value: GatewaySecret;
  version: string | null;
}

/** What was approved of upstreams: a record per tool, and one for the server's instructions. */
export interface UpstreamStore {
  get(upstream: string, tool?: string): Promise<Stored<DefinitionRecord> | null>;
  /** `version` null: only if there is none yet. */
  put(record: DefinitionRecord, version: string | null, texts?: TextChanges): Promise<boolean>;
  /** Of one upstream, or of all. */
  list(upstream?: string): Promise<Stored<DefinitionRecord>[]>;
  /** How many tools of an upstream are on record. */
  count(upstream: string): Promise<number>;
  /** The text of one definition of a tool, or of the instructions. */
  text(of: DefinitionOf, digest: string): Promise<KeptText | null>;
  /** In the form of before 0.2.0, which nothing writes any more. */
  older(upstream: string): Promise<OlderRecord | null>;
  /** What the last lists left out. */
  report(upstream: string): Promise<ListReport | null>;
  reports(): Promise<ListReport[]>;
  putReport(report: ListReport): Promise<void>;
}

/** Whose definition. */
export type DefinitionOf = Pick<DefinitionRecord, "upstream" | "tool">;

/** What a record's commit does to the texts of its definitions. */
export interface TextChanges {
  keep?: Definition | undefined;
  /** By their digests. */
  drop?: string[] | undefined;
}

/** What is known of MCP servers that ask for OAuth, one record for each. */
export interface DiscoveryStore {
  get(name: string, url: string): Promise<Stored<DiscoveryRecord> | null>;
  /** `version` null: only if there is none yet. The new version, or `null`: somebody was faster. */
  put(record: DiscoveryRecord, version: string | null): Promise<string | null>;
}

/** Session tokens at rest. Deleting one ends it. */
export interface SessionTokenStore {
  get(subject: Subject, id: string): Promise<Stored<SessionToken> | null>;
  /** Also such as have expired, as long as nobody has swept them; without those that cannot be opened. */
  list(subject: Subject): Promise<SessionToken[]>;
  /** `version` null: only if there is none yet. */
  put(token: SessionToken, version: string | null): Promise<boolean>;
  /** As of grants. */
  delete(subject: Subject, id: string, ended?: EndedGrant): Promise<boolean>;
}

/** How often a subject has signed out everywhere. */
export interface EpochStore {
  get(subject: Subject): Promise<number>;
  raise(subject: Subject): Promise<void>;
}
