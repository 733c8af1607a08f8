/**
 * What the gateway keeps for MCP clients and people who sign in: grants,
 * codes, sessions, registered clients, remembered calls, upstreams.
 *
 * @module
 */

import type { Stored, Subject } from "./connection.ts";

/** A subject's permission for one client, or for whoever holds a personal token. */
export interface Grant {
  subject: Subject;
  id: string;
  /** Absent for personal tokens. */
  clientId?: string;
  /** The client's name, or the one that the person gave a personal token. */
  name: string;
  /** Gateway scopes that the person agreed to. */
  scopes: string[];
  /** The resource that its access tokens are for (RFC 8707). */
  resource: string;
  createdAt: number;
  /** To the hour. */
  usedAt?: number;
}

/** Grants at rest. Deleting one ends all its tokens at once. */
export interface GrantStore {
  get(subject: Subject, id: string): Promise<Stored<Grant> | null>;
  list(subject: Subject): Promise<Grant[]>;
  /** `version` null: only if there is none yet. */
  put(grant: Grant, version: string | null): Promise<boolean>;
  delete(subject: Subject, id: string): Promise<void>;
}

/** A refresh token or a personal token: only its digest is stored. */
export interface GatewaySecret {
  kind: "refresh" | "personal";
  subject: Subject;
  grantId: string;
  /** Of a refresh token that was used: when, and what it was exchanged for. */
  rotated?: { at: number; successor: string };
  expiresAt: number;
}

/** An authorization code (RFC 6749 §4.1.2). It stays after its use, to notice a second one. */
export interface AuthorizationCode {
  subject: Subject;
  grantId: string;
  clientId: string;
  redirectUri: string;
  /** RFC 7636 §4.2, S256. */
  challenge: string;
  scopes: string[];
  resource: string;
  name: string;
  used?: boolean;
  /** It came a second time. */
  replayed?: boolean;
  expiresAt: number;
}

/** A person who is signed in, in one browser. */
export interface Session {
  subject: Subject;
  label: string;
  /** Of the subject's sign-outs everywhere; an older one is over. */
  epoch: number;
  expiresAt: number;
}

/** An MCP client as it registered itself (RFC 7591). */
export interface RegisteredClient {
  id: string;
  name: string;
  redirectUris: string[];
  /** Whether a person ever agreed to it: others are forgotten soon. */
  used: boolean;
  expiresAt: number;
}

/** A tool call that must not happen twice: begun, and then how it ended. */
export interface RememberedCall {
  /** Digest of the tool and its arguments. */
  call: string;
  /** JSON of the outcome; absent while it runs. */
  outcome?: string;
  expiresAt: number;
}

/** What was approved of an upstream MCP server's tools, and what waits for the operator. */
export interface UpstreamRecord {
  /** Tool → digest of its definition, and its description for the operator to compare. */
  approved: Record<string, ToolDefinition>;
  /** Changed after they were approved: withheld until accepted. */
  withheld: Record<string, ToolDefinition>;
}

/** A tool's definition as it is remembered. */
export interface ToolDefinition {
  digest: string;
  description: string;
}

/** {@linkcode UpstreamRecord}s by upstream. */
export interface UpstreamStore {
  get(upstream: string): Promise<Stored<UpstreamRecord> | null>;
  /** `version` null: only if there is none yet. */
  put(upstream: string, record: UpstreamRecord, version: string | null): Promise<boolean>;
}

/** Counters against floods. */
export interface RateLimits {
  /** Counts one; `false` when there were more than `limit` in this window. */
  hit(key: string, limit: number, windowMs: number, now: number): Promise<boolean>;
}

/** How often a subject has signed out everywhere. */
export interface EpochStore {
  get(subject: Subject): Promise<number>;
  raise(subject: Subject): Promise<void>;
}
