/**
 * Sentences with places in braces, as the catalogues have them, and what is put
 * into these places: texts, or parts of a page.
 *
 * @module
 */

import type { Child } from "hono/jsx";

/** A sentence in the forms that its language has for a number (`Intl.PluralRules`). */
export type Plural = { one: string; other: string };

/** Fills a sentence's places; the pieces stand in the order of its language. */
export function say(sentence: string, values: Record<string, Child>): Child[] {
  return sentence.split(/\{(\w+)\}/).map((piece, at) =>
    at % 2 === 0 ? piece : valueOf(piece, values)
  );
}

/** As `say()`, where all is text. */
export function sayText(sentence: string, values: Record<string, string | number>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(valueOf(name, values)));
}

/** The form of a number, with `{count}` and the rest filled in. */
export function counted(
  lang: string,
  { one, other }: Plural,
  count: number,
  values: Record<string, string> = {},
): string {
  const form = new Intl.PluralRules(lang).select(count) === "one" ? one : other;
  return sayText(form, { ...values, count: new Intl.NumberFormat(lang).format(count) });
}

function valueOf<T>(name: string, values: Record<string, T>): T {
  if (!Object.hasOwn(values, name)) throw new TypeError(`Cannot fill {${name}}: nothing is given`);
  return values[name]!;
}
