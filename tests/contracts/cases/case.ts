/**
 * A call of a tool for the contract test.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";

/** Arguments, and what its vendor says that no description tells. */
export interface Case {
  args: Record<string, Json>;
  /** By operation (`GET /repos/{owner}/{repo}`): the answer as it has to be for the tool to go on. */
  answers?: Record<string, (body: Json) => Json> | undefined;
  /** The tool refuses by itself, or the answer means no: its words. */
  refuses?: RegExp | undefined;
}

/** Typical and extreme calls, by the tool's name. */
export type Cases = Record<string, Case[]>;

/** What is wrong with a tool, as far as it is known: it has to be taken away once it is mended. */
export interface KnownFault {
  tool: string | RegExp;
  /** A column of the table. */
  check: string;
  /** Part of what the check says. */
  fault: string;
}

/** Whether a fault is known of a tool. */
export function isOf({ tool }: KnownFault, name: string): boolean {
  return typeof tool === "string" ? tool === name : tool.test(name);
}
