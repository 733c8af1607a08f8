/**
 * Holds what callers got against what the provider says.
 *
 * @module
 */

import type { Outcome } from "./callers.ts";
import { type RefreshRequest, type ServerLog, shortDigest } from "./protocol.ts";
import type { Report } from "./soak_report.ts";

/** A provider counts a token's life in whole seconds, from its own side of the network. */
const EXPIRY_TOLERANCE_MS = 1_500;

/** What the provider said about a token when it was handed out. */
interface Check {
  account: string;
  fault: string | undefined;
}

/** Judges one soak. */
export class Judge {
  readonly #provider: string;
  readonly #report: Report;
  readonly #killed: ReadonlySet<string>;
  /** All refreshes so far, in the provider's order. */
  readonly #refreshes: RefreshRequest[] = [];
  /** Digests of the access tokens that anybody was given. */
  readonly #seen = new Set<string>();
  #checks = new Map<string, Promise<Check>>();

  constructor(provider: string, report: Report, killed: ReadonlySet<string>) {
    this.#provider = provider;
    this.#report = report;
    this.#killed = killed;
  }

  /** Takes what the provider has seen. */
  note({ refreshes, used }: ServerLog): void {
    this.#refreshes.push(...refreshes);
    Object.values(used).flat().forEach((token) => this.#seen.add(token));
    const report = this.#report;
    report.requests += refreshes.length;
    if (report.mode === "rotating") {
      report.rotations += refreshes.filter(({ outcome }) => outcome === "issued").length;
    }
  }

  /** Asks the provider about a token as soon as the first caller has it: it may be near its end. */
  look({ caller: { account }, token, expiresAt }: Outcome): void {
    if (token === undefined) return;
    this.#seen.add(shortDigest(token));
    const key = JSON.stringify([account, token]);
    if (!this.#checks.has(key)) this.#checks.set(key, this.#check(account, token, expiresAt ?? 0));
  }

  async #check(account: string, token: string, expiresAt: number): Promise<Check> {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${this.#provider}/oauth2/v2/userinfo`, { headers });
    const { sub } = await response.json();
    const isOver = Date.now() > expiresAt - EXPIRY_TOLERANCE_MS;
    if (sub === account || (response.status === 401 && isOver)) {
      return { account, fault: undefined };
    }
    return { account, fault: `a token of ${account}: ${response.status}, account ${sub}` };
  }

  /** Counts the tokens and answers that were not the caller's own, or were refused. */
  async wrongAnswers(outcomes: Outcome[], revoked: string[]): Promise<void> {
    const checks = await Promise.all(this.#checks.values());
    this.#checks = new Map();
    const faults = checks.flatMap(({ account, fault }) =>
      // The provider ended this grant while its last tokens were on the way.
      fault === undefined || revoked.includes(account) ? [] : fault
    );
    for (const { caller: { account }, kind, detail } of outcomes) {
      const isOther = kind === "events" && detail !== account;
      if (isOther) faults.push(`${account} was shown the calendar of ${detail}`);
      if (kind === "refused") this.#say(`${account} was refused: ${detail}`);
      if (kind === "gave_up") this.#report.gaveUp += 1;
    }
    this.#report.wrongTokens += faults.length;
    faults.forEach((fault) => this.#say(fault));
  }

  /** Nobody died: one request for each account, and one new token for all its callers. */
  calmRound(account: string, outcomes: Outcome[], log: ServerLog, before: string): void {
    const own = log.refreshes.filter((refresh) => refresh.account === account);
    const tokens = new Set(
      outcomes.flatMap(({ caller, token }) =>
        caller.account === account && token !== undefined ? [shortDigest(token)] : []
      ),
    );
    const issued = own[0]?.issued ?? "";
    const used = log.used[account] ?? [];
    const isOne = own.length === 1 && [...tokens, ...used].every((token) => token === issued);
    if (isOne && !tokens.has(shortDigest(before))) return;
    const requests = own.map(({ worker, outcome }) => `${worker} ${outcome}`).join(", ");
    this.#say(`${account}: ${own.length} requests (${requests}), ${tokens.size} tokens`);
  }

  /**
   * Whether nobody could have saved the connection: the provider had done its
   * last refresh, and the process that was to hear of it was killed before it
   * could store it, so that the next one presented what was used up. Had anybody
   * seen the new access token, it would have been stored.
   */
  isUnwinnable(account: string): boolean {
    const own = this.#refreshes.filter((refresh) => refresh.account === account);
    const last = own.at(-1);
    const issued = own.findLast(({ outcome }) => outcome === "issued");
    return last?.outcome === "invalid_grant" && last.presented === issued?.presented &&
      this.#killed.has(issued.worker) && !this.#seen.has(issued.issued!);
  }

  #say(violation: string): void {
    this.#report.violations.push(violation);
  }
}
