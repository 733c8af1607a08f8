/**
 * A person's services as their page shows them: one card each, with the accounts
 * that are connected, in words. Pure.
 *
 * @module
 */

import type { ConnectionView } from "../../broker/broker.ts";
import { unique } from "../../broker/core/lists.ts";
import type { AuthorizationServer } from "../../broker/core/authorization_server.ts";
import { closureOf, scopesOf } from "../../broker/core/scopes.ts";

/** One service. */
export interface Card {
  /** What connecting it is called in a path: a service, or its provider. */
  name: string;
  title: string;
  provider: string;
  providerTitle: string;
  group: Group;
  accounts: CardAccount[];
}

/** Where on the page it stands. */
export type Group = "needsYou" | "connected" | "more" | "servers";

export const GROUPS: Group[] = ["needsYou", "connected", "more", "servers"];

/** One account of it. */
export interface CardAccount {
  account: string;
  label: string;
  isDefault: boolean;
  state: ConnectionView["status"];
  /** It goes on by itself. */
  renews: boolean;
  /** Epoch ms; absent: it does not end by itself, as far as anybody knows. */
  endsAt: number | undefined;
  since: number;
  /** What is shared; nothing: all, as far as anybody knows. */
  scopes: string[];
}

/** One account, with what is shared in words. */
export interface ShownAccount extends CardAccount {
  shares: string[];
}

/** A card as it is shown. */
export interface ShownCard extends Card {
  accounts: ShownAccount[];
}

/** The cards, by group, and by title in each. */
export function cardsOf(servers: AuthorizationServer[], connections: ConnectionView[]): Card[] {
  const cards = servers.filter(({ needsNobody }) => !needsNobody).flatMap((server) => {
    const own = connections.filter(({ provider }) => provider === server.name);
    const listed = server.services.map(({ name, title }) =>
      cardOf(server, { name, title }, own.filter(({ services }) => services.includes(name)))
    );
    // Of these nobody can say what they are for: they cannot be opened, or nothing is left of them.
    const unnamed = own.filter(({ services }) => services.length === 0);
    return unnamed.length === 0 ? listed : [cardOf(server, server, unnamed), ...listed];
  });
  const collator = new Intl.Collator("en");
  return cards.toSorted((a, b) =>
    GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || collator.compare(a.title, b.title)
  );
}

function cardOf(
  server: AuthorizationServer,
  { name, title }: { name: string; title: string },
  connections: ConnectionView[],
): Card {
  const accounts = connections.map((each) => accountOf(server, name, each));
  const { name: provider, title: providerTitle } = server;
  return { name, title, provider, providerTitle, group: groupOf(server, accounts), accounts };
}

function groupOf({ credential }: AuthorizationServer, accounts: CardAccount[]): Group {
  if (accounts.some(({ state }) => state !== "active")) return "needsYou";
  if (accounts.length > 0) return "connected";
  return credential.kind === "found" ? "servers" : "more";
}

function accountOf(server: AuthorizationServer, name: string, view: ConnectionView): CardAccount {
  const { account, label, isDefault, status, renews, expiresAt, connectedAt, scopes } = view;
  return {
    account,
    label,
    isDefault,
    state: status,
    renews,
    endsAt: renews ? view.endsAt : expiresAt,
    since: connectedAt,
    scopes: sharedFor(server, name, scopes),
  };
}

/** Of what was granted, what is this service's; all, where it cannot be told apart. */
function sharedFor(server: AuthorizationServer, name: string, granted: string[]): string[] {
  const service = server.services.find((each) => each.name === name);
  if (service === undefined || server.services.length === 1) return granted;
  const own = scopesOf(server, service);
  return granted.filter((scope) => [...closureOf(server, [scope])].some((part) => own.has(part)));
}

/** Those whose title or name has what somebody looks for. */
export function found(cards: Card[], query: string): Card[] {
  const wanted = query.trim().toLowerCase();
  return cards.filter((card) => searchText(card).includes(wanted));
}

/** What a card is found by, in small letters. */
export function searchText({ title, name, providerTitle }: Card): string {
  return unique([title, name, providerTitle]).join(" ").toLowerCase();
}
