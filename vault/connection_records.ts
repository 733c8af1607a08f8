/**
 * Connections in Deno KV: one record each, the token set and everything that
 * names a person in the box.
 *
 * @module
 */

import type {
  Connection,
  ConnectionRef,
  ConnectionStatus,
  ConnectionStore,
  Due,
  Stored,
} from "../broker/core/connection.ts";
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
import { commit } from "./deno_kv.ts";

/** The stored value; see SCHEMA.md. */
export interface ConnectionRecord extends Box {
  v: 1;
  status: ConnectionStatus;
  /** Epoch ms; absent where the token set does not expire. */
  expires_at?: number;
  updated_at: number;
}

/** What the key and the clear part do not say. */
type Sealed = Omit<Connection, keyof ConnectionRef | "status" | "updatedAt">;

type DueKey = [kind: string, at: number, Connection["subject"], provider: string, account: string];

/** {@linkcode ConnectionStore} on Deno KV. */
export function createConnectionStore(kv: Deno.Kv, ring: KeyRing): ConnectionStore {
  return {
    async get(ref) {
      const entry = await kv.get<ConnectionRecord>(connectionKey(ref));
      return entry.versionstamp === null ? null : await toConnection(ring, entry);
    },
    async list(subject, provider, consistency = "strong") {
      const prefix = connectionPrefix(subject, provider);
      const found: Promise<Stored<Connection>>[] = [];
      for await (const entry of kv.list<ConnectionRecord>({ prefix }, { consistency })) {
        found.push(toConnection(ring, entry));
      }
      return await Promise.all(found);
    },
    async put(connection, version, { release = false, dueAt } = {}) {
      const key = connectionKey(connection);
      const record = await toRecord(ring, key, connection);
      const result = await commit(kv, (operation) => {
        operation.check({ key, versionstamp: version }).set(key, record);
        if (release) operation.delete(leaseKey(connection));
        if (dueAt !== undefined) operation.set(dueKey(connection, dueAt), 1);
        return operation;
      });
      return result.ok ? result.versionstamp : null;
    },
    async delete(ref, version) {
      const key = connectionKey(ref);
      const { ok } = await commit(
        kv,
        (operation) => operation.check({ key, versionstamp: version }).delete(key),
      );
      return ok;
    },
    async changed(ref, version, signal) {
      const reader = kv.watch<[ConnectionRecord]>([connectionKey(ref)]).getReader();
      const stop = () => void reader.cancel().catch(() => {});
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done || value[0].versionstamp !== version) return;
        }
      } finally {
        signal.removeEventListener("abort", stop);
        stop();
      }
    },
    async due(now, limit) {
      const end = [...duePrefix, now + 1];
      const entries = kv.list({ prefix: duePrefix, end }, { limit });
      const found: Due[] = [];
      for await (const { key } of entries) {
        const [, at, subject, provider, account] = key as DueKey;
        found.push({ at, ref: { subject, provider, account } });
      }
      return found;
    },
    async settle({ ref, at }) {
      await commit(kv, (operation) => operation.delete(dueKey(ref, at)));
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
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    updated_at: updatedAt,
  };
}

async function toConnection(
  ring: KeyRing,
  { key, value, versionstamp }: Deno.KvEntry<ConnectionRecord>,
): Promise<Stored<Connection>> {
  const [, subject, provider, account] = key as [string, Connection["subject"], string, string];
  const sealed = await open(ring, key as TextKey, value) as Sealed;
  const { status, updated_at: updatedAt } = value;
  return {
    value: { ...sealed, subject, provider, account, status, updatedAt },
    version: versionstamp,
  };
}
