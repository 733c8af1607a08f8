/**
 * The one thing worth remembering between a 2025 client's `initialize` and its
 * calls, without keeping state: whether it can open URLs for the person. The
 * client carries it itself, in the session id that it was given.
 *
 * It is no secret and gives no right: a client that makes one up says no more
 * than that it opens URLs.
 *
 * @module
 */

const HEADER = "Mcp-Session-Id";
const PREFIX = "url-elicitation.";

/** A session id for a client that takes URL elicitation; `secret` makes it one of its own. */
export function capabilitySession(secret: string): string {
  return PREFIX + secret;
}

/** Whether the caller was given such a session id. */
export function keepsUrlElicitation(request: Request): boolean {
  return request.headers.get(HEADER)?.startsWith(PREFIX) === true;
}

/** Whether a body is an `initialize` that declares `elicitation.url` (MCP 2025-11-25). */
export function declaresUrlElicitation(body: unknown): boolean {
  const message = body as {
    method?: unknown | undefined;
    params?: { capabilities?: { elicitation?: { url?: unknown } } };
  } | null;
  const url = message?.method === "initialize" && message.params?.capabilities?.elicitation?.url;
  return typeof url === "object" && url !== null;
}
