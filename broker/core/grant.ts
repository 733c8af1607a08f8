/**
 * What is kept for MCP clients and for people who sign in: grants, codes,
 * sessions, registered clients.
 *
 * @module
 */

import type { ClientKeys, FetchedKeys } from "./client.ts";
import type { Subject } from "./subject.ts";

const DAY_MS = 24 * 60 * 60_000;

/** How long grants last where the operator does not say, and at most, in days. */
export const GRANT_DAYS = { idle: 30, max: 180, most: 3650 };

/** When grants end by themselves. */
export interface GrantLifetimes {
  /** After their last use. */
  idleMs: number;
  /** After they were given. */
  maxMs: number;
}

/** Lifetimes in days, as the operator sets them. */
export function grantLifetimes(idleDays: number, maxDays: number): GrantLifetimes {
  return { idleMs: idleDays * DAY_MS, maxMs: maxDays * DAY_MS };
}

/** A subject's permission for one client, or for whoever holds a personal token. */
export interface Grant {
  subject: Subject;
  /**
   * The verified address that the person's sign-in was allowed by; absent in
   * records of versions before 0.2, in codes and sessions too.
   */
  email?: string | undefined;
  id: string;
  /** Absent for personal tokens. */
  clientId?: string | undefined;
  /** The client's name, or the one that the person gave a personal token. */
  name: string;
  /** Gateway scopes that the person agreed to. */
  scopes: string[];
  /** The resource that its access tokens are for (RFC 8707). */
  resource: string;
  /** Its client proved who it is by keys when it got it, and has to go on doing so. */
  byKeys?: boolean | undefined;
  createdAt: number;
  /** Exact to the hour only: more would be a write per call. */
  usedAt?: number | undefined;
  /**
   * The chains of refresh tokens that live, from the first fork on, the oldest
   * first. Absent: the trunk alone. See `gateway/grants/branches.ts`.
   */
  branches?: Branch[] | undefined;
  /** How many branches there ever were; none of their numbers comes back. */
  forks?: number | undefined;
  /** When refresh tokens of it were last refused, by reason. Exact to the hour only. */
  refused?: Partial<Record<RefusedReplay, number>> | undefined;
}

/** How long session tokens live, in seconds. */
export const SESSION_TOKEN_SECONDS = { min: 60, fallback: 60 * 60, max: 24 * 60 * 60 };

/**
 * What a backend lets the holder of one session token do for one of its users.
 * The token itself is signed and not stored: this is what makes it good.
 */
export interface SessionToken {
  subject: Subject;
  id: string;
  /** Which API key made it, by its digest: one that was taken out ends what it made. */
  madeBy: string;
  /** Names of services; absent: all that the key may. */
  services?: string[] | undefined;
  /** Names of tools; absent: all. */
  tools?: string[] | undefined;
  readOnly: boolean;
  /** Ids or labels of accounts; absent: all. */
  accounts?: string[] | undefined;
  voice: boolean;
  createdAt: number;
  expiresAt: number;
}

/** One chain of refresh tokens, each got with the one before it. */
export interface Branch {
  /** 0: the trunk, which began with the grant. */
  id: number;
  since: number;
  /** Exact to the hour only. */
  usedAt: number;
  /** How many further copies came into it, since there were as many branches as there may be. */
  joined?: number | undefined;
}

/**
 * Why a refresh token gives nothing although it is one of ours: it came too
 * late or too often after it was used, its chain was ended, or somebody else
 * came with it.
 */
export type RefusedReplay = "late" | "too_often" | "ended" | "other_client" | "other_key";

/** A refresh token or a personal token: only its digest is stored. */
export interface GatewaySecret {
  kind: "refresh" | "personal";
  subject: Subject;
  grantId: string;
  /** The chain that a refresh token belongs to; absent: the trunk. */
  branch?: number | undefined;
  /** RFC 7638 thumbprint of the client's key that it is bound to, if it is. */
  key?: string | undefined;
  /** Of a refresh token that was used: when, and what it was exchanged for. */
  rotated?: { at: number; successor: string } | undefined;
  /** Of one that came again after that: what it got last, how often, and until when it may come. */
  forked?: { successor: string; count: number; until: number } | undefined;
  expiresAt: number;
}

/** An authorization code (RFC 6749 §4.1.2). It stays after its use, to notice a second one. */
export interface AuthorizationCode {
  subject: Subject;
  email?: string | undefined;
  grantId: string;
  clientId: string;
  redirectUri: string;
  /** RFC 7636 §4.2, S256. */
  challenge: string;
  /** The key that its tokens will be bound to (RFC 9449 §10). */
  jkt?: string | undefined;
  scopes: string[];
  resource: string;
  name: string;
  used?: boolean | undefined;
  /** Somebody came with it a second time: nobody keeps what it gave (OAuth 2.1 §4.1.3). */
  replayed?: boolean | undefined;
  /** Until then it can be exchanged. */
  usableUntil: number;
  /** Until then its record is kept. */
  expiresAt: number;
}

/** A person who is signed in, in one browser. */
export interface Session {
  subject: Subject;
  email?: string | undefined;
  label: string;
  /** Of the subject's sign-outs everywhere; an older one is over. */
  epoch: number;
  /** When the person signed in; absent in records of before that was noted: long ago. */
  signedInAt?: number | undefined;
  expiresAt: number;
}

/**
 * An MCP client as it registered itself (RFC 7591), or as its own document
 * describes it: kept once a person has agreed to it, so that it goes on
 * working where the document cannot be fetched.
 */
export interface RegisteredClient {
  id: string;
  name: string;
  redirectUris: string[];
  /** Whether a person ever agreed to it: others are forgotten soon. */
  used: boolean;
  /** Of a document: when it was last fetched. */
  fetchedAt?: number | undefined;
  /**
   * Whether it proves who it is, by `keys`. Absent in records of versions before 0.2, which did not
   * ask: a registration was told "none", and of a document it is not known.
   */
  proves?: boolean | undefined;
  keys?: ClientKeys | undefined;
  /** It wants no tokens but such as are bound to a key (RFC 9449 §5.2). */
  boundOnly?: boolean | undefined;
  /** Of a document that says where its keys are: what stood there last. */
  fetchedKeys?: FetchedKeys | undefined;
  expiresAt: number;
}
