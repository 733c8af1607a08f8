/**
 * Finds secrets in what others answer. Who was given a secret to call with may
 * repeat it by mistake, in an error's text or an echo of the request, or on
 * purpose, for a client that was never meant to have it.
 *
 * As it stands in a text it is replaced. In another form (escaped, in base64
 * or hexadecimal, cut in pieces) there is no telling where it ends: then the
 * whole is withheld. This is a net and no proof: whoever has a secret can
 * always write it in a way that nobody looks for.
 *
 * The work grows with the length of what is searched, and no faster.
 *
 * @module
 */

import { hexOfBytes } from "../broker/core/random_secret.ts";
import { escapeAt, SPECIAL } from "./escapes.ts";
import { isSurelyClean } from "./glance.ts";
import { Sieve } from "./sieve.ts";
import { bareOf, base64Of, hexOf, looseBase64Of, wholeBase64 } from "./views.ts";

/** Shorter ones stand in ordinary words: to look for them would withhold what is harmless. */
export const LEAST_SECRET = 8;
/** From here on no accident spells one, so it is also looked for across gaps. */
const STRONG = 16;
/** How often a text is unescaped: `%255c` is `\`, twice escaped. */
const ROUNDS = 4;
/** Each takes its time, and no honest answer holds so many. */
export const MAX_ESCAPES = 500_000;
/** Nothing honest is nested deeper. */
const DEPTH = 100;
const REMOVED = "[removed]";
/** Members' names are no longer, in characters, and hardly ever more of them in one result. */
const [SHORT, MOST_SEEN] = [40, 1_000];

const encoder = new TextEncoder();

/** A value without secrets, or that it cannot be had without them. */
export type Searched<T> = { kind: "clean"; value: T } | { kind: "withheld" };

/**
 * `value`, which is JSON, with every secret replaced or not at all; `isClean`: what tells of most values
 * that there is nothing to search for.
 */
export function withoutSecrets<T>(
  value: T,
  secrets: Iterable<string>,
  isClean = isSurelyClean,
): Searched<T> {
  const raws = [...new Set(secrets)].filter((secret) => secret.length >= LEAST_SECRET)
    // A longer one may hold a shorter one, and must not be left in halves.
    .sort((a, b) => b.length - a.length);
  if (raws.length === 0) return { kind: "clean", value };
  const sought = soughtFor(raws);
  // A number in hexadecimal may stand there in other letters than it is looked for.
  const isPlain = sought.needles.every(({ lower }) => lower === undefined);
  if (isPlain && isClean(value, sought.sieve, { depth: DEPTH, least: LEAST_SECRET })) {
    return { kind: "clean", value };
  }
  const found = new Found(sought);
  const cleaned = found.clean(value, 0) as T;
  return found.withheld || found.hidden()
    ? { kind: "withheld" }
    : { kind: "clean", value: cleaned };
}

/** What is looked for: secrets in their forms, and what tells soon that a text holds none. */
interface Sought {
  needles: Needle[];
  sieve: Sieve;
  /** A shorter text holds none across gaps: what is resolved or left out makes none longer. */
  leastBare: number;
}

/** Made for each call: kept, secrets would be in memory for longer than they are used. */
function soughtFor(raws: string[]): Sought {
  const needles = raws.map(needleOf);
  const words = needles.flatMap(({ raw, base64 }) => [raw, ...base64]);
  const strong = needles.flatMap(({ bare, base64 }) => bare === undefined ? [] : [bare, ...base64]);
  return {
    needles,
    sieve: new Sieve(words, needles.map(({ hex }) => hex)),
    leastBare: Math.min(...strong.map((form) => form.length)),
  };
}

/** A secret in its forms. */
interface Needle {
  raw: string;
  /** Its bytes, a character each, where that is not the same. */
  bytes: string;
  /** In lower case, where it is a number in hexadecimal: the case says nothing. */
  lower: string | undefined;
  /** Of base64, what its three places in a longer text have in common. */
  base64: string[];
  hex: string;
  /** Without what is neither letter nor digit, if that leaves enough. */
  bare: string | undefined;
}

