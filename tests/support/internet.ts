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

/** What is a `Response` is answered as it is, a text as a page, else as JSON. */
export function internet(sites: Record<string, Site>): Internet {
  const asked: string[] = [];
  return {
    asked,
    async fetch(input, init) {
      const request = new Request(input, init);
      const { origin, pathname, search } = new URL(request.url);
      asked.push(`${request.method} ${request.url}`);
      const site = sites[origin];
      if (site === undefined) throw new TypeError(`no such host: ${origin}`);
      if (typeof site === "function") return await site(request);
      const found = site[`${request.method} ${pathname}`] ?? site[pathname + search];
      if (found instanceof Response) return found.clone();
      if (typeof found === "string") return page(found);
      return found === undefined ? page("not found", 404) : Response.json(found);
    },
  };
}

/** A page, where something else was meant. */
export function page(text: string, status = 200): Response {
  const headers = { "Content-Type": "text/html" };
  return new Response(`<!doctype html><title>${text}</title>`, { status, headers });
}
