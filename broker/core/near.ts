/**
 * Which known word somebody may have meant who wrote another one.
 *
 * @module
 */

/** Longer ones are nobody's slip of the hand. */
const LONGEST = 64;

/**
 * The known word that differs least, by one letter in short ones and two in longer ones: left out,
 * added, changed, or two in the wrong order. Case, `-` and `_` make no difference. `undefined` where
 * none is near.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const meant = plain(word);
  let best: { word: string; by: number } | undefined;
  for (const candidate of known) {
    const other = plain(candidate);
    const most = Math.min(meant.length, other.length) < 6 ? 1 : 2;
    if (Math.abs(meant.length - other.length) > most) continue;
    const by = distance(meant, other);
    if (by <= most && by < (best?.by ?? Infinity)) best = { word: candidate, by };
  }
  return best?.word;
}

/** Whether two words differ in case, `-` and `_` alone. */
export function isSpeltLike(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, "");
}

/** Optimal string alignment: as Levenshtein's, and two neighbours in the wrong order are one fault. */
function distance(a: string, b: string): number {
  let [before, last]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last![j]! + 1, row[j - 1]! + 1, last![j - 1]! + same);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) least = Math.min(least, before![j - 2]! + 1);
      row[j] = least;
    }
    [before, last] = [last, row];
  }
  return last![b.length]!;
}
