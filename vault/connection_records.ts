/**
 * Connections: one record each, the token set and everything that
 * names a person in the box.
 *
 * @module
 */

import type { Connection, ConnectionRef, ConnectionStatus } from "../broker/core/connection.ts";
import type { ConnectionStore, Due, Stored, Survey, Unopened } from "../broker/core/store.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import { type Box, open, seal } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import {
  connectionKey,
  connectionPrefix,
  dueKey,
  duePrefix,
  leaseKey,
  type TextKey,
} from "./keys.ts";
import type { Change, Entry, Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
export interface ConnectionRecord extends Box {
  v: 1;
  status: ConnectionStatus;
  /** Epoch ms; absent where the token set does not expire. */
  expires_at?: number | undefined;
  updated_at: number;
}

/** What the key and the clear part do not say. */
type Sealed = Omit<Connection, keyof ConnectionRef | "status" | "updatedAt">;

type ConnectionKey = [kind: string, Connection["subject"], provider: string, account: string];
type DueKey = [kind: string, at: number, Connection["subject"], provider: string, account: string];

/** {@linkcode ConnectionStore} on {@linkcode Records}. */
export function createConnectionStore(records: Records, ring: KeyRing): ConnectionStore {
  return {
    async get(ref) {
      const entry = await records.get<ConnectionRecord>(connectionKey(ref));
      return entry && await toConnection(ring, entry);
    },
    async list(subject, provider, consistency) {
      const prefix = connectionPrefix(subject, provider);
      const found: Promise<Stored<Connection>>[] = [];
      for await (const entry of records.list<ConnectionRecord>({ prefix, consistency })) {
        found.push(toConnection(ring, entry));
      }
      return await Promise.all(found);
    },
    async survey(subject, provider) {
      const found: Survey = { opened: [], unopened: [] };
      const prefix = connectionPrefix(subject, provider);
      for await (const entry of records.list<ConnectionRecord>({ prefix })) {
        try {
          found.opened.push(await toConnection(ring, entry));
        } catch (error) {
          if (!(error instanceof VaultError)) throw error;
          found.unopened.push(toUnopened(entry));
        }
      }
      return found;
    },
    async put(connection, version, { release = false, dueAt } = {}) {
      const key = connectionKey(connection);
      const sets: Change["sets"] = [{ key, value: await toRecord(ring, key, connection) }];
      if (dueAt !== undefined) sets.push({ key: dueKey(connection, dueAt), value: 1 });
      const deletes = release ? [leaseKey(connection)] : [];
      return await records.commit({ checks: [{ key, version }], sets, deletes });
    },
    async delete(ref, version) {
      const key = connectionKey(ref);
      return await records.commit({ checks: [{ key, version }], deletes: [key] }) !== null;
    },
    async changed(ref, version, signal) {
      for await (const seen of records.watch(connectionKey(ref), signal)) {
        if (seen !== version) return;
      }
    },
    async due(now, limit) {
      const found: Due[] = [];
      const range = { prefix: duePrefix, end: [...duePrefix, now + 1], limit };
      for await (const { key } of records.list(range)) {
        const [, at, subject, provider, account] = key as unknown as DueKey;
        found.push({ at, ref: { subject, provider, account } });
      }
      return found;
    },
    async settle({ ref, at }) {
      await records.commit({ deletes: [dueKey(ref, at)] });
    },
  };
}

async function toRecord(
  ring: KeyRing,
  key: TextKey,
  connection: Connection,
): Promise<ConnectionRecord> {
  const { subject: _s, provider: _p, account: _a, status, updatedAt, ...sealed } = connection;
  const { expiresAt } = connection.tokens;
  return {
    v: 1,
    ...await seal(ring, key, sealed satisfies Sealed),
    status,
    // The member is left out of the record where there is nothing to say.
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    updated_at: updatedAt,
  };
}

function toUnopened({ key, value, version }: Entry<ConnectionRecord>): Unopened {
  const [, subject, provider, account] = key as unknown as ConnectionKey;
  return { ref: { subject, provider, account }, version, updatedAt: value.updated_at };
}

async function toConnection(
  ring: KeyRing,
  { key, value, version }: Entry<ConnectionRecord>,
): Promise<Stored<Connection>> {
  const [, subject, provider, account] = key as unknown as ConnectionKey;
  const sealed = await open(ring, key as TextKey, value) as Sealed;
  const { status, updated_at: updatedAt } = value;
  return {
    value: { ...sealed, subject, provider, account, status, updatedAt },
    version,
  };
}
