/**
 * What is noted of a provider token that an app asked for.
 *
 * @module
 */

import type { Activity } from "./core/activity.ts";
import type { Connection } from "./core/connection.ts";
import { reasonOf } from "./core/refusal.ts";
import { resolveService, type Servers } from "./core/scopes.ts";
import type { TokenRequest } from "./core/token_request.ts";
import { wordsOf } from "./core/words.ts";
import type { World } from "./core/world.ts";

/** Notes one that was given. */
export function noteToken(
  activity: Activity,
  world: Pick<World, "now">,
  { subject, actor, service: named, noted }: TokenRequest,
  { provider, account }: Connection,
): void {
  const service = named === provider ? undefined : named;
  const at = world.now();
  activity.note({ at, what: noted!, subject, actor, provider, service, account, outcome: "ok" });
}

/**
 * Notes that none was given though something is connected. An app can name any user, and anything
 * in the place of a service: what is said of what is not there is not kept.
 */
export function noteRefusal(
  activity: Activity,
  world: Pick<World, "now">,
  servers: Servers,
  { subject, actor, service: named, noted }: TokenRequest,
  error: unknown,
): void {
  const reason = reasonOf(error);
  switch (reason?.code) {
    case "insufficient_scope":
    case "connection_not_allowed":
    case "reauthorization_required":
    case "provider_unavailable": {
      const provider = resolveService(servers, named).server.name;
      const service = named === provider ? undefined : named;
      const account = "account" in reason ? reason.account : undefined;
      const { error: outcome } = wordsOf(reason);
      activity.note({
        ...{ at: world.now(), what: noted!, subject, actor, provider, service, account, outcome },
      });
      return;
    }
    default:
  }
}
