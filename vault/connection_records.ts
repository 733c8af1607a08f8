/**
 * Connections: one record each, the token set and everything that
 * names a person in the box.
 *
 * @module
 */

import type { Connection, ConnectionRef, ConnectionStatus } from "../broker/core/connection.ts";
import type { ConnectionStore, Due, Stored, Survey, Unopened } from "../broker/core/store.ts";
import { type DeadReason, deadReason } from "../broker/core/counts.ts";
import { farewellOf, meaningOf, toldOf } from "../broker/core/events.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { EventOutbox } from "./event_outbox.ts";
import type { KeyRing } from "./key_ring.ts";
import { ConnectionCounts, type CountedWrite } from "./connection_counts.ts";
import { type Counted, countedOf, countingAt, partsOfVersion, withCounting } from "./counted.ts";
import { connectionsToAccount, works } from "./account_index.ts";
import {
  accountKey,
  connectionKey,
  connectionPrefix,
  dueKey,
  duePrefix,
  expiringKey,
  leaseKey,
  ownedKey,
} from "./keys.ts";
import {
  type CutBox,
  keysOf,
  opened,
  plainVersion,
  sealed,
  versionAfter,
  versionOf,
} from "./pieces.ts";
import { type Entry, type RecordKey, type Records, together } from "./records.ts";

/** The stored value; see SCHEMA.md. */
export interface ConnectionRecord extends CutBox {
  v: 1;
  status: ConnectionStatus;
  /** Epoch ms; absent where the token set does not expire. */
  expires_at?: number | undefined;
  updated_at: number;
  /** Epoch ms: somebody here has ended it; absent where nobody has. */
  ended_at?: number | undefined;
  /** As what it is counted; absent: nowhere yet. */
  counted?: Counted | undefined;
}

/** What the key and the clear part do not say. */
type Sealed = Omit<Connection, keyof ConnectionRef | "status" | "updatedAt" | "endedAt">;

type ConnectionKey = [kind: string, Connection["subject"], provider: string, account: string];
type Check = { key: RecordKey; version: string | null };
type DueKey = [kind: string, at: number, Connection["subject"], provider: string, account: string];

/** {@linkcode ConnectionStore} on {@linkcode Records}. */
export function createConnectionStore(
  records: Records,
  ring: KeyRing,
  outbox: EventOutbox,
): ConnectionStore {
  const counts = new ConnectionCounts(records);
  return {
    async get(ref) {
      const entry = await records.get<ConnectionRecord>(connectionKey(ref));
      return entry && await toConnection(records, ring, entry);
    },
    async list(subject, provider, consistency) {
      const prefix = connectionPrefix(subject, provider);
      const entries = consistency === "eventual" && provider !== undefined
        ? await records.near<ConnectionRecord>(prefix)
        : await Array.fromAsync(records.list<ConnectionRecord>({ prefix }));
      const found = await Promise.all(entries.map((entry) => toConnection(records, ring, entry)));
      return found.filter((stored) => stored !== null);
    },
    async count(subject, limit) {
      let count = 0;
      for await (const _ of records.list({ prefix: connectionPrefix(subject), limit })) count += 1;
      return count;
    },
    async survey(subject, provider) {
      const found: Survey = { opened: [], unopened: [] };
      const prefix = connectionPrefix(subject, provider);
      for await (const entry of records.list<ConnectionRecord>({ prefix })) {
        try {
          const stored = await toConnection(records, ring, entry);
          if (stored !== null) found.opened.push(stored);
        } catch (error) {
          if (!(error instanceof VaultError)) throw error;
          found.unopened.push(toUnopened(entry));
        }
      }
      return found;
    },
    async put(
      connection,
      version,
      { release = false, dueAt, warnAt, claimed, services, before: known, ...cause } = {},
    ) {
      const key = connectionKey(connection);
      const { plain, counting: before } = partsOfVersion(version);
      const dead: DeadReason | "unknown" | undefined = known !== undefined
        ? deadReason(known)
        : before === undefined && plain !== null
        ? "unknown"
        : before?.dead?.why;
      const was = { isNew: plain === null, dead };
      const meaning = meaningOf(was, deadReason(connection), cause);
      const event = meaning && await outbox.writing({
        ...meaning,
        subject: connection.subject,
        at: outbox.now(),
        ...toldOf(connection, services ?? before?.services),
      });
      for (;;) {
        const counted = await counts.putting(connection, { version: plain, before, services });
        const { sets, deletes } = await toRecord(ring, connection, { plain, counted });
        const checks: Check[] = [{ key, version: plainVersion(plain) }];
        for (const at of [dueAt, warnAt]) {
          if (at !== undefined) sets.push(...dueSets(connection, at));
        }
        if (release) deletes.push(leaseKey(connection));
        if (works(connection)) sets.push({ key: accountKey(connection), value: 1 });
        else deletes.push(accountKey(connection));
        if (claimed !== undefined) {
          const handoff = expiringKey("handoffs", claimed.digest);
          checks.push({ key: handoff, version: plainVersion(claimed.version) });
          deletes.push(...keysOf(handoff, claimed.version));
        }
        const change = together({ checks, sets, deletes }, counted.change, event?.change ?? {});
        const committed = await records.commit(change);
        if (committed !== null) {
          outbox.written(event);
          return withCounting(versionAfter(committed, { sets }), counted.counting);
        }
        if (!await counts.isOvertaken(counted)) return null;
      }
    },
    async delete(ref, version, deletion) {
      const key = connectionKey(ref);
      const { plain, counting } = partsOfVersion(version);
      const { services = counting?.services } = deletion ?? {};
      const { warnAt } = deletion?.connection ?? {};
      const event = deletion &&
        await outbox.writing(farewellOf(ref, { ...deletion, services }, outbox.now()));
      for (;;) {
        const counted = await counts.deleting(ref, counting);
        const checks: Check[] = [{ key, version: plainVersion(version) }];
        const deletes = [...keysOf(key, plain!), accountKey(ref)];
        // It may be months until somebody would come by it.
        if (warnAt !== undefined) deletes.push(...dueKeys({ ref, at: warnAt }));
        const change = together({ checks, deletes }, counted.change, event?.change ?? {});
        if (await records.commit(change) !== null) {
          outbox.written(event);
          return true;
        }
        if (!await counts.isOvertaken(counted)) return false;
      }
    },
    async lives(provider, account) {
      for await (const _ of connectionsToAccount(records, provider, account)) return true;
      return false;
    },
    async toAccount({ provider, account }, limit) {
      const found: ConnectionRef[] = [];
      for await (const ref of connectionsToAccount(records, provider, account)) {
        if (found.push(ref) >= limit) break;
      }
      return found;
    },
    async changed(ref, version, signal) {
      for await (const seen of records.watch(connectionKey(ref), signal)) {
        if (seen !== plainVersion(version)) return;
      }
    },
    async due(now, limit, after) {
      const found: Due[] = [];
      const start = after && dueKey(after.ref, after.at);
      const range = { prefix: duePrefix, start, end: [...duePrefix, now + 1] };
      // The one that it begins after is read with them, unless it is gone.
      for await (const { key, version } of records.list({ ...range, limit: limit + 1 })) {
        const [, at, subject, provider, account] = key as unknown as DueKey;
        const due = { at, ref: { subject, provider, account }, version };
        if (found.length < limit && !(after && isSame(due, after))) found.push(due);
      }
      return found;
    },
    async postpone(some, at) {
      const checks = some.map((due) => ({ key: dueKey(due.ref, due.at), version: due.version }));
      const sets = some.flatMap(({ ref }) => dueSets(ref, at));
      // One that is there already stays; the others leave their place.
      const deletes = some.filter((due) => due.at !== at).flatMap(dueKeys);
      const version = await records.commit({ checks, sets, deletes });
      return version === null ? null : some.map(({ ref }) => ({ ref, at, version }));
    },
    async settle(some) {
      await records.commit({ deletes: some.flatMap(dueKeys) });
    },
  };
}

