/**
 * The seal of a backup: what it holds, and a digest of all of it, under a name
 * that only who has the keys can make. So a backup that was changed is known,
 * also where what was changed is in clear. No key is in it.
 *
 * @module
 */

import type { KeyRing } from "../../vault/key_ring.ts";
import { FileFault } from "./file_fault.ts";

/** What a backup says of itself. Times are epoch ms. */
export interface Sealed {
  madeAt: number;
  records: number;
  /** How many boxes each key has sealed. */
  keys: Record<string, number>;
  digest: string;
}

interface Seal {
  v: 1;
  said: string;
  /** By the id of each key of the ring that made it. */
  marks: Record<string, string>;
}

/** A subject has no such beginning. */
const PURPOSE = "switchboard/backup/1\n";

export async function sealOf(ring: KeyRing, sealed: Sealed): Promise<string> {
  const said = JSON.stringify(sealed);
  const marks = Object.fromEntries(await marksOf(ring, said));
  return JSON.stringify({ v: 1, said, marks } satisfies Seal);
}

/**
 * What a seal says, if a key of the ring has made it.
 *
 * @throws {FileFault}
 */
export async function readSeal(ring: KeyRing, text: string): Promise<Sealed> {
  const { said, marks } = parsed(text);
  let isMade = false;
  for (const [id, mark] of await marksOf(ring, said)) {
    if (!Object.hasOwn(marks, id)) continue;
    if (marks[id] !== mark) {
      throw new FileFault(`Its seal was not made by the key "${id}" that is in ENCRYPTION_KEYS.`);
    }
    isMade = true;
  }
  if (!isMade) {
    const names = Object.keys(marks).filter((id) => /^[\w.-]{1,64}$/.test(id)).join(", ");
    throw new FileFault(
      `Its seal was made by keys of which none is in ENCRYPTION_KEYS: ${names}.`,
    );
  }
  return JSON.parse(said);
}

async function marksOf(ring: KeyRing, said: string): Promise<[id: string, mark: string][]> {
  const [ids, marks] = [await ring.ids(), await ring.pseudonyms(PURPOSE + said)];
  return ids.map((id, at) => [id, marks[at]!]);
}

function parsed(text: string): Seal {
  try {
    const seal = JSON.parse(text);
    const isSeal = seal?.v === 1 && typeof seal.said === "string" &&
      typeof seal.marks === "object" && seal.marks !== null;
    if (isSeal) return seal;
  } catch {
    // As if it were another thing.
  }
  throw new FileFault("Its seal cannot be read: another version has made it, or it was changed.");
}
