/**
 * The headers of an answer in JSON that is given before there is an app, which
 * has them from its middleware.
 *
 * @module
 */

import { SCRIPT_HASH } from "./page/script_hash.ts";
import { STYLE_HASH } from "./page/style_hash.ts";

/** `Strict-Transport-Security`, where people reach the program by https. */
export const STRICT_TRANSPORT = "max-age=15552000; includeSubDomains";

/** As the app sends them. `secure`: people reach the program by https. */
export function jsonHeaders(secure: boolean): Record<string, string> {
  return {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Referrer-Policy": "same-origin",
    ...(secure ? { "Strict-Transport-Security": STRICT_TRANSPORT } : {}),
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Download-Options": "noopen",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-XSS-Protection": "0",
    "Content-Security-Policy":
      `default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; ` +
      "img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  };
}
