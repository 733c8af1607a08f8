/**
 * Tells of most values, on one walk and without making anything of them, that
 * they hold no secret in any form that `secrets_in.ts` looks for. It is no
 * judge: what it does not let pass is searched in earnest. What it lets pass
 * that search would let pass too, or give up on for its length, since it looks at
 * all that is looked at there: at texts one after the other, at members' names,
 * at members of one name, and at what texts stand for that are base64 as a whole.
 *
 * @module
 */

import { bytesOfBinary } from "../broker/core/random_secret.ts";
import {
  ESCAPE,
  isAmong,
  isX,
  NUMBER_OF_DIGIT,
  NUMBER_OF_ZERO,
  NUMBER_OR_ESCAPE,
  PIECE_BITS,
  type Pieces,
  type Sieve,
} from "./sieve.ts";
import { isSpace, VALUE_OF_BASE64, wholeBase64 } from "./views.ts";

/** Pieces that were seen of one view of a value. */
interface Run {
  piece: number;
  /** How many of these follow each other that a form has. */
  length: number;
}

/** Members of one name, which a reader may put together. */
interface Named {
  letters: Run;
  /** Of the texts of content blocks alone: they are searched without what stands between. */
  digits: Run | undefined;
}

/** Of texts that are members of nothing. */
const NOBODYS = newRun();
const BLOCKS = "text";
/** Longer texts are decoded by themselves. */
const SHORT_TEXT = 4096;
const [PADDING, PERCENT, BACKSLASH, HASH] = [0x3d, 0x25, 0x5c, 0x23];
const END = -1;

/** Of what one look at a character tells: its number among letters and digits, or that an escape may begin. */
const NUMBER_BITS = 0xff;
/** It is hexadecimal too. */
const IS_DIGIT = 0x100;
/** What has it is not base64 as a whole. */
const ENDS_BASE64 = 0x200;
const MARKS = Uint16Array.from(NUMBER_OR_ESCAPE, (number, code) => {
  const isBase64 = VALUE_OF_BASE64[code]! < 64 || code === PADDING || isSpace(code);
  return number | (NUMBER_OF_DIGIT[code] === 0 ? 0 : IS_DIGIT) | (isBase64 ? 0 : ENDS_BASE64);
});

/** How deep a value is walked into, and from which length on texts and lists count. */
export interface GlanceOptions {
  depth: number;
  least: number;
}

/** Whether a value, which is JSON, surely holds none of the forms that a sieve was made of. */
export function isSurelyClean(value: unknown, sieve: Sieve, options: GlanceOptions): boolean {
  const { letters, digits } = sieve;
  // Of forms that are too short nothing is told.
  if (letters.least === 0 || digits.least === 0) return false;
  const isClean = new Glance(letters, digits, options).isClean(value, 0);
  // What was decoded may be a secret: it is not kept.
  decoded.fill(0);
  return isClean;
}

class Glance {
  readonly #letters: Pieces;
  readonly #digits: Pieces;
  readonly #depth: number;
  readonly #least: number;
  readonly #values = newRun();
  readonly #names = newRun();
  readonly #decoded = newRun();
  readonly #hex = newRun();
  readonly #named = new Map<string, Named>();

  constructor(letters: Pieces, digits: Pieces, { depth, least }: GlanceOptions) {
    this.#letters = letters;
    this.#digits = digits;
    this.#depth = depth;
    this.#least = least;
  }

