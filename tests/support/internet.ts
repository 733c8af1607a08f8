/**
 * An internet of a test's own: hosts by name, with what they answer. Nothing
 * leaves the process, and every address that was asked is noted.
 *
 * @module
 */

/** A path → what is there; or whatever a function answers. */
export type Site =
  | Record<string, unknown>
  | ((request: Request) => Response | Promise<Response>);

/** The way out to it. */
export interface Internet {
  fetch: typeof fetch;
  /** "GET https://…", in order. */
  asked: string[];
}

/**
 * What is a `Response` is answered as it is, a text as a page, else as JSON.
 * Whoever does not forbid it is redirected.
 */
export function internet(sites: Record<string, Site>): Internet {
  const asked: string[] = [];
  const answer = async (request: Request): Promise<Response> => {
    const { origin } = new URL(request.url);
    asked.push(`${request.method} ${request.url}`);
    const site = sites[origin];
    if (site === undefined) throw new TypeError(`no such host: ${origin}`);
    const response = await answerOf(site, request);
    const location = response.headers.get("Location");
    return request.redirect !== "follow" || location === null
      ? response
      : await answer(new Request(new URL(location, request.url)));
  };
  return { asked, fetch: async (input, init) => await answer(new Request(input, init)) };
}

async function answerOf(site: Site, request: Request): Promise<Response> {
  if (typeof site === "function") return await site(request);
  const { pathname, search } = new URL(request.url);
  const found = site[`${request.method} ${pathname}`] ?? site[pathname + search];
  if (found instanceof Response) return found.clone();
  if (typeof found === "string") return page(found);
  return found === undefined ? page("not found", 404) : Response.json(found);
}

/** A page, where something else was meant. */
export function page(text: string, status = 200): Response {
  const headers = { "Content-Type": "text/html" };
  return new Response(`<!doctype html><title>${text}</title>`, { status, headers });
}
