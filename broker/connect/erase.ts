/**
 * The end of everything that is kept of one person.
 *
 * The order makes it safe to be cut off anywhere, and done again: first nothing
 * new is kept of them (`person_store.ts`), so that whatever is under way brings
 * nothing back. Then nobody calls for them any more. Then each access is ended
 * at its provider, and only after that forgotten here: what is still there can
 * be ended by the next try. The rest goes, the person's own sign-in last; then
 * the tombstone.
 *
 * @module
 */

import { type Activity, DEPLOYMENT } from "../core/activity.ts";
import type { Acting } from "../core/actor.ts";
import { type Reach, requireAll, requireReach } from "../core/reach.ts";
import type { Revocation } from "../core/authorization_server.ts";
import type { Connection } from "../core/connection.ts";
import { CLOSED_MS, type Counts, sum } from "../core/person_store.ts";
import type { Servers } from "../core/scopes.ts";
import { sideBySide } from "../core/side_by_side.ts";
import type { KeptHandoff, Store, Stored, Unopened } from "../core/store.ts";
import type { Subject } from "../core/subject.ts";
import type { World } from "../core/world.ts";
import { endTokens } from "../tokens/end_tokens.ts";
import { endConnection } from "./disconnect.ts";
import { giveUp } from "./unclaimed.ts";

/** What deleting somebody needs. */
export interface EraseDeps {
  servers: Servers;
  store: Pick<Store, "connections" | "handoffs" | "people" | "activity">;
  world: World;
  activity?: Activity | undefined;
}

/** Whom to delete, and for whom. */
export interface EraseRequest extends Acting {
  /** Of the API key that asks. */
  reach?: Reach;
}

/** What became of one access to an account at a provider. */
export interface EndedAccess {
  provider: string;
  /** "Google"; the name where it is not set up here any more. */
  title: string;
  /** {@linkcode Connection.account} */
  account: string;
  /** What a person would recognise; absent where it cannot be opened. */
  label?: string | undefined;
  revocation: Revocation;
}

/** What was done. */
export interface Erased {
  /** Epoch ms. */
  at: number;
  connections: EndedAccess[];
  /** How many records, by the names of their kinds. */
  removed: Counts;
  /** From then on something new can be kept of them, in epoch ms. */
  openAt: number;
}

/** What their app is told: that it has ended, and nothing of whose account it was. */
const ERASED = { by: "user_deleted" } as const;

/** A provider that does not answer holds up the others of the same person. */
const CONCURRENCY = 5;

/**
 * Ends everything of a person's, and removes it. Where a provider could not be told, it says so,
 * and removes what it has all the same. To do it twice, or twice at once, does no harm.
 *
 * @throws {Refusal} `connection_not_allowed`: a connection is for more than the caller may use, and
 * nothing was done. @throws {StoreError} where the store went out on the way: then it can be done again.
 */
export async function erase(deps: EraseDeps, request: EraseRequest): Promise<Erased> {
  const { subject, actor } = request;
  const { store: { people }, world } = deps;
  await requireWithin(deps, request);
  const at = world.now();
  const openAt = at + CLOSED_MS;
  await people.close(subject, openAt);
  await noteDeletion(deps, request, at);
  const access = await people.remove(subject, "access");
  const connections = await endAll(deps, subject);
  const rest = await people.remove(subject, "everything");
  const ended = connections.length === 0 ? {} : { connections: connections.length };
  const removed = sum(ended, access, rest);
  if (Object.keys(removed).length > 0) await people.bury(subject, { at, removed });
  world.log({ level: "info", event: "user_deleted", actor: actor.kind });
  return { at, connections, removed, openAt };
}

/**
 * Whose record goes, goes with it: the deployment's says so, of a chain that is called so, and not of
 * whom. Before anything is removed: what is missing later was taken out by nobody else.
 */
async function noteDeletion(
  { store, activity }: EraseDeps,
  { subject, actor }: EraseRequest,
  at: number,
): Promise<void> {
  const about = (await store.activity.head(subject))?.head?.chain;
  if (about === undefined) return;
  const what = "user_deleted";
  activity?.note({ at, what, subject: DEPLOYMENT, actor, about, outcome: "ok" });
}

