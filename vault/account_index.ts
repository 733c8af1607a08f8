/**
 * The index of accounts: which connections to an account at a provider work,
 * of whichever subject. It is written in the very commits that write a
 * connection; what was stored before there was an index is added once, by
 * housekeeping, and until that is done everything is looked through.
 *
 * An entry only says where to look: whether a connection works stands in its
 * record. So an entry that was left behind by a process of an older version
 * counts for nothing. A record that such a process wrote would be missing here:
 * as long as one has announced itself the index is not believed, and then built
 * anew.
 *
 * @module
 */

import type { ConnectionRef, ConnectionStatus } from "../broker/core/connection.ts";
import type { Subject } from "../broker/core/subject.ts";
import {
  accountKey,
  accountPrefix,
  accountsIndexedKey,
  connectionKey,
  connectionPrefix,
} from "./keys.ts";
import type { Entry, Records } from "./records.ts";
import { listSealers } from "./sealers.ts";

/** Of a connection's record, what is read here. It is in clear: what cannot be opened counts, too. */
interface Clear {
  status: ConnectionStatus;
}

/** So many entries are added by one commit: KV takes no more than 100 checks. */
const AT_ONCE = 50;

/** The connections that work, to one account of a provider or to any. */
export async function* connectionsToAccount(
  records: Records,
  provider: string,
  account?: string,
): AsyncGenerator<ConnectionRef> {
  if (await records.get(accountsIndexedKey) === null) {
    for await (const entry of records.list<Clear>({ prefix: connectionPrefix() })) {
      const ref = refOf(entry);
      const isMeant = ref.provider === provider &&
        (account === undefined || ref.account === account);
      if (isMeant && works(entry.value)) yield ref;
    }
    return;
  }
  for await (const { key } of records.list({ prefix: accountPrefix(provider, account) })) {
    const [, , account, subject] = key as [string, string, string, Subject];
    const ref = { subject, provider, account };
    const entry = await records.get<Clear>(connectionKey(ref));
    if (entry !== null && works(entry.value)) yield ref;
  }
}

/**
 * Adds what is missing, if the index is not whole yet. Beside processes that
 * write it; while one lives that does not, it is not believed.
 */
export async function indexAccounts(records: Records, now: number): Promise<void> {
  const sealers = await listSealers(records, now);
  if (sealers.some(({ indexesAccounts }) => !indexesAccounts)) {
    await records.commit({ deletes: [accountsIndexedKey] });
    return;
  }
  if (await records.get(accountsIndexedKey) !== null) return;
  let some: Entry<Clear>[] = [];
  for await (const entry of records.list<Clear>({ prefix: connectionPrefix() })) {
    if (!works(entry.value)) continue;
    some.push(entry);
    if (some.length < AT_ONCE) continue;
    await add(records, some);
    some = [];
  }
  await add(records, some);
  await records.commit({ sets: [{ key: accountsIndexedKey, value: now }] });
}

/** Under a check of the records: whoever has written one meanwhile has written its entry, too. */
async function add(records: Records, some: Entry<Clear>[]): Promise<void> {
  const checks = some.map(({ key, version }) => ({ key, version }));
  const sets = some.map((entry) => ({ key: accountKey(refOf(entry)), value: 1 }));
  if (some.length === 0 || await records.commit({ checks, sets }) !== null) return;
  // Which one it was is not said.
  if (some.length > 1) { for (const entry of some) await add(records, [entry]); }
}

/** Whether its grant is in use. One that was moved works elsewhere, by the same grant. */
export function works({ status }: Clear): boolean {
  return status !== "reauthorization_required";
}

function refOf({ key }: Entry<unknown>): ConnectionRef {
  const [, subject, provider, account] = key as [string, Subject, string, string];
  return { subject, provider, account };
}
