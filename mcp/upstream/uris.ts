/**
 * Our URIs for an upstream's resources. Two servers may both have `file:///a`,
 * so the upstream's name stands in front of what its URI says: `file://notes//a`.
 *
 * It is put in and taken out as text. Nothing is parsed, decoded or
 * normalised, so that a URI comes back to its server as that server wrote it,
 * and a template (RFC 6570) is filled in as it was. The scheme stays, since it
 * means something to clients: `ui://` is an app's page (SEP-1865).
 *
 * The web's own schemes are the exception. A client may load `https:` itself
 * (MCP 2025-11-25, "Common URI Schemes"), and `https://notes/…` would be a
 * machine called notes: in lists they become `mcp+https:`, which nobody loads.
 *
 * @module
 */

/** Characters of an upstream's own; longer ones are not passed on. */
export const MAX_URI = 4_096;
/** What is put in: a name and a mark. */
const MAX_OURS = MAX_URI + 100;

const URI = /^([A-Za-z][A-Za-z0-9+.\-]{0,40}):(\/\/)?(.*)$/s;
const WEB = /^(?:mcp\+)*https?$/i;
const MARK = "mcp+";
/** Controls, line ends, what hides or turns text, and halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** An upstream, as far as its URIs go. */
export interface UriOwner {
  name: string;
  /** Empty: it keeps its own names. */
  prefix?: string | undefined;
}

/** The URIs of all upstreams of one gateway. */
export class Uris {
  readonly #names: ReadonlySet<string>;
  /** The one whose URIs stay as they are where they are free: two such could not be told apart. */
  readonly #keeper: string | undefined;

  constructor(owners: UriOwner[]) {
    this.#names = new Set(owners.map(({ name }) => name));
    this.#keeper = owners.find(({ prefix }) => prefix === "")?.name;
  }

  /** Our URI, or URI template, for one of an upstream's; `undefined` for what is none. */
  ours(upstream: string, uri: string): string | undefined {
    if (!isUri(uri)) return undefined;
    return upstream === this.#keeper && this.#isFree(uri) ? uri : put(upstream, uri);
  }

  /** Whose a URI is, and what it is there; `undefined` for what is nobody's. */
  theirs(uri: string): { upstream: string; uri: string } | undefined {
    const found = takenApart(uri);
    if (found !== undefined && this.#names.has(found.upstream)) return found;
    return this.#keeper !== undefined && isUri(uri) && this.#isFree(uri)
      ? { upstream: this.#keeper, uri }
      : undefined;
  }

  /** Nobody's as it stands, and no address of the web. */
  #isFree(uri: string): boolean {
    if (isWebAddress(uri)) return false;
    const found = takenApart(uri);
    return found === undefined || !this.#names.has(found.upstream);
  }
}

/** Whether it is an address of the web, which whoever has it can load. */
export function isWebAddress(uri: string): boolean {
  return /^https?:/i.test(uri);
}

/** What a name was put in: the name, and what was there before. */
function takenApart(uri: string): { upstream: string; uri: string } | undefined {
  const [, scheme = "", slashes = "", rest = ""] = (isUri(uri, MAX_OURS) && URI.exec(uri)) || [];
  const cut = rest.indexOf("/");
  if (cut < 1) return undefined;
  const upstream = rest.slice(0, cut);
  const own = WEB.test(scheme) ? scheme.slice(MARK.length) : scheme;
  const found = { upstream, uri: `${own}:${slashes}${rest.slice(cut + 1)}` };
  // Only what was made here comes back: everything else is nobody's.
  return isUri(found.uri) && put(upstream, found.uri) === uri ? found : undefined;
}

function put(name: string, uri: string): string {
  const [, scheme = "", slashes = "", rest = ""] = URI.exec(uri) ?? [];
  return `${WEB.test(scheme) ? MARK : ""}${scheme}:${slashes}${name}/${rest}`;
}

function isUri(uri: string, longest = MAX_URI): boolean {
  return uri.length <= longest && URI.test(uri) && !UNSEEN.test(uri);
}
