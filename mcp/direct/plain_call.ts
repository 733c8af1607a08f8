/**
 * Calls of tools of our own: upstreams have things to say and to ask before
 * they answer, and the SDKs pass them on.
 *
 * @module
 */

import type { IncomingCall, Visit } from "../definition.ts";
import { type Facts, type Id, isPlain, type PlainRequest } from "./message.ts";

/** A call for the definition; `undefined`: it is the SDKs'. */
export async function ownCall(
  request: Facts,
  { id, params, meta }: PlainRequest,
  { find }: Visit,
  countsCalls: boolean,
): Promise<IncomingCall | undefined> {
  const { name, arguments: args } = params ?? {};
  if (typeof name !== "string" || (args !== undefined && !isPlain(args))) return undefined;
  if ((await find(name))?.kind === "upstream") return undefined;
  const progressToken = meta?.progressToken as Id | undefined;
  return {
    name,
    args,
    id,
    countsCalls,
    // Made by who looks: a call whose arguments are refused waits for nothing.
    get signal() {
      return request.signal;
    },
    progressToken,
    notify,
  };
}

/** Our own tools say nothing before they are done. */
function notify(): Promise<void> {
  return Promise.resolve();
}
