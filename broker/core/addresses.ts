/**
 * Addresses: what is this machine, and what is safe to send a secret to.
 *
 * @module
 */

/** Whether a host name is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A URL, or `undefined` where a text is none. */
export function parseUrl(text: string): URL | undefined {
  return URL.parse(text) ?? undefined;
}

/** https, or http to this machine. */
export function isSecure(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

/** What an address to send secrets to must be, for messages. */
export const SECURE = "must be https (http for this machine only)";

/**
 * Whether a text is the address of a server that is sent secrets: https, or
 * http to this machine, and no password in it, which whoever prints the address
 * would print.
 */
export function isSecureAddress(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && isSecure(url) && url.username === "" && url.password === "";
}

/**
 * A text without the slashes at its end. Not by `/\/+$/`, which begins anew at
 * every slash: a path of 60,000 of them would take it ten seconds.
 */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === "/") end -= 1;
  return text.slice(0, end);
}

/** A part of a path that leads up, also for a server that cuts off parameters (`..;x`). */
const UPWARDS = /(^|[/\\])\.{1,2}([/\\;]|$)/;
/** More than any server decodes. */
const MOST_DECODINGS = 4;

/**
 * Whether some server may read the path as one that leads up: a slash may be
 * encoded (`group%2Fproject` is one name), but then no `..` may stand beside it.
 */
export function leadsUp(path: string): boolean {
  let decoded = path;
  for (let times = 0; times < MOST_DECODINGS; times++) {
    decoded = decoded.replaceAll(
      /%(2e|2f|5c|25|3b)/gi,
      (_, hex) => String.fromCharCode(parseInt(hex, 16)),
    );
  }
  return UPWARDS.test(decoded);
}
