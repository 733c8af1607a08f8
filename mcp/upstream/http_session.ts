/**
 * A session with a remote upstream. Until 2025-11-25 the server keeps it, and
 * ends it when it likes; from 2026-07-28 on there is none, and each request
 * says all that the server needs to know.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { discard } from "../../broker/core/bodies.ts";
import { deadlineIn } from "../../broker/core/deadline.ts";
import type { RemoteUpstream } from "../../broker/core/upstream.ts";
import { type Around, exchange, TRAILING_MS } from "./exchange.ts";
import { beforehand, notDone, UpstreamFault, type Why } from "./fault.ts";
import { standardHeaders } from "./header_values.ts";
import { type HttpWays, HttpWire } from "./http_wire.ts";
import {
  type ClientSays,
  discoveryOf,
  envelope,
  type Greeting,
  greetingOf,
  initializeParams,
  STATELESS_REVISION,
  withProgressToken,
} from "./open.ts";
import { takesForms } from "../client_side.ts";
import { Aside } from "./aside.ts";
import { listen, told } from "./listening.ts";
import { UNSUPPORTED_REVISION } from "./rpc.ts";
import type { RequestOptions, UpstreamMessage, UpstreamSession } from "./session.ts";
import type { KeptSession } from "./sessions.ts";

/** How long a server is taken to speak what it spoke the last time it was asked. */
export const ERA_KNOWN_MS = 60 * 60_000;

/** How long what a server without sessions said of itself is taken to be true. */
export const GREETING_KNOWN_MS = 5 * 60_000;
/** A server that does not answer `server/discover` by then is taken for one of sessions. */
export const PROBE_MS = 5_000;

/** What is known of an upstream's era; for all its sessions. */
export interface KnownEra {
  isStateless: boolean;
  /** When it was found. */
  since: number;
}

/** What all sessions of one upstream have in common. */
export interface HttpUpstream {
  spec: RemoteUpstream;
  ways: HttpWays;
  /** Not found yet where it is absent. */
  era?: KnownEra | undefined;
  /** Ids that no two requests share, whichever session they belong to: an answer is nobody else's. */
  nextId(): number;
}

/** Whose a session is, and what its client can. */
export interface Opening {
  token: string | undefined;
  says: ClientSays;
  /** Hears that a list has changed; absent where nobody wants to know. */
  heard?: ((notification: UpstreamMessage) => void) | undefined;
}

