/**
 * What each refresh token must give, by the promises in the README and by
 * nothing else: it sees what was presented and what was answered, as the people
 * outside do, and never the records.
 *
 * @module
 */

import { type Given, HOUR_MS } from "./gateway.ts";

/** So many branches come of one token, and so many live beside the trunk. */
const FOUR = 4;

/** What the outside knows of one refresh token. */
interface Known {
  branch: number;
  /** What it was exchanged for, in the order in which that was first given. */
  led: string[];
  /** When it was first exchanged. */
  usedAt: number | undefined;
}

/** What must come of presenting a token. */
export type Expected =
  | { kind: "new"; branch: "same" | "another" }
  | { kind: "same"; refresh: string }
  | { kind: "refused" };

/** All that is known outside at one moment. */
export class Oracle {
  readonly known: Map<string, Known>;
  /** Chains that living tokens were given in; the person has not ended them. */
  readonly chains: Set<number>;
  readonly ended: Set<number>;
  /** How many times a branch was given. */
  forks = 0;
  refusals = 0;

  constructor(from?: Oracle) {
    this.known = new Map(
      [...from?.known ?? []].map(([token, each]) => [token, { ...each, led: [...each.led] }]),
    );
    this.chains = new Set(from?.chains);
    this.ended = new Set(from?.ended);
    this.forks = from?.forks ?? 0;
    this.refusals = from?.refusals ?? 0;
  }

  /** The first tokens of the sign-in. */
  begin({ refresh, branch }: Given): void {
    this.known.set(refresh, { branch, led: [], usedAt: undefined });
    this.chains.add(branch);
  }

  /** What the client itself must get for a token at this time. */
  expect(refresh: string, now: number): Expected {
    const { branch, led } = this.known.get(refresh)!;
    if (this.ended.has(branch)) return { kind: "refused" };
    const [first, last] = [led[0], led.at(-1)];
    if (first === undefined || last === undefined) return { kind: "new", branch: "same" };
    const latest = this.known.get(last)!;
    if (this.ended.has(latest.branch)) return { kind: "refused" };
    if (latest.usedAt === undefined) return { kind: "same", refresh: last };
    const since = now - this.known.get(first)!.usedAt!;
    if (since >= HOUR_MS || led.length - 1 >= FOUR) return { kind: "refused" };
    return { kind: "new", branch: "another" };
  }

  /** Whether an answer is what was expected; then it is noted. */
  take(refresh: string, given: Given | undefined, now: number): string | undefined {
    const expected = this.expect(refresh, now);
    const fault = this.#faultOf(refresh, expected, given);
    if (fault !== undefined) return `${fault} instead of ${JSON.stringify(expected)}`;
    if (given === undefined) {
      this.refusals += 1;
      return undefined;
    }
    const presented = this.known.get(refresh)!;
    presented.usedAt ??= now;
    if (expected.kind === "new") {
      presented.led.push(given.refresh);
      this.known.set(given.refresh, { branch: given.branch, led: [], usedAt: undefined });
      this.chains.add(given.branch);
      if (expected.branch === "another") this.forks += 1;
    }
    return undefined;
  }

  /** The person ends a chain. */
  end(branch: number): void {
    this.chains.delete(branch);
    this.ended.add(branch);
  }

  #faultOf(refresh: string, expected: Expected, given: Given | undefined): string | undefined {
    if (given === undefined) return expected.kind === "refused" ? undefined : "It is refused";
    const { branch } = this.known.get(refresh)!;
    const isKnown = this.known.has(given.refresh);
    switch (expected.kind) {
      case "refused":
        return "It gets tokens";
      case "same": {
        if (given.refresh !== expected.refresh) return "It gets another token";
        return given.branch === this.known.get(given.refresh)!.branch ? undefined : "Another chain";
      }
      case "new": {
        if (isKnown) return "It gets a token that was given before";
        if (expected.branch === "same") {
          return given.branch === branch ? undefined : "Another chain";
        }
        return this.#faultOfBranch(given.branch);
      }
    }
  }

  /** A branch of its own while there are fewer than four beside the trunk; then the newest. */
  #faultOfBranch(branch: number): string | undefined {
    const branches = [...this.chains].filter((id) => id !== 0);
    if (this.ended.has(branch)) return "A chain that was ended";
    if (branches.length < FOUR) return this.chains.has(branch) ? "No branch of its own" : undefined;
    return branch === Math.max(...branches) ? undefined : "Not the newest of four branches";
  }
}
