/**
 * A connection to an upstream MCP server that has greeted: all that those who
 * list and call know of the client behind it, whichever revision of MCP it
 * speaks.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import type { Progress } from "@modelcontextprotocol/sdk/types.js";

/** What comes with one request. */
export interface RequestOptions {
  signal: AbortSignal;
  /** Until the answer; progress, where it is wanted, begins this time anew. */
  timeoutMs: number;
  onprogress?: ((progress: Progress) => void) | undefined;
}

/** A greeted server. */
export interface UpstreamSession {
  /** What the server says of itself to whoever uses it. */
  readonly instructions: string | undefined;
  /**
   * Sends a request. Its result is an object and nothing more is known of it: what a schema would
   * throw away whole is read member by member by whoever asked.
   */
  request(
    method: string,
    params: Record<string, unknown>,
    options: RequestOptions,
  ): Promise<Record<string, unknown>>;
}
