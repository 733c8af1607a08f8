/**
 * The index of what is whose: records that stand under a digest or a time, and
 * not under their subject, have an entry under it. It is written and deleted in
 * the very commits that write and delete the record (`pieces.ts`,
 * `connection_records.ts`).
 *
 * An entry only says where to look: a record that names somebody else is not
 * theirs. What was stored before there was the index is added once, page by
 * page, by opening it. Until that is done, and as long as a process is announced
 * that writes no entries, everything is looked through for whoever is deleted.
 *
 * @module
 */

import { VaultError } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import { pagesOf } from "./end_index.ts";
import type { KeyRing } from "./key_ring.ts";
import { kindsOf, ownedIndexedKey, ownedKey, ownerByKey, type TextKey } from "./keys.ts";
import { type CutBox, opened } from "./pieces.ts";
import type { Entry, RecordKey, Records } from "./records.ts";
import { listSealers } from "./sealers.ts";

/** One run takes over at most so many records; the next goes on there. */
export const OWNED_IN_A_RUN = 20_000;

/** What `indexes` says of this one: when it was whole, or the key from which on it is not. */
type HowFar = number | RecordKey;

const kinds: TextKey[] = kindsOf("named").map((kind) => [kind]);

/** Adds what is missing, if the index is not whole yet; resolves with whether it is. */
export async function indexOwned(
  records: Records,
  ring: KeyRing,
  now: number,
  most = OWNED_IN_A_RUN,
): Promise<boolean> {
  const said = await records.get<HowFar>(ownedIndexedKey);
  const sealers = await listSealers(records, now);
  if (sealers.some(({ indexesOwned }) => !indexesOwned)) {
    if (said !== null) await records.commit({ deletes: [ownedIndexedKey] });
    return false;
  }
  if (typeof said?.value === "number") return true;
  const pages = { kinds, from: said?.value, most };
  for await (const { page, next } of pagesOf<CutBox>(records, pages)) {
    await takeOver(records, ring, page);
    await records.commit({ sets: [{ key: ownedIndexedKey, value: next ?? now }] });
    if (next === undefined) return true;
  }
  return false;
}

/** Adds what is missing of one subject, where the index is not whole. */
export async function indexOwnedOf(
  records: Records,
  ring: KeyRing,
  subject: Subject,
): Promise<void> {
  const said = await records.get<HowFar>(ownedIndexedKey);
  if (typeof said?.value === "number") return;
  for (const prefix of kinds) {
    for await (const entry of records.list<CutBox>({ prefix })) {
      await takeOver(records, ring, [entry], subject);
    }
  }
}

/** Of `only`, or of everybody. What is written meanwhile has its entry by that. */
async function takeOver(
  records: Records,
  ring: KeyRing,
  page: Entry<CutBox>[],
  only?: Subject,
): Promise<void> {
  const changes = (await Promise.all(page.map(async (entry) => {
    const owner = await ownerOf(records, ring, entry);
    if (owner === undefined || (only !== undefined && owner !== only)) return [];
    const { key, version } = entry;
    return [{ checks: [{ key, version }], sets: [{ key: ownedKey(owner, key), value: 1 }] }];
  }))).flat();
  if (changes.length === 0) return;
  const checks = changes.flatMap(({ checks }) => checks);
  const sets = changes.flatMap(({ sets }) => sets);
  if (await records.commit({ checks, sets }) !== null || changes.length === 1) return;
  // Which one it was is not said.
  for (const change of changes) await records.commit(change);
}

/** `undefined`: it is nobody's, it has its entry, or it cannot be opened. */
async function ownerOf(
  records: Records,
  ring: KeyRing,
  entry: Entry<CutBox>,
): Promise<Subject | undefined> {
  const { key, value } = entry;
  const owner = ownerByKey(key);
  if (owner !== undefined) {
    return await records.get(ownedKey(owner, key)) === null ? owner : undefined;
  }
  // Whoever wrote that wrote the entry, too.
  if (value.subject !== undefined) return undefined;
  try {
    const { subject } = (await opened(records, ring, entry))?.plain as { subject?: Subject } ?? {};
    return subject;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return undefined;
  }
}
