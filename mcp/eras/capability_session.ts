/**
 * What is worth remembering between a 2025 client's `initialize` and its calls,
 * without keeping state: whether it can open URLs for the person, or show a
 * form. The client carries it itself, in the session id that it was given.
 *
 * It is no secret and gives no right: a client that makes one up says no more
 * than that it opens URLs, and gets questions that it has no form for.
 *
 * @module
 */

const HEADER = "Mcp-Session-Id";
const SESSION = /^(form)?\+?(url)?-elicitation\./;

/** Ways to ask a person (MCP 2025-11-25, `capabilities.elicitation`). */
export interface Elicitation {
  form: boolean;
  url: boolean;
}

/** A session id for a client that can ask its person; `secret` makes it one of its own. */
export function capabilitySession({ form, url }: Elicitation, secret: string): string {
  return `${[form && "form", url && "url"].filter(Boolean).join("+")}-elicitation.${secret}`;
}

/** What the caller's session id says that it can. */
export function elicitationOf(request: Request): Elicitation {
  const [, form, url] = SESSION.exec(request.headers.get(HEADER) ?? "") ?? [];
  return { form: form !== undefined, url: url !== undefined };
}

/** What an `initialize` declares; `undefined` where it is none, or declares neither. */
export function declaredElicitation(body: unknown): Elicitation | undefined {
  const message = body as {
    method?: unknown;
    params?: { capabilities?: { elicitation?: unknown } };
  } | null;
  const said = message?.method === "initialize" && message.params?.capabilities?.elicitation;
  if (typeof said !== "object" || said === null) return undefined;
  const { form, url } = said as { form?: unknown; url?: unknown };
  const takes = (mode: unknown) => typeof mode === "object" && mode !== null;
  // Until 2025-06-18 there was only the form, and nothing was said of it.
  const elicitation = { form: takes(form) || Object.keys(said).length === 0, url: takes(url) };
  return elicitation.form || elicitation.url ? elicitation : undefined;
}
