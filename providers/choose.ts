/**
 * Which of several things is meant by a name that somebody said aloud.
 *
 * @module
 */

import { invalid, notFound } from "./api_errors.ts";
import { enumerate, shortLine } from "./text.ts";

const SPOKEN_NAME = 60;
/** More than these nobody listens to, and a message has an end. */
const MAX_CHOICES = 4;
const MAX_KNOWN = 4;

/** Without regard to case, accents and spaces: a voice hears none of them. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[\p{Cc}\p{Z}]+/gu, " ")
    .trim().toLowerCase();
}

/** What was said, among what, and how to speak of it. */
export interface Choice<T> {
  wanted: string;
  items: T[];
  /** All that it may be called. */
  names(item: T): (string | null | undefined)[];
  /** What it is also known by, and others might be meant by too: a handle that is a first name. */
  handles?(item: T): (string | null | undefined)[];
  /** Tells it from others of its name: `Ana Lima, ana@example.com`. */
  label(item: T): string;
  /** `person in Linear`, and of several: `people in Linear`. */
  noun: string;
  plural: string;
  /** What there is, where nothing is called so. */
  known?: string[] | undefined;
  /** There are others, which were not fetched. */
  more?: boolean | undefined;
}

/** Called exactly so; all that was said is among the words of its name; a part of its name. */
type Fit = 3 | 2 | 1 | 0;

/**
 * The only one that is called so, or else the only one whose name has all the words that were
 * said. A mere part of a word is a guess, and is asked back.
 *
 * @throws {ApiError} where it is none, or not sure which.
 */
export function choose<T>(choice: Choice<T>): T {
  const { wanted, items, names, label, noun, plural, more } = choice;
  const said = `"${shortLine(wanted, SPOKEN_NAME)}"`;
  const fits = items.map((item) => {
    const byHandle = fitOf(wanted, choice.handles?.(item) ?? []);
    return { item, fit: Math.max(fitOf(wanted, names(item)), Math.min(byHandle, 2)) };
  });
  const best = Math.max(0, ...fits.map(({ fit }) => fit));
  const found = best === 0 ? [] : fits.filter(({ fit }) => fit === best).map(({ item }) => item);
  const [only, ...others] = found;
  if (only === undefined && more) {
    throw notFound(`No ${noun} called ${said} is among the first ${items.length}. Say its id.`);
  }
  if (only === undefined) {
    const known = (choice.known ?? []).map((name) => shortLine(name, SPOKEN_NAME));
    const there = known.length === 0 ? "" : ` There is: ${enumerate(known.slice(0, MAX_KNOWN))}.`;
    throw notFound(`There is no ${noun} called ${said}.${there}`);
  }
  if (others.length === 0 && (best === 3 || (best === 2 && !more))) return only;
  const labels = found.slice(0, MAX_CHOICES).map((item) => shortLine(label(item), SPOKEN_NAME));
  const left = found.length > labels.length || more ? "; and others" : "";
  const question = others.length === 0
    ? `There is no ${noun} called exactly ${said}, but there is: `
    : `There are several ${plural} called ${said}: `;
  throw invalid(`${question}${enumerate(labels)}${left}. Say which one is meant.`);
}

function fitOf(wanted: string, names: (string | null | undefined)[]): Fit {
  const said = fold(wanted);
  if (said === "") return 0;
  const known = names.flatMap((name) => name ? [fold(name)] : []);
  if (known.includes(said)) return 3;
  const words = said.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const hasAll = (name: string) => {
    const its = name.split(/[^\p{L}\p{N}]+/u);
    return words.length > 0 && words.every((word) => its.includes(word));
  };
  if (known.some(hasAll)) return 2;
  return known.some((name) => name.includes(said)) ? 1 : 0;
}
