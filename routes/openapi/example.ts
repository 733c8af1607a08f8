/**
 * A request that was made, and what was answered.
 *
 * @module
 */

/** The address in the place of the deployment's own. */
export const EXAMPLE_URL = "https://switchboard.example.com";

/** One request, and its answer. */
export interface Example {
  method: string;
  /** With its query. */
  path: string;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  status: number;
  answer: unknown;
}
