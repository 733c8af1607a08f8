/**
 * How what MCP clients name is fetched, their documents and their keys: how
 * long it is used, and how often strangers may make this program fetch
 * something. What nobody has agreed to yet has a budget per address that asks,
 * per host that is asked, and for hosts that were not asked lately.
 *
 * @module
 */

import { Budget } from "../../broker/core/budget.ts";
import { refuseWhileOver } from "../../broker/core/refusal.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** What is fetched in an hour for those to whom nobody has agreed yet. */
export const DOCUMENT_LIMITS = { perAddress: 30, perHost: 20, newHosts: 500, windowMs: HOUR_MS };

export const DOCUMENT_TTL_MS = HOUR_MS;
/** For so long what was agreed to works without its document, and without its keys' address. */
export const STALE_DOCUMENT_MS = 7 * DAY_MS;
/** A host that is out is asked again after this long. */
export const DOCUMENT_RETRY_MS = 60_000;
/** Documents in memory. */
export const MAX_DOCUMENTS = 1_000;

/** The budget of one process. */
export class FetchBudget {
  readonly #perAddress = budgetOf(DOCUMENT_LIMITS.perAddress);
  readonly #perHost = budgetOf(DOCUMENT_LIMITS.perHost);
  readonly #newHosts = budgetOf(DOCUMENT_LIMITS.newHosts);

  /**
   * Counts one fetch. What is refused for one reason is not counted for another.
   *
   * @throws {Refusal} `rate_limited`.
   */
  admit({ hostname }: URL, address: string | undefined, now: number): void {
    const isNew = !this.#perHost.isCounted(hostname, now);
    refuseWhileOver(this.#perHost.wait(hostname, now));
    if (isNew) refuseWhileOver(this.#newHosts.wait("all", now));
    if (address !== undefined) refuseWhileOver(this.#perAddress.hit(address, now));
    if (isNew) this.#newHosts.hit("all", now);
    this.#perHost.hit(hostname, now);
  }
}

function budgetOf(limit: number): Budget {
  return new Budget({ limit, windowMs: DOCUMENT_LIMITS.windowMs });
}
