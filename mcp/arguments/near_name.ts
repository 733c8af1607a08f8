/**
 * Which known name was probably meant by one that is not known.
 *
 * @module
 */

/** Longer ones are nobody's slip of the pen. */
const LONGEST = 64;
/** So much of a name at least, where a longer or shorter form of it is meant. */
const LEAST_STEM = 4;

/** The nearest of the known names: the same but for its case and `_`, a few letters off, or its stem. */
export function nearName(name: string, known: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined;
  const bare = bareOf(name);
  const same = known.find((each) => bareOf(each) === bare);
  if (same !== undefined || bare === "") return same;
  const most = Math.min(3, Math.max(1, Math.floor(bare.length / 4)));
  const [nearest] = known.map((each) => ({ each, off: distance(bare, bareOf(each)) }))
    .filter(({ each, off }) => off <= most && off < bareOf(each).length)
    .sort((one, other) => one.off - other.off);
  return nearest?.each ?? known.find((each) => isStem(bareOf(each), bare));
}

function bareOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function isStem(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= LEAST_STEM && long.startsWith(short);
}

/** Letters that are added, left out, changed, or swapped with their neighbour. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 3) return Infinity;
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      let off = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        off = Math.min(off, before[j - 2]! + 1);
      }
      row.push(off);
    }
    [before, last] = [last, row];
  }
  return last[other.length]!;
}
