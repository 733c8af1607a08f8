/**
 * What is worth remembering between a 2025 client's `initialize` and its calls,
 * without keeping state: that it greeted, and so is a full client; whether it can
 * open URLs for the person, or show a form. The client carries it itself, in the
 * session id that it was given.
 *
 * It is no secret and gives no right: a client that makes one up says no more
 * than that it opens URLs, and gets questions that it has no form for.
 *
 * @module
 */

export const SESSION_HEADER = "Mcp-Session-Id";
const VERSION_HEADER = "Mcp-Protocol-Version";
const SESSION = /^(form)?\+?(url)?-elicitation\./;

/** Ways to ask a person (MCP 2025-11-25, `capabilities.elicitation`). */
export interface Elicitation {
  form: boolean;
  url: boolean;
}

/** The session id for whoever greets; `undefined` where nobody does. `secret` makes it one of its own. */
export function greetingSession(body: unknown, secret: () => string): string | undefined {
  const { method, params } = (body ?? {}) as {
    method?: unknown;
    params?: { capabilities?: { elicitation?: unknown } };
  };
  if (method !== "initialize") return undefined;
  const { form, url } = declaredElicitation(params?.capabilities?.elicitation);
  const ways = [form && "form", url && "url"].filter(Boolean).join("+");
  return `${ways === "" ? "no" : ways}-elicitation.${secret()}`;
}

/** What the caller's session id says that it can. */
export function elicitationOf({ headers }: Pick<Request, "headers">): Elicitation {
  const [, form, url] = SESSION.exec(headers.get(SESSION_HEADER) ?? "") ?? [];
  return { form: form !== undefined, url: url !== undefined };
}

/**
 * Whether nobody greeted before this: the first voice apps post JSON-RPC and
 * nothing else. Full clients say their revision with each request since
 * 2025-06-18, and those of before have the session that they were given.
 */
export function isBare({ headers }: Pick<Request, "headers">): boolean {
  // Not `has()`: Deno gathers all headers for it (seen with 2.9, November 2026).
  return headers.get(VERSION_HEADER) === null && headers.get(SESSION_HEADER) === null;
}

function declaredElicitation(said: unknown): Elicitation {
  if (typeof said !== "object" || said === null) return { form: false, url: false };
  const { form, url } = said as { form?: unknown; url?: unknown };
  const takes = (mode: unknown) => typeof mode === "object" && mode !== null;
  // Until 2025-06-18 there was only the form, and nothing was said of it.
  return { form: takes(form) || Object.keys(said).length === 0, url: takes(url) };
}
