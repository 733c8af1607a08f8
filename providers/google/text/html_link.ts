/**
 * Where a link leads: said where its words do not say it already.
 *
 * @module
 */

import { visible } from "./visible_text.ts";

const MAX_URL = 120;
const MAX_LINKS = 200;

/** Any web address in a text. */
const URLS = /\bhttps?:\/\/[^\s<>"')\]]+/gi;

/** What is said beside the words of a link; nothing where they say where it leads. */
export function writeLink(words: string, href: string, seen: Set<string>): string {
  const target = href.trim();
  const [, scheme] = /^(mailto|tel):/i.exec(target) ?? [];
  if (scheme !== undefined) {
    const address = target.slice(scheme.length + 1).split("?", 1)[0]!.slice(0, MAX_URL);
    return address === "" || isSame(words, address) ? "" : `(${decoded(address)})`;
  }
  const url = /^https?:/i.test(target) ? URL.parse(target) : null;
  // A picture without words: nobody is told about it, so nobody is told where it leads.
  if (url === null || words === "" || isSame(words, url.href)) return "";
  const claimed = hostIn(words);
  if (claimed !== undefined && claimed !== bare(url.host)) return `(leads to ${shown(url)})`;
  if (seen.has(url.href) || seen.size >= MAX_LINKS) return "";
  seen.add(url.href);
  return `(${shown(url)})`;
}

/** An address at a length that somebody can look at. */
function shown(url: URL): string {
  const address = url.username === "" ? url.href : url.href.replace(/\/\/[^/]*@/, "//");
  if (address.length <= MAX_URL) return visible(address).replace(/\/$/, "");
  const path = `${url.origin}${url.pathname}`;
  return path.length <= MAX_URL ? `${path}?…` : `${url.origin}/…`;
}

/** The host that a link's words claim to lead to: `www.bank.example/login`. */
function hostIn(words: string): string | undefined {
  const [, host] =
    /^(?:https?:\/\/)?((?:[\p{L}\d-]+\.)+\p{L}{2,24})(?:[:/?#]\S*)?$/iu.exec(words) ??
      [];
  if (host === undefined) return undefined;
  const url = URL.parse(`https://${host}`);
  return url === null ? undefined : bare(url.host);
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^www\./, "");
}

function isSame(words: string, address: string): boolean {
  const plain = (text: string) =>
    decoded(text).toLowerCase().replace(/^(https?:\/\/|mailto:|tel:)/, "").replace(/^www\./, "")
      .replace(/[\s/]+/g, "/").replace(/\/$/, "");
  const [said, meant] = [plain(words), plain(address)];
  const digits = (text: string) => text.replace(/\D/g, "");
  return said === meant || (/^[+\d]/.test(address) && digits(words) === digits(address));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A text as it is said aloud: of a web address the host, of a link that has words nothing. */
export function speakLinks(text: string): string {
  return text
    .replace(
      / \((leads to )?(https?:\/\/[^\s)]+)\)/gi,
      (_, leads, url) => leads === undefined ? "" : ` (it leads to ${hostOf(url)})`,
    )
    .replace(URLS, (url) => hostOf(url));
}

function hostOf(url: string): string {
  return bare(URL.parse(url.replace(/…$/, ""))?.host ?? "a web address");
}