/** Who may not end one connection alone may not end it with all others. */
async function requireWithin(
  { servers, store }: EraseDeps,
  { subject, reach }: EraseRequest,
): Promise<void> {
  const { opened, unopened } = await store.connections.survey(subject);
  for (const { value: { provider, tokens } } of opened) {
    const server = servers.get(provider);
    if (server !== undefined) requireReach(server, reach, tokens.scopes);
  }
  for (const { ref: { provider } } of unopened) {
    const server = servers.get(provider);
    if (server !== undefined) requireAll(server, reach);
  }
}

/** Connections, what an app has not claimed yet, and imports that are nobody's yet. */
async function endAll(deps: EraseDeps, subject: Subject): Promise<EndedAccess[]> {
  const { connections, people } = deps.store;
  const ended: EndedAccess[] = [];
  // From here on nobody claims one of them, and none keeps a grant from being ended.
  const handoffs = await giveUpHandoffs(deps, subject);
  const { opened, unopened } = await connections.survey(subject);
  await sideBySide(opened, CONCURRENCY, async (stored) => {
    ended.push(await endStored(deps, stored));
  });
  await sideBySide(unopened, CONCURRENCY, async (each) => {
    ended.push(await dropUnopened(deps, each));
  });
  for (const held of await people.held(subject)) {
    const { opened, unopened } = await connections.survey(held);
    for (const stored of opened) ended.push(await endStored(deps, stored));
    for (const each of unopened) ended.push(await dropUnopened(deps, each));
    await people.remove(held, "everything");
  }
  await sideBySide(handoffs, CONCURRENCY, async (kept) => {
    ended.push(await endHandoff(deps, kept));
  });
  return ended;
}

async function endStored(deps: EraseDeps, stored: Stored<Connection>): Promise<EndedAccess> {
  const { connections, handoffs } = deps.store;
  const { provider, account, label } = stored.value;
  const server = deps.servers.get(provider);
  if (server === undefined) {
    await drop(deps, stored.value);
    return notSetUp({ provider, account, label });
  }
  const parts = { connections, handoffs, world: deps.world };
  const revocation = await endConnection(parts, server, ERASED, stored);
  return { provider, title: server.title, account, label, revocation };
}

/** Nobody can be told of it: its tokens are in a box that is shut. */
async function dropUnopened(deps: EraseDeps, { ref, version }: Unopened): Promise<EndedAccess> {
  const { provider, account } = ref;
  if (!await deps.store.connections.delete(ref, version, ERASED)) await drop(deps, ref);
  const title = deps.servers.get(provider)?.title ?? provider;
  const reason = "its tokens cannot be opened";
  return { provider, title, account, revocation: { kind: "failed", reason } };
}

/** Whatever it has become meanwhile. */
async function drop(
  { store: { connections } }: EraseDeps,
  ref: Pick<Connection, "subject" | "provider" | "account">,
): Promise<void> {
  for (;;) {
    const { opened, unopened } = await connections.survey(ref.subject, ref.provider);
    const found = opened.find(({ value }) => value.account === ref.account) ??
      unopened.find((each) => each.ref.account === ref.account);
    if (found === undefined || await connections.delete(ref, found.version, ERASED)) return;
  }
}

async function giveUpHandoffs(deps: EraseDeps, subject: Subject): Promise<KeptHandoff[]> {
  const { handoffs } = deps.store;
  const { opened } = await handoffs.survey();
  const given: KeptHandoff[] = [];
  for (const kept of opened.filter(({ value }) => value.subject === subject)) {
    const { digest } = kept;
    for (let current: Stored<KeptHandoff["value"]> | null = kept; current !== null;) {
      const givenUp = await giveUp(deps, { digest, ...current });
      if (givenUp !== null) given.push({ digest, ...givenUp });
      // Claimed at the last moment, or given up by housekeeping: which it is tells its record.
      current = givenUp === null ? await handoffs.peek(digest) : null;
    }
  }
  return given;
}

async function endHandoff(deps: EraseDeps, kept: KeptHandoff): Promise<EndedAccess> {
  const { handoffs } = deps.store;
  const { digest, version, value: { provider, account: { id: account, label }, tokens } } = kept;
  const server = deps.servers.get(provider);
  const revocation = server && await endTokens(deps, server, account, tokens);
  // Where somebody else was first it is gone already.
  await handoffs.take(digest, version);
  return revocation === undefined
    ? notSetUp({ provider, account, label })
    : { provider, title: server!.title, account, label, revocation };
}

function notSetUp(of: Pick<EndedAccess, "provider" | "account" | "label">): EndedAccess {
  const reason = "this provider is not set up here any more";
  return { ...of, title: of.provider, revocation: { kind: "failed", reason } };
}
