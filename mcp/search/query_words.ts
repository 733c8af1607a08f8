/**
 * What a request looks for: its words, what they stand for, and what the shape
 * of a name says of it.
 *
 * @module
 */

import { inEnglish, separatedVerbs } from "./foreign_words.ts";
import { kindsOf } from "./kinds.ts";
import { IDLE, idleIn, type Language, languagesOf } from "./languages.ts";
import { type InWords, SAID_IN_WORDS } from "./phrases.ts";
import { CONTENT, NAMES, SHAPES, WHEN } from "./shapes.ts";
import { READS, SYNONYMS, WRITES } from "./vocabulary.ts";
import { wordForm } from "./word_form.ts";

/** A word to look for, and how much it counts. */
export interface Sought {
  word: string;
  weight: number;
  /** Whether it was said, and does not stand for what was. */
  said: boolean;
  /** Whether it may be another word that was misspelt. */
  misspelt: boolean;
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
/** As much weight has what a request names, and not only touches. */
const NAMED_WELL = 0.5;
/** A day or a time: much that is asked for has one, and most of it is an event. */
const BY_DAY = 0.4;
/** A day, where what is asked for is no event: what a task is due by. */
const BY_DAY_AMONG_OTHERS = 0.2;
const OTHER_THINGS: ReadonlySet<string> = new Set(
  ["task", "issue", "email", "file", "message", "channel", "pull", "commit"],
);
const AS_BASE = 0.8;
const AS_KIND = 0.6;
/** A word that is a part of a phrase, by itself. */
const AS_PART = 0.6;
/** And a part of a name. */
const AS_NAME = 0.5;

const AS_PAIR = 1;

/** The words of a text as they are compared: small, without accents, one thing and many alike. */
export function wordsOf(text: string): string[] {
  // Words that are written together: listIssues.
  return wordsAsWritten(text.replace(/(?<=[a-z0-9])(?=[A-Z][a-z])/g, " "));
}

/** The same of what is asked for: there such a word is a name in somebody's code. */
function wordsAsWritten(text: string): string[] {
  return plain(text)
    .replace(/\bre-(?=[a-z])/g, "re")
    .replace(/\b(e)-(?=mail)/g, "$1")
    .replace(/\bto-do/g, "todo")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && word.length <= MAX_LENGTH)
    .map(wordForm);
}

/** Small, and without accents. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll("ß", "ss").normalize("NFD").replace(/\p{M}/gu, "");
}

/** What to look for: each is one thing, in the words that may stand for it, the best first. */
export function soughtIn(request: string): Sought[][] {
  const text = request.slice(0, MAX_REQUEST);
  const inPlain = plain(text);
  const words = wordsAsWritten(text).slice(0, MAX_WORDS);
  const languages = languagesOf(words);
  const translate = translatorFor(languages);
  const idle = idleIn(languages);
  const phrases = phrasesIn(inPlain);
  const verbs = separatedVerbs(inPlain);
  const parts = new Set([...phrases, ...verbs].flatMap(({ parts }) => parts));
  const names = namesIn(text);
  const things: Sought[][] = [];
  const seen = new Set<string>();
  for (const word of words) {
    if (idle.has(word) || seen.has(word)) continue;
    seen.add(word);
    const share = parts.has(word) ? AS_PART : names.has(word) ? AS_NAME : 1;
    things.push(formsOf(word, translate(word), share));
  }
  const one = (word: string, weight: number) => {
    if (seen.has(word)) return;
    seen.add(word);
    things.push([{ word, weight, said: false, misspelt: false }]);
  };
  for (const { verb } of verbs) {
    for (const word of translate(verb)) one(word, IN_ENGLISH);
  }
  for (const [shape, meant] of SHAPES) {
    if (shape.test(text)) { for (const word of meant) one(word, BY_SHAPE); }
  }
  if (WHEN.test(inPlain)) {
    const isOther = things.flat()
      .some(({ word, weight }) => OTHER_THINGS.has(word) && weight >= NAMED_WELL);
    for (const word of ["calendar", "event"]) one(word, isOther ? BY_DAY_AMONG_OTHERS : BY_DAY);
  }
  for (const { words } of phrases) for (const word of words) one(word, IN_PHRASE);
  const many = text.toLowerCase().match(/[a-z]{3,}s\b/g) ?? [];
  const isMany = many.some((word) => !IDLE.has(word) && wordForm(word) !== word);
  if (isMany && intentOf(text) !== "writes") one("list", IN_PHRASE);
  for (const pair of pairsOf(words)) one(pair, AS_PAIR);
  return things;
}

