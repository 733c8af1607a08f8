/**
 * Which known name was probably meant by one that is not known.
 *
 * @module
 */

/** Longer ones are nobody's slip of the pen. */
const LONGEST = 64;
/** So much of a name at least, where a longer or shorter form of it is meant. */
const LEAST_STEM = 4;

/** Known names as they are compared, for each list of them once. */
const bareLists = new WeakMap<readonly string[], string[]>();

/**
 * The nearest of the known names: the same but for its case and `_`, a few letters off, or its
 * stem. What the list of them comes to is kept with it: it must stay as it is.
 */
export function nearName(name: string, known: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined;
  const bare = bareOf(name);
  const bares = bareLists.get(known) ?? known.map(bareOf);
  bareLists.set(known, bares);
  const same = bares.indexOf(bare);
  if (same >= 0) return known[same];
  let least = Math.min(3, Math.max(1, Math.floor(bare.length / 4))) + 1;
  let nearest: string | undefined;
  for (let at = 0; at < bares.length; at++) {
    const off = distance(bare, bares[at]!, least - 1);
    if (off < least && off < bares[at]!.length) [least, nearest] = [off, known[at]];
  }
  return nearest ?? known[bares.findIndex((each) => isStem(each, bare))];
}

function bareOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function isStem(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= LEAST_STEM && long.startsWith(short);
}

/** Rows of a table, used again and again: each name of a tool is compared with each field of it. */
let [before, last, row] = [0, 1, 2].map(() => new Uint8Array(LONGEST + 4)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/**
 * Letters that are added, left out, changed, or swapped with their neighbour, of two names of
 * which the first is not too long; beyond `most` (3 or less), that it is more.
 */
function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  for (let j = 0; j <= other.length; j++) last[j] = j;
  for (let i = 1; i <= one.length; i++) {
    let least = row[0] = i;
    const letter = one.charCodeAt(i - 1);
    for (let j = 1; j <= other.length; j++) {
      const isSame = letter === other.charCodeAt(j - 1);
      let off = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (
        i > 1 && j > 1 && letter === other.charCodeAt(j - 2) &&
        one.charCodeAt(i - 2) === other.charCodeAt(j - 1)
      ) off = Math.min(off, before[j - 2]! + 1);
      row[j] = off;
      if (off < least) least = off;
    }
    // A swap adds one to the row before, whose least is no more than one below.
    if (least > most) return Infinity;
    [before, last, row] = [last, row, before];
  }
  return last[other.length]!;
}
