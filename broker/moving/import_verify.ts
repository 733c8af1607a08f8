/**
 * What an import asks a provider: for a new token set, and whose account it is.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Account, TokenSet } from "../core/connection.ts";
import { deadlineIn, until } from "../core/deadline.ts";
import { saidOf } from "../core/own_words.ts";
import { Refusal } from "../core/refusal.ts";
import { HOLD_OFF_MS } from "../tokens/refresh_rules.ts";
import { keptAccount, logUntold } from "../connect/account.ts";
import { hold } from "./import_held.ts";
import { type ImportDeps, type ImportItem, invalid, unavailable } from "./import_item.ts";

/** A refresh that takes longer goes on; the same import finds what it gave. */
export const IMPORT_WAIT_MS = 30_000;
/** For all that a provider is asked to learn whose account it is. */
export const IMPORT_IDENTIFY_MS = 15_000;

/**
 * The token set, refreshed once however often it is imported.
 *
 * @throws {Refusal} `invalid_request`, `reauthorization_required`, `provider_unavailable`.
 */
export async function refreshedFirst(deps: ImportDeps, item: ImportItem): Promise<TokenSet> {
  const { connections, refresher, courtesy } = deps;
  const { server } = item;
  const held = await hold(deps, item);
  const refreshed = await courtesy.ask(
    server,
    () => refresher.ensure(courtesy.listeningTo(server), held, { ahead: true }, IMPORT_WAIT_MS),
  );
  switch (refreshed.kind) {
    case "ready":
      return refreshed.stored.value.tokens;
    case "gone":
      throw unavailable(server, HOLD_OFF_MS);
    case "unavailable":
      throw unavailable(server, refreshed.retryAfterMs);
    case "reauthorize": {
      const { value, version } = refreshed.stored;
      // What is over for good is not kept; what the provider merely goes on refusing is.
      if (value.status !== "active") await connections.delete(value, version);
      const { name: service, title } = server;
      throw new Refusal({ code: "reauthorization_required", service, title });
    }
  }
}

/**
 * Whose account it is: as it was said, or as the provider says.
 *
 * @throws {Refusal} `invalid_request`, `provider_unavailable`.
 */
export async function accountOf(
  deps: ImportDeps,
  server: AuthorizationServer,
  tokens: TokenSet,
  given: Account | undefined,
  isAsked: boolean,
): Promise<Account> {
  if (!isAsked) return given!;
  const account = await deps.courtesy.ask(server, () => identified(deps, server, tokens));
  if (given !== undefined && given.id !== account.id) {
    throw invalid(`At ${server.title} these tokens are of another account than account.id.`);
  }
  return account;
}

async function identified(
  { world, courtesy }: ImportDeps,
  server: AuthorizationServer,
  tokens: TokenSet,
): Promise<Account> {
  using deadline = deadlineIn(world, IMPORT_IDENTIFY_MS);
  let account: Account | null;
  try {
    account = keptAccount(await until(deadline.signal, server.identify(tokens)));
  } catch (error) {
    const detail = saidOf(error);
    world.log({ level: "warn", event: "identify_failed", provider: server.name, detail });
    if (courtesy.failed(server, error)) throw unavailable(server, HOLD_OFF_MS);
    throw invalid(`${server.title} does not take the access token, or does not say whose it is.`);
  }
  if (account === null) throw invalid(`${server.title} names no account.`);
  logUntold(world, server, account);
  return account;
}
