/**
 * Connections that another server held until now. What is imported once is
 * known again by its mark, after any number of refreshes: so the same import
 * can be run again, and what it brings never takes the place of what was
 * refreshed from it.
 *
 * @module
 */

import type { Acting } from "../core/actor.ts";
import type { Account, Connection, TokenSet } from "../core/connection.ts";
import { isRenewable, oauthFlowOf } from "../core/credential.ts";
import { unique } from "../core/lists.ts";
import { type Reach, requireReach } from "../core/reach.ts";
import { QUOTAS, requireRoom } from "../core/quotas.ts";
import { Refusal } from "../core/refusal.ts";
import { resolveService } from "../core/scopes.ts";
import { renewedTenants, withSaid } from "../core/tenants.ts";
import { isPermanent } from "../core/store_errors.ts";
import { planWarning } from "../tokens/expiry.ts";
import { isAlive } from "../tokens/freshness.ts";
import { requireKeepable } from "../tokens/size.ts";
import { keptAccount } from "../connect/account.ts";
import { ConnectByApp, dailyTrail } from "../connect/trail.ts";
import { type ImportDeps, type ImportItem, invalid } from "./import_item.ts";
import { type HeldElsewhere, markOf, tokensOf } from "./import_tokens.ts";
import { alone, dropHeld, isHeld, isRenewed } from "./import_held.ts";
import { isOf, requireOwner } from "./import_owner.ts";
import { accountOf, refreshedFirst } from "./import_verify.ts";

/** How many token sets a connection remembers that were imported into it. */
export const IMPORTS_KNOWN = 10;
/** So many accounts of one user at one provider are imported: all are looked through each time. */
export const MOST_ACCOUNTS = 100;

/** What is asked before a connection is stored. */
export type Verify = "none" | "identify" | "refresh";

/** One connection to take over. */
export interface ImportRequest extends Acting {
  /** A service, or a provider. */
  service: string;
  reach: Reach;
  held: HeldElsewhere;
  account?: { id: string; label?: string | undefined } | undefined;
  verify: Verify;
  /** Also in the place of a connection that lives. */
  replace: boolean;
}

/** What became of it. */
export interface Imported {
  /**
   * `unchanged`: it was imported before. `exists`: a connection to this account
   * lives, and was not to be replaced.
   */
  status: "imported" | "unchanged" | "exists";
  provider: string;
  account: string;
  /** It exists, and this one was refreshed already: what that gave is kept, for an import that may replace. */
  kept?: boolean | undefined;
}

/** How a subject's connections stand to an item. */
type Found =
  | { kind: "none" }
  /** It was imported before, into this one. */
  | { kind: "known"; account: string }
  /** One lives that must not be replaced unasked. */
  | { kind: "exists"; account: string }
  | { kind: "free"; version: string; earlier?: Connection | undefined };

/**
 * @throws {Refusal} `unknown_service`, `invalid_request`, `connection_not_allowed`,
 * `reauthorization_required`, `provider_unavailable`, `too_large`, `quota_exceeded`.
 */
export async function importConnection(
  deps: ImportDeps,
  request: ImportRequest,
): Promise<Imported> {
  const { subject, actor, service, reach, held } = request;
  const target = resolveService(deps.servers, service);
  const { server } = target;
  const of = { subject, provider: server.name, account: request.account?.id };
  const connect = new ConnectByApp(deps, { ...of, trail: dailyTrail(deps.world, of), actor });
  return await connect.noted(async () => {
    // What is issued anew by this program's own key is nothing that somebody else held.
    if (oauthFlowOf(server).reissue !== undefined) {
      throw invalid(`${server.title} is connected by a link.`);
    }
    const given = tokensOf(target, held, deps.world.now());
    requireReach(server, reach, given.scopes);
    requireSize(given);
    const item = { server, subject, given, mark: markOf(given) };
    const account = givenAccount(request);
    // Of whichever user.
    const key = JSON.stringify([server.name, item.mark]);
    return await deps.turns.take(key, () => take(deps, request, item, account, connect));
  });
}

async function take(
  deps: ImportDeps,
  request: ImportRequest,
  item: ImportItem,
  account: Account | undefined,
  connect: ConnectByApp,
): Promise<Imported> {
  const { verify, replace } = request;
  const { server, given } = item;
  const before = await find(deps, item, account?.id, replace);
  if (before.kind === "exists") return said(item, before);
  // An earlier try may have refreshed it, or may be about to: then what was brought is used up.
  const isUnderWay = await isHeld(deps, item);
  if (before.kind === "known" && !isUnderWay) return said(item, before);
  connect.received();
  await requireOwner(deps, item);
  if (verify === "refresh" || isUnderWay) {
    return await alone(deps, item, () => takeRefreshed(deps, request, item, account, connect));
  }
  if (verify === "identify" && !isAlive(given, deps.world.now())) {
    throw invalid("The access token is over, or nobody says until when: verify=refresh.");
  }
  const whose = await accountOf(deps, server, given, account, verify === "identify");
  if (verify === "identify") connect.checked();
  const done = await keep(deps, item, { account: whose, tokens: given, replace });
  return noted(deps, request, done, connect);
}

