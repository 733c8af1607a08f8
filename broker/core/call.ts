/**
 * What tool calls ask of the broker, and how calls are remembered.
 *
 * @module
 */

import type { Acting, Actor } from "./actor.ts";
import type { Connection } from "./connection.ts";
import type { Subject } from "./subject.ts";
import type { TokenRequest } from "./token_request.ts";

/** A connection that serves a request. */
export interface Served extends Connection {
  /** The label of the default account that has ended, and for which this one stands in. */
  insteadOf?: string | undefined;
}

/** How a subject stands with a service, as far as is on record. */
export type Standing =
  | {
    kind: "connected";
    /** Another text for another account, another connection, other scopes. Nothing secret. */
    mark: string;
    /** Another one with every change of what is on record, such as a refresh. */
    version: string;
  }
  | { kind: "not_connected" };

/** Who is connected, without asking anybody. */
export interface Standings {
  /**
   * Whether {@linkcode CallBroker.token} would have a connection that works, as far as is known here: nothing is
   * refreshed for it, and no link is made.
   *
   * @throws {Refusal} `unknown_service`.
   */
  standing(request: Pick<TokenRequest, "subject" | "actor" | "service">): Promise<Standing>;
}

/** The broker as tool calls see it. */
export interface CallBroker {
  /** The connection that a request means, its token set fresh. */
  token(request: TokenRequest): Promise<Served>;
  /** Runs a call at most once; see `broker/remembered_calls.ts`. */
  once<T>(
    key: CallKey,
    run: () => Promise<T>,
    worthKeeping: (outcome: T) => boolean,
    signal: AbortSignal,
  ): Promise<Remembered<T>>;
  /** A provider refused an actor's call for what only the operator can mend: that is noted for them. */
  misconfigured?:
    | ((provider: string, detail: string, actor: Actor) => Promise<void>)
    | undefined;
}

/** How a caller names a call. What one credential did is no other's. */
export interface CallKey extends Acting {
  key: {
    /**
     * `header`: the `Idempotency-Key`. Else the JSON-RPC id, and `id`: of a caller
     * that counts its calls; `running`: of one whose ids begin anew with each of its
     * processes, and name a call only as long as it runs.
     */
    kind: "header" | "id" | "running";
    text: string;
  };
  tool: string;
  args: unknown;
}

/** What became of a repeated call. */
export type Remembered<T> =
  /** `repeated`: of the first call; this one was not run. */
  | { kind: "outcome"; outcome: T; repeated: boolean }
  /** The key was used for something else. */
  | { kind: "mismatch" }
  | { kind: "running" }
  /** The first one was begun, and nobody knows how it ended: it may have been done. */
  | { kind: "cut_off" }
  /** It was done, and its outcome is too long to be kept. */
  | { kind: "too_long" };

/** A tool call that must not happen twice: begun, and then how it ended. */
export interface RememberedCall {
  /** For whom it was made; absent in records of versions before 0.2. */
  subject?: Subject | undefined;
  /** Digest of the tool and its arguments. */
  call: string;
  /** JSON of the outcome; absent while it runs, and where it is too long. */
  outcome?: string | undefined;
  tooLong?: boolean | undefined;
  /** Named only while it ran: how it ended is for those who waited for it. */
  forWaiters?: boolean | undefined;
  /** Of which run it is; absent in records of versions before 0.2. */
  owner?: string | undefined;
  /** Without an outcome by then, its process has died. Absent in records of versions before 0.2. */
  runningUntil?: number | undefined;
  expiresAt: number;
}
