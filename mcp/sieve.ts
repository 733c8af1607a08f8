/**
 * Tells of most texts, in one pass and without making another text, that they
 * do not hold a secret: as it is, in base64, in hexadecimal or with gaps. What
 * it lets through is searched in earnest: it may let through too much, never
 * too little.
 *
 * A form of a secret stands in a view of the text (`views.ts`) in one piece. So
 * do its letters and digits, or its hexadecimal digits, among the text's own;
 * and so does each short piece of them, one after the other. Pieces of a text
 * that none of the forms has, by a small table, are the rule.
 *
 * @module
 */

import { SPECIAL } from "./escapes.ts";
import { LETTERS_AND_DIGITS } from "./views.ts";

/** Pieces are of so many characters: 4 of 6 bits, or 6 of 4 bits. */
const [LETTERS_A_PIECE, DIGITS_A_PIECE] = [4, 6];
/** Shorter forms have too few pieces to tell by. */
const LEAST_PIECES = 4;
/** Pieces further apart have no character in common. */
const MOST_STEP = 4;
export const PIECE_BITS = 0xffffff;
/** Places in a table: one for each piece would be too many, and a few that share one do no harm. */
const PLACE_BITS = 12;
/** Places that one number holds: small numbers, which cost nothing to make and to leave. */
const WORD_BITS = 4;

const NUMBER_OF_LETTER = numbered(LETTERS_AND_DIGITS);
/** Of hexadecimal digits, in either case. */
export const NUMBER_OF_DIGIT = numbered("0123456789abcdef");
NUMBER_OF_DIGIT.copyWithin(0x41, 0x61, 0x67);
export const NUMBER_OF_ZERO = NUMBER_OF_DIGIT[0x30]!;
const [SMALL_X, LARGE_X] = [0x78, 0x58];
/** In the place of a letter's number: here an escape may begin. */
export const ESCAPE = 0xff;
/** Of letters and digits, and where an escape may begin. */
export const NUMBER_OR_ESCAPE = NUMBER_OF_LETTER.map((number, code) =>
  String.fromCharCode(code).search(SPECIAL) < 0 ? number : ESCAPE
);

/** The number of each ASCII character, from 1 on; of all others none (0). */
function numbered(characters: string): Uint8Array {
  const numbers = new Uint8Array(128);
  // The last letter's is 62, so that 6 bits are enough.
  for (const [at, character] of Array.from(characters).entries()) {
    numbers[character.charCodeAt(0)] = (at + 1) & 0x3f;
  }
  return numbers;
}

/** What a text can be told by. */
export interface Pieces {
  /** Which pieces the forms have. */
  places: number[];
  /** Of what has so many pieces one after the other, only each so-manieth is looked at. */
  step: number;
  /** How many of these follow each other in the shortest form; 0: there is one too short to tell by. */
  least: number;
}

/** Sorts out texts that hold none of some forms. */
export class Sieve {
  /** Of what is written in letters and digits. */
  readonly letters: Pieces;
  /** Of what is written in hexadecimal. */
  readonly digits: Pieces;

  /** `words`: forms in base64, or with other characters between; `hex`: in hexadecimal. */
  constructor(words: string[], hex: string[]) {
    this.letters = piecesOf(words, NUMBER_OF_LETTER, { bits: 6, length: LETTERS_A_PIECE });
    this.digits = piecesOf(hex, NUMBER_OF_DIGIT, { bits: 4, length: DIGITS_A_PIECE });
  }

  /**
   * Whether texts, one after the other as if they were one, may hold a form in letters, or an escape,
   * behind which anything may stand.
   */
  mayHide(texts: readonly string[]): boolean {
    return this.#mayHoldLetters(texts, NUMBER_OR_ESCAPE);
  }

  /** Whether `looseBase64Of`, `base64Of` or `bareOf` of a text may hold a form. */
  mayHoldWord(text: string): boolean {
    return this.#mayHoldLetters([text], NUMBER_OF_LETTER);
  }

  #mayHoldLetters(texts: readonly string[], numbers: Uint8Array): boolean {
    const { places, step, least } = this.letters;
    if (least === 0) return true;
    let [piece, passed, run] = [0, 0, 0];
    for (const text of texts) {
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        const number = code < 128 ? numbers[code]! : 0;
        if (number === 0) continue;
        if (number === ESCAPE) return true;
        piece = (piece << 6 | number) & PIECE_BITS;
        if (++passed < step) continue;
        passed = 0;
        if (!isAmong(places, piece)) run = 0;
        else if (++run >= least) return true;
      }
    }
    return false;
  }

  /** Whether `hexOf` of texts, one after the other and something that is no letter between, may hold a form. */
  mayHoldHex(texts: readonly string[]): boolean {
    const { places, step, least } = this.digits;
    if (least === 0) return true;
    let [piece, passed, run] = [0, 0, 0];
    for (const text of texts) {
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        const number = code < 128 ? NUMBER_OF_DIGIT[code]! : 0;
        if (number === 0) continue;
        // It belongs to a `0x`.
        if (number === NUMBER_OF_ZERO && isX(text.charCodeAt(at + 1))) continue;
        piece = (piece << 4 | (number - 1)) & PIECE_BITS;
        if (++passed < step) continue;
        passed = 0;
        if (!isAmong(places, piece)) run = 0;
        else if (++run >= least) return true;
      }
    }
    return false;
  }
}

/** Of `0x`. */
export function isX(code: number): boolean {
  return code === SMALL_X || code === LARGE_X;
}

/** The pieces of forms; `number - 1` where 4 bits are all there is. */
function piecesOf(
  forms: string[],
  numbers: Uint8Array,
  { bits, length }: { bits: number; length: number },
): Pieces {
  const places: number[] = new Array(1 << (PLACE_BITS - WORD_BITS)).fill(0);
  const less = bits === 4 ? 1 : 0;
  let shortest = Infinity;
  for (const form of forms) {
    let [piece, count] = [0, 1 - length];
    for (let at = 0; at < form.length; at++) {
      const code = form.charCodeAt(at);
      const number = code < 128 ? numbers[code]! : 0;
      if (number === 0) continue;
      piece = (piece << bits | (number - less)) & PIECE_BITS;
      if (++count <= 0) continue;
      const place = placeOf(piece);
      places[place >> WORD_BITS]! |= 1 << (place & 0xf);
    }
    shortest = Math.min(shortest, count);
  }
  if (shortest < LEAST_PIECES) return { places, step: 1, least: 0 };
  const step = Math.min(MOST_STEP, Math.floor(shortest / LEAST_PIECES));
  return { places, step, least: Math.floor(shortest / step) };
}

/** Whether a piece is one of the forms', or shares its place. */
export function isAmong(places: number[], piece: number): boolean {
  const place = placeOf(piece);
  return (places[place >> WORD_BITS]! >> (place & 0xf) & 1) === 1;
}

function placeOf(piece: number): number {
  return Math.imul(piece, 0x9e3779b1) >>> (32 - PLACE_BITS);
}
