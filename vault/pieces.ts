/**
 * Boxes that are larger than one value of the database: providers issue access
 * tokens of 50 KB (JWTs that list every group), and a value ends at 64 KiB.
 *
 * Such a box is sealed as one and cut afterwards. Its first piece stands in its
 * record, the others under keys of their own, written and deleted in the same
 * commits. One tag holds them together: a piece that is missing, changed, moved
 * or of another version does not open. Pieces are not compressed: tokens hardly
 * shrink, and the size of a compressed box would tell whoever watches the
 * database how much of a text that others choose (an account's name, the answer
 * of a tool) recurs in the secret beside it.
 *
 * A version that leaves this folder says how many pieces there are, when the
 * record ends, and whose it is where its key does not say so. So whoever writes
 * the next one deletes what is left over without reading first: pieces, and the
 * entries in the indexes of ends (`end_index.ts`) and of what is whose
 * (`owned_records.ts`), which are written by the same commits.
 *
 * @module
 */

import { Gathered } from "../broker/core/bodies.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import { type Box, open, seal } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import type { Subject } from "../broker/core/subject.ts";
import { doesEnd, endKey, ownedKey, pieceKey, piecePrefix, type TextKey } from "./keys.ts";
import { type Change, type Entry, type RecordKey, type Records, TooLargeError } from "./records.ts";

/** Of a box in one value; the rest of the value is for what stands in clear beside it. */
export const PIECE_BYTES = 60 * 1024;
/** The largest box: with its keys well below what one commit takes. */
export const MAX_BOX_BYTES = 512 * 1024;
const MOST_PIECES = Math.ceil(MAX_BOX_BYTES / PIECE_BYTES);

/** A box, or its first piece. */
export interface CutBox extends Box {
  /** How many further pieces there are; absent where the box is whole. */
  pieces?: number | undefined;
  /** Whose it is; absent where its key says so, and where it is nobody's. */
  subject?: Subject | undefined;
}

/**
 * A database may forget a record by itself this long after its end: housekeeping comes first, and
 * knows then from the index alone what it deletes.
 */
export const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;

/** What is said in clear beside a box. */
type Clear = Record<string, unknown>;

/** Seals a value for a record: what a commit has to set and to delete. */
export interface Sealing {
  key: TextKey;
  value: unknown;
  clear: Clear;
  /** What the record had until now, as {@linkcode versionOf} says it; `null`: there is none. */
  before: string | null;
  /** When it ends, in epoch ms, and what time it is; absent: it does not. */
  ends?: { at: number; now: number } | undefined;
  /** Whose it is, where its key does not say so. */
  owner?: Subject | undefined;
}

/** What an entry of the index of ends says of its record: its pieces, and whose it is. */
export type EndEntry = number | [pieces: number, owner: Subject];

export function endEntry(pieces: number, owner: Subject | undefined): EndEntry {
  return owner === undefined ? pieces : [pieces, owner];
}

/** How many pieces, and whose. */
export function ofEndEntry(entry: EndEntry): { pieces: number; owner?: Subject | undefined } {
  return typeof entry === "number" ? { pieces: entry } : { pieces: entry[0], owner: entry[1] };
}

/** The part of a commit that does it; the record itself is set first. */
export interface SealedChange {
  sets: NonNullable<Change["sets"]>;
  deletes: RecordKey[];
}

/**
 * The changes that put a sealed value in the place of what was there.
 *
 * @throws {TooLargeError} where it is larger than {@linkcode MAX_BOX_BYTES}.
 */
export async function sealed(
  ring: KeyRing,
  { key, value, clear, before, ends, owner }: Sealing,
): Promise<SealedChange> {
  const { key: id, box } = await seal(ring, key, value);
  if (box.byteLength > MAX_BOX_BYTES) {
    const sizes = `${box.byteLength} of at most ${MAX_BOX_BYTES} bytes`;
    throw new TooLargeError(`Cannot keep a record of ${key[0]}: it has ${sizes}`);
  }
  // KV takes whole ones; a clock may tell fractions.
  const expireIn = ends && Math.max(1, Math.ceil(ends.at - ends.now)) + FORGOTTEN_AFTER_MS;
  const rest: SealedChange["sets"] = [];
  for (let start = PIECE_BYTES; start < box.byteLength; start += PIECE_BYTES) {
    const piece = box.slice(start, start + PIECE_BYTES);
    rest.push({ key: pieceKey(key, rest.length + 1), value: piece, expireIn });
  }
  const first = rest.length === 0 ? { box } : { box: box.slice(0, PIECE_BYTES) };
  const pieces = rest.length === 0 ? {} : { pieces: rest.length };
  const whose = owner === undefined ? {} : { subject: owner };
  const head = { key, value: { v: 1, key: id, ...first, ...pieces, ...clear, ...whose }, expireIn };
  const was = partsOf(before);
  const deletes = piecesFrom(key, rest.length + 1, was.pieces);
  if (was.end !== undefined && was.end !== ends?.at) deletes.push(endKey(key, was.end));
  if (was.owner !== undefined && was.owner !== owner) deletes.push(ownedKey(was.owner, key));
  const sets: SealedChange["sets"] = [head, ...rest];
  if (ends !== undefined) {
    sets.push({ key: endKey(key, ends.at), value: endEntry(rest.length, owner) });
  }
  if (owner !== undefined) sets.push({ key: ownedKey(owner, key), value: 1, expireIn });
  return { sets, deletes };
}

