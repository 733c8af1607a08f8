/**
 * What a browser came back with, for a token set; and a token set for whose
 * account it is.
 *
 * @module
 */

import {
  type AuthorizationServer,
  isClientFault,
  type KnownOfAccount,
  type OAuthFlow,
  TOKEN_FAULTS,
} from "../core/authorization_server.ts";
import type { Account, PendingAuthorization, TokenSet } from "../core/connection.ts";
import { inOwnWords, saidOf } from "../core/own_words.ts";
import { type Reason, Refusal } from "../core/refusal.ts";
import { withExtra } from "../core/extra.ts";
import { tokenSetOf } from "../tokens/freshness.ts";
import type { ProviderNotes } from "../tokens/provider_notes.ts";
import { keptAccount, logUntold } from "./account.ts";
import type { Callback, Said } from "./callback.ts";
import type { AuthorizationDeps } from "./new_connection.ts";
import { saidOnCallback } from "./params.ts";
import { NotKeepable } from "./take_back.ts";
import { refusedBy } from "./turned_back.ts";

/** What is needed to end one. */
export interface CompletionDeps extends AuthorizationDeps {
  /** Told of a provider that does not take this program's client. */
  notes: Pick<ProviderNotes, "clientRefused" | "clientAccepted">;
}

/** A trip, as far as it matters here. */
interface Gone {
  server: AuthorizationServer;
  flow: OAuthFlow;
  pending: PendingAuthorization;
}

/** What a code was worth. */
export interface Exchanged {
  tokens: TokenSet;
  known: KnownOfAccount;
}

/** @throws {Refusal} `access_denied`, `provider_refused`. */
export async function exchanged(
  { world, notes }: CompletionDeps,
  { server, flow, pending }: Gone,
  said: Said,
  { query }: Callback,
): Promise<Exchanged> {
  if ("error" in said) throw refusedBy(server, said.error);
  const { verifier, scopes, params, via } = pending;
  const answer = await flow.exchange(said.code, verifier, params);
  if (answer.kind === "rejected") {
    if (isClientFault(answer.code)) await notes.clientRefused(server.name);
    throw refusedBy(server, answer.code, answer.page);
  }
  if (answer.kind === "failed") throw noAnswer(server, answer.reason);
  await notes.clientAccepted(server.name);
  const extra = withExtra(withExtra(saidOnCallback(server, query), params), answer.tokens.extra);
  const tokens = tokenSetOf(answer.tokens, world.now(), { scopes, extra, via });
  return {
    tokens: Object.keys(extra ?? {}).length === 0 ? { ...tokens, extra: undefined } : tokens,
    known: { said: answer.tokens.account, meant: pending.meant, name: pending.account },
  };
}

/** What a person is told is the same, whatever it was; who looks for it later needs to know. */
function noAnswer(server: AuthorizationServer, cause: string): Refusal {
  const { reason } = refusedBy(server, "no usable answer");
  const why = Object.entries(TOKEN_FAULTS).find(([, fault]) => fault === cause)?.[0] ?? "unusable";
  return new Refusal({ ...reason, why: `exchange_${why}`, cause } as Reason);
}

/** @throws {NotKeepable} where the provider does not say, or says what cannot be kept. */
export async function identify(
  { world }: AuthorizationDeps,
  server: AuthorizationServer,
  { tokens, known }: Exchanged,
): Promise<Account> {
  try {
    const account = keptAccount(await server.identify(tokens, known));
    if (account !== null) {
      logUntold(world, server, account);
      return account;
    }
    throw inOwnWords(new RangeError("The account's id is empty, too long, or no text"));
  } catch (error) {
    const detail = saidOf(error);
    world.log({ level: "error", event: "identify_failed", provider: server.name, detail });
    throw new NotKeepable("it did not say whose account it is", {
      cause: error,
      why: "identify_failed",
    });
  }
}
