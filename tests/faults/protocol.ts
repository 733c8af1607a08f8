/**
 * What the processes of a fault test say to each other: the provider, the
 * gateway's workers, and the one that started them.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** How a provider treats an account; the account's name begins with it. */
export const modes = ["fast", "slow", "rotating"] as const;
export type Mode = typeof modes[number];

/** What `slow` takes after it has done the work: then an answer can get lost. */
export const SLOW_MS = 2_000;

/** Where in a refresh a process ends itself. */
export const killPoints = ["before", "during", "after"] as const;
export type KillPoint = typeof killPoints[number];

/** Names the process that asks the provider. */
export const WORKER_HEADER = "X-Worker";
/** Done, but never answered: `GET /control/done?id=` tells when it is done. */
export const HOLD_HEADER = "X-Hold";

/** A provider's env. */
export interface ServerEnv extends Record<string, string> {
  PORT: string;
  CLIENT_ID: string;
  CLIENT_SECRET: string;
  /** Separated by commas. */
  REDIRECT_URIS: string;
  ACCESS_TOKEN_SECONDS: string;
}

/** What a worker is told on its control port. */
export interface Control {
  /** Added to its clock, in ms. */
  skew?: number;
  /** It ends itself at the next refresh that it sends; `null`: it does not. */
  arm?: KillPoint | null;
}

/** One refresh, as the provider saw it. */
export interface RefreshRequest {
  account: string;
  /** Digest of the refresh token that was presented. */
  presented: string;
  /** Which process asked. */
  worker: string;
  /** `issued`, or the error code. */
  outcome: string;
  /** Digest of the access token that was issued. */
  issued: string | undefined;
}

/** What happened at the provider since the last look. */
export interface ServerLog {
  refreshes: RefreshRequest[];
  /** Account → digests of the access tokens that its calendar was opened with. */
  used: Record<string, string[]>;
}

/** What a token is called in a log. */
export function shortDigest(token: string): string {
  return createHash("sha256").update(token).digest("base64url").slice(0, 12);
}

const LOOK_EVERY_MS = 1_000;

/** Ends this process when the one that started it is gone, however that ended. */
export function endWithParent(): void {
  const parent = Deno.ppid;
  const timer = setInterval(() => {
    if (Deno.ppid !== parent) Deno.exit(1);
  }, LOOK_EVERY_MS);
  Deno.unrefTimer(timer);
}
