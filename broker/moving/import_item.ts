/**
 * What an import is made of, as its parts hand it to each other.
 *
 * @module
 */

import type { Activity } from "../core/activity.ts";
import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { TokenSet } from "../core/connection.ts";
import type { Quotas } from "../core/quotas.ts";
import { Refusal } from "../core/refusal.ts";
import type { ExpiringStore, ImportedFor, LeaseStore } from "../core/store.ts";
import type { Subject } from "../core/subject.ts";
import type { Turns } from "../core/turns.ts";
import type { ConnectionDeps } from "../tokens/provider_token.ts";
import type { Courtesy } from "./courtesy.ts";

/** What imports need. */
export interface ImportDeps extends ConnectionDeps {
  leases: LeaseStore;
  imports: ExpiringStore<ImportedFor>;
  activity?: Activity | undefined;
  courtesy: Courtesy;
  /** Absent: the usual ones. */
  quotas?: Quotas | undefined;
  /** Of the same item. */
  turns: Turns;
}

/** One item, checked. */
export interface ImportItem {
  server: AuthorizationServer;
  subject: Subject;
  given: TokenSet;
  /** By which the token set is known again; see `markOf()`. */
  mark: string;
}

/** The item is wrong. `detail` repeats nothing of it. */
export function invalid(detail: string): Refusal {
  return new Refusal({ code: "invalid_request", detail });
}

/** Not now; the same import can be sent again after `ms`. */
export function unavailable({ title }: AuthorizationServer, ms: number): Refusal {
  const retryAfter = Math.max(1, Math.ceil(ms / 1000));
  return new Refusal({ code: "provider_unavailable", title, retryAfter });
}
