/**
 * What the program may do once it has started. It was given more than that: to
 * make its database, and to start local servers where the operator has some.
 * Where somebody gets code to run in here, that is gone already.
 *
 * @module
 */

import type { UpstreamSpec } from "../broker/core/upstream.ts";

/**
 * Gives up to write files, to load native code, and to start processes where no upstream is one.
 * The database is open, and goes on. Nobody is asked for any of it later: it is refused.
 */
export async function giveUpRights(upstreams: UpstreamSpec[]): Promise<void> {
  const starts = upstreams.some(({ kind }) => kind === "stdio");
  await Deno.permissions.revoke({ name: "write" });
  await Deno.permissions.revoke({ name: "ffi" });
  if (!starts) await Deno.permissions.revoke({ name: "run" });
}