/** Words that stand in names alone: between quotes, or of a repository. */
function namesIn(text: string): Set<string> {
  const rest = text.replace(CONTENT, " ").replace(NAMES, " ");
  if (rest === text) return new Set();
  const elsewhere = new Set(wordsAsWritten(rest));
  return new Set(wordsAsWritten(text).filter((word) => !elsewhere.has(word)));
}

/** A word that was said, and all that it may stand for. */
function formsOf(word: string, english: readonly string[], share: number): Sought[] {
  const forms = new Map([[word, 1]]);
  const put = (form: string, weight: number) => {
    if ((forms.get(form) ?? 0) < weight) forms.set(form, weight);
  };
  const bases = basesOf(word);
  for (const base of bases) put(base, AS_BASE);
  for (const form of english) put(form, IN_ENGLISH);
  for (const form of [word, ...bases]) {
    for (const kind of kindsOf(form)) put(kind, AS_KIND);
  }
  for (const form of [word, ...bases, ...english.slice(0, 1)]) {
    for (const other of SYNONYMS.get(form) ?? []) put(other, AS_SYNONYM);
  }
  return [...forms].map(([form, weight]) => {
    const said = form === word;
    return { word: form, weight: weight * share, said, misspelt: said && english.length === 0 };
  });
}

/** The phrases in a text; what several words say together none of them says alone. */
function phrasesIn(text: string): InWords[] {
  const spans: { index: number; end: number }[] = [];
  return SAID_IN_WORDS.filter(({ phrase, isOne, start }) => {
    const match = text.includes(start) ? phrase.exec(text) : null;
    if (match === null) return false;
    const { index } = match;
    if (isOne && spans.some((span) => span.index <= index && index < span.end)) return false;
    spans.push({ index, end: index + match[0].length });
    return true;
  });
}

/** How requests begin that ask, or only name what is to be shown: "my repos". */
const ASKS = [
  /^\s*(?:my|our|all|any|latest|biggest|info|details?|meine?|unsere?|mis?)\s/,
  /^[\s¿]*(?:(?:a|con|de|en|para|por) )?(?:que|quien(?:es)?|cual(?:es)?|cuant[oa]s?|cuando|donde|como)\s/,
  /^\s*(?:(?:an|auf|aus|bei|fur|in|mit|seit|um|von|zu) )?(?:welche[mnrs]?|wer|wen|wem|wann|was|warum|wie|wo)\s/,
];

/** Whether a request asks for something or wants it done, by the first word that says so. */
export function intentOf(text: string): "reads" | "writes" | undefined {
  const asked = plain(text.slice(0, MAX_REQUEST));
  const words = wordsAsWritten(asked);
  const translate = translatorFor(languagesOf(words));
  if (ASKS.some((start) => start.test(asked))) return "reads";
  for (const word of words) {
    for (const form of [word, ...translate(word)]) {
      if (WRITES.has(form) && !READS.has(form)) return "writes";
      if (READS.has(form)) return "reads";
    }
  }
  return undefined;
}

/** What reads German and Spanish, where a request may be of those. */
function translatorFor(languages: ReadonlySet<Language>): (word: string) => readonly string[] {
  if (!languages.has("English")) return (word) => inEnglish(word, languages);
  if (languages.size === 1) return () => [];
  const isEnglish = (word: string) => SYNONYMS.has(word) || READS.has(word) || WRITES.has(word);
  return (word) => isEnglish(word) ? [] : inEnglish(word, languages);
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
