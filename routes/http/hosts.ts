/**
 * Which `Host` and `Origin` may appear in a request: against DNS rebinding,
 * and against pages that call with a person's network position.
 *
 * @module
 */

import { isLoopback } from "../../broker/core/addresses.ts";
import { refuse } from "./errors.ts";

const ORIGIN = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

/** Refuses names that are neither the public one nor in `ALLOWED_HOSTS`. */
export function requireKnownHost(
  request: Request,
  publicUrl: string,
  allowedHosts: string[],
): void {
  const known = (text: string) => {
    const url = parse(text);
    // What is more than scheme, host and port is no origin, whatever a parser makes of it.
    return url !== undefined && ORIGIN.test(text) && isKnown(url, publicUrl, allowedHosts);
  };
  const host = request.headers.get("Host");
  if (!known(host === null ? new URL(request.url).origin : `http://${host}`)) {
    refuse({ code: "forbidden_host" });
  }
  const origin = request.headers.get("Origin");
  if (origin !== null && !isOpen(request.url) && !known(origin)) {
    refuse({ code: "forbidden_origin" });
  }
}

/** What clients in any browser may call: it reads no cookie and trusts no network position. */
function isOpen(url: string): boolean {
  return /^\/(oauth\/(token|register|revoke)$|\.well-known\/)/.test(new URL(url).pathname);
}

function isKnown(url: URL, publicUrl: string, allowedHosts: string[]): boolean {
  const own = new URL(publicUrl);
  return url.host === own.host || allowedHosts.includes(url.hostname) ||
    // On one machine every port is the same person's; tools open them at random.
    (isLoopback(own.hostname) && isLoopback(url.hostname));
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
