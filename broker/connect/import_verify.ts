/**
 * What an import asks a provider, and where that is kept until it is a
 * connection. A refresh may use up the refresh token that was brought: what it
 * gave is nowhere else, and nobody has said yet whose account it is. So the
 * token set is first stored under a subject that nobody can act for, made of
 * its mark, and refreshed there like any other: under a lease, stored before
 * anything else is done with it, tried again while the store is out. Whatever
 * ends an import in between, the same import goes on from there.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Account, ConnectionRef, TokenSet } from "../core/connection.ts";
import { deadlineIn, until } from "../core/deadline.ts";
import { saidOf } from "../core/own_words.ts";
import { Refusal } from "../core/refusal.ts";
import { digest } from "../core/secrets.ts";
import type { Subject } from "../core/subject.ts";
import { isAlive } from "../tokens/freshness.ts";
import { HOLD_OFF_MS } from "../tokens/refresh_rules.ts";
import { keptAccount } from "./account.ts";
import { type ImportDeps, type ImportItem, invalid } from "./import_item.ts";
import { toRefresh } from "./import_tokens.ts";

/** A refresh that takes longer goes on; the same import finds what it gave. */
export const IMPORT_WAIT_MS = 30_000;
/** For all that a provider is asked to learn whose account it is. */
export const IMPORT_IDENTIFY_MS = 15_000;

/** No realm begins so: no API key, no sign-in and no sweep acts for it. */
const HELD_REALM = "~import";

function heldRef({ server, subject, mark }: ImportItem): ConnectionRef {
  const id = digest(JSON.stringify([subject, server.name, mark]));
  const held: Subject = `${HELD_REALM}:${id}`;
  return { subject: held, provider: server.name, account: "?" };
}

/**
 * The token set, refreshed once however often it is imported; `null` where it
 * has become a connection meanwhile. `isNew` looks that up: after what is held
 * was seen, since it is a connection before it is held no more.
 *
 * @throws {Refusal} `invalid_request`, `reauthorization_required`, `provider_unavailable`.
 */
export async function refreshedFirst(
  deps: ImportDeps,
  item: ImportItem,
  isNew: () => Promise<boolean>,
): Promise<TokenSet | null> {
  const { connections, refresher, courtesy, world } = deps;
  const { server, given } = item;
  if (given.refreshToken === undefined) throw invalid("refresh_token is missing.");
  const ref = heldRef(item);
  const now = world.now();
  const first = {
    ...ref,
    label: "",
    status: "active" as const,
    tokens: toRefresh(given),
    connectedAt: now,
    updatedAt: now,
  };
  let held = await connections.get(ref);
  if (held === null) {
    const version = await connections.put(first, null);
    held = version === null ? await connections.get(ref) : { value: first, version };
  }
  if (!await isNew()) {
    await dropHeld(deps, item);
    return null;
  }
  if (held === null) return null;
  const seen = held;
  const refreshed = await courtesy.ask(
    server,
    () => refresher.ensure(courtesy.listeningTo(server), seen, { ahead: true }, IMPORT_WAIT_MS),
  );
  switch (refreshed.kind) {
    case "ready":
      return refreshed.stored.value.tokens;
    case "gone":
      return null;
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

/** It is a connection now. */
export async function dropHeld({ connections }: ImportDeps, item: ImportItem): Promise<void> {
  const ref = heldRef(item);
  for (;;) {
    const held = await connections.get(ref);
    if (held === null || await connections.delete(ref, held.version)) return;
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
  if (!isAlive(tokens, deps.world.now())) {
    throw invalid(
      "The access token is over, or nobody says until when it is good: verify=refresh.",
    );
  }
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
  return account;
}

function unavailable({ title }: AuthorizationServer, ms: number): Refusal {
  const retryAfter = Math.max(1, Math.ceil(ms / 1000));
  return new Refusal({ code: "provider_unavailable", title, retryAfter });
}
