/**
 * What an operator sees of upstream MCP servers, and lets in: which of their
 * tools are listed, which wait, and what of them has changed.
 *
 * @module
 */

import type { ListFinding } from "./upstream.ts";

/** One upstream, as its lists showed it so far. */
export interface ReviewedUpstream {
  upstream: string;
  /** How many tools are listed as they are. */
  approved: number;
  /** What is not, or not as it describes itself. */
  waiting: WaitingDefinition[];
  /** What was left out of its last lists. */
  findings: ListFinding[];
}

/** A definition that waits for the operator. */
export interface WaitingDefinition {
  /** Our name of the tool; absent for the server's instructions. */
  tool?: string | undefined;
  /** SHA-256, hexadecimal. */
  digest: string;
  /** Nothing of it was approved before. */
  isNew: boolean;
  /** Line by line, beside what was approved last; nothing in it that a screen would obey. */
  diff: DiffLine[];
}

/** A line of it: gone, come, or as before. */
export interface DiffLine {
  sign: "-" | "+" | " ";
  text: string;
}

/** What a definition is named by. */
export interface Accepting {
  upstream: string;
  tool?: string | undefined;
  /** All of it, or its first 32 digits or more. */
  digest: string;
}

/** Looking, and letting in. Each may throw a `StoreError`. */
export interface UpstreamReview {
  /** All upstreams that ever listed anything. */
  all(): Promise<ReviewedUpstream[]>;
  /** How many definitions wait, by upstream; those with none are left out. */
  waiting(): Promise<Map<string, number>>;
  /** `false`: nothing with this digest waits there any more. */
  accept(accepting: Accepting): Promise<boolean>;
}