function needleOf(raw: string): Needle {
  const utf8 = encoder.encode(raw);
  const bytes = utf8.length === raw.length ? raw : latin1(utf8);
  const bare = bareOf(raw);
  return {
    raw,
    bytes,
    lower: /^[0-9a-f-]+$/i.test(raw) ? raw.toLowerCase() : undefined,
    base64: [0, 1, 2].map((before) => base64At(bytes, before)),
    hex: hexOfBytes(utf8),
    bare: bare.length >= STRONG ? bare : undefined,
  };
}

/** Those characters of base64 that only these bytes make, with so many others before them. */
function base64At(bytes: string, before: number): string {
  const whole = btoa("\0".repeat(before) + bytes);
  const bits = (before + bytes.length) * 8;
  return whole.slice(Math.ceil(before * 8 / 6), Math.floor(bits / 6));
}

interface Looked {
  cleaned: string;
  decoded: string | undefined;
}

/** What one value holds, gathered on one walk. */
class Found {
  /** A text that cannot be replaced holds one, or nobody can look deep enough. */
  withheld = false;
  #escapes = 0;
  readonly #needles: Needle[];
  readonly #sieve: Sieve;
  readonly #leastBare: number;
  /** Every text, and every member's name. */
  readonly #pieces: string[] = [];
  readonly #names: string[] = [];
  readonly #values: string[] = [];
  readonly #decoded: string[] = [];
  /** Texts that come again: members' names, mostly. */
  readonly #seen = new Map<string, Looked>();
  /** The texts of members of one name: those of content blocks a reader puts together. */
  readonly #named = new Map<string, string[]>();

  constructor({ needles, sieve, leastBare }: Sought) {
    this.#needles = needles;
    this.#sieve = sieve;
    this.#leastBare = leastBare;
  }

  /** The value without raw secrets; itself where it holds none. */
  clean(value: unknown, depth: number): unknown {
    if (typeof value === "string") return this.#text(value, this.#values);
    if (typeof value === "number") this.#whole(String(value), this.#values);
    if (typeof value !== "object" || value === null || this.withheld) return value;
    if (depth > DEPTH) {
      this.withheld = true;
      return value;
    }
    if (Array.isArray(value)) {
      // Node writes a buffer as its bytes' numbers.
      if (value.length >= LEAST_SECRET && value.every(isByte)) {
        this.#whole(latin1(value), this.#values);
        return value;
      }
      const cleaned = value.map((each) => this.clean(each, depth + 1));
      return cleaned.every((each, at) => each === value[at]) ? value : cleaned;
    }
    return this.#members(value as Record<string, unknown>, depth);
  }