/** Nobody else is about it: first whether somebody was. */
async function takeRefreshed(
  deps: ImportDeps,
  request: ImportRequest,
  item: ImportItem,
  account: Account | undefined,
  connect: ConnectByApp,
): Promise<Imported> {
  const { reach, replace } = request;
  const { server } = item;
  const before = await find(deps, item, account?.id, replace, await isRenewed(deps, item));
  if (before.kind === "known") await dropHeld(deps, item);
  if (before.kind === "known" || before.kind === "exists") return said(item, before);
  const tokens = await refreshedFirst(deps, item);
  requireReach(server, reach, tokens.scopes);
  const whose = await accountOf(deps, server, tokens, account, account === undefined);
  connect.checked();
  const done = await keep(deps, item, { account: whose, tokens, replace, isRefreshed: true });
  if (done.status === "exists") return { ...done, kept: true };
  await dropHeld(deps, item);
  return noted(deps, request, done, connect);
}

function noted(
  { activity, world }: ImportDeps,
  { subject, actor }: ImportRequest,
  done: Imported,
  connect: ConnectByApp,
): Imported {
  const { status, provider, account } = done;
  if (status !== "imported") return done;
  connect.connected();
  const at = world.now();
  activity?.note({ at, what: "connected", subject, actor, provider, account, outcome: "ok" });
  return done;
}

/** @throws {Refusal} `too_large`. */
function requireSize(tokens: TokenSet): void {
  try {
    requireKeepable(tokens);
  } catch (error) {
    throw isPermanent(error) ? new Refusal({ code: "too_large" }, { cause: error }) : error;
  }
}

/** An account as it was given, if its id can be one. */
function givenAccount({ account, verify }: ImportRequest): Account | undefined {
  if (account === undefined) {
    if (verify !== "none") return undefined;
    throw invalid("account.id is missing: without it, verify must be identify or refresh.");
  }
  const kept = keptAccount({ id: account.id, label: account.label ?? account.id });
  if (kept === null) throw invalid("account.id is empty, too long, or no text.");
  return kept;
}

/** Whether it was imported before, into any account; and what there is of this one. */
async function find(
  { connections, world, quotas = QUOTAS }: ImportDeps,
  { server, subject, mark }: ImportItem,
  account: string | undefined,
  replace: boolean,
  isRefreshed = false,
): Promise<Found> {
  const { opened, unopened } = await connections.survey(subject, server.name);
  for (const { value, version } of opened) {
    const isSame = markOf(value.tokens) === mark;
    // It went to another server just so, which may refresh it: it comes back only where that is asked.
    const isAway = isSame && value.status === "moved";
    if (isAway && !replace) return { kind: "exists", account: value.account };
    // Imported as it was while it was refreshed here: what it has is used up by that.
    if (isSame && isRefreshed) return { kind: "free", version, earlier: value };
    if (isOf(value, mark) && !isAway) return { kind: "known", account: value.account };
  }
  const there = opened.find(({ value }) => value.account === account);
  if (there !== undefined) {
    const { value, version } = there;
    return isLiving(value, world.now()) && !replace
      ? { kind: "exists", account: value.account }
      : { kind: "free", version, earlier: value };
  }
  const closed = unopened.find(({ ref }) => ref.account === account);
  if (closed !== undefined) {
    // It may live: its key may come back.
    return replace
      ? { kind: "free", version: closed.version }
      : { kind: "exists", account: closed.ref.account };
  }
  if (opened.length + unopened.length >= MOST_ACCOUNTS) {
    throw invalid(`This user has ${MOST_ACCOUNTS} accounts of ${server.title} already.`);
  }
  const held = await connections.count(subject, quotas.connections);
  requireRoom(quotas, "connections", held);
  return { kind: "none" };
}

function isLiving({ status, tokens }: Connection, now: number): boolean {
  // One that was moved lives elsewhere.
  if (status !== "active") return status === "moved";
  return isRenewable(tokens) || isAlive(tokens, now);
}

/** Stores it, against what is there by then. */
async function keep(
  deps: ImportDeps,
  item: ImportItem,
  { account, tokens, replace, isRefreshed = false }: {
    account: Account;
    tokens: TokenSet;
    replace: boolean;
    isRefreshed?: boolean | undefined;
  },
): Promise<Imported> {
  const { connections, world } = deps;
  const { server, subject, mark } = item;
  for (;;) {
    const found = await find(deps, item, account.id, replace, isRefreshed);
    if (found.kind === "known" || found.kind === "exists") return said(item, found);
    const earlier = found.kind === "free" ? found.earlier : undefined;
    const now = world.now();
    // Imported meanwhile as another one: the tokens are that one's, whatever it was called.
    const { id, label } = earlier === undefined || earlier.account === account.id
      ? account
      : { id: earlier.account, label: earlier.label };
    const connection: Connection = {
      subject,
      provider: server.name,
      account: id,
      label,
      status: "active",
      tokens: {
        ...withSaid(tokens, account),
        tenants: renewedTenants(account.tenants, earlier?.tokens.tenants),
      },
      connectedAt: earlier?.connectedAt ?? now,
      updatedAt: now,
      preferredAt: earlier?.preferredAt,
      // Not since now: nobody has used it yet, and what nobody uses is not refreshed ahead of need.
      usedAt: earlier?.usedAt,
      imported: unique([mark, ...earlier?.imported ?? []]).slice(0, IMPORTS_KNOWN),
    };
    const version = found.kind === "free" ? found.version : null;
    // Nobody may ever use it: it is put on the list here, where it has an end.
    const planned = planWarning(connection, earlier, { ends: server.knownEnds, now });
    const { warnAt } = planned;
    if (await connections.put(planned.connection, version, { warnAt }) === null) continue;
    return { status: "imported", provider: server.name, account: id };
  }
}

function said(
  { server }: ImportItem,
  { kind, account }: Found & { kind: "known" | "exists" },
): Imported {
  const status = kind === "known" ? "unchanged" : "exists";
  return { status, provider: server.name, account };
}
