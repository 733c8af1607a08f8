/**
 * A remote MCP server whose replies a test gives by method, without a socket.
 *
 * @module
 */

import { assertRejects } from "@std/assert";
import { LONGEST_RESUME_MS } from "../../mcp/upstream/exchange.ts";
import { UpstreamFault } from "../../mcp/upstream/fault.ts";
import { type HttpUpstream, openHttp, type Opening } from "../../mcp/upstream/http_session.ts";
import { STATELESS_REVISION } from "../../mcp/upstream/open.ts";
import { REMOTE } from "./remote_spec.ts";
import { testWorld } from "./world.ts";

export const HOUR_MS = 3_600_000;

/** A message as it came. */
export interface Message {
  id?: number;
  method: string;
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  params?: any;
}
export type Reply = (message: Message, headers: Headers) => Response | Promise<Response>;
/** By method, GET and DELETE among them. */
export type Script = Record<string, Reply>;

export const result = (value: unknown): Reply => ({ id }) =>
  Response.json({ jsonrpc: "2.0", id, result: value });
export const failure = (code: number, status = 200, data?: unknown): Reply => ({ id }) =>
  Response.json({ jsonrpc: "2.0", id, error: { code, message: "no", data } }, { status });
export const status = (status: number): Reply => () => new Response(null, { status });

export const GREETING = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: {} };
export const DISCOVERED = result({ supportedVersions: [STATELESS_REVISION], capabilities: {} });
/** A server of sessions. */
export const SESSIONS: Script = {
  "server/discover": failure(-32601),
  initialize: (message) => {
    const response = result(GREETING)(message, new Headers()) as Response;
    response.headers.set("Mcp-Session-Id", "s1");
    return response;
  },
  "notifications/initialized": status(202),
  "tools/call": result({ content: [] }),
  DELETE: status(204),
};
export const WITHOUT: Script = {
  "server/discover": DISCOVERED,
  "tools/call": result({ content: [] }),
};

/** A server that replies so, what it was asked, and the sessions with it. */
export function upstreamOf(
  script: Script,
  opening: Partial<Opening> = {},
  timeoutMs = REMOTE.timeoutMs,
) {
  const world = testWorld();
  const { sleep } = world;
  const pauses: number[] = [];
  // What the test's own streams ask for before they are taken up again is over at once.
  world.sleep = (ms, signal) => {
    if (![1, 10, HOUR_MS, LONGEST_RESUME_MS].includes(ms)) return sleep(ms, signal);
    pauses.push(ms);
    return Promise.resolve();
  };
  const seen: string[] = [];
  /** All of it. */
  const sent: { message: Message; headers: Headers; signal: AbortSignal }[] = [];
  const answers = { ...script };
  const fetch = (_target: unknown, init: RequestInit = {}) => {
    const message = init.body ? JSON.parse(String(init.body)) : { method: init.method };
    seen.push(message.method ?? "answer");
    sent.push({ message, headers: new Headers(init.headers), signal: init.signal! });
    const reply = answers[message.method ?? "answer"] ?? status(405);
    return Promise.resolve(reply(message, new Headers(init.headers)));
  };
  let ids = 0;
  const upstream: HttpUpstream = {
    spec: { ...REMOTE, timeoutMs },
    ways: { fetch: fetch as typeof globalThis.fetch, world },
    nextId: () => ++ids,
  };
  const says = { clientInfo: { name: "c", version: "1" }, capabilities: {} };
  const open = () => openHttp(upstream, { token: undefined, says, ...opening });
  const stop = new AbortController();
  const call = async (more: Record<string, unknown> = {}) => {
    const session = await open();
    const options = { signal: stop.signal, timeoutMs: 60_000, ...more };
    try {
      return await session.as(undefined)!.request("tools/call", {}, options);
    } finally {
      await session.close();
    }
  };
  /** What was asked since. */
  const since = async (run: () => Promise<unknown>) => {
    seen.length = 0;
    await run();
    return [...seen];
  };
  return { world, upstream, answers, open, call, since, pauses, sent };
}

/** What became of what fails: its kind, and whether it may have been done. */
export const faultOf = async (run: () => Promise<unknown>) => {
  const { why, mayBeDone } = await assertRejects(run, UpstreamFault);
  return [why.kind, mayBeDone];
};
