/**
 * An answer in JSON that is not in a `Response` yet. One that is made with all
 * of its headers, and not looked at afterwards, goes to the network as it is;
 * a header added later costs a second copy of the body, and keeps the request
 * in memory for long enough that getting rid of it is work of its own (seen
 * with Deno 2.9, November 2026).
 *
 * @module
 */

/** What is answered. */
export interface Ready {
  status: number;
  /** JSON; `null`: there is nothing to say. */
  text: string | null;
  headers?: Record<string, string> | undefined;
}

/** The answer, made once; `usual`: the headers of every one. */
export function responseOf(
  { status, text, headers }: Ready,
  usual: Record<string, string> = NONE,
): Response {
  const type = text === null ? NONE : JSON_TYPE;
  // Deno has a way of its own for an answer whose one header is its type, and takes half the time.
  if (usual === NONE && headers === undefined) return new Response(text, { status, headers: type });
  return new Response(text, { status, headers: { ...type, ...usual, ...headers } });
}

/** No more headers than an answer needs. */
export const NONE: Readonly<Record<string, string>> = {};

const JSON_TYPE = { "Content-Type": "application/json" };
