/**
 * Many records in one KV file, sealed as the program seals them: through its own
 * store, some hundreds of them in one commit.
 *
 * @module
 */

import type { Connection } from "../../broker/core/connection.ts";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { subjectOf } from "../../broker/core/subject.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import type { Change, Records } from "../../vault/records.ts";
import { createStore } from "../../vault/store.ts";

/** KV takes 100 checks in one commit, and each record has two. */
const AT_ONCE = 40;

/** What is put there. Times are epoch ms. */
export interface Filling {
  kvPath: string;
  /** As `ENCRYPTION_KEYS` says them. */
  keys: string;
  people: number;
  /** Each has one, with this in it. */
  connection?: ((person: number) => Partial<Connection>) | undefined;
  /** When it is to be refreshed. */
  dueAt?: ((person: number) => number) | undefined;
  /** Each has a refresh token, too, that ends then. */
  refreshTokenEnds?: ((person: number) => number) | undefined;
}

/** The user id of a person that was put there. */
export function personOf(at: number): string {
  return `person-${at}`;
}

/** Puts them there. Nobody else has the file open. */
export async function fill(
  { kvPath, keys, people, connection, dueAt, refreshTokenEnds }: Filling,
): Promise<void> {
  const file = await openRecords(kvPath);
  const records = merged(file);
  const now = Date.now();
  const store = createStore(records, await importKeyRing(parseKeyRing(keys)), { now: () => now });
  for (let from = 0; from < people; from += AT_ONCE) {
    const many = Array.from({ length: Math.min(AT_ONCE, people - from) }, (_, at) => from + at);
    await Promise.all(many.map(async (at) => {
      const one = { ...connectionOf(at, now), ...connection?.(at) };
      const put = await store.connections.put(one, null, { dueAt: dueAt?.(at) });
      if (put === null) throw new Error("Two of them have one key");
    }));
    if (refreshTokenEnds === undefined) continue;
    await Promise.all(many.map((at) => {
      const secret = { kind: "refresh", expiresAt: refreshTokenEnds(at), subject: "github:1" };
      return store.secrets.put(`digest-${at}-${"x".repeat(30)}`, secret as never);
    }));
  }
  file.close();
}

function connectionOf(at: number, now: number): Connection {
  const person = personOf(at);
  return {
    subject: subjectOf("voice", person),
    provider: "google",
    account: String(at),
    label: person,
    status: "active",
    connectedAt: now,
    updatedAt: now,
    usedAt: now,
    tokens: {
      accessToken: `token-${at}-${"x".repeat(180)}`,
      tokenType: "Bearer",
      scopes: ["https://www.googleapis.com/auth/calendar"],
      issuedAt: now,
      refreshToken: `refresh-${at}-${"x".repeat(90)}`,
      expiresAt: now + 3_600_000,
    },
  };
}

/** The same database: changes of one moment are made by one commit. */
function merged(records: Records): Records {
  let waiting: Change[] = [];
  let done: Promise<string | null> | undefined;
  const commit = async () => {
    // All that is sealed at this moment comes first.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve));
    const changes = waiting;
    waiting = [];
    done = undefined;
    const checks = changes.flatMap(({ checks = [] }) => checks);
    return await records.commit({
      // That the key was not retired is in all of them.
      checks: checks.filter(({ key }, at) =>
        checks.findIndex((other) => String(other.key) === String(key)) === at
      ),
      sets: changes.flatMap(({ sets = [] }) => sets),
      deletes: changes.flatMap(({ deletes = [] }) => deletes),
    });
  };
  return {
    ...records,
    commit(change) {
      waiting.push(change);
      return done ??= commit();
    },
  };
}
