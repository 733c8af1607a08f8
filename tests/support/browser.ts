/**
 * A browser for tests: cookies per host, redirects, forms. No scripts.
 *
 * @module
 */

/** A page as the person sees it. */
export interface Page {
  url: string;
  status: number;
  headers: Headers;
  html: string;
  forms: Form[];
  /** Where its links lead, as they are written. */
  links: string[];
}

/** A form on a page. */
export interface Form {
  action: string;
  method: string;
  fields: Record<string, string>;
  /** Boxes and radio buttons that are checked, as [name, value]. */
  checked: [string, string][];
  /** All of them, checked or not. */
  boxes: [string, string][];
}

/**
 * The connections of all browsers, as long as something is open that must end:
 * Deno 2.5's servers wait for ever for one on which nothing was sent, and two
 * requests that set out at once leave such a one behind.
 */
let pool: { client: Deno.HttpClient; users: number } | undefined;

/** Browsers' connections are closed when all that was returned here was called. */
export function pooledBrowsers(): () => void {
  const mine = pool ??= { client: Deno.createHttpClient({}), users: 0 };
  mine.users += 1;
  return () => {
    mine.users -= 1;
    if (mine.users > 0) return;
    pool = undefined;
    mine.client.close();
  };
}

const pooledFetch = ((input: RequestInfo | URL, init?: RequestInit) =>
  fetch(
    input,
    pool === undefined ? init : { ...init, client: pool.client },
  )) as typeof globalThis.fetch;

/** What browsers say that they take, of a page that they go to. */
export const NAVIGATION = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/** One person's browser; another instance is another person. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();
  /** Every address it was at, the last one last. */
  readonly visited: string[] = [];
  /** The value of every cookie that was ever set. */
  readonly cookies: string[] = [];
  readonly #fetch: typeof globalThis.fetch;

  /** `fetch` is how it reaches the network. */
  constructor({ fetch = pooledFetch }: { fetch?: typeof globalThis.fetch | undefined } = {}) {
    this.#fetch = fetch;
  }

  /** Opens an address and follows redirects, as far as `until` says. */
  async open(url: string, until?: (url: string) => boolean): Promise<Page> {
    return await this.#go(new Request(url), until);
  }

  /** Sends a form of the page, with some fields changed. */
  async submit(
    page: Page,
    options: {
      form?: Form;
      fields?: Record<string, string>;
      checked?: [string, string][];
      until?: (url: string) => boolean;
    } = {},
  ): Promise<Page> {
    const form = options.form ?? page.forms[0];
    if (form === undefined) throw new Error(`There is no form on ${page.url}`);
    const body = new URLSearchParams({ ...form.fields, ...options.fields });
    for (const [name, value] of options.checked ?? form.checked) body.append(name, value);
    const request = new Request(new URL(form.action, page.url), { method: "POST", body });
    return await this.#go(request, options.until);
  }

  /** Follows the first link of a page that begins like this. */
  async follow(page: Page, begins: string): Promise<Page> {
    const link = page.links.find((each) => each.startsWith(begins));
    if (link === undefined) throw new Error(`There is no link to ${begins} on ${page.url}`);
    return await this.open(new URL(link, page.url).href);
  }

  /** Forgets one host's cookies. */
  forget(host: string): void {
    this.#cookies.delete(host);
  }

  async #go(first: Request, until?: (url: string) => boolean): Promise<Page> {
    let request = first;
    for (let hops = 0; hops < 10; hops++) {
      this.visited.push(request.url);
      const response = await this.#send(request);
      const location = response.headers.get("Location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return await pageOf(request.url, response);
      }
      const next = new URL(location, request.url).href;
      if (until?.(next)) return await pageOf(next, response);
      await response.body?.cancel();
      request = new Request(next);
    }
    throw new Error("Too many redirects");
  }

  async #send(request: Request): Promise<Response> {
    const host = new URL(request.url).host;
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    const headers = new Headers(request.headers);
    headers.set("Accept", NAVIGATION);
    if (jar.size > 0) {
      headers.set("Cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    const body = request.method === "POST" ? await request.text() : null;
    const send = this.#fetch;
    const response = await send(request.url, {
      method: request.method,
      headers,
      body,
      redirect: "manual",
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const equals = pair.indexOf("=");
      jar.set(pair.slice(0, equals).trim(), pair.slice(equals + 1));
      this.cookies.push(pair.slice(equals + 1));
    }
    return response;
  }
}

async function pageOf(url: string, response: Response): Promise<Page> {
  const html = await response.text();
  const { status, headers } = response;
  return { url, status, headers, html, forms: formsOf(html), links: linksOf(html) };
}

function linksOf(html: string): string[] {
  return [...html.matchAll(/<a\b[^>]*>/g)].map(([link]) => attribute(link, "href") ?? "");
}

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, open = "", inside = ""]) => {
    const inputs = [...inside.matchAll(/<input\b([^>]*)>/g)].map(([, input = ""]) => input);
    const isBox = (input: string) => /\btype="(checkbox|radio)"/.test(input);
    const pair = (input: string): [string, string] => [
      attribute(input, "name") ?? "",
      attribute(input, "value") ?? "",
    ];
    return {
      action: attribute(open, "action") ?? "",
      method: (attribute(open, "method") ?? "get").toLowerCase(),
      fields: Object.fromEntries(inputs.filter((input) => !isBox(input)).map(pair)),
      boxes: inputs.filter(isBox).map(pair),
      checked: inputs.filter((input) => isBox(input) && /\bchecked\b/.test(input)).map(pair),
    };
  });
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return value?.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
