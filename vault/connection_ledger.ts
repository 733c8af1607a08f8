/**
 * Connections by what stands in clear: whose and where they are, when they were
 * written, and that they have ended. So far a connection can be seen, and laid
 * down, that no key opens.
 *
 * @module
 */

import type { ConnectionRef } from "../broker/core/connection.ts";
import type { ConnectionLedger, LedgerEntry } from "../broker/core/store.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { ConnectionRecord } from "./connection_records.ts";
import { accountKey, connectionKey, connectionPrefix, piecePrefix, type TextKey } from "./keys.ts";
import { changeOf, countedOf, countingAt, countingOf } from "./counted.ts";
import { type Entry, type Records, together } from "./records.ts";

/**
 * {@linkcode ConnectionLedger} on {@linkcode Records}: the database itself. What is written back
 * is the very box that was there, be it of a retired key.
 */
export function createConnectionLedger(records: Records): ConnectionLedger {
  return {
    async *all(provider) {
      for await (const entry of records.list<ConnectionRecord>({ prefix: connectionPrefix() })) {
        if (entry.key[2] === provider) yield toLedger(entry);
      }
    },
    async look(ref) {
      const entry = await records.get<ConnectionRecord>(connectionKey(ref));
      return entry && toLedger(entry);
    },
    async layDown({ ref, version }, at) {
      const key = connectionKey(ref);
      const entry = await records.get<ConnectionRecord>(key);
      if (entry?.version !== version) return false;
      const status = "reauthorization_required";
      const before = countingAt(entry.value);
      const ended = { status, endedAt: at, updatedAt: at } as const;
      const after = before && countingOf(ended, before.in, { services: undefined, before });
      const value = { ...entry.value, status, ended_at: at };
      if (after !== undefined) value.counted = countedOf(after);
      const sets = [{ key, value }];
      // Pieces have their record's version, or belong to none.
      const pieces = await Array.fromAsync(
        records.list<Uint8Array>({ prefix: piecePrefix(...key) }),
      );
      const own = pieces.filter((piece) => piece.version === version);
      const change = {
        checks: [{ key, version }],
        sets: [...sets, ...own.map(({ key, value }) => ({ key, value }))],
        deletes: [accountKey(ref)],
      };
      return await records.commit(together(change, changeOf(ref, before, after))) !== null;
    },
  };
}

function toLedger({ key, value, version }: Entry<ConnectionRecord>): LedgerEntry {
  const [, subject, provider, account] = key as TextKey as [string, Subject, string, string];
  const ref: ConnectionRef = { subject, provider, account };
  return { ref, version, updatedAt: value.updated_at, endedAt: value.ended_at };
}