/** An entry of the list of what is due, and whose it is: by time nobody would find it. */
function dueSets(ref: ConnectionRef, at: number) {
  return dueKeys({ ref, at }).map((key) => ({ key, value: 1 }));
}

function dueKeys({ ref, at }: Pick<Due, "ref" | "at">): [due: RecordKey, owned: RecordKey] {
  const key = dueKey(ref, at);
  return [key, ownedKey(ref.subject, key)];
}

function isSame(a: Due, b: Due): boolean {
  const { subject, provider, account } = a.ref;
  const is = b.ref;
  return a.at === b.at && subject === is.subject && provider === is.provider &&
    account === is.account;
}

function toRecord(
  ring: KeyRing,
  connection: Connection,
  { plain: before, counted: { counting } }: { plain: string | null; counted: CountedWrite },
) {
  const key = connectionKey(connection);
  const { subject: _s, provider: _p, account: _a, status, updatedAt, endedAt, ...value } =
    connection;
  const { expiresAt } = connection.tokens;
  const clear = {
    status,
    // The member is left out of the record where there is nothing to say.
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    updated_at: updatedAt,
    ...(endedAt === undefined ? {} : { ended_at: endedAt }),
    ...(counting === undefined ? {} : { counted: countedOf(counting) }),
  };
  const owner = connection.heldFor;
  return sealed(ring, { key, value: value satisfies Sealed, clear, before, owner });
}

function toUnopened(entry: Entry<ConnectionRecord>): Unopened {
  const [, subject, provider, account] = entry.key as unknown as ConnectionKey;
  const { updated_at: updatedAt } = entry.value;
  return { ref: { subject, provider, account }, version: stampOf(entry), updatedAt };
}

/** The version for those above. */
function stampOf(entry: Entry<ConnectionRecord>): string {
  return withCounting(versionOf(entry), countingAt(entry.value));
}

/** `null`: it is gone by now. @throws {VaultError} where it cannot be opened. */
export async function toConnection(
  records: Records,
  ring: KeyRing,
  found: Entry<ConnectionRecord>,
): Promise<Stored<Connection> | null> {
  const record = await opened(records, ring, found);
  if (record === null) return null;
  const { entry, plain } = record;
  const [, subject, provider, account] = entry.key as unknown as ConnectionKey;
  const { status, updated_at: updatedAt, ended_at: endedAt } = entry.value;
  const ended = endedAt === undefined ? {} : { endedAt };
  return {
    value: { ...plain as Sealed, subject, provider, account, status, updatedAt, ...ended },
    version: stampOf(entry),
  };
}
