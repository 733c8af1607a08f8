/**
 * The words of the tools that come from one place, and how much each tells of
 * which tool. Loaded with the first search, and the library with it.
 *
 * A word weighs by where it stands and how much stands there beside it (BM25+,
 * field by field). How rare it is among all that a person may find is not known
 * here: that would tell one person of another's tools.
 *
 * @module
 */

import SearchableMap from "minisearch/SearchableMap";
import { IDLE } from "./languages.ts";
import { pairsOf, wordsOf } from "./query_words.ts";

/** What is searched of a tool; bounded, see `searched_tool.ts`. */
export interface SearchedTool {
  name: string;
  title: string;
  description: string;
  /** Names of its arguments. */
  args: readonly string[];
  /** What people say when they mean it; with commas in between. */
  said: string;
  readOnly: boolean;
}

/** How much a word tells of a tool. */
export interface Posting {
  tool: SearchedTool;
  weight: number;
  inTitle: boolean;
}

/** A word that stands for the one that was looked for. */
export interface FoundWord {
  word: string;
  /** 1 for the word itself. */
  likeness: number;
  postings: readonly Posting[];
}

/** How much a word counts where it stands, and how many words stand there usually; tuned on `tests/mcp/search/`. */
const FIELDS = {
  name: { boost: 2, usual: 5 },
  title: { boost: 1.5, usual: 5 },
  description: { boost: 0.6, usual: 25 },
  args: { boost: 0.2, usual: 7 },
  said: { boost: 4, usual: 40 },
  pairs: { boost: 1.5, usual: 40 },
} as const;
type Field = keyof typeof FIELDS;

/**
 * Words of one tool, those of its description last, and of all tools together, of which each has its
 * share: a server may say as many as it likes, and everybody waits while they are sorted.
 */
export const MOST_WORDS = 200;
export const MOST_WORDS_IN_ALL = 100_000;
/** A share is no smaller. */
const LEAST_WORDS = 30;

/** As usual for BM25+. */
const K = 1.2;
const B = 0.7;
const D = 0.5;

/** Shorter words are others' beginnings by chance. */
const LEAST_PREFIX = 4;
/** Shorter words are one letter from one another. */
const LEAST_FUZZY = 5;
/** Letters that a misspelt word may differ by, per letter, and in all: more take very long to find. */
const [FUZZY, MOST_FUZZY] = [0.2, 3];

/** With two letters in each other's place a shorter word is another. */
const LEAST_SWAPPED = 4;
const AS_SWAPPED = 0.5;

/** Tools, by their words. */
export class ToolIndex {
  /** Its tools. */
  readonly size: number;
  /** Words that are kept, each as often as there are tools that say it. */
  words = 0;
  /** Beside the tree, which takes its time to give what is known exactly. */
  readonly #words = new Map<string, Posting[]>();
  /** For words that are alike. */
  readonly #tree = new SearchableMap<Posting[]>();
  readonly #titles = new Map<SearchedTool, readonly string[]>();

  constructor(tools: readonly SearchedTool[]) {
    this.size = tools.length;
    const share = Math.floor(MOST_WORDS_IN_ALL / Math.max(1, tools.length));
    const most = Math.min(MOST_WORDS, Math.max(LEAST_WORDS, share));
    for (const tool of tools) this.#add(tool, most);
    // Two words are no other spelling of one.
    for (const [word, postings] of this.#words) {
      if (!word.includes("_")) this.#tree.set(word, postings);
    }
  }

  #add(tool: SearchedTool, most: number): void {
    const postings = new Map<string, Posting>();
    const title = new Set(wordsOf(tool.title));
    this.#titles.set(tool, [...title].filter((word) => !IDLE.has(word)));
    for (const [field, words] of Object.entries(fieldsOf(tool)) as [Field, string[]][]) {
      const { boost, usual } = FIELDS[field];
      const counts = new Map<string, number>();
      for (const word of words.slice(0, most)) counts.set(word, (counts.get(word) ?? 0) + 1);
      const length = 1 - B + B * words.length / usual;
      for (const [word, count] of counts) {
        if (!postings.has(word) && postings.size >= most) continue;
        const posting = postings.get(word) ?? { tool, weight: 0, inTitle: false };
        postings.set(word, posting);
        posting.weight += boost * (D + count * (K + 1) / (count + K * length));
        posting.inTitle ||= field === "title";
      }
    }
    this.words += postings.size;
    for (const [word, posting] of postings) {
      const known = this.#words.get(word);
      if (known === undefined) this.#words.set(word, [posting]);
      else known.push(posting);
    }
  }

  /** The words of a tool's title that say something. */
  title(tool: SearchedTool): readonly string[] {
    return this.#titles.get(tool) ?? [];
  }

  /** In how many tools a word stands. */
  count(word: string): number {
    return this.#words.get(word)?.length ?? 0;
  }

  /** Where a word stands. */
  find(word: string): FoundWord[] {
    const postings = this.#words.get(word);
    return postings === undefined ? [] : [{ word, likeness: 1, postings }];
  }

  /** Words that begin with one, or are spelled much like it; `isKnown`: it is not misspelt. */
  alike(word: string, isKnown: boolean): FoundWord[] {
    const found: FoundWord[] = [];
    if (word.length >= LEAST_PREFIX) {
      for (const [other, postings] of this.#tree.atPrefix(word)) {
        if (other === word) continue;
        const likeness = 0.4 * word.length / other.length;
        found.push({ word: other, likeness, postings });
      }
    }
    if (isKnown) return found;
    if (word.length >= LEAST_SWAPPED) {
      for (const other of swapped(word)) {
        const postings = this.#words.get(other);
        if (postings !== undefined) found.push({ word: other, likeness: AS_SWAPPED, postings });
      }
    }
    if (word.length < LEAST_FUZZY) return found;
    const most = Math.min(MOST_FUZZY, Math.round(word.length * FUZZY));
    for (const [other, [postings, distance]] of this.#tree.fuzzyGet(word, most)) {
      if (distance === 0) continue;
      const likeness = 0.3 * other.length / (other.length + distance);
      found.push({ word: other, likeness, postings });
    }
    return found;
  }
}

/** A word with two letters that follow each other changed about: to the tree these are two misspelt ones. */
function swapped(word: string): string[] {
  return Array.from(
    { length: word.length - 1 },
    (_, at) => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2),
  );
}

function fieldsOf({ name, title, description, args, said }: SearchedTool): Record<Field, string[]> {
  const phrases = [name.replace(/^[a-z0-9]+_/i, ""), title, ...said.split(",")];
  return {
    name: wordsOf(name),
    title: wordsOf(title),
    said: wordsOf(said),
    pairs: phrases.flatMap((phrase) => pairsOf(wordsOf(phrase))),
    args: wordsOf(args.join(" ")),
    description: wordsOf(description),
  };
}
