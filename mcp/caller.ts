/**
 * Who calls a tool, one call of theirs, and what it is made with.
 *
 * @module
 */

import type { Activity } from "../broker/core/activity.ts";
import type { Acting } from "../broker/core/actor.ts";
import type { CallBroker } from "../broker/core/call.ts";
import type { Refusal } from "../broker/core/refusal.ts";
import type { RequestNotes } from "../broker/core/request_notes.ts";
import type { World } from "../broker/core/world.ts";
import type { ClientSide } from "./client_side.ts";
import type { ProviderCrowds } from "./provider_crowds.ts";
import type { ToolFilter } from "./tool_filter.ts";

/** A call that was not answered by then is given up, and its caller is told so. */
export const CALL_TIMEOUT_MS = 30_000;

/** Who calls, and what they may see. */
export interface Caller extends Acting {
  filter: ToolFilter;
  /** The `Idempotency-Key` header. */
  idempotencyKey?: string | undefined;
  /** Tools that it has called and its API key may not use. */
  denied?: ReadonlySet<string> | undefined;
  /** There were too many requests: its calls are answered so, and not made. */
  refused?: Refusal | undefined;
  /** Before something is changed: rejects where the request was made before. Absent: it cannot be told. */
  claimOnce?: (() => Promise<void>) | undefined;
  /** Of the request by which it calls; absent over stdio. */
  request?: RequestNotes | undefined;
  /** After this the caller is told in words that it takes longer. */
  timeoutMs?: number | undefined;
  /** Whatever matters is said in words. */
  voice?: boolean | undefined;
}

/** Whose signal tells that nobody waits any more. */
export type Asker = Pick<Request, "signal">;

/** One call of a caller. */
export interface Call {
  name: string;
  args: unknown;
  /** The JSON-RPC id. */
  id: string | number;
  /** Whether its ids count its calls, as far as anybody can tell: equal ones are the same call. */
  countsCalls: boolean;
  /** Who waits for it. A request makes its signal when somebody looks at it, which most calls need not. */
  asker: Asker;
  /** Where the caller wants to hear how far it is. */
  onprogress?: ((progress: CallProgress) => void) | undefined;
  /** What its client can be told and asked meanwhile; absent: nothing. */
  client?: ClientSide | undefined;
  /** The trace that it says it belongs to, unread: of a batch each its own; absent: its request's. */
  traceparent?: string | undefined;
  /** Whose account it was made with, as soon as that is known. */
  served: ServedBy;
}

/** Filled in on the way. */
export interface ServedBy {
  account: string | undefined;
}

/** MCP's progress notification, without its token. */
export interface CallProgress {
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
}

/** What a call needs: the clock, provider tokens, and a way out. */
export interface CallDeps {
  world: World;
  broker: CallBroker;
  fetch: typeof fetch;
  /** Who calls which provider; absent: nobody else does. */
  crowds?: ProviderCrowds | undefined;
  /** Where calls are noted; absent: nowhere. */
  activity?: Activity | undefined;
}
