/**
 * Tells of most texts, in one pass and without making another text, that they
 * do not hold a secret in base64, in hexadecimal or with gaps. What it lets
 * through is searched in earnest: it may let through too much, never too little.
 *
 * A form of a secret stands in a view of the text (`views.ts`) in one piece. So
 * do its letters and digits, or its hexadecimal digits, among the text's own;
 * and so does each short piece of them, one after the other. Pieces of a text
 * that none of the forms has, by a small table, are the rule.
 *
 * @module
 */

import { bareOf, hexOf } from "./views.ts";

/** Pieces are of so many characters: 4 of 6 bits, or 6 of 4 bits. */
const [LETTERS_A_PIECE, DIGITS_A_PIECE] = [4, 6];
/** Shorter forms have too few pieces to tell by. */
const LEAST_PIECES = 4;
const PIECE_BITS = 0xffffff;
/** Places in a table: a bit for each would be too many, and a few that share one do no harm. */
const PLACE_BITS = 12;

const NUMBER_OF_LETTER = numbered("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
const NUMBER_OF_DIGIT = numbered("0123456789abcdef");
NUMBER_OF_DIGIT.copyWithin(0x41, 0x61, 0x67);
const [ZERO, SMALL_X, LARGE_X] = [0x30, 0x78, 0x58];
const NUMBER_OF_ZERO = NUMBER_OF_DIGIT[ZERO]!;

/** The number of each ASCII character, from 1 on; of all others none (0). */
function numbered(characters: string): Uint8Array {
  const numbers = new Uint8Array(128);
  // The last letter's is 62, so that 6 bits are enough.
  for (const [at, character] of Array.from(characters).entries()) {
    numbers[character.charCodeAt(0)] = (at + 1) & 0x3f;
  }
  return numbers;
}

/** What a text can be told by: which pieces the forms have, and how many follow each other. */
interface Pieces {
  places: Uint8Array;
  /** Of the shortest form; 0: there is one that is too short to tell by. */
  least: number;
}

/** Sorts out texts that hold none of some forms. */
export class Sieve {
  readonly #letters: Pieces;
  readonly #digits: Pieces;

  /** `words`: forms in base64, or without what is neither letter nor digit; `hex`: in hexadecimal. */
  constructor(words: string[], hex: string[]) {
    this.#letters = piecesOf(words.map(bareOf), NUMBER_OF_LETTER, {
      bits: 6,
      length: LETTERS_A_PIECE,
    });
    this.#digits = piecesOf(hex.map(hexOf), NUMBER_OF_DIGIT, { bits: 4, length: DIGITS_A_PIECE });
  }

  /** Whether `looseBase64Of`, `base64Of` or `bareOf` of a text may hold a form. */
  mayHoldWord(text: string): boolean {
    const { places, least } = this.#letters;
    if (least === 0) return true;
    let [piece, run] = [0, 0];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const number = code < 128 ? NUMBER_OF_LETTER[code]! : 0;
      if (number === 0) continue;
      piece = (piece << 6 | number) & PIECE_BITS;
      if (places[placeOf(piece)] === 0) run = 0;
      else if (++run >= least) return true;
    }
    return false;
  }

  /** Whether `hexOf` of a text may hold a form. */
  mayHoldHex(text: string): boolean {
    const { places, least } = this.#digits;
    if (least === 0) return true;
    let [piece, run] = [0, 0];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const number = code < 128 ? NUMBER_OF_DIGIT[code]! : 0;
      if (number === 0) continue;
      // It belongs to a `0x`.
      if (number === NUMBER_OF_ZERO && isX(text.charCodeAt(at + 1))) continue;
      piece = (piece << 4 | (number - 1)) & PIECE_BITS;
      if (places[placeOf(piece)] === 0) run = 0;
      else if (++run >= least) return true;
    }
    return false;
  }
}

function isX(code: number): boolean {
  return code === SMALL_X || code === LARGE_X;
}

/** The pieces of forms; `number - 1` where 4 bits are all there is. */
function piecesOf(
  forms: string[],
  numbers: Uint8Array,
  { bits, length }: { bits: number; length: number },
): Pieces {
  const places = new Uint8Array(1 << PLACE_BITS);
  const less = bits === 4 ? 1 : 0;
  let least = Infinity;
  for (const form of forms) {
    const count = form.length - length + 1;
    if (count < LEAST_PIECES) return { places, least: 0 };
    least = Math.min(least, count);
    let piece = 0;
    for (let at = 0; at < form.length; at++) {
      piece = (piece << bits | (numbers[form.charCodeAt(at)]! - less)) & PIECE_BITS;
      if (at >= length - 1) places[placeOf(piece)] = 1;
    }
  }
  return { places, least };
}

function placeOf(piece: number): number {
  return Math.imul(piece, 0x9e3779b1) >>> (32 - PLACE_BITS);
}
