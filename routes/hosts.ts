/**
 * Which `Host` and `Origin` may appear in a request: against DNS rebinding,
 * and against pages that call with a person's network position.
 *
 * @module
 */

import { isLoopback } from "../broker/config.ts";
import { refuse } from "./errors.ts";

/** Refuses names that are neither the public one nor in `ALLOWED_HOSTS`. */
export function requireKnownHost(
  request: Request,
  publicUrl: string,
  allowedHosts: string[],
): void {
  const known = (url: URL | undefined) =>
    url !== undefined && isKnown(url, publicUrl, allowedHosts);
  if (!known(parse(request.url))) refuse({ code: "forbidden_host" });
  const origin = request.headers.get("Origin");
  if (origin !== null && !known(parse(origin))) refuse({ code: "forbidden_origin" });
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