/** A record that was opened, and the entry that it was opened from. */
export interface Opened<R> {
  plain: unknown;
  entry: Entry<R>;
}

/**
 * Opens a record. One that is written anew while its pieces are read is read
 * again; `null` where it is deleted meanwhile.
 *
 * @throws {VaultError} as {@linkcode open}, and where a piece is missing.
 */
export async function opened<R extends CutBox>(
  records: Records,
  ring: KeyRing,
  entry: Entry<R>,
): Promise<Opened<R> | null> {
  const at = entry.key as TextKey;
  for (let current = entry;;) {
    requireForm(at, current.value);
    const box = await whole(records, current);
    if (box !== null) {
      const { key } = current.value;
      return { plain: await open(ring, at, { key, box }), entry: current };
    }
    const again = await records.get<R>(at);
    if (again === null) return null;
    // Record and pieces are written in one commit: an old record misses them because it is old.
    if (again.version === current.version) {
      const record = at.slice(0, -1).join("/");
      const message = `Cannot open ${record}: a piece of it is missing. Restore it from a copy.`;
      throw new VaultError("cannot_open", message);
    }
    current = again;
  }
}

/** Of a later version: what it means by its members nobody knows here. @throws {VaultError} */
function requireForm(at: TextKey, value: CutBox): void {
  const { v = 1 } = value as { v?: unknown };
  if (v === 1) return;
  throw new VaultError(
    "newer_record",
    `Cannot open ${at.slice(0, -1).join("/")}: a newer version of this program wrote it. ` +
      `Nothing is lost: start that version again.`,
  );
}

/** All bytes of a box; `null` where a piece is not there, or belongs to another version. */
async function whole(
  records: Records,
  { key, value: { box, pieces = 0 }, version }: Entry<CutBox>,
): Promise<Uint8Array | null> {
  if (pieces === 0) return box;
  const all = new Gathered();
  all.add(box);
  let found = 0;
  const range = { prefix: piecePrefix(...key as TextKey), limit: MOST_PIECES };
  for await (const piece of records.list<Uint8Array>(range)) {
    if (piece.version !== version) continue;
    all.add(piece.value);
    found += 1;
  }
  return found === pieces ? all.take() : null;
}

/** The keys that are deleted with a record. */
export function keysOf(key: TextKey, version: string): RecordKey[] {
  const { pieces, end, owner } = partsOf(version);
  const entries = [
    ...(end === undefined ? [] : [endKey(key, end)]),
    ...(owner === undefined ? [] : [ownedKey(owner, key)]),
  ];
  return [key, ...piecesFrom(key, 1, pieces), ...entries];
}

/** The keys of a record's pieces, from one to another. */
export function piecesFrom(key: TextKey, first: number, last: number): RecordKey[] {
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, at) => pieceKey(key, first + at),
  );
}

/** Stands before the owner in a version: nothing before it has one. */
const OWNER = " ";

/**
 * A record's version for those above: the database's own, how many pieces there are, when it ends,
 * and whose it is.
 */
export function versionOf(
  { key, version, value }: Pick<Entry<CutBox>, "key" | "version" | "value">,
) {
  const { pieces = 0, expires_at: end, subject } = value as CutBox & { expires_at?: number };
  const owner = subject === undefined ? "" : OWNER + subject;
  if (doesEnd(key) && end !== undefined) return `${version}+${pieces}+${end}${owner}`;
  return pieces === 0 && owner === "" ? version : `${version}+${pieces}${owner}`;
}

/** The version that a commit gave, in the same way. */
export function versionAfter(
  version: string,
  { sets: [head] }: Pick<SealedChange, "sets">,
): string {
  return versionOf({ ...head!, value: head!.value as CutBox, version });
}

/** The database's own version. */
export function plainVersion(version: string): string;
export function plainVersion(version: string | null): string | null;
export function plainVersion(version: string | null): string | null {
  // What else a kind of records says of itself stands behind a bar.
  return version?.split(/[+|]/)[0] ?? null;
}

function partsOf(
  version: string | null,
): { pieces: number; end?: number | undefined; owner?: Subject | undefined } {
  if (version === null) return { pieces: 0 };
  const space = version.indexOf(OWNER);
  const owner = space < 0 ? undefined : version.slice(space + 1) as Subject;
  const [, pieces = "0", ...end] = version.slice(0, space < 0 ? undefined : space).split("+");
  // A number may have a plus of its own.
  return {
    pieces: Number(pieces),
    end: end.length === 0 ? undefined : Number(end.join("+")),
    owner,
  };
}

/** Whether {@linkcode opened} opens it. */
export async function opens<R extends CutBox>(
  records: Records,
  ring: KeyRing,
  entry: Entry<R>,
): Promise<boolean> {
  try {
    await opened(records, ring, entry);
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}
