/**
 * A connection to an upstream MCP server that has greeted: all that those who
 * list and call know of the client behind it, whichever revision of MCP it
 * speaks. Nothing here is of any SDK.
 *
 * @module
 */

/** MCP's progress notification, without its token. */
export interface UpstreamProgress {
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
}

/** What a server says without being asked, or asks itself. */
export interface UpstreamMessage {
  method: string;
  params: Record<string, unknown>;
}

/** What comes with one request. */
export interface RequestOptions {
  /** Ends the request; the server is told where its revision has a way. */
  signal: AbortSignal;
  /** Until the answer; progress, where it is wanted, begins this time anew. */
  timeoutMs: number;
  /** Of a call's arguments, as its tool wants them said (`Mcp-Param-…`, 2026-07-28). */
  headers?: Record<string, string> | undefined;
  /** The trace that it belongs to, said in its header as well (W3C Trace Context). */
  traceparent?: string | undefined;
  onprogress?: ((progress: UpstreamProgress) => void) | undefined;
  /** What the server says while it works on this request, beside progress: log messages. */
  onnotification?: ((notification: UpstreamMessage) => void) | undefined;
  /**
   * What the server asks while it works on this request, such as `elicitation/create` (until
   * 2025-11-25); the result is sent back, and of what is thrown only that it was refused. Absent:
   * everything is refused.
   */
  onrequest?:
    | ((request: UpstreamMessage, signal: AbortSignal) => Promise<Record<string, unknown>>)
    | undefined;
}

/** A greeted server. */
export interface UpstreamSession {
  /** What the server says of itself to whoever uses it. */
  readonly instructions: string | undefined;
  /** What the server says it can, as it said it: read with care. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** The revision of MCP that is spoken: `2025-11-25`. */
  readonly revision: string;
  /**
   * Sends a request, once. Its result is an object and nothing more is known of it: what a schema
   * would throw away whole is read member by member by whoever asked. In 2026-07-28 it may be an
   * `input_required` result, which is answered by the same request with `inputResponses`.
   */
  request(
    method: string,
    params: Record<string, unknown>,
    options: RequestOptions,
  ): Promise<Record<string, unknown>>;
}
