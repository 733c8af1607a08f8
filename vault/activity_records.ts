/**
 * Blocks of what was done for a subject, sealed whole, and the head of the chain
 * that they are. They end by themselves.
 *
 * Blocks are written together with their head, in a commit that checks that the
 * head is the one that was seen: so several processes go on with one chain, one
 * after the other.
 *
 * @module
 */

import type {
  ActivityAppend,
  ActivityBlock,
  ActivityHead,
  ActivityStore,
  Appended,
  FoundBlock,
} from "../broker/core/activity.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import type { KeyRing } from "./key_ring.ts";
import { activityKey, activityPrefix, chainKey, chainPrefix } from "./keys.ts";
import {
  type CutBox,
  opened,
  plainVersion,
  sealed,
  type SealedChange,
  versionAfter,
  versionOf,
} from "./pieces.ts";
import { type Change, type Entry, type RecordKey, type Records, together } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface ActivityRecord extends CutBox {
  v: 1;
  /** Epoch ms. */
  expires_at: number;
}

/** Blocks of one commit: with their heads, and the index of ends, well below its limits. */
const AT_ONCE = 8;

/** {@linkcode ActivityStore} on {@linkcode Records}. */
export function createActivityStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): ActivityStore {
  const endsAt = (expiresAt: number) => ({
    clear: { expires_at: expiresAt },
    ends: { at: expiresAt, now: clock.now() },
  });

  const sealedBlock = ({ subject, id, ...value }: ActivityBlock) =>
    // A block has one end, and grows only: nothing of what it was is left over.
    sealed(ring, {
      ...{ key: activityKey(subject, id), value, before: null },
      ...endsAt(value.expiresAt),
    });

  async function changeOf({ head, blocks, seen }: ActivityAppend) {
    const { subject, ...value } = head;
    const key = chainKey(subject);
    const ends = endsAt(value.expiresAt);
    const sealedHead = await sealed(ring, { key, value, before: seen, ...ends });
    const all: SealedChange[] = [sealedHead, ...await Promise.all(blocks.map(sealedBlock))];
    const check: Change = { checks: [{ key, version: plainVersion(seen) }] };
    return { head: sealedHead, change: together(check, ...all) };
  }

  /** `null`: not all of them can be, and none was. */
  async function commit(appends: ActivityAppend[]): Promise<Appended[] | null> {
    const changes = await Promise.all(appends.map(changeOf));
    const only = changes.length === 1;
    try {
      const version = await records.commit(together(...changes.map(({ change }) => change)));
      if (version === null) return only ? ["changed"] : null;
      return changes.map(({ head }) => ({ version: versionAfter(version, head) }));
    } catch (error) {
      if (!isClosed(error)) throw error;
      return only ? ["deleted"] : null;
    }
  }

  return {
    async head(subject) {
      const entry = await records.get<ActivityRecord>(chainKey(subject));
      if (entry === null) return null;
      const found = await openedOr(records, ring, entry);
      if (found === null) return null;
      // Nothing that stands beside the box is believed then.
      if (found.fault !== undefined) return { version: entry.version, fault: found.fault };
      const head = { ...found.plain as Omit<ActivityHead, "subject">, subject };
      const isEndTrue = head.expiresAt === found.entry.value.expires_at;
      const version = isEndTrue ? versionOf(found.entry) : found.entry.version;
      return { version, head, ...(isEndTrue ? {} : { fault: "end_altered" }) };
    },
    async append(appends) {
      const done: Appended[] = [];
      for (const some of chunksOf(appends)) {
        const all = await commit(some);
        if (all !== null) done.push(...all);
        // Which one it was is not said.
        else for (const one of some) done.push(...await commit([one]) ?? ["changed"]);
      }
      return done;
    },
    async list(subject, { limit, before }) {
      const prefix = activityPrefix(subject);
      const end = before === undefined ? undefined : activityKey(subject, before);
      const found: FoundBlock[] = [];
      for await (
        const entry of records.list<ActivityRecord>({ prefix, end, limit, reverse: true })
      ) {
        const id = String(entry.key.at(-1));
        const box = await openedOr(records, ring, entry);
        if (box === null) continue;
        // It hides nothing but itself.
        if (box.fault !== undefined) {
          found.push({ id, fault: box.fault });
          continue;
        }
        const plain = box.plain as Omit<ActivityBlock, "subject" | "id">;
        const isEndTrue = plain.expiresAt === box.entry.value.expires_at;
        const block = { ...plain, subject, id };
        found.push({ id, block, ...(isEndTrue ? {} : { fault: "end_altered" }) });
      }
      return found;
    },
  };
}

/** Everybody of whom there is a head or a block, once. Reads one key for each who has no head. */
export async function* recordedSubjects(records: Records): AsyncGenerator<Subject> {
  for await (const { key } of records.list({ prefix: chainPrefix })) yield key[1] as Subject;
  let start: RecordKey | undefined;
  for (;;) {
    const range = { prefix: activityPrefix(), start, limit: 1 };
    const [found] = await Array.fromAsync(records.list(range));
    if (found === undefined) return;
    const subject = found.key[1] as Subject;
    if (await records.get(chainKey(subject)) === null) yield subject;
    // Behind everything that is this subject's.
    start = activityPrefix(`${subject}\u0000`);
  }
}

/** What is in a box, or why nobody knows; `null`: it is gone. */
async function openedOr<R extends CutBox>(records: Records, ring: KeyRing, entry: Entry<R>) {
  // Whoever edits the database puts there what they like.
  const { key, box } = (entry.value ?? {}) as Partial<CutBox>;
  if (typeof key !== "string" || !(box instanceof Uint8Array)) return { fault: "altered" as const };
  try {
    const found = await opened(records, ring, entry);
    return found && { ...found, fault: undefined };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const fault = error.code === "unknown_key" ? "unknown_key" as const : "altered" as const;
    return { fault };
  }
}

/** In the same order, each with no more than so many blocks, or alone. */
function* chunksOf(appends: ActivityAppend[]): Generator<ActivityAppend[]> {
  let some: ActivityAppend[] = [];
  let blocks = 0;
  for (const one of appends) {
    if (blocks + one.blocks.length > AT_ONCE && some.length > 0) {
      yield some;
      [some, blocks] = [[], 0];
    }
    some.push(one);
    blocks += one.blocks.length;
  }
  if (some.length > 0) yield some;
}

/** Somebody was deleted a moment ago, and nothing is kept of them. */
function isClosed(error: unknown): boolean {
  return error instanceof Refusal && error.reason.code === "user_deleted";
}
