/**
 * What a request looks for: its words, what they stand for, and what the shape
 * of a name says of it.
 *
 * @module
 */

import { IDLE, inEnglish, READS, SAID_IN_WORDS, SYNONYMS, WRITES } from "./vocabulary.ts";
import { wordForm } from "./word_form.ts";

/** A word to look for, and how much it counts. */
export interface Sought {
  word: string;
  weight: number;
  /** Whether it was said: only such a word may be misspelt. */
  said: boolean;
}

/** Of a request, what comes after these letters, and after these words, is not looked for. */
export const MAX_REQUEST = 500;
export const MAX_WORDS = 40;
/** Longer words are no words. */
const MAX_LENGTH = 40;

const AS_SYNONYM = 0.6;
const IN_ENGLISH = 0.8;
const BY_SHAPE = 0.6;
const IN_PHRASE = 0.6;
const AS_BASE = 0.8;
const AS_PAIR = 1;

/** Days and times. */
const WHEN =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|today|tonight|tomorrow|heute|morgen|hoy|lunes|martes|miercoles|jueves|viernes|sabado|domingo|o'clock|daily|weekly|monthly|(?:this|next) (?:week|month|morning|afternoon|evening)|\d{1,2}(?::\d\d)? ?(?:am|pm|uhr))\b/i;

/** How things are written, and what they are then. */
const SHAPES: [RegExp, string[]][] = [
  [/(?:^|\s)#[a-z][\w-]*/, ["slack", "channel", "message"]],
  [/\b[A-Z]{2,6}-\d+\b/, ["linear", "issue"]],
  [/(?:^|\s)#\d+\b/, ["github", "issue", "pull", "request"]],
  [/(?:^|\s)[A-Za-z][\w.-]*\/[\w.-]+(?=[\s:,#?!]|$)/, ["github", "repository"]],
  [/(?:^|\s)\/[\w.-]+(?:\/[\w.*-]+)*/, ["filesystem", "path"]],
  // A question for yes or no.
  [/^\s*(?:is|are|am|do|does|did|has|have|can)\s/i, ["check"]],
  [WHEN, ["calendar", "event"]],
  [
    /\b[\w-]+\.(?:[cm]?[jt]sx?|json|ya?ml|toml|py|go|rs|java|rb|php|c|h|cpp|cs|sh|css|html|md|lock)\b/,
    [
      "file",
      "code",
    ],
  ],
  [/\b(?:dockerfile|makefile|readme|changelog)\b/i, ["file"]],
  [/\b[a-z]+[A-Z]\w+\b/, ["code"]],
  [/\*\.\w+/, ["file", "pattern"]],
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b/, ["commit", "sha"]],
];

/** The words of a text as they are compared: small, without accents, one thing and many alike. */
export function wordsOf(text: string): string[] {
  // Words that are written together: listIssues.
  return wordsAsWritten(text.replace(/(?<=[a-z0-9])(?=[A-Z][a-z])/g, " "));
}

/** The same of what is asked for: there such a word is a name in somebody's code. */
function wordsAsWritten(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/\bre-(?=[a-z])/g, "re")
    .replace(/\b(e)-(?=mail)/g, "$1")
    .replace(/\bto-do/g, "todo")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && word.length <= MAX_LENGTH)
    .map(wordForm);
}

/** What to look for: each is one thing, in the words that may stand for it, the best first. */
export function soughtIn(request: string): Sought[][] {
  const text = request.slice(0, MAX_REQUEST);
  const things: Sought[][] = [];
  const seen = new Set<string>();
  const words = wordsAsWritten(text).slice(0, MAX_WORDS);
  for (const word of words) {
    if (IDLE.has(word) || seen.has(word)) continue;
    seen.add(word);
    const forms = new Map([[word, 1]]);
    const put = (form: string, weight: number) => {
      if ((forms.get(form) ?? 0) < weight) forms.set(form, weight);
    };
    const english = inEnglish(word);
    for (const base of basesOf(word)) put(base, AS_BASE);
    for (const form of english) put(form, IN_ENGLISH);
    for (const form of [word, ...basesOf(word), ...english.slice(0, 1)]) {
      for (const other of SYNONYMS.get(form) ?? []) put(other, AS_SYNONYM);
    }
    things.push([...forms].map(([form, weight]) => ({ word: form, weight, said: form === word })));
  }
  const one = (word: string, weight: number) => {
    if (seen.has(word)) return;
    seen.add(word);
    things.push([{ word, weight, said: false }]);
  };
  for (const [shape, meant] of SHAPES) {
    if (shape.test(text)) { for (const word of meant) one(word, BY_SHAPE); }
  }
  for (const { phrase, words } of SAID_IN_WORDS) {
    if (phrase.test(text)) { for (const word of words) one(word, IN_PHRASE); }
  }
  const many = text.toLowerCase().match(/[a-z]{3,}s\b/g) ?? [];
  const isMany = many.some((word) => !IDLE.has(word) && wordForm(word) !== word);
  if (isMany && intentOf(text) !== "writes") one("list", IN_PHRASE);
  for (const pair of pairsOf(words)) one(pair, AS_PAIR);
  return things;
}

/** Whether a request asks for something or wants it done, by the first word that says so. */
export function intentOf(text: string): "reads" | "writes" | undefined {
  for (const word of wordsAsWritten(text.slice(0, MAX_REQUEST))) {
    for (const form of [word, ...inEnglish(word)]) {
      if (WRITES.has(form) && !READS.has(form)) return "writes";
      if (READS.has(form)) return "reads";
    }
  }
  return undefined;
}

/** What was done is what is to be done: starred, forking. */
function basesOf(word: string): string[] {
  const [, stem] = /^(.{3,})(?:ed|ing|er)$/.exec(word) ?? [];
  if (stem === undefined) return [];
  const undoubled = /([bdgmnprt])\1$/.test(stem) ? [stem.slice(0, -1)] : [];
  return [stem, `${stem}e`, ...undoubled];
}

/** Words that stand side by side, but for those that mean nothing. */
export function pairsOf(words: readonly string[]): string[] {
  const said = words.filter((word) => !IDLE.has(word));
  return said.slice(1).map((word, index) => `${said[index]}_${word}`);
}
