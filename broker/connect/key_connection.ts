/**
 * Connections by API key: a person pastes one on the page behind a link, or a
 * backend hands over the one that it has. The provider is asked whose key it is
 * before anything is stored. A wrong key changes nothing and uses nothing up;
 * a right one ends as a sign-in does.
 *
 * @module
 */

import type { Acting } from "../core/actor.ts";
import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Account, Connection, TokenSet } from "../core/connection.ts";
import { apiKeysOf } from "../core/credential.ts";
import { type KeyFault, Refusal } from "../core/refusal.ts";
import type { Target } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import { SENDABLE } from "../core/token_text.ts";
import { shownName } from "../core/shown_name.ts";
import { LONGEST_HOLD_OFF_MS } from "../tokens/freshness.ts";
import { requireKeepable } from "../tokens/size.ts";
import { keptAccount } from "./account.ts";
import { askedBy } from "./begin.ts";
import { type Connected, type HandedOff, keepFor } from "./complete.ts";
import type { PresentedLink, Visitor } from "./link.ts";
import { againUrl, confirmLink, useLink } from "./link_use.ts";
import { type AuthorizationDeps, serverOf, storeConnection } from "./new_connection.ts";
import { patiently } from "./take_back.ts";
import { withAgain } from "./turned_back.ts";
import { requireWayIn } from "./way_in.ts";

/** The longest API key, in characters. */
export const LONGEST_KEY = 2000;
/** Seconds after which a provider is asked again that did not say when. */
const RETRY_SECONDS = 30;

/** A key that a backend hands over. */
export interface KeyRequest extends Acting {
  target: Target;
  key: string;
  /** In the place of what the provider calls the account. */
  label?: string | undefined;
}

/**
 * The app itself says for which of its users: no link is made that somebody could forward. A key
 * of an account that is connected takes the place of the one before.
 *
 * @throws {Refusal} `invalid_request`: it is not connected by keys; `key_refused`,
 * `provider_unavailable`.
 */
export async function connectByKey(
  deps: AuthorizationDeps,
  { subject, actor, target: { server }, key, label }: KeyRequest,
): Promise<Connection> {
  const { account: said, tokens } = await verified(deps, server, key);
  const account = label === undefined ? said : { ...said, label: shownName(label, said.label) };
  const connected = { subject, actor, provider: server.name, account, tokens };
  const connection = await patiently(deps.world, () => storeConnection(deps, connected));
  deps.world.log({
    level: "info",
    event: "connected_by_key",
    provider: server.name,
    actor: actor.kind,
  });
  return connection;
}

/**
 * A person pasted a key on the page behind a link. From then on the link is this browser's alone,
 * as one that was confirmed is; it is used up by a key that is kept.
 *
 * @throws {Refusal} as `readLink()`; `invalid_request`: it is not connected by keys; `key_refused`
 * and `provider_unavailable`, with the way to try again; `state_invalid`: another key was kept.
 */
export async function pasteKey(
  deps: AuthorizationDeps,
  presented: PresentedLink,
  { key, ...visitor }: Visitor & { browser: string; key: string },
): Promise<Connected | HandedOff> {
  const trip = await confirmLink(deps, presented, visitor, async (link) => {
    const server = serverOf(deps.servers, link.provider);
    apiKeysOf(server);
    const way = requireWayIn(deps, link, visitor.person);
    const { meant } = await askedBy(deps, server, link);
    const returnTo = way.kind === "app" ? way.returnTo : undefined;
    return { ...link, server, meant, returnTo };
  });
  const { server, subject } = trip;
  const pasted = { link: presented.secret, browser: digest(visitor.browser) };
  const { account, tokens } = await verified(deps, server, key).catch(async (error) => {
    throw withAgain(error, await againUrl(deps, pasted));
  });
  const link = await useLink(deps, pasted);
  try {
    const keep = () => keepFor(deps, trip, { server, subject, account, tokens });
    const kept = await patiently(deps.world, keep);
    if (kept.kind === "handed_off" || kept.meant === undefined) return kept;
    // Somebody else's key: the one that was meant can still be pasted.
    await link.giveBack();
    return { ...kept, againUrl: link.againUrl() };
  } catch (error) {
    await link.giveBack();
    throw error;
  }
}

/** A key as it is kept, and whose it is. */
interface Verified {
  account: Account;
  tokens: TokenSet;
}

/** @throws {Refusal} `invalid_request`, `key_refused`, `provider_unavailable`. */
async function verified(
  { world }: AuthorizationDeps,
  server: AuthorizationServer,
  key: string,
): Promise<Verified> {
  const { pattern, verify } = apiKeysOf(server);
  const { name: provider, title } = server;
  const refused = (why: KeyFault) => new Refusal({ code: "key_refused", title, why });
  const isOne = key.length <= LONGEST_KEY && SENDABLE.test(key) && pattern.test(key);
  if (!isOne) throw refused("malformed");
  const answer = await verify(key);
  switch (answer.kind) {
    case "known": {
      const account = keptAccount(answer.account);
      if (account === null) break;
      const { extra } = account;
      const tokens = {
        accessToken: key,
        tokenType: "ApiKey",
        issuedAt: world.now(),
        scopes: [],
        extra,
      };
      requireKeepable(tokens);
      return { account, tokens };
    }
    case "refused":
      throw refused("refused");
    case "unclear":
      break;
    case "failed": {
      const longest = LONGEST_HOLD_OFF_MS / 1000;
      const retryAfter = Math.min(Math.max(1, answer.retryAfter ?? RETRY_SECONDS), longest);
      throw new Refusal({ code: "provider_unavailable", title, retryAfter });
    }
  }
  // Its entry does not fit what the provider answers: that is for whoever runs this program.
  world.log({ level: "error", event: "identify_failed", provider, detail: "of an API key" });
  throw refused("unclear");
}
