/**
 * How much one person may hold at a time, of what does not end by itself within a
 * day. What is more is refused when it is to be made, and changes nothing; of what
 * is there already nothing is taken away. `QUOTAS` says it otherwise.
 *
 * @module
 */

import { type QuotaName, Refusal } from "./refusal.ts";

/** What is held, and how much of it is usual. */
export const QUOTAS = {
  /** Accounts that are connected, of all providers together. */
  connections: 200,
  /** What MCP clients were allowed, and lasts. */
  clients: 200,
  /** Personal tokens that are good. */
  personal_tokens: 50,
} satisfies Record<QuotaName, number>;

export type Quotas = Readonly<Record<QuotaName, number>>;

/** The most that any of them may be set to: all of a kind is looked through at times. */
export const MOST_HELD = 1_000;

/** @throws {Refusal} `quota_exceeded` where there is room for no more. */
export function requireRoom(quotas: Quotas, of: QuotaName, held: number): void {
  if (held >= quotas[of]) throw new Refusal({ code: "quota_exceeded", of, limit: quotas[of] });
}
