/**
 * Requests to one remote upstream, for one session: whose they are, where they
 * go, and what their status means.
 *
 * @module
 */

import { isEventStream } from "../../broker/core/event_stream.ts";
import { isRecord } from "../../broker/core/json.ts";
import { discard, readJson } from "../../broker/core/bodies.ts";
import { until } from "../../broker/core/deadline.ts";
import type { RemoteUpstream } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { parseChallenge, scopesIn } from "../../broker/core/challenge.ts";
import { isUnsent } from "../unsent.ts";
import { faultOfEnd, mayBeDone, notDone, type UpstreamFault } from "./fault.ts";
import { messagesOf } from "./rpc.ts";

/** What leads out of this process to remote servers. */
export interface HttpWays {
  fetch: typeof globalThis.fetch;
  world: Pick<World, "now" | "sleep" | "log">;
}

/** What an error's body may have. */
export const MAX_ERROR_BYTES = 64 * 1024;
/** A server that wants longer to be left alone is asked again after a day all the same. */
const LONGEST_RETRY_SECONDS = 24 * 60 * 60;
/** Visible ASCII, by the specification. */
const SESSION_ID = /^[\x21-\x7e]{1,2000}$/;
const BOTH = "application/json, text/event-stream";

/** What goes with one request. */
export interface Going {
  signal: AbortSignal;
  /** Of the session's subject. It changes, and the session stays. */
  token: string | undefined;
}

/** One session's way to its server. */
export class HttpWire {
  /** `Mcp-Session-Id` and `Mcp-Protocol-Version`, as soon as they are known. */
  headers: Record<string, string> = {};
  /** The session that the last answer has offered; it counts where it is the greeting's. */
  offered: string | undefined;
  readonly #ways: HttpWays;
  /** The operator's own, by their names in lower case. */
  readonly #always: Record<string, string> = {};
  /** Where the server has said that it is, on its own origin. */
  #target: URL;

  constructor(spec: RemoteUpstream, ways: HttpWays) {
    this.#ways = ways;
    // As `Headers` has them: what is there twice in other letters is one list.
    for (const [name, value] of new Headers(spec.headers)) this.#always[name] = value;
    this.#target = new URL(spec.url);
  }

  /**
   * Sends a message, once.
   *
   * @throws {UpstreamFault} where no answer comes, or one that says no.
   */
  async post(
    message: unknown,
    headers: Record<string, string>,
    going: Going,
  ): Promise<Response> {
    const body = JSON.stringify(message);
    const all = { "Content-Type": "application/json", Accept: BOTH, ...headers };
    const response = await this.#send("POST", all, going, body);
    if (!response.ok) throw await this.#refusal(response, going.signal);
    const offered = response.headers.get("Mcp-Session-Id") ?? "";
    this.offered = SESSION_ID.test(offered) ? offered : undefined;
    return response;
  }

