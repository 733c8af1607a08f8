/**
 * A request that was asked, as much of it as finding its caller and their wish
 * needs: Hono's context is one, and so is a request that never came to the router.
 *
 * @module
 */

import type { RequestNotes } from "../../broker/core/request_notes.ts";

/** What is read of a request. */
export interface Asked {
  req: {
    raw: Request;
    method: string;
    url: string;
    /** Without the query. */
    path: string;
    header(name: string): string | undefined;
    /** A part of the path that the route's pattern names. */
    param(name: string): string | undefined;
  };
  /** What `compose.ts` hands over with each request. */
  env: unknown;
}

/** What of `env` every part of the edge may read. */
export interface Noted {
  /** What is known of the request, which grows while it is answered. */
  request: RequestNotes;
}

/** What is known of a request. */
export function notesOf({ env }: Pick<Asked, "env">): RequestNotes {
  return (env as Noted).request;
}

/** By this an answer says its request's id. What a caller sends by it is not taken: see the README. */
export const REQUEST_ID_HEADER = "X-Request-Id";