  #members(value: Record<string, unknown>, depth: number): unknown {
    let changed: Map<string, unknown> | undefined;
    for (const name of Object.keys(value)) {
      const was = value[name];
      // What is called otherwise is something else.
      this.#whole(name, this.#names);
      const cleaned = this.clean(was, depth + 1);
      if (typeof cleaned === "string") this.#name(name).push(cleaned);
      if (cleaned !== was) (changed ??= new Map(Object.entries(value))).set(name, cleaned);
    }
    return changed === undefined ? value : Object.fromEntries(changed);
  }

  /** Whether one is there in another form, or in pieces. */
  hidden(): boolean {
    const suspects = [this.#values, this.#names, this.#decoded]
      .filter((texts) => this.#sieve.mayHide(texts));
    return this.#hidesForm(suspects.length > 0) ||
      suspects.some((texts) => this.#holds(texts.join(""), true)) ||
      // One alone stands among the values.
      this.#named.values().some((texts) => texts.length > 1 && this.#hidesBare(texts));
  }

  /**
   * `isSuspect`: whether some piece may hide one in letters. Across pieces none is hidden so: something
   * that no form of letters has is put between them.
   */
  #hidesForm(isSuspect: boolean): boolean {
    const pieces = this.#pieces;
    const blocks = this.#named.get("text") ?? [];
    return ((isSuspect || this.#mayHideNumber(pieces)) && this.#holds(pieces.join("\0"), false)) ||
      (blocks.length > 1 && this.#holds(blocks.join(""), false));
  }

  #mayHideNumber(pieces: string[]): boolean {
    // The letters of a number in hexadecimal may be written otherwise than they are looked for.
    return this.#needles.some(({ lower }) => lower !== undefined) ||
      this.#sieve.mayHoldHex(pieces);
  }

  #hidesBare(texts: string[]): boolean {
    return this.#sieve.mayHide(texts) && this.#holds(texts.join(""), true);
  }

  #name(name: string): string[] {
    const texts = this.#named.get(name) ?? [];
    if (texts.length === 0) this.#named.set(name, texts);
    return texts;
  }

  #text(text: string, among: string[]): string {
    const { cleaned, decoded } = this.#seen.get(text) ?? this.#look(text);
    among.push(cleaned);
    this.#pieces.push(cleaned);
    if (decoded !== undefined) {
      this.#decoded.push(decoded);
      this.#pieces.push(decoded);
    }
    return cleaned;
  }

  /** What a text is without secrets, and what it stands for as base64. */
  #look(text: string): Looked {
    let cleaned = text;
    for (const { raw } of this.#needles) {
      if (cleaned.includes(raw)) cleaned = cleaned.replaceAll(raw, REMOVED);
    }
    const looked = { cleaned, decoded: wholeBase64(cleaned, LEAST_SECRET) };
    if (text.length <= SHORT && this.#seen.size < MOST_SEEN) this.#seen.set(text, looked);
    return looked;
  }

  /** What cannot be replaced in part. */
  #whole(text: string, among: string[]): void {
    if (this.#text(text, among) !== text) this.withheld = true;
  }

  /** `loosely`: whatever stands between its characters. */
  #holds(text: string, loosely: boolean): boolean {
    if (loosely && text.length < this.#leastBare) return false;
    let view = text;
    for (let round = 0; round < ROUNDS; round++) {
      if (loosely ? this.#holdsBare(view) : this.#holdsForm(view)) return true;
      const next = this.#unescaped(view);
      if (this.#escapes > MAX_ESCAPES) return true;
      if (next === view) return false;
      view = next;
    }
    return loosely ? this.#holdsBare(view) : this.#holdsForm(view);
  }

  /** A text with the escapes of JSON, URLs and HTML resolved, once. */
  #unescaped(text: string): string {
    const parts: string[] = [];
    let done = 0;
    SPECIAL.lastIndex = 0;
    for (let found = SPECIAL.exec(text); found !== null; found = SPECIAL.exec(text)) {
      if (++this.#escapes > MAX_ESCAPES) break;
      const { character, length } = escapeAt(text, found.index);
      parts.push(text.slice(done, found.index), character);
      done = SPECIAL.lastIndex = found.index + length;
    }
    return parts.length === 0 ? text : parts.join("") + text.slice(done);
  }

  #holdsForm(text: string): boolean {
    const needles = this.#needles;
    if (needles.some(({ raw, bytes }) => text.includes(raw) || text.includes(bytes))) return true;
    if (this.#sieve.mayHoldWord(text)) {
      const base64 = base64Of(text);
      if (needles.some((needle) => needle.base64.some((form) => base64.includes(form)))) {
        return true;
      }
    }
    if (this.#sieve.mayHoldHex([text])) {
      const hex = hexOf(text);
      if (needles.some((needle) => hex.includes(needle.hex))) return true;
    }
    const numbers = needles.filter(({ lower }) => lower !== undefined);
    if (numbers.length === 0) return false;
    const lower = text.toLowerCase();
    return numbers.some((needle) => lower.includes(needle.lower!));
  }

  #holdsBare(text: string): boolean {
    if (!this.#sieve.mayHoldWord(text)) return false;
    const strong = this.#needles.filter(({ bare }) => bare !== undefined);
    if (strong.length === 0) return false;
    const bare = bareOf(text);
    if (strong.some((needle) => bare.includes(needle.bare!))) return true;
    const base64 = looseBase64Of(text);
    return strong.some((needle) => needle.base64.some((form) => base64.includes(form)));
  }
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function latin1(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
