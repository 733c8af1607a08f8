/**
 * Well-formed requests: what is refused is what a test adds to them.
 *
 * @module
 */

import type { Shot } from "../../support/fuzz/shots.ts";
import { API_KEY, OTHER_API_KEY, USER } from "../../support/gateway.ts";
import { object } from "./values.ts";

export type Header = [name: string, value: string];
export const KEY: Header = ["Authorization", `Bearer ${API_KEY}`];
export const OTHER_KEY: Header = ["Authorization", `Bearer ${OTHER_API_KEY}`];
export const CALLER: Header = ["X-User-Id", USER];
export const JSON_TYPE: Header = ["Content-Type", "application/json"];
/** As a browser that goes to a page. */
export const HTML: Header = ["Accept", "text/html"];
export const FORM_TYPE: Header = ["Content-Type", "application/x-www-form-urlencoded"];

/** Never handed out. */
export const NO_SECRET = "A".repeat(43);
export const REST_POSTS = [
  "/links",
  "/links/claim",
  "/token/github",
  "/token/calendar",
  "/connections",
];
export const MCP_PATHS = ["/mcp", "/mcp/", "/mcp/github", "/mcp/sse", "/sse"];
export const RETURN_URLS = "https://app.example.com/done/";

export function post(target: string, body: NonNullable<Shot["body"]>, ...headers: Header[]): Shot {
  return { method: "POST", target, headers: [KEY, CALLER, JSON_TYPE, ...headers], body };
}

/** One well-formed request for every route: what is refused is what a test adds to it. */
export function everyRoute(): Shot[] {
  const get = (method: string, target: string) => ({ method, target, headers: [KEY] });
  return [
    post("/links", object({ user_id: `"${USER}"`, service: '"github"' })),
    post("/links/claim", object({ user_id: `"${USER}"`, code: `"${NO_SECRET}"` })),
    post("/token/github", object({ user_id: `"${USER}"` })),
    get("GET", `/connections?user_id=${USER}`),
    post("/connections", object({ user_id: `"${USER}"`, service: '"github"', key: '"k"' })),
    get("DELETE", `/connections/github?user_id=${USER}`),
    get("GET", `/auth/github?user_id=${USER}&link=${NO_SECRET}`),
    { ...post("/auth/github", `user_id=${USER}&link=${NO_SECRET}`), headers: [FORM_TYPE] },
    get("GET", `/callback/github?state=${NO_SECRET}&code=x`),
    { ...post("/callback/github", `state=${NO_SECRET}&code=x`), headers: [FORM_TYPE] },
    ...MCP_PATHS.map((path) => post(path, PING)),
  ];
}
export const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

export const isForPeople = ({ target }: Shot) => /^\/(auth|callback)\//.test(target);
export const isMcp = ({ target }: Shot) => MCP_PATHS.includes(target);

export const META = "io.modelcontextprotocol/";
export const MODERN = "2026-07-28";

/** A request of the 2026 era; fields of `_meta` are JSON texts, `undefined` leaves one out. */
export function modern(
  method: string,
  params: Record<string, string | undefined> = {},
  meta: Record<string, string | undefined> = {},
): Shot {
  const _meta = object({
    [`${META}protocolVersion`]: `"${MODERN}"`,
    [`${META}clientInfo`]: '{"name":"test","version":"1"}',
    [`${META}clientCapabilities`]: "{}",
    ...meta,
  });
  const body = rpc(method, object({ _meta, ...params }));
  const name: Header[] = params.name === undefined ? [] : [["Mcp-Name", JSON.parse(params.name)]];
  return post("/mcp", body, ["MCP-Protocol-Version", MODERN], ["Mcp-Method", method], ...name);
}

/** A request; `params` is JSON text. */
export function rpc(method: string, params?: string, id: string | undefined = "1"): string {
  return object({ jsonrpc: '"2.0"', id, method: JSON.stringify(method), params });
}

export function toolCall(name: string, args: string): string {
  return rpc("tools/call", object({ name, arguments: args }));
}

export function initialize(params: string): string {
  return rpc("initialize", params);
}
