/**
 * Connections by a secret that somebody hands over: an API key, or a client and
 * its secret. A person pastes it on the page behind a link, or a backend posts
 * the one that it has. The provider is asked before anything is stored. A wrong
 * one changes nothing and uses nothing up; a right one ends as a sign-in does.
 *
 * @module
 */

import { ConnectByApp, newTrail, noteFailure, noteStep } from "./trail.ts";
import type { Acting } from "../core/actor.ts";
import type { Secret } from "../core/authorization_server.ts";
import type { Connection, Extra } from "../core/connection.ts";
import { requestedScopes, type Target } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import { shownName } from "../core/shown_name.ts";
import { askedBy } from "./begin.ts";
import { type Connected, doneOf, type HandedOff, keepFor } from "./complete.ts";
import type { PresentedLink, Visitor } from "./link.ts";
import { againUrl, confirmLink, useLink } from "./link_use.ts";
import { type AuthorizationDeps, serverOf, storeConnection } from "./new_connection.ts";
import { checkedParams, requireParams } from "./params.ts";
import { patiently } from "./take_back.ts";
import { withAgain } from "./turned_back.ts";
import { requireTaken, verified } from "./verified_secret.ts";
import { requireWayIn } from "./way_in.ts";

/** A secret that a backend hands over. */
export interface SecretRequest extends Acting {
  target: Target;
  secret: Secret;
  /** Of a client's tokens, by their friendly names. */
  scope?: string | undefined;
  /** Where at the provider. */
  params?: Extra | undefined;
  /** In the place of what the provider calls the account. */
  label?: string | undefined;
}

/**
 * The app itself says for which of its users: no link is made that somebody could forward. A
 * secret of an account that is connected takes the place of the one before.
 *
 * @throws {Refusal} `invalid_request`: it is not connected by such; `key_refused`,
 * `provider_unavailable`.
 */
export async function connectBySecret(
  deps: AuthorizationDeps,
  { subject, actor, target, secret, scope, params = {}, label }: SecretRequest,
): Promise<Connection> {
  const { server } = target;
  const service = target.isProvider ? undefined : target.services[0]?.name;
  const on = { trail: newTrail(deps.world), subject, actor, provider: server.name, service };
  const connect = new ConnectByApp(deps, on);
  connect.received();
  const connection = await connect.noted(async () => {
    requireTaken(server, secret);
    const scopes = requestedScopes(target, scope);
    const where = requireParams(server, checkedParams(server, params));
    const shown = { secret, scopes, params: where };
    const { account: said, tokens } = await verified(deps.world, server, shown);
    connect.checked();
    const account = label === undefined ? said : { ...said, label: shownName(label, said.label) };
    const connected = { subject, actor, provider: server.name, account, tokens };
    return await patiently(deps.world, () => storeConnection(deps, connected));
  });
  connect.connected();
  deps.world.log({
    level: "info",
    event: secret.kind === "api_key" ? "connected_by_key" : "connected_by_client",
    provider: server.name,
    actor: actor.kind,
  });
  return connection;
}

/**
 * A person pasted a secret on the page behind a link. From then on the link is this browser's
 * alone, as one that was confirmed is; it is used up by a secret that is kept.
 *
 * @throws {Refusal} as `readLink()`; `invalid_request`: it is not connected by such; `key_refused`
 * and `provider_unavailable`, with the way to try again; `state_invalid`: another one was kept.
 */
export async function pasteSecret(
  deps: AuthorizationDeps,
  presented: PresentedLink,
  { secret, ...visitor }: Visitor & { browser: string; secret: Secret },
): Promise<Connected | HandedOff> {
  const trip = await confirmLink(deps, presented, visitor, async (link) => {
    const server = serverOf(deps.servers, link.provider);
    requireTaken(server, secret);
    const way = requireWayIn(deps, link, visitor.person);
    const { meant, scopes, params: known } = await askedBy(deps, server, link);
    // What the link says is not asked for, and a form cannot change it.
    const params = requireParams(server, { ...presented.params, ...known });
    const { returnTo, origin } = way.kind === "app" ? way : {};
    const back = { returnTo, origin, link: presented.secret };
    return { ...link, ...back, scopes, params, server, meant };
  });
  const { server, subject, scopes, params } = trip;
  const pasted = { link: presented.secret, browser: digest(visitor.browser) };
  const { account, tokens } = await verified(deps.world, server, { secret, scopes, params })
    .catch(async (error) => {
      noteFailure(deps, trip, error);
      throw withAgain(error, await againUrl(deps, pasted));
    });
  const link = await useLink(deps, pasted);
  try {
    const pending = { ...trip, link: presented.secret };
    const keep = () => keepFor(deps, pending, { server, subject, account, tokens });
    const kept = await patiently(deps.world, keep);
    if (kept.kind === "handed_off" || kept.meant === undefined) {
      noteStep(deps, trip, kept.kind);
      await link.noteDone(doneOf(kept));
      return kept;
    }
    // Somebody else's: the one that was meant can still be pasted.
    await link.giveBack();
    return { ...kept, againUrl: link.againUrl() };
  } catch (error) {
    noteFailure(deps, trip, error);
    await link.giveBack();
    throw error;
  }
}
