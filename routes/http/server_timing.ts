/**
 * `Server-Timing` (W3C, Server Timing): whose time it was, in ms, for callers who have proved who
 * they are. It says nothing that they could not measure: what was waited for is theirs. It is left
 * out where an answer must not tell whether another app has something (`DELETE`), and pages of other
 * origins do not get to read it, since there is no `Timing-Allow-Origin`.
 *
 * @module
 */

import type { RequestNotes } from "../../broker/core/request_notes.ts";

/** By this an answer says it. */
export const TIMING_HEADER = "Server-Timing";

/**
 * The header's value. `total`: how long the request took so far, in ms. What is in no other part is
 * the gateway's; `undefined`: nobody has proved who it is.
 */
export function serverTiming(request: RequestNotes, total: number): string | undefined {
  const { caller, spent, authMs: auth = 0 } = request;
  if (caller === undefined) return undefined;
  const { vault = 0, refresh = 0, provider = 0 } = spent ?? {};
  const rest = Math.max(0, total - auth - vault - refresh - provider);
  return `auth;dur=${tenths(auth)}, vault;dur=${tenths(vault)}, refresh;dur=${tenths(refresh)}, ` +
    `provider;dur=${tenths(provider)}, gateway;dur=${tenths(rest)}`;
}

/** Whether it was waited for somebody outside: then one more header costs nothing that anybody sees. */
export function hasWaitedOutside({ spent }: RequestNotes): boolean {
  return spent !== undefined && spent.refresh + spent.provider > 0;
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
