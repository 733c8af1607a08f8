/**
 * Answers that pages of other origins have to do with. All others are cut off
 * from them, by Hono's `secureHeaders()`: `Cross-Origin-Opener-Policy` and
 * `Cross-Origin-Resource-Policy` are `same-origin`.
 *
 * An app's page opens links in a pop-up and waits for word of it. The policy of
 * every answer on the way counts, redirects included (HTML, "obtain a
 * cross-origin opener policy", which is asked for each response of a
 * navigation): one that says `same-origin` parts the two for good.
 *
 * @module
 */

import type { Context, MiddlewareHandler } from "hono";
import { POPUP_SCRIPT_HASH } from "./page/popup_script_hash.ts";

/** In the request's context. */
interface OtherEnv {
  Variables: { keepsOpener?: boolean; isForAll?: boolean };
}

const POLICY = "Content-Security-Policy";

/** The page that opened this one in a pop-up may hear of it; its script may run. */
export function keepsOpener(c: Context): void {
  c.set("keepsOpener", true);
}

/** Pages of every origin may load it as a script. */
export function isForAll(c: Context): void {
  c.set("isForAll", true);
}

/** Stands around `secureHeaders()`, and so has the last word. */
export const otherOrigins: MiddlewareHandler<OtherEnv> = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (c.get("isForAll")) headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  if (!c.get("keepsOpener")) return;
  headers.set("Cross-Origin-Opener-Policy", "unsafe-none");
  headers.set(POLICY, withScript(headers.get(POLICY) ?? "", POPUP_SCRIPT_HASH));
};

/** The policy, which lets one script more run. */
export function withScript(policy: string, hash: string): string {
  const source = `script-src '${hash}'`;
  return /\bscript-src\b/.test(policy)
    ? policy.replace(/\bscript-src\b/, source)
    : [policy, source].filter(Boolean).join("; ");
}
