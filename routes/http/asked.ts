/**
 * A request that was asked, as much of it as finding its caller and their wish
 * needs: Hono's context is one, and so is a request that never came to the router.
 *
 * @module
 */

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