  isClean(value: unknown, depth: number): boolean {
    if (typeof value === "string") return this.#text(value, this.#values, undefined);
    if (typeof value === "number") return this.#text(String(value), this.#values, undefined);
    if (typeof value !== "object" || value === null) return true;
    if (depth > this.#depth) return false;
    if (Array.isArray(value)) return this.#list(value, depth);
    const members = value as Record<string, unknown>;
    for (const name in members) {
      if (!this.#text(name, this.#names, undefined)) return false;
      const member = members[name];
      const isFine = typeof member === "string"
        ? this.#text(member, this.#values, this.#of(name))
        : this.isClean(member, depth + 1);
      if (!isFine) return false;
    }
    return true;
  }

  #list(list: unknown[], depth: number): boolean {
    // It may be a text, by its bytes' numbers.
    if (list.length >= this.#least && list.every((each) => typeof each === "number")) return false;
    for (const each of list) if (!this.isClean(each, depth + 1)) return false;
    return true;
  }

  #of(name: string): Named {
    let named = this.#named.get(name);
    if (named === undefined) {
      named = { letters: newRun(), digits: name === BLOCKS ? newRun() : undefined };
      this.#named.set(name, named);
    }
    return named;
  }

  /**
   * A text, as one of several that follow each other. What goes on in it is in variables: much is
   * cheaper so. Its first letter is looked at, and from there on each `step`th: so none of the views
   * that it belongs to is left unseen for longer, and from its fourth on they have the same pieces.
   * The same of its hexadecimal digits.
   */
  #text(text: string, among: Run, named: Named | undefined): boolean {
    const { places, step, least } = this.#letters;
    const digits = this.#digits;
    const { length } = text;
    // Behind a zero at the end of the block before, it makes a `0x`.
    if (named?.digits !== undefined && isX(text.charCodeAt(0))) return false;
    const beside = named?.letters ?? NOBODYS;
    const hexBeside = named?.digits ?? NOBODYS;
    let { piece, length: run } = among;
    let { piece: itsPiece, length: itsRun } = beside;
    let { piece: hex, length: hexRun } = this.#hex;
    let { piece: itsHex, length: itsHexRun } = hexBeside;
    let passed = step - 1;
    let hexPassed = digits.step - 1;
    let marks = 0;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code >= 128) {
        if (!isSpace(code)) marks |= ENDS_BASE64;
        continue;
      }
      const mark = MARKS[code]!;
      marks |= mark;
      const number = mark & NUMBER_BITS;
      if (number === ESCAPE) {
        const next = at + 1 < length ? text.charCodeAt(at + 1) : END;
        if (mayEscape(code, next, at + 2 < length ? text.charCodeAt(at + 2) : END)) return false;
      } else if (number !== 0) {
        piece = (piece << 6 | number) & PIECE_BITS;
        itsPiece = (itsPiece << 6 | number) & PIECE_BITS;
        if (++passed >= step) {
          passed = 0;
          const isOne = isAmong(places, piece);
          run = isOne ? run + 1 : 0;
          itsRun = (itsPiece === piece ? isOne : isAmong(places, itsPiece)) ? itsRun + 1 : 0;
          if (run >= least || (itsRun >= least && named !== undefined)) return false;
        }
        if ((mark & IS_DIGIT) === 0) continue;
        const digit = NUMBER_OF_DIGIT[code]!;
        if (digit === NUMBER_OF_ZERO && isX(text.charCodeAt(at + 1))) continue;
        hex = (hex << 4 | (digit - 1)) & PIECE_BITS;
        itsHex = (itsHex << 4 | (digit - 1)) & PIECE_BITS;
        if (++hexPassed < digits.step) continue;
        hexPassed = 0;
        const isOne = isAmong(digits.places, hex);
        hexRun = isOne ? hexRun + 1 : 0;
        itsHexRun = (itsHex === hex ? isOne : isAmong(digits.places, itsHex)) ? itsHexRun + 1 : 0;
        const isIts = itsHexRun >= digits.least && named?.digits !== undefined;
        if (hexRun >= digits.least || isIts) return false;
      }
    }
    keep(among, piece, run);
    keep(beside, itsPiece, itsRun);
    keep(this.#hex, hex, hexRun);
    keep(hexBeside, itsHex, itsHexRun);
    if (length < this.#least || (marks & ENDS_BASE64) !== 0) return true;
    if (length <= SHORT_TEXT) return this.#short(text);
    const long = wholeBase64(text, this.#least);
    return long === undefined || this.#bytes(bytesOfBinary(long), long.length);
  }

  /** A short text that has the characters of base64 alone, as what it stands for. */
  #short(text: string): boolean {
    let [padding, count, bits, size] = [0, 0, 0, 0];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const value = code < 128 ? VALUE_OF_BASE64[code]! : 64;
      if (value < 64) {
        if (padding > 0) return true;
        bits = (bits << 6 | value) & 0xffff;
        count += 1;
        // The first of four characters ends no byte.
        if ((count & 3) !== 1) decoded[size++] = bits >> ((-count & 3) * 2) & 0xff;
      } else if (code === PADDING && ++padding > 2) return true;
    }
    return count % 4 === 1 || this.#bytes(decoded, size);
  }

  /** What a text stands for: the first of these bytes. */
  #bytes(bytes: Uint8Array, size: number): boolean {
    const { places, step, least } = this.#letters;
    const digits = this.#digits;
    let { piece, length: run } = this.#decoded;
    let { piece: hex, length: hexRun } = this.#hex;
    let passed = step - 1;
    let hexPassed = digits.step - 1;
    for (let at = 0; at < size; at++) {
      const code = bytes[at]!;
      if (code >= 128) continue;
      const mark = MARKS[code]!;
      const number = mark & NUMBER_BITS;
      const next = at + 1 < size ? bytes[at + 1]! : END;
      if (number === ESCAPE) {
        if (mayEscape(code, next, at + 2 < size ? bytes[at + 2]! : END)) return false;
      } else if (number !== 0) {
        piece = (piece << 6 | number) & PIECE_BITS;
        if (++passed >= step) {
          passed = 0;
          run = isAmong(places, piece) ? run + 1 : 0;
          if (run >= least) return false;
        }
        if ((mark & IS_DIGIT) === 0) continue;
        const digit = NUMBER_OF_DIGIT[code]!;
        if (digit === NUMBER_OF_ZERO && isX(next)) continue;
        hex = (hex << 4 | (digit - 1)) & PIECE_BITS;
        if (++hexPassed < digits.step) continue;
        hexPassed = 0;
        hexRun = isAmong(digits.places, hex) ? hexRun + 1 : 0;
        if (hexRun >= digits.least) return false;
      }
    }
    keep(this.#decoded, piece, run);
    keep(this.#hex, hex, hexRun);
    return true;
  }
}

