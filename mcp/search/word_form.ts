/**
 * The form in which words are compared: one thing and many alike, and one
 * spelling for each.
 *
 * @module
 */

/** Spellings of one word; tools and requests are read in the second. */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  `repo repository|org organization|organisation organization|dir directory|doc document|msg message
  favourite favorite|licence license|env environment|mail email|pr pull|config configuration
  info information|img image|pic picture|app application|auth authentication|repositorie repository
  cal calendar|msgs message|attachement attachment|adress address|calender calendar|comit commit
  recieve receive|seperate separate|asignee assignee|repositry repository`
    .split(/\||\n/).map((pair) => pair.trim().split(" ") as [string, string]),
);

/** A word, small and without accents, as it is compared. */
export function wordForm(word: string): string {
  const one = singular(word);
  return SPELLINGS.get(one) ?? one;
}

/** One for many, where that is sure. */
function singular(word: string): string {
  if (word.length < 4 || /(?:ss|us|is|news|does)$/.test(word)) return word;
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:sh|ch|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") ? word.slice(0, -1) : word;
}
