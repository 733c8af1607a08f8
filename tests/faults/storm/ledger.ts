/**
 * What the world outside tells of itself: which secrets it gave out, what was
 * written where. The oracle believes this, and nothing that a gateway says.
 *
 * @module
 */

/** One thing that happened at the provider or an upstream. */
export type Told =
  | { kind: "secret"; secret: Secret }
  /** Something was written, by whoever held a token of this account. */
  | { kind: "write"; account: string; text: string }
  | { kind: "grant_ended"; account: string; why: "revoked" | "reused" }
  | { kind: "listening"; provider: string; upstreams: Record<string, string> };

/** A word that may reach one person at most, or nobody. */
export interface Secret {
  text: string;
  type: SecretType;
  /** The person or app whose it is; `undefined`: nobody's to see. */
  owner?: string | undefined;
}

export type SecretType =
  | "access token"
  | "refresh token"
  | "client secret"
  | "API key"
  | "encryption key"
  | "authorization code"
  | "code verifier"
  | "state"
  | "link"
  | "gateway token"
  | "e-mail address";

/** Whose an account is: person `h12` has the accounts `h12-1` and `h12-2`. */
export function ownerOf(account: string): string {
  return account.slice(0, account.lastIndexOf("-"));
}

export function emailOf(account: string): string {
  return `${account}@people.example`;
}

/** The writes that were seen, and those that were asked for. */
export class Ledger {
  readonly #seen = new Map<string, { account: string; count: number }>();
  readonly #asked = new Map<string, { account: string; least: 0 | 1 }>();

  note(told: Told): void {
    if (told.kind !== "write") return;
    const { account, text } = told;
    const known = this.#seen.get(text);
    this.#seen.set(text, { account, count: (known?.count ?? 0) + 1 });
  }

  /** A write is about to be asked for: it may be there from now on. */
  ask(account: string, text: string): void {
    this.#asked.set(text, { account, least: 0 });
  }

  /** It was said to be done: from now on it must be there. */
  acknowledge(text: string): void {
    const asked = this.#asked.get(text);
    if (asked !== undefined) asked.least = 1;
  }

  /** What is wrong with the writes, each in words; they are settled and forgotten. */
  settle(): string[] {
    const faults: string[] = [];
    for (const [text, { account, least }] of this.#asked) {
      const seen = this.#seen.get(text);
      const count = seen?.count ?? 0;
      if (count < least) faults.push(`a write is lost: ${text} was said to be done`);
      if (count > 1) faults.push(`a write is there ${count} times: ${text}`);
      if (seen !== undefined && seen.account !== account) {
        faults.push(`a write stands in another's account: ${text} in ${seen.account}`);
      }
    }
    for (const [text, { account }] of this.#seen) {
      if (!this.#asked.has(text)) faults.push(`nobody asked for a write: ${text} in ${account}`);
    }
    this.#asked.clear();
    this.#seen.clear();
    return faults;
  }
}
