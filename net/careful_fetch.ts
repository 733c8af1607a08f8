/**
 * A `fetch` for addresses that strangers name: an MCP server's metadata, its
 * authorization server's endpoints. https to public addresses, connected to the
 * very address that was checked, no redirects, bounded in bytes and in time. So
 * nobody makes this program call its own network (SSRF).
 *
 * @module
 */

import { readBytes } from "../broker/core/bodies.ts";
import { type CarefulFetch, NotAllowed } from "../broker/core/careful_fetch.ts";
import type { Answer } from "./http_answer.ts";
import { askPinned, type PinnedOptions } from "./pinned_http.ts";
import { mayNamePrivately } from "../broker/core/public_address.ts";

/** More than any token endpoint answers. */
export const CAREFUL_MAX_BYTES = 512 * 1024;
/** For all of it. Long: nothing ends a refresh before, since its token may be used up already. */
export const CAREFUL_TIMEOUT_MS = 120_000;

/** How to reach the internet; replaced by tests. */
export interface CarefulOptions extends PinnedOptions {
  timeoutMs?: number | undefined;
}

/** Said by the connection itself, or not wanted from a stranger's answer. */
const OWN_HEADERS = [
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** A {@linkcode CarefulFetch}: GET and POST. A redirect is an answer like any other. */
export function createCarefulFetch(options: CarefulOptions = {}): CarefulFetch {
  const { timeoutMs = CAREFUL_TIMEOUT_MS } = options;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const fault = faultOf(url);
    if (fault !== undefined) throw new NotAllowed(fault);
    const request = new Request(input, init);
    const { method } = request;
    if (method !== "GET" && method !== "POST") throw new NotAllowed("its method is not allowed");
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new DOMException("Too late", "TimeoutError")),
      timeoutMs,
    );
    const signal = AbortSignal.any([late.signal, request.signal]);
    try {
      const bound = { limit: CAREFUL_MAX_BYTES, signal };
      const body = request.body === null ? undefined : (await readBytes(request, bound)).bytes;
      const headers = [...request.headers].filter(([name]) => !OWN_HEADERS.includes(name));
      headers.push(["accept-encoding", "identity"]);
      const { limit } = bound;
      return responseOf(await askPinned({ method, url, headers, body, limit, signal }, options));
    } finally {
      clearTimeout(timer);
    }
  };
}

/** What is wrong with an address, whoever is behind it. */
function faultOf({ protocol, username, password, hostname, port }: URL): string | undefined {
  if (protocol !== "https:") return "its address is not https";
  if (username !== "" || password !== "") return "its address has a password";
  // The same host to DNS, another one to whoever compares names.
  if (hostname.endsWith(".")) return "its host ends in a dot";
  // Below are mail, shells and their like, which may take a request for their own language.
  if (port !== "" && Number(port) < 1024) return "its port is not one of a web server";
  return undefined;
}

function responseOf({ status, headers, body }: Answer): Response {
  const isEmpty = [204, 205, 304].includes(status);
  return new Response(isEmpty ? null : body, { status, headers });
}

/** The two ways out that {@linkcode carefulFetchFor} chooses from. */
export interface WaysOut {
  careful: CarefulFetch;
  /** Wherever it is told; it is told by the operator alone. */
  plain: typeof fetch;
  /** The operator said that the server is in a network of their own, though its name does not. */
  isPrivate?: boolean | undefined;
}

/**
 * The fetch for what one MCP server names: what is not public only where the
 * operator's own word for the server covers it, see {@linkcode mayNamePrivately}.
 */
export function carefulFetchFor(
  upstreamUrl: string,
  { careful, plain, isPrivate }: WaysOut,
): CarefulFetch {
  const upstream = new URL(upstreamUrl);
  return async (input, init) => {
    const target = new URL(input instanceof Request ? input.url : input);
    if (!mayNamePrivately(upstream, target, isPrivate)) return await careful(input, init);
    if (target.username !== "" || target.password !== "") {
      throw new NotAllowed("its address has a password");
    }
    return await plain(input, { ...init, redirect: "manual" });
  };
}
