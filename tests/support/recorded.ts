/**
 * A record in a KV file, of as many processes as a test wants, and an attacker
 * who has the file and no key.
 *
 * @module
 */

import { createActivityLog } from "../../audit/activity.ts";
import { type Result, verifyAll, type VerifyOptions } from "../../audit/verify_all.ts";
import type { ActivityEntry, ActivityLog } from "../../broker/core/activity.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import type { Store } from "../../broker/core/store.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { LogEvent } from "../../broker/core/world.ts";
import { wordsOfResult } from "../../tasks/audit_words.ts";
import { recordedSubjects } from "../../vault/activity_records.ts";
import { onKv, openKv } from "../../vault/deno_kv.ts";
import { importKeyRing, type KeyRing } from "../../vault/key_ring.ts";
import type { Records } from "../../vault/records.ts";
import { createStore } from "../../vault/store.ts";

/** Noon of a day. */
export const START = 1_790_000_000_000;

/** What a test gets. */
export interface Recorded extends AsyncDisposable {
  /** The attacker's own connection to the file. */
  raw: Deno.Kv;
  records: Records;
  store: Store;
  ring: KeyRing;
  clock: { now: number };
  events: LogEvent[];
  world: {
    now(): number;
    random(): number;
    secret(): string;
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
    log(event: LogEvent): void;
  };
  /** A process: what it noted is written by `idle()`. `ring`: with other keys. */
  process(ring?: KeyRing): ActivityLog;
  /** All that shows, as an operator reads it. */
  shows(options?: Partial<VerifyOptions>): Promise<string[]>;
  /** The values under a prefix, to be put back later. */
  copy(...prefixes: Deno.KvKey[]): Promise<Deno.KvEntry<unknown>[]>;
  /** Puts them back over whatever is there; what came since is left. */
  put(entries: Deno.KvEntry<unknown>[]): Promise<void>;
  /** The keys of somebody's blocks, the oldest first. */
  blocks(subject: Subject): Promise<Deno.KvKey[]>;
}

/** Keys for a ring. */
export function keyOf(id: string) {
  return { id, bytes: crypto.getRandomValues(new Uint8Array(32)) };
}

/** An empty one. The clock stands until it is moved. */
export async function startRecorded(keys = [keyOf("k1")]): Promise<Recorded> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const path = `${folder}/kv.sqlite`;
  const kv = await openKv(path);
  const raw = await Deno.openKv(path);
  const records = onKv(kv);
  const ring = await importKeyRing(keys);
  const clock = { now: START };
  const events: LogEvent[] = [];
  const world = {
    now: () => clock.now,
    random: () => 0,
    secret: randomSecret,
    log: (event: LogEvent) => void events.push(event),
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal === undefined) clock.now += ms;
        if (signal === undefined || signal.aborted) return resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      }),
  };
  const store = createStore(records, ring, world);
  return {
    ...{ raw, records, store, ring, clock, events, world },
    process: (other = ring) =>
      createActivityLog({ store: createStore(records, other, world), world }),
    async shows(options = {}) {
      const subjects = () => recordedSubjects(records);
      const found: Result[] = await Array.fromAsync(
        verifyAll(store.activity, { now: world.now, subjects, ...options }),
      );
      return found.flatMap(wordsOfResult).map(({ line }) => line);
    },
    async copy(...prefixes) {
      const lists = await Promise.all(
        prefixes.map(async (key) => [
          await raw.get(key),
          ...await Array.fromAsync(raw.list({ prefix: key })),
        ]),
      );
      return lists.flat().filter(({ versionstamp }) => versionstamp !== null) as Deno.KvEntry<
        unknown
      >[];
    },
    async put(entries) {
      for (const { key, value } of entries) await raw.set(key, value);
    },
    async blocks(subject) {
      const found = await Array.fromAsync(raw.list({ prefix: ["activity", subject] }));
      return found.map(({ key }) => key);
    },
    async [Symbol.asyncDispose]() {
      kv.close();
      raw.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** An entry of somebody's. */
export function entryOf(
  at: number,
  subject: Subject,
  more: Partial<ActivityEntry> = {},
): ActivityEntry {
  const actor = { kind: "client" as const, id: "g1", name: "Claude" };
  return { at, subject, what: "tool_called", actor, provider: "google", outcome: "ok", ...more };
}
