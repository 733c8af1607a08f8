/**
 * One request to a remote upstream, whose server answers by hand, and whose
 * sleeps last until the test ends them.
 *
 * @module
 */

import { type Around, exchange } from "../../mcp/upstream/exchange.ts";
import { HttpWire } from "../../mcp/upstream/http_wire.ts";
import type { RequestOptions, UpstreamMessage } from "../../mcp/upstream/session.ts";
import { handSleeps } from "./hand_sleeps.ts";
import { REMOTE } from "./remote_spec.ts";
import { testWorld } from "./world.ts";

export const TIMEOUT_MS = 60_000;
export const ANSWER = { jsonrpc: "2.0", id: 7, result: { done: true } };
export const QUESTION = { jsonrpc: "2.0", method: "elicitation/create", params: {} };
export const LOG = { jsonrpc: "2.0", method: "notifications/message", params: {} };
export const CHANGED = { jsonrpc: "2.0", method: "notifications/tools/list_changed", params: {} };

// deno-lint-ignore no-explicit-any -- tests look where they know something stands
type Message = Record<string, any>;

/** What is ready to run has run. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A stream of events that the test writes. */
export function events() {
  const state = { isCancelled: false };
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (it) => void (controller = it),
    cancel: () => void (state.isCancelled = true),
  });
  const raw = (text: string) => controller.enqueue(new TextEncoder().encode(text));
  const headers = { "Content-Type": "text/event-stream" };
  return {
    state,
    response: new Response(body, { headers }),
    raw,
    say: (message: unknown, id?: string) =>
      raw(`${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`),
    /** Whether all of it was taken. */
    isRead: () => controller.desiredSize === 1,
    close: () => controller.close(),
  };
}

/** A server that answers a call as the test says, and is silent to all else; sleeps last until the test ends them. */
export function startExchange(more: Partial<Around> = {}) {
  const world = testWorld();
  const { sleeps, asleep } = handSleeps(world);
  const sent: { message: Message; method: string; signal: AbortSignal; headers: Headers }[] = [];
  const answers: Record<string, () => Promise<Response>> = {};
  const fetch = (_target: unknown, { method, body, signal, headers }: RequestInit) => {
    const message = body ? JSON.parse(String(body)) : {};
    sent.push({ message, method: method!, signal: signal!, headers: new Headers(headers) });
    const answer = answers[message.method ?? (body ? "reply" : method!)];
    return answer?.() ?? new Promise<Response>(() => {});
  };
  const ways = { world, fetch: fetch as typeof globalThis.fetch };
  const closing = new AbortController();
  const heard: UpstreamMessage[] = [];
  const around: Around = {
    wire: new HttpWire(REMOTE, ways),
    token: undefined,
    ways,
    closing: closing.signal,
    isStateful: true,
    heard: (notification) => void heard.push(notification),
    ...more,
  };
  const stop = new AbortController();
  const call = (options: Partial<RequestOptions> = {}, id = 7) => {
    const outgoing = { id, method: "tools/call", params: {}, headers: {} };
    const running = exchange(around, outgoing, {
      signal: stop.signal,
      timeoutMs: TIMEOUT_MS,
      ...options,
    });
    running.catch(() => {});
    return running;
  };
  const told = (method: string) => sent.filter(({ message }) => message.method === method);
  const replies = () => sent.filter(({ message }) => "result" in message || "error" in message);
  return { sent, answers, closing, heard, around, stop, call, asleep, sleeps, told, replies };
}
