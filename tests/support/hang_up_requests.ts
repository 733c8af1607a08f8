/**
 * Every kind of request to a gateway, each well-formed, as it goes over a
 * socket: for callers that hang up in the middle.
 *
 * @module
 */

import { META, MODERN } from "../faults/bad_input/requests.ts";
import { call } from "./gateway.ts";

type Headers = Record<string, string>;

/** Who calls, and what there is to call. */
export interface RequestsOptions {
  key: string;
  user: string;
  /** A provider, a tool of it that reads, and something that its API has. */
  provider: string;
  reads: string;
  api: string;
  /** A tool of an upstream that takes its time. */
  slow: string;
}

const JSON_TYPE = { "Content-Type": "application/json" };
const FORM_TYPE = { "Content-Type": "application/x-www-form-urlencoded" };
/** For an answer that may come in events. */
export const STREAM = { ...JSON_TYPE, Accept: "application/json, text/event-stream" };
/** In `_meta` of every request of the 2026 era. */
export const envelope = {
  [`${META}protocolVersion`]: MODERN,
  [`${META}clientInfo`]: { name: "test", version: "1" },
  [`${META}clientCapabilities`]: {},
};

/** The headers of a request of the 2026 era. */
export const modern = (method: string, name?: string): Headers => ({
  ...STREAM,
  "MCP-Protocol-Version": MODERN,
  "Mcp-Method": method,
  ...(name === undefined ? {} : { "Mcp-Name": name }),
});

let ids = 0;
/** A call of its own, or the gateway would give its answer of before. */
export function slowCall(tool: string, meta: Record<string, unknown> = {}): string {
  const { params, ...message } = call(tool, { n: ids += 1 }, ids);
  const _meta = { ...meta, progressToken: `p${ids}` };
  return JSON.stringify({ ...message, params: { ...params, _meta } });
}

const list = (params: unknown = {}) =>
  JSON.stringify({ jsonrpc: "2.0", method: "tools/list", id: 1, params });

function chunked(size: number): string {
  const chunk = `${(1000).toString(16)}\r\n${"x".repeat(1000)}\r\n`;
  return `${chunk.repeat(size)}0\r\n\r\n`;
}

/** Makers of requests; each call makes another one. */
export function everyRequest(options: RequestsOptions): (() => string)[] {
  const { key, user, provider, reads, api, slow } = options;
  const http = (method: string, path: string, headers: Headers = {}, body?: string): string => {
    const all: Headers = {
      Host: "localhost",
      Authorization: `Bearer ${key}`,
      "X-User-Id": user,
      ...(body === undefined || headers["Transfer-Encoding"]
        ? {}
        : { "Content-Length": String(body.length) }),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`;
  };
  const work = (meta?: Record<string, unknown>) => slowCall(slow, meta);
  return [
    () => http("GET", "/health"),
    () => http("GET", "/"),
    () => http("GET", "/sign-in"),
    () => http("GET", "/.well-known/oauth-authorization-server"),
    () => http("GET", `/connections?user_id=${user}`),
    () => http("POST", "/mcp", JSON_TYPE, list()),
    () => http("POST", "/mcp", modern("tools/list"), list({ _meta: envelope })),
    () => http("POST", "/mcp", JSON_TYPE, `[${list()},${JSON.stringify(call(slow, {}, 2))}]`),
    () => http("POST", "/mcp", JSON_TYPE, JSON.stringify(call(reads))),
    () => http("POST", "/mcp", JSON_TYPE, work()),
    () => http("POST", "/mcp", STREAM, work()),
    () => http("POST", "/mcp?timeout_ms=500", STREAM, work()),
    () => http("POST", "/mcp", modern("tools/call", slow), work(envelope)),
    () => http("POST", "/mcp?timeout_ms=500", modern("tools/call", slow), work(envelope)),
    () => http("POST", `/token/${provider}`, JSON_TYPE, JSON.stringify({ user_id: user })),
    () => http("POST", "/links", JSON_TYPE, JSON.stringify({ user_id: user, service: provider })),
    () => http("GET", `/proxy/${provider}/user`),
    () => http("GET", `/proxy/${provider}${api}`),
    () =>
      http("POST", `/proxy/${provider}/markdown`, JSON_TYPE, `{"text":"${"x".repeat(20_000)}"}`),
    () => http("POST", `/proxy/${provider}/up`, { "Transfer-Encoding": "chunked" }, chunked(50)),
    () => http("POST", "/oauth/token", FORM_TYPE, "grant_type=refresh_token&refresh_token=x"),
    () => http("POST", "/oauth/register", JSON_TYPE, '{"redirect_uris":["http://127.0.0.1/x"]}'),
    () => http("GET", "/oauth/authorize?response_type=code&client_id=x&redirect_uri=http://x/"),
    () => http("GET", `/auth/${provider}?user_id=${user}&link=${"A".repeat(43)}`),
    () => http("GET", `/callback/${provider}?state=${"A".repeat(43)}&code=x`),
    () => http("OPTIONS", "/mcp", { Origin: "http://localhost", ...JSON_TYPE }),
  ];
}
