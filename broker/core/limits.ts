/**
 * How often something may be done: which limits there are, what they are
 * counted by, and what a request is counted against. Each holds over all
 * processes of a deployment, see `leased_limit.ts`.
 *
 * @module
 */

import type { Awaitable } from "./awaitable.ts";
import type { BudgetSize } from "./budget.ts";
import { Refusal } from "./refusal.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What is counted, with what it is counted by, and how much of it is usual. `LIMITS` says it otherwise. */
export const LIMITS = {
  /** Requests with one API key, or with what its app has made. */
  api_key: { limit: 120_000, windowMs: MINUTE_MS },
  /** Requests for one person, whoever makes them. */
  subject: { limit: 12_000, windowMs: MINUTE_MS },
  /** Requests of one MCP client for one person, of one personal or session token. */
  client: { limit: 12_000, windowMs: MINUTE_MS },
  /** MCP requests in a day for one person who signed in, with all of their clients and tokens. */
  person: { limit: 100_000, windowMs: DAY_MS },
  /** Connections that one person who signed in sets out to make. */
  connection: { limit: 200, windowMs: DAY_MS },
  /** Requests of one address that bring no key and no gateway token: pages, sign-in, OAuth endpoints. */
  address: { limit: 6_000, windowMs: MINUTE_MS },
  /** `POST /token`, by API key. */
  token: { limit: 60_000, windowMs: MINUTE_MS },
  /** `POST /links`, by API key. */
  link: { limit: 6_000, windowMs: MINUTE_MS },
  /** `/oauth/token` and `/oauth/revoke`, by client and address: a client of many people has one id. */
  oauth_token: { limit: 6_000, windowMs: MINUTE_MS },
  /** Registrations of MCP clients, by address. */
  registration: { limit: 100, windowMs: HOUR_MS },
  /** Sign-ins that are begun, by address. */
  sign_in: { limit: 100, windowMs: 10 * MINUTE_MS },
  /** Sign-ins that were finished, by person. */
  session: { limit: 100, windowMs: DAY_MS },
  /** MCP clients that were allowed, by person. */
  code: { limit: 100, windowMs: HOUR_MS },
  /** Personal tokens that were made, by person. */
  personal_token: { limit: 50, windowMs: DAY_MS },
  /** Session tokens that a backend made, by user. */
  session_token: { limit: 1_000, windowMs: DAY_MS },
  /** Refreshes of gateway tokens, by grant and chain. */
  refresh: { limit: 120, windowMs: HOUR_MS },
} satisfies Record<string, BudgetSize>;

export type LimitName = keyof typeof LIMITS;

/** What each limit is; absent: there is none. */
export type LimitSizes = { [Name in LimitName]?: BudgetSize | undefined };

/** The limits that an app may have of its own: those that are counted by its key, or for its users. */
export const APP_LIMITS = [
  "api_key",
  "subject",
  "client",
  "token",
  "link",
  "session_token",
] as const satisfies LimitName[];

/** What one app has instead. */
export type AppLimits = { [Name in (typeof APP_LIMITS)[number]]?: BudgetSize | undefined };

/** One thing that a request is counted against. */
export interface Counted {
  name: LimitName;
  /** Whose it is. */
  key: string;
  /** Where this one has a limit of its own. */
  size?: BudgetSize | undefined;
  /** It is others' too, of whom whoever asks is told nothing: not how much of it is left. */
  isShared?: boolean | undefined;
}

/** How much is left to one that is counted, as far as this process knows. */
export interface Standing {
  name: LimitName;
  size: BudgetSize;
  left: number;
  /** Ms until there is more. */
  resetMs: number;
}

/** What was used from a time on until another (epoch ms), and how much: it counts for a window after that. */
export type LimitPart = [first: number, last: number, units: number];

/** What a process has taken ahead, to be used by then. */
export type LimitLease = [process: string, units: number, until: number];

/** What all processes know of one limit of one key; the oldest part is first. */
export interface LimitRecord {
  /** When it was written, and by whom: all of its times are of that clock. */
  at: number;
  by: string;
  parts: LimitPart[];
  leases: LimitLease[];
}

/** One as it was read. */
export interface SeenLimit {
  value: LimitRecord;
  version: string;
  /** Until when it is kept, in epoch ms. */
  endsAt: number;
}

/** Where processes take what they may admit. `key` is kept as nothing that tells whose it is. */
export interface LimitStore {
  read(name: LimitName, key: string): Promise<SeenLimit | null>;
  /**
   * In the place of what was seen, for a window and a half at least; as it stands there then, or
   * `null`: somebody wrote first.
   */
  put(
    name: LimitName,
    key: string,
    write: { record: LimitRecord; windowMs: number },
    seen: SeenLimit | null,
  ): Promise<SeenLimit | null>;
}

/** The limits of one process. */
export interface Limits {
  /** Counts one; for how long (ms) no more is admitted, 0: it was. Known at once but at the edge. */
  take(counted: Counted, units?: number): Awaitable<number>;
  /** For how long none is admitted, as far as is known here. Counts nothing. */
  wait(counted: Counted): number;
  /** `undefined` where there is no such limit, or nothing was counted. */
  standing(counted: Counted): Standing | undefined;
}

/** No limits: of tests, and of programs that one person runs. */
export const NO_LIMITS: Limits = { take: () => 0, wait: () => 0, standing: () => undefined };

/**
 * Counts a request against all of these, in their order: the narrowest should be first, so that what
 * one person has too much of is not counted against all others of the same app. At once, but where
 * somebody is at the edge of a limit.
 *
 * @throws {Refusal} `rate_limited`, thrown or rejected.
 */
export function admit(limits: Limits, all: readonly Counted[], units = 1): Awaitable<void> {
  for (let at = 0; at < all.length; at++) {
    const wait = limits.take(all[at]!, units);
    if (wait instanceof Promise) return admitLater(limits, all, units, at, wait);
    if (wait > 0) refuse(limits, all, at, wait);
  }
}

async function admitLater(
  limits: Limits,
  all: readonly Counted[],
  units: number,
  from: number,
  first: Promise<number>,
): Promise<void> {
  for (let at = from, wait = await first;; wait = await limits.take(all[at]!, units)) {
    if (wait > 0) refuse(limits, all, at, wait);
    at += 1;
    if (at === all.length) return;
  }
}

/** The time is true when all of them let it through then. */
function refuse(limits: Limits, all: readonly Counted[], at: number, wait: number): never {
  const others = all.map((counted, index) => index === at ? 0 : limits.wait(counted));
  const longest = Math.max(wait, ...others);
  const { name: limit } = all[at]!;
  throw new Refusal({ code: "rate_limited", retryAfter: Math.ceil(longest / SECOND_MS), limit });
}