/** Opens a session. @throws {UpstreamFault} that says that nothing was done. */
export async function openHttp(upstream: HttpUpstream, opening: Opening): Promise<HttpSession> {
  const session = new HttpSession(upstream, opening);
  try {
    await beforehand(() => session.greet());
    session.listen();
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** A session that is kept. */
export class HttpSession implements KeptSession {
  readonly ended = new Promise<void>(() => {});
  readonly #upstream: HttpUpstream;
  readonly #says: ClientSays;
  /** With the token that came last. */
  #around: Around;
  readonly #closing = new AbortController();
  readonly #isHeard: boolean;
  readonly #since: number;
  /** The server does not know it any more. */
  #isGone = false;
  #greeting: Greeting = { revision: "", capabilities: {}, instructions: undefined };

  constructor(upstream: HttpUpstream, { token, says, heard }: Opening) {
    this.#upstream = upstream;
    this.#says = says;
    const { spec, ways } = upstream;
    this.#since = ways.world.now();
    const wire = new HttpWire(spec, ways);
    const closing = this.#closing.signal;
    this.#isHeard = heard !== undefined;
    const nobody = () => {};
    const aside = takesForms(says.capabilities) ? new Aside(ways.world) : undefined;
    this.#around = { wire, ways, token, closing, isStateful: true, aside, heard: heard ?? nobody };
  }

  /**
   * The same subject's and account's, whose token may have been refreshed since. Where the server
   * keeps no session nothing is lost with it, and it is greeted again: it may say something else.
   */
  as(token: string | undefined): UpstreamSession | undefined {
    const { wire, ways } = this.#around;
    const isKept = "Mcp-Session-Id" in wire.headers;
    if (!isKept && ways.world.now() >= this.#since + GREETING_KNOWN_MS) return undefined;
    const around = this.#around = { ...this.#around, token };
    return {
      ...this.#greeting,
      request: (method, params, options) => this.#request(around, method, params, options),
    };
  }

  async #request(
    around: Around,
    method: string,
    params: Record<string, unknown>,
    options: RequestOptions,
  ): Promise<Record<string, unknown>> {
    const id = this.#upstream.nextId();
    const asked = options.onprogress === undefined ? params : withProgressToken(params, id);
    const { traceparent } = options;
    const trace = traceparent === undefined ? {} : { traceparent };
    const outgoing = around.isStateful ? { id, method, params: asked, headers: trace } : {
      id,
      method,
      params: envelope(asked, this.#says),
      headers: { ...standardHeaders(method, params), ...options.headers, ...trace },
    };
    try {
      return await exchange(around, outgoing, options);
    } catch (error) {
      if (!(error instanceof UpstreamFault) || error.mayBeDone) throw error;
      if (error.why.kind === "no_session") this.#isGone = true;
      if (!isOtherEra(error.why, around.isStateful)) throw error;
      // It was updated, or put back: the next session finds out what it speaks now.
      this.#isGone = true;
      this.#upstream.era = undefined;
      throw notDone({ kind: "no_session" }, { cause: error });
    }
  }

  /** Finds the server's era, and greets it. */
  async greet(): Promise<void> {
    const { ways: { world }, era } = this.#upstream;
    const isKnown = era !== undefined && world.now() < era.since + ERA_KNOWN_MS;
    const isStateless = isKnown ? era.isStateless : undefined;
    if (isStateless !== false && await this.#discover()) return this.#found(true);
    try {
      await this.#initialize();
      if (isStateless !== false) this.#found(false);
    } catch (error) {
      // It may speak nothing but the other era by now.
      if (isStateless === false && isAnsweredError(error) && await this.#discover()) {
        return this.#found(true);
      }
      throw error;
    }
  }

  /** Hears of changes, where the server tells of any and somebody wants to know. */
  listen(): void {
    const notifications = told(this.#greeting.capabilities);
    if (!this.#isHeard || Object.keys(notifications).length === 0) return;
    const { nextId } = this.#upstream;
    const around = () => this.#around;
    // There is one such stream: what is heard there for a call is handed on.
    this.#around.aside?.share();
    // It does not throw.
    listen({ around, says: this.#says, notifications, nextId }).catch(() => {});
  }

  /** Ends the session at the server, and whatever still runs in it. */
  async close(): Promise<void> {
    const { wire, token, ways: { world } } = this.#around;
    if ("Mcp-Session-Id" in wire.headers && !this.#isGone) {
      using deadline = deadlineIn(world, TRAILING_MS);
      // A server that is gone has no session left to end.
      await wire.end({ signal: deadline.signal, token }).catch(() => {});
    }
    this.#closing.abort();
  }

  #found(isStateless: boolean): void {
    this.#upstream.era = { isStateless, since: this.#upstream.ways.world.now() };
  }

  async #discover(): Promise<boolean> {
    const { wire } = this.#around;
    this.#around.isStateful = false;
    wire.headers = { "Mcp-Protocol-Version": STATELESS_REVISION };
    const ask = () => this.#exchange("server/discover", envelope({}, this.#says));
    // One that says no to the revision, and names it among its own, has only just come to know it.
    const greeting = await ask().catch((error) =>
      namesStateless(error) ? ask() : Promise.reject(error)
    )
      .then(discoveryOf, (error) => {
        if (isFinal(error)) throw error;
        // A server of sessions knows no such method, each in its own way.
        return undefined;
      });
    if (greeting !== undefined) {
      this.#greeting = greeting;
      return true;
    }
    this.#around.isStateful = true;
    wire.headers = {};
    return false;
  }

  async #initialize(): Promise<void> {
    const { wire } = this.#around;
    const result = await this.#exchange("initialize", initializeParams(this.#says));
    this.#greeting = greetingOf(result);
    wire.headers = { "Mcp-Protocol-Version": this.#greeting.revision };
    const { offered } = wire;
    if (offered !== undefined) wire.headers["Mcp-Session-Id"] = offered;
    const { token, ways: { world } } = this.#around;
    using deadline = deadlineIn(world, this.#upstream.spec.timeoutMs);
    const { signal } = deadline;
    const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
    try {
      await discard(await wire.post(initialized, {}, { signal, token }));
    } catch (error) {
      // Some servers know no notifications, and work all the same.
      if (!isRefused(error)) throw error;
    }
  }

  async #exchange(
    method: string,
    params: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const { spec } = this.#upstream;
    const isProbe = !this.#around.isStateful;
    const timeoutMs = isProbe ? Math.min(spec.timeoutMs, PROBE_MS) : spec.timeoutMs;
    const headers = isProbe ? standardHeaders(method, params) : {};
    const never = new AbortController().signal;
    const id = this.#upstream.nextId();
    const outgoing = { id, method, params, headers };
    return await exchange(this.#around, outgoing, { signal: never, timeoutMs });
  }
}

/** What no other way of greeting would mend. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof UpstreamFault)) return true;
  const { kind } = error.why;
  return kind === "unauthorized" || kind === "insufficient_scope" || kind === "rate_limited" ||
    kind === "unreachable" || kind === "redirected";
}

function isRefused(error: unknown): boolean {
  if (!(error instanceof UpstreamFault) || error.mayBeDone) return false;
  return error.why.kind === "answered_error" || error.why.kind === "status";
}

/** Whether a server that takes no revision that it was asked in takes the one without sessions. */
function namesStateless(error: unknown): boolean {
  const why = error instanceof UpstreamFault ? error.why : undefined;
  if (why?.kind !== "answered_error" || why.code !== UNSUPPORTED_REVISION) return false;
  const { supported } = isRecord(why.data) ? why.data : {};
  return Array.isArray(supported) && supported.includes(STATELESS_REVISION);
}

function isAnsweredError(error: unknown): boolean {
  return error instanceof UpstreamFault && error.why.kind === "answered_error";
}

/**
 * Whether a refusal is the one of a server that speaks another era than it did.
 * One of sessions has no code for it: `-32000`, with status 400 (seen with the
 * SDK 1.32, November 2026).
 */
function isOtherEra(why: Why, isStateful: boolean): boolean {
  if (why.kind === "answered_error") {
    const { code, status } = why;
    return code === UNSUPPORTED_REVISION ||
      (!isStateful && status !== undefined && [-32000, -32001, -32600].includes(code));
  }
  return !isStateful && why.kind === "status" && [400, 404, 405, 406].includes(why.status);
}
