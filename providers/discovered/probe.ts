/**
 * Asks an MCP server for nothing in nobody's name, to hear what it asks for.
 *
 * @module
 */

import { discard } from "../../broker/core/bodies.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { type Challenge, parseChallenge } from "../../broker/core/challenge.ts";
import type { Documents } from "./documents.ts";

/** How a server answers somebody whom it does not know. */
export type Probe =
  | { kind: "asks"; challenge: Challenge | undefined }
  | { kind: "open" }
  /** It says neither: what its metadata says decides. */
  | { kind: "unclear"; status: number }
  | { kind: "failed"; reason: string; retryAfter?: number | undefined };

const INITIALIZE = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "switchboard", version: "0" },
};

/** Some servers greet everybody, and ask when it comes to their tools. */
export async function probe(documents: Documents, upstream: URL): Promise<Probe> {
  const greeting = await post(documents, upstream, "initialize", INITIALIZE, {});
  if (!("session" in greeting)) return greeting;
  const { session } = greeting;
  const headers: Record<string, string> = session === null ? {} : { "Mcp-Session-Id": session };
  const list = await post(documents, upstream, "tools/list", {}, headers);
  return "session" in list || list.kind === "unclear" ? { kind: "open" } : list;
}

async function post(
  documents: Documents,
  upstream: URL,
  method: string,
  params: unknown,
  headers: Record<string, string>,
): Promise<Probe | { session: string | null }> {
  const init = {
    method: "POST",
    headers: {
      ...headers,
      "Accept": "application/json, text/event-stream",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  };
  let response = await documents.send(upstream, init);
  const moved = response === undefined ? undefined : movedTo(response, upstream);
  if (response !== undefined && moved !== undefined) {
    await discard(response);
    response = await documents.send(moved, init);
  }
  if (response === undefined) return { kind: "failed", reason: "it was asked too often" };
  // It may be a stream that never ends.
  await discard(response);
  const { status, ok } = response;
  const challenge = parseChallenge(response.headers.get("WWW-Authenticate"));
  if (status === 401 || (status === 403 && challenge?.isOAuth)) return { kind: "asks", challenge };
  // A page with 200, of maintenance for one, is no answer.
  const type = response.headers.get("Content-Type") ?? "";
  if (ok && /^\s*(application\/json|text\/event-stream)\b/i.test(type)) {
    return { session: response.headers.get("Mcp-Session-Id") };
  }
  if (status === 429 || status > 501) {
    const retryAfter = parseRetryAfter(response.headers);
    return { kind: "failed", reason: `it answered with status ${status}`, retryAfter };
  }
  return { kind: "unclear", status };
}

/** Where a redirect that keeps method and body leads, on the same origin: a slash, mostly. */
function movedTo({ status, headers }: Response, upstream: URL): URL | undefined {
  if (status !== 307 && status !== 308) return undefined;
  const url = URL.parse(headers.get("Location") ?? "", upstream);
  return url?.origin === upstream.origin && url.username === "" ? url : undefined;
}
