/**
 * Calls that are known through and through, of tools of our own and of
 * upstreams': those have things to say and to ask before they answer, and
 * where somebody wants to hear them the SDKs pass them on.
 *
 * @module
 */

import { andThen, type Awaitable } from "../../broker/core/awaitable.ts";
import type { IncomingCall, Visit } from "../definition.ts";
import { type Facts, type Id, isPlain, type PlainRequest } from "./message.ts";

/** A call, and whether it goes on to an upstream. */
export interface PlainCall {
  incoming: IncomingCall & { asker: Facts };
  isUpstream: boolean;
}

/** A call for the definition; `undefined`: it is the SDKs'. */
export function plainCall(
  request: Facts,
  { id, params, meta }: PlainRequest,
  { find }: Visit,
  countsCalls: boolean,
): Awaitable<PlainCall | undefined> {
  const { name, arguments: args } = params ?? {};
  if (typeof name !== "string" || (args !== undefined && !isPlain(args))) return undefined;
  const progressToken = meta?.progressToken as Id | undefined;
  const incoming = { name, args, id, countsCalls, asker: request, progressToken, notify };
  return andThen(find(name), (entry) => ({ incoming, isUpstream: entry?.kind === "upstream" }));
}

/** Nothing is said before the answer. */
function notify(): Promise<void> {
  return Promise.resolve();
}
