/**
 * How a subject stands with a service, from what is on record alone.
 *
 * @module
 */

import type { Standing } from "../core/call.ts";
import { resolveService } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import type { Consistency } from "../core/store.ts";
import { VaultError } from "../core/store_errors.ts";
import type { TokenRequest } from "../core/token_request.ts";
import { choose } from "./choice.ts";
import { decide } from "./freshness.ts";
import type { ConnectionDeps } from "./provider_token.ts";

/** Whether there is a connection that works; it is the one that `providerToken()` would take. */
export async function standingOf(
  { servers, connections, world }: Omit<ConnectionDeps, "refresher">,
  { subject, actor, service }: Pick<TokenRequest, "subject" | "actor" | "service">,
): Promise<Standing> {
  const target = resolveService(servers, service);
  // A copy near by may be a little old: nobody is told on its word that nothing is connected.
  for (const consistency of ["eventual", "strong"] satisfies Consistency[]) {
    const all = await connections.list(subject, target.server.name, consistency).catch((error) => {
      // It is connected again, in the same way as one that is not there.
      if (error instanceof VaultError) return [];
      throw error;
    });
    const choice = choose(target, all, { service, actor, scopes: [] });
    if ("reason" in choice || decide(choice.stored.value, world.now()) === "reauthorize") continue;
    const { value, version } = choice.stored;
    const { provider, account, connectedAt, signedInAt, tokens } = value;
    // Of an account without a name of its own the next sign-in may be another one's.
    const mark = [provider, account, connectedAt, signedInAt, tokens.scopes.toSorted()];
    return { kind: "connected", mark: digest(JSON.stringify(mark)), version };
  }
  return { kind: "not_connected" };
}