function keep(of: Run, piece: number, length: number): void {
  of.piece = piece;
  of.length = length;
}

/** What a text stands for, while it is looked at. */
const decoded = new Uint8Array(SHORT_TEXT);

function newRun(): Run {
  return { piece: 0, length: 0 };
}

/** Whether an escape may begin with a character, by the two behind it; at the end of a text it may. */
function mayEscape(code: number, next: number, last: number): boolean {
  if (next === END) return true;
  if (code === PERCENT) return isHexDigit(next);
  const letter = next | 0x20;
  // `\u`, `\x`, and those of one character.
  if (code === BACKSLASH) {
    return MARKS_BEHIND_BACKSLASH.includes(next) || letter === 0x75 || letter === 0x78;
  }
  if (next === HASH || last === END) return true;
  // `&amp;`, `&apos;`, `&lt;`, `&gt;`, `&quot;`, in any case.
  return ENTITY_BEGINNINGS.includes(letter << 8 | last | 0x20);
}

const MARKS_BEHIND_BACKSLASH = Array.from('"\\/bfnrt', (mark) => mark.charCodeAt(0));
const ENTITY_BEGINNINGS = ["am", "ap", "lt", "gt", "qu"].map((two) =>
  two.charCodeAt(0) << 8 | two.charCodeAt(1)
);

function isHexDigit(code: number): boolean {
  return code < 128 && NUMBER_OF_DIGIT[code] !== 0;
}
