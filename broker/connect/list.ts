/**
 * A subject's connections as their owner may see them.
 *
 * @module
 */

import type { ConnectionStatus, Extra, Tenant } from "../core/connection.ts";
import { isFor, isRenewable, shownKind } from "../core/credential.ts";
import { type Servers, servicesOf } from "../core/scopes.ts";
import type { Unopened } from "../core/store.ts";
import type { Subject } from "../core/subject.ts";
import { extraOf } from "../core/tenants.ts";
import { byPreference } from "../tokens/choice.ts";
import { isAlive, isGivenUp } from "../tokens/freshness.ts";
import { shownEnd } from "../tokens/known_ends.ts";
import type { ConnectionDeps } from "../tokens/provider_token.ts";

/** A connection without its tokens. */
export interface ConnectionView {
  provider: string;
  /** How it came to be: by a sign-in, by a key. */
  kind: ReturnType<typeof shownKind>;
  services: string[];
  account: string;
  label: string;
  status: ConnectionStatus;
  scopes: string[];
  isDefault: boolean;
  /** It goes on by itself when its token ends. */
  renews: boolean;
  connectedAt: number;
  updatedAt: number;
  expiresAt?: number | undefined;
  /** When it has to be connected again, however often it is refreshed, where that is known. */
  endsAt?: number | undefined;
  extra?: Extra | undefined;
  tenants?: Tenant[] | undefined;
}

/**
 * All connections of a subject. One that cannot be opened is listed as one that
 * must be connected again, which is its cure; its account's id is all that is
 * known of it.
 */
export async function listConnections(
  { servers, connections, world }: ConnectionDeps,
  subject: Subject,
): Promise<ConnectionView[]> {
  const { opened: all, unopened } = await connections.survey(subject);
  const views = all.flatMap((stored): ConnectionView[] => {
    const { provider, account, label, status, tokens, connectedAt, updatedAt } = stored.value;
    const server = servers.get(provider);
    // Its provider was taken out of the configuration; the record stays.
    if (server === undefined) return [];
    // Of another address than today's: it opens nothing here, and can be ended.
    const isElsewhere = !isFor(server, tokens);
    const siblings = all.filter(({ value }) =>
      value.provider === provider && isFor(server, value.tokens)
    );
    const now = world.now();
    const dead = isElsewhere || (!isRenewable(tokens) || isGivenUp(stored.value, now)) &&
        !isAlive(tokens, now);
    return [{
      provider,
      kind: shownKind(server),
      services: servicesOf(server, tokens.scopes).map(({ name }) => name),
      account,
      label,
      status: dead && status === "active" ? "reauthorization_required" : status,
      scopes: tokens.scopes,
      isDefault: byPreference(siblings)[0] === stored,
      renews: isRenewable(tokens),
      connectedAt,
      updatedAt,
      expiresAt: tokens.expiresAt,
      endsAt: shownEnd(stored.value, server.knownEnds, now),
      extra: extraOf(tokens),
      tenants: tokens.tenants,
    }];
  });
  return [...views, ...unopened.flatMap((each) => viewsOfUnopened(servers, each))];
}

function viewsOfUnopened(
  servers: Servers,
  { ref: { provider, account }, updatedAt }: Unopened,
): ConnectionView[] {
  const server = servers.get(provider);
  if (server === undefined) return [];
  return [{
    provider,
    kind: shownKind(server),
    services: [],
    account,
    label: account,
    status: "reauthorization_required",
    scopes: [],
    isDefault: false,
    renews: false,
    connectedAt: updatedAt,
    updatedAt,
  }];
}
