/**
 * A revision of the protocol, as the endpoint sees it. Another one is a file
 * beside the others, and a line in the list of `eras.ts`.
 *
 * @module
 */

import type { Visit } from "../definition.ts";

/** A revision of MCP. */
export interface Era {
  /** Whether a request speaks it; the first of the list that says so serves. */
  accepts(request: Request, body: unknown): boolean | Promise<boolean>;
  /** Answers one HTTP request. `body` is its parsed JSON. */
  serve(request: Request, body: unknown, visit: Visit): Promise<Response>;
}
