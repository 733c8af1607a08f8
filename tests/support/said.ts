/**
 * Whether a tool's data says what its text says: some clients show a model the
 * data alone. A net for every number, quotation, link, date and name; the words
 * between them are the tool's own.
 *
 * @module
 */

import { oneLine, speakSize } from "../../providers/text.ts";
import type { Json } from "./api.ts";

/** Providers, and what they call things. */
const OWN_WORDS = /\b(GitHub|Google Drive|Google Calendar|Google|Gmail|Slack|Asana|Linear)\b/g;
const DAY = "(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, )?";
const MONTHS =
  "January February March April May June July August September October November December"
    .split(" ");
const DATE = new RegExp(`${DAY}(${MONTHS.join("|")}) (\\d{1,2})(?:, (\\d{4}))?`, "g");
const TIME = /\b\d{1,2}:\d{2}\s[AP]M\b/g;
const DAY_MS = 24 * 60 * 60_000;

/** What a text says and the data does not. */
export function unsaid(text: string, data: Json): string[] {
  const { texts, numbers, sizes } = contentsOf(data);
  const hay = texts.map(oneLine).join("\n");
  const bare = hay.toLowerCase().replaceAll(/(?<=\d),(?=\d{3})/g, "");
  const written = [...numbers, ...(bare.match(/\d+/g) ?? []).map(Number)];
  // What is listed, and together with what is not.
  const counts = [
    ...written,
    ...sizes.flatMap((size) => [size, ...written.map((left) => size + left)]),
  ];
  let rest = oneLine(text);
  const missing: string[] = [];
  // What had to be cut for a long list says so, and goes on as the text does.
  const cut = texts.map(oneLine).filter((item) => /.{9}…$/.test(item)).map((item) =>
    item.slice(0, -1)
  );
  const has = (item: string) =>
    bare.includes(item.toLowerCase()) || cut.some((start) => item.startsWith(start));
  const take = (pattern: RegExp, isSaid: (...parts: string[]) => boolean) => {
    rest = rest.replaceAll(pattern, (...found) => {
      const parts = found.slice(0, -2).map((part) => String(part ?? ""));
      if (!isSaid(...parts)) missing.push(parts[0]!);
      return " ";
    });
  };
  // What was quoted as far as there is room, before what stands in it is taken out of it.
  for (const item of texts.map(oneLine).sort(byLength)) rest = withoutQuoted(rest, item);
  // Whole pieces of the data first: what stands in them is said.
  for (const item of texts.map(oneLine).filter(({ length }) => length > 3).sort(byLength)) {
    rest = withoutStart(rest.replaceAll(item, " "), item);
  }
  for (const item of texts.map(oneLine).filter(({ length }) => length === 2 || length === 3)) {
    rest = rest.replaceAll(
      new RegExp(`(?<![\\p{L}\\d])${RegExp.escape(item)}(?![\\p{L}\\d])`, "gu"),
      " ",
    );
  }
  for (const start of cut) {
    const end = `(?=[";…]|, | from |$)`;
    rest = rest.replaceAll(new RegExp(`${RegExp.escape(start)}.*?${end}`, "gu"), " ");
  }
  take(/\(No [a-z]+\)|\ba task without a name\b/g, () => texts.includes(""));
  take(/https?:\S+/g, has);
  take(DATE, (_, month, day, year) => hasDate(hay, month!, Number(day), year!));
  take(TIME, () => /\dT\d\d:?\d\d|\d{2}:\d{2}/.test(hay));
  take(/[\d.,]+ (?:bytes?|kB|MB)\b/g, (size) => numbers.some((n) => speakSize(n) === size));
  // How many of a list were not named.
  take(/\band (\d+) (?:more|others?)\b/gi, (_, more) => counts.some((all) => all >= Number(more)));
  // Their places in the list.
  take(/(?<=^|\. ?|\s)(\d): /g, (_, place) => sizes.some((size) => size >= Number(place)));
  take(/"([^"]*)"/g, (_, quoted) => has(oneLine(quoted!)));
  take(/\d[\d,]*(?:\.\d+)?/g, (digits) => {
    const number = Number(digits.replaceAll(",", ""));
    return counts.includes(number);
  });
  rest = rest.replaceAll(OWN_WORDS, " ");
  // What a sentence begins with is its own.
  take(/(?<![.!?"…] | {2}|^\s*)\b\p{Lu}[\p{L}\p{M}-]+/gu, has);
  return missing;
}

function byLength(one: string, other: string): number {
  return other.length - one.length;
}

/** Without `"the beginning of an it…"`, whatever quotation marks stand in the item itself. */
function withoutQuoted(rest: string, item: string): string {
  const start = `"${item.slice(0, 9)}`;
  let kept = rest;
  for (let at = kept.indexOf(start); at >= 0; at = kept.indexOf(start, at + 1)) {
    const end = kept.indexOf('…"', at);
    if (end < 0) break;
    const quoted = kept.slice(at + 1, end);
    if (item.startsWith(quoted)) kept = `${kept.slice(0, at)} ${kept.slice(end + 2)}`;
  }
  return kept;
}

/** Without what was shortened: `The beginning of a l…`. */
function withoutStart(rest: string, item: string): string {
  const parts = rest.split("…");
  return parts.map((part, at) => {
    if (at === parts.length - 1) return part;
    for (let length = Math.min(item.length, part.length); length > 3; length--) {
      const start = item.slice(0, length).trimEnd();
      if (part.endsWith(start)) return `${part.slice(0, -start.length)} `;
    }
    return `${part}…`;
  }).join("");
}

/** A day of the data, or the one before or after it: a zone may lie between. */
function hasDate(hay: string, month: string, day: number, year: string): boolean {
  const days = [...hay.matchAll(/(\d{4})-?(\d{2})-?(\d{2})/g)]
    .map(([, y, m, d]) => Date.UTC(Number(y), Number(m) - 1, Number(d)));
  return days.some((at) =>
    [-DAY_MS, 0, DAY_MS].some((off) => {
      const date = new Date(at + off);
      return MONTHS[date.getUTCMonth()] === month && date.getUTCDate() === day &&
        (year === "" || date.getUTCFullYear() === Number(year));
    })
  );
}

function contentsOf(data: Json): { texts: string[]; numbers: number[]; sizes: number[] } {
  const found = { texts: [] as string[], numbers: [] as number[], sizes: [] as number[] };
  const look = (value: Json): void => {
    if (typeof value === "string") found.texts.push(value);
    else if (typeof value === "number") found.numbers.push(value);
    else if (typeof value === "object" && value !== null) {
      if (Array.isArray(value)) found.sizes.push(value.length);
      Object.values(value).forEach(look);
    }
  };
  look(data);
  // People are counted over all the lists that they stand in.
  found.sizes.push(found.sizes.reduce((sum, size) => sum + size, 0));
  return found;
}
