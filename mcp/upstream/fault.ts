/**
 * Why an upstream gave no result, and whether what was asked may have been done
 * all the same. A request that was sent is never sent again where it may have
 * been: whoever catches one of these decides by that, not by what went wrong.
 *
 * @module
 */

/** Characters of a server's error that its caller reads; the rest is cut off. */
export const MAX_ERROR_WORDS = 2_000;

/** What went wrong. */
export type Why =
  /** A JSON-RPC error: the server's own words, not to be shown before they are searched. */
  | {
    kind: "answered_error";
    code: number;
    text: string;
    data: unknown;
    /** Of the HTTP answer that it stands in, where that is a refusal. */
    status?: number | undefined;
  }
  /** 401; its `WWW-Authenticate`. */
  | { kind: "unauthorized"; challenge?: string | undefined }
  /** 403 with a challenge (RFC 6750 §3.1). */
  | { kind: "insufficient_scope"; scopes: string[] }
  /** 403. */
  | { kind: "forbidden" }
  /** 429; seconds. */
  | { kind: "rate_limited"; retryAfter: number | undefined }
  /** The server does not know the session any more. */
  | { kind: "no_session" }
  /** Any other status that is no answer; seconds. */
  | { kind: "status"; status: number; retryAfter: number | undefined }
  | { kind: "redirected" }
  /** No connection came about. */
  | { kind: "unreachable" }
  /** The connection, or the process, ended before the answer. */
  | { kind: "dropped" }
  /** There was an answer, and nobody can read it. */
  | { kind: "unreadable" }
  /** The answer was longer than it may be, or more came with it. */
  | { kind: "too_much" }
  | { kind: "timeout" }
  /** A local server that ended too often is not started again yet; seconds. */
  | { kind: "resting"; retryAfter: number }
  /** As many local servers run as may. */
  | { kind: "no_place" }
  /** A local server that cannot be started: the cause says why. */
  | { kind: "not_started" };

/** An upstream gave no result. */
export class UpstreamFault extends Error {
  override name = "UpstreamFault";
  readonly why: Why;
  /** Whether what was asked may have been done. */
  readonly mayBeDone: boolean;
  /** The last lines of a local server's standard error, fit for the log. */
  lastWords: string | undefined;

  constructor(why: Why, { mayBeDone }: { mayBeDone: boolean }, options?: ErrorOptions) {
    super(why.kind, options);
    this.why = why;
    this.mayBeDone = mayBeDone;
  }
}

/** Nothing was done: it was not sent, or the server said that it refuses. */
export function notDone(why: Why, options?: ErrorOptions): UpstreamFault {
  return new UpstreamFault(why, { mayBeDone: false }, options);
}

/** It was sent, and nobody knows what came of it. */
export function mayBeDone(why: Why, options?: ErrorOptions): UpstreamFault {
  return new UpstreamFault(why, { mayBeDone: true }, options);
}

/** The kind of an error, where it is a fault. */
export function kindOfFault(error: unknown): Why["kind"] | undefined {
  return error instanceof UpstreamFault ? error.why.kind : undefined;
}

/**
 * What a signal's end means for a request that was sent: too late, or nobody
 * waits for it any more.
 */
export function faultOfEnd({ reason }: AbortSignal): UpstreamFault {
  const isLate = reason instanceof DOMException && reason.name === "TimeoutError";
  return mayBeDone({ kind: isLate ? "timeout" : "dropped" }, { cause: reason });
}

/** Does what comes before a request: whatever goes wrong there, the request was not sent. */
export async function beforehand<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UpstreamFault ? notDone(error.why, { cause: error }) : error;
  }
}
