/**
 * What was granted is not always what was asked for, nor by whom.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Account, MeantAccount, PendingAuthorization, TokenSet } from "../core/connection.ts";
import { opensSomething } from "../core/reach.ts";
import { missingScopes } from "../core/scopes.ts";
import { granted } from "./new_connection.ts";

/** What was given, and in which respect it is not what was asked for. */
export interface Shortfall {
  /** Services that were asked for, and of which nothing was granted. */
  withheld: string[];
  /** Scopes that were asked for and not granted, those of such services too. */
  missing: string[];
  /** Which account should have come, where another one did. */
  meant?: MeantAccount | undefined;
}

/**
 * In which respect it is not what was asked for. By the rule by which calls are refused later, so
 * that nobody is told of a want that no call will feel.
 */
export function shortfall(
  server: AuthorizationServer,
  { services, scopes, meant }: Pick<PendingAuthorization, "services" | "scopes" | "meant">,
  account: Account,
  tokens: TokenSet,
): Shortfall {
  const open = granted(server, services, tokens);
  const missing = missingScopes(server, tokens.scopes, scopes)
    .filter((scope) => opensSomething(server, scope));
  const withheld = services.filter((service) => !open.includes(service));
  const isAnother = meant !== undefined && meant.account !== account.id;
  return { withheld, missing, meant: isAnother ? meant : undefined };
}
