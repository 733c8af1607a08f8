/**
 * What somebody handed over, held against its provider before anything of it is
 * kept: whose key it is, or what the provider issues to a client.
 *
 * @module
 */

import type { AuthorizationServer, MadeClient, Secret } from "../core/authorization_server.ts";
import type { Account, Extra, TokenSet } from "../core/connection.ts";
import { apiKeysOf, clientCredentialsOf } from "../core/credential.ts";
import { LONGEST_KEY } from "../core/link_bounds.ts";
import { inOwnWords } from "../core/own_words.ts";
import { type KeyFault, Refusal } from "../core/refusal.ts";
import { isPermanent } from "../core/store_errors.ts";
import { withSaid } from "../core/tenants.ts";
import { SENDABLE } from "../core/token_text.ts";
import type { World } from "../core/world.ts";
import { LONGEST_HOLD_OFF_MS, tokenSetOf } from "../tokens/freshness.ts";
import { requireKeepable } from "../tokens/size.ts";
import { keptAccount, logUntold } from "./account.ts";
import { ended } from "./take_back.ts";

/** Seconds after which a provider is asked again that did not say when. */
const RETRY_SECONDS = 30;
/** A client's id or secret (RFC 6749 appendix A): ASCII, spaces too. */
const VSCHARS = /^[\x20-\x7e]+$/;

/** A secret, and what is asked for with it. */
export interface Shown {
  secret: Secret;
  /** Of a client's tokens; what a key may do is chosen where it is made. */
  scopes: string[];
  /** Where at the provider, as its entry's params name it. */
  params: Extra | undefined;
}

/** What is kept of it, and whose it is. */
export interface Verified {
  account: Account;
  tokens: TokenSet;
}

/** @throws {Refusal} `invalid_request`, `key_refused`, `provider_unavailable`, `not_keepable`. */
export async function verified(
  world: World,
  server: AuthorizationServer,
  { secret, scopes, params }: Shown,
): Promise<Verified> {
  return secret.kind === "api_key"
    ? await ofKey(world, server, secret.key)
    : await ofClient(world, server, secret.client, scopes, params);
}

/** @throws {Refusal} `invalid_request` where the service takes no secret of this kind. */
export function requireTaken(server: AuthorizationServer, { kind }: Secret): void {
  if (kind === "api_key") apiKeysOf(server);
  else clientCredentialsOf(server);
}

async function ofKey(world: World, server: AuthorizationServer, key: string): Promise<Verified> {
  const { pattern, verify } = apiKeysOf(server);
  const isOne = key.length <= LONGEST_KEY && SENDABLE.test(key) && pattern.test(key);
  if (!isOne) throw refused(server, "api_key", "malformed");
  const answer = await verify(key);
  switch (answer.kind) {
    case "known": {
      const account = keptAccount(answer.account);
      if (account === null) throw unclear(world, server, "api_key");
      const { extra } = account;
      const issuedAt = world.now();
      const tokens = { accessToken: key, tokenType: "ApiKey", issuedAt, scopes: [], extra };
      requireKeepable(tokens);
      return { account, tokens };
    }
    case "refused":
      throw refused(server, "api_key", "refused");
    case "unclear":
      throw unclear(world, server, "api_key");
    case "failed":
      throw unavailable(server, answer);
  }
}

/** The provider issues a token set to it: there is no other way to see that it is one. */
async function ofClient(
  world: World,
  server: AuthorizationServer,
  client: MadeClient,
  scopes: string[],
  params: Extra | undefined,
): Promise<Verified> {
  const kind = "client_credentials";
  const { issue } = clientCredentialsOf(server);
  const isOne = [client.id, client.secret].every((text) =>
    text.length <= LONGEST_KEY && VSCHARS.test(text)
  );
  if (!isOne) throw refused(server, kind, "malformed");
  const answer = await issue(client, scopes, params);
  if (answer.kind === "failed") throw unavailable(server, answer);
  if (answer.kind === "rejected") throw refused(server, kind, "refused");
  const issued = { ...answer.tokens, renewal: { ...client, scopes } };
  const tokens = tokenSetOf(issued, world.now(), { scopes, extra: params });
  try {
    requireKeepable(tokens);
    const account = keptAccount(await server.identify(tokens));
    if (account === null) throw inOwnWords(new RangeError("The account's id cannot be kept"));
    logUntold(world, server, account);
    return { account, tokens: withSaid(tokens, account) };
  } catch (error) {
    // Nobody holds it: whether the provider ends it or not, the client's owner can.
    const revocation = await ended(world, server, tokens, "nothing");
    if (!isPermanent(error)) throw unclear(world, server, kind);
    const access = revocation?.kind === "revoked" ? "taken_back" : "not_taken_back";
    const detail = "what it sent is too large to keep";
    throw new Refusal({ code: "not_keepable", title: server.title, detail, access });
  }
}

function refused({ title }: AuthorizationServer, what: Secret["kind"], why: KeyFault): Refusal {
  return new Refusal({ code: "key_refused", title, what, why });
}

/** Its entry does not fit what the provider answers: that is for whoever runs this program. */
function unclear(world: World, server: AuthorizationServer, what: Secret["kind"]): Refusal {
  world.log({
    level: "error",
    event: "identify_failed",
    provider: server.name,
    detail: what === "api_key" ? "of an API key" : "of a client",
  });
  return refused(server, what, "unclear");
}

function unavailable(
  { title }: AuthorizationServer,
  { retryAfter: said = RETRY_SECONDS }: { retryAfter?: number | undefined },
): Refusal {
  const retryAfter = Math.min(Math.max(1, said), LONGEST_HOLD_OFF_MS / 1000);
  return new Refusal({ code: "provider_unavailable", title, retryAfter });
}