  /** Opens the stream of what the server says unasked, or takes one up again behind an event. */
  async open(lastEventId: string | undefined, going: Going): Promise<Response> {
    const after = lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId };
    const headers = { Accept: "text/event-stream", ...after };
    const response = await this.#send("GET", headers, going);
    if (response.ok && isEventStream(response.headers)) return response;
    if (!response.ok) throw await this.#refusal(response, going.signal);
    await discard(response);
    throw mayBeDone({ kind: "unreadable" });
  }

  /** Ends the session at the server, which need not know how. */
  async end(going: Going): Promise<void> {
    await discard(await this.#send("DELETE", {}, going));
  }

  async #send(
    method: string,
    more: Record<string, string>,
    { signal, token }: Going,
    body?: string,
  ): Promise<Response> {
    // As an object, which takes half the time: each name once, in lower case.
    const headers = { ...this.#always };
    for (const own of [this.headers, more]) {
      for (const name in own) headers[name.toLowerCase()] = own[name]!;
    }
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    const init = { method, headers, body: body ?? null, redirect: "manual", signal } as const;
    const first = await this.#fetch(init, signal);
    const target = this.#onward(first);
    if (target === undefined) return first;
    await discard(first);
    // A server that is at another path of its origin by now: this session stays there.
    this.#target = target;
    return await this.#fetch(init, signal);
  }

  async #fetch(init: RequestInit, signal: AbortSignal): Promise<Response> {
    if (signal.aborted) throw notDone(faultOfEnd(signal).why, { cause: signal.reason });
    try {
      return await until(signal, this.#ways.fetch(this.#target, init));
    } catch (error) {
      if (signal.aborted) throw faultOfEnd(signal);
      throw isUnsent(error)
        ? notDone({ kind: "unreachable" }, { cause: error })
        : mayBeDone({ kind: "dropped" }, { cause: error });
    }
  }

  /** Where a redirect leads that keeps method and body, and stays on this origin. */
  #onward({ status, headers }: Response): URL | undefined {
    if (status !== 307 && status !== 308) return undefined;
    const target = URL.parse(headers.get("Location") ?? "", this.#target);
    return target !== null && target.origin === this.#target.origin && target.username === "" &&
        target.href !== this.#target.href
      ? target
      : undefined;
  }

  /** What a status means that is no answer. */
  async #refusal(response: Response, signal: AbortSignal): Promise<UpstreamFault> {
    const { status, headers } = response;
    const said = await errorIn(response, signal);
    const isRefused = status < 500 && status !== 408;
    const fault = isRefused ? notDone : mayBeDone;
    const retryAfter = retryAfterOf(headers.get("Retry-After"), this.#ways.world.now());
    const challenge = parseChallenge(headers.get("WWW-Authenticate"));
    if (status < 400) return notDone({ kind: "redirected" });
    if (status === 401) {
      const challenge = headers.get("WWW-Authenticate") ?? undefined;
      return notDone({ kind: "unauthorized", challenge });
    }
    if (status === 403 && challenge?.error === "insufficient_scope") {
      return notDone({ kind: "insufficient_scope", scopes: scopesIn([challenge.scope ?? ""]) });
    }
    if (status === 429) return notDone({ kind: "rate_limited", retryAfter });
    if ("Mcp-Session-Id" in this.headers && isSessionGone(status, said?.text)) {
      return notDone({ kind: "no_session" });
    }
    if (said !== undefined) return fault({ kind: "answered_error", ...said, status });
    if (status === 403) return notDone({ kind: "forbidden" });
    return fault({ kind: "status", status, retryAfter });
  }
}

/**
 * 404 by the specification. Servers made after an example of the SDK say 400,
 * in words (`No valid session ID provided`, seen November 2026).
 */
function isSessionGone(status: number, text: string | undefined): boolean {
  return status === 404 ||
    (status === 400 && text !== undefined && /\bsession|not initialized/i.test(text));
}

/** The JSON-RPC error in an answer that says no, if there is one. */
async function errorIn(response: Response, signal: AbortSignal) {
  let json: unknown;
  try {
    json = await readJson(response, { limit: MAX_ERROR_BYTES, signal });
  } catch {
    // A page, or nothing: the status says it alone.
    return undefined;
  }
  const [message] = messagesOf(json);
  if (message?.kind !== "error" || !isRecord(json)) return undefined;
  const { code, text, data } = message;
  // OAuth's form has no code of JSON-RPC's, and words that are not for the caller.
  return isRecord(json.error) ? { code, text, data } : undefined;
}

/** `Retry-After` in seconds: a number of them, or a date (RFC 9110 §10.2.3). */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  // Date.parse() makes a date of nearly everything; one of HTTP begins with its day's name.
  const date = /^[A-Za-z]{3,9}[, ]/.test(text) ? Date.parse(text) : NaN;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((date - now) / 1000);
  if (!Number.isFinite(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0), LONGEST_RETRY_SECONDS);
}
