/**
 * XML as Office writes it, piece by piece.
 *
 * The tokenizer is htmlparser2's, without the parser above it: that one keeps a list of what is
 * open, and looks through it at each end. This one keeps nothing, so each character costs the same
 * however deep it stands. It knows the five entities of XML itself and numbers, and no document
 * types: nothing is ever fetched or multiplied. What is no XML is passed over.
 *
 * @module
 */

import { Tokenizer } from "htmlparser2";

/** Of one element; Office writes a few dozen at most. */
export const MAX_ATTRIBUTES = 200;
/** Read at once. Whoever has enough stops between two of these. */
const SLICE = 4_096;

/** Names are without their prefix, which every program chooses for itself. */
export interface Attribute {
  name: string;
  hasPrefix: boolean;
  value: string;
}

/** A piece. Text comes as one until the next tag. */
export type Piece =
  | { type: "open"; name: string; attributes: readonly Attribute[] }
  | { type: "close"; name: string }
  | { type: "text"; text: string };

/** Whoever reads something long says now and then that it goes on. */
export interface Ticking {
  tick: () => void;
}

/** The pieces of a text; an element without content opens and closes. */
export function* pieces(xml: string, { tick }: Ticking): Generator<Piece> {
  const collector = new Collector(xml);
  for (let at = 0; at < xml.length;) {
    tick();
    at = collector.read(at, Math.min(at + SLICE, xml.length));
    if (at === xml.length) collector.end();
    for (const piece of collector.take()) {
      tick();
      yield piece;
    }
  }
}

/** Makes pieces of what the tokenizer tells, which are places in the text. */
class Collector {
  readonly #xml: string;
  readonly #tokenizer: Tokenizer;
  /** Where the tokenizer's places count from. */
  #base = 0;
  /** Where to go on behind a document type. */
  #next: number | undefined;
  #pieces: Piece[] = [];
  #text = "";
  #name = "";
  #attributes: Attribute[] = [];
  #attribute: Attribute | undefined;

  constructor(xml: string) {
    this.#xml = xml;
    const text = (start: number, end: number) => {
      this.#text += this.#slice(start, end);
    };
    const open = () => {
      this.#add({ type: "open", name: this.#name, attributes: this.#attributes });
    };
    this.#tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: true }, {
      ontext: text,
      ontextentity: (code) => {
        this.#text += String.fromCodePoint(code);
      },
      oncdata: (start, end, rest) => text(start, end - rest),
      onopentagname: (start, end) => {
        this.#name = localName(this.#slice(start, end));
        this.#attributes = [];
        this.#attribute = undefined;
      },
      onattribname: (start, end) => {
        if (this.#attributes.length >= MAX_ATTRIBUTES) return;
        const name = this.#slice(start, end);
        this.#attribute = { name: localName(name), hasPrefix: name.includes(":"), value: "" };
      },
      onattribdata: (start, end) => {
        if (this.#attribute !== undefined) this.#attribute.value += this.#slice(start, end);
      },
      onattribentity: (code) => {
        if (this.#attribute !== undefined) this.#attribute.value += String.fromCodePoint(code);
      },
      onattribend: () => {
        if (this.#attribute !== undefined) this.#attributes.push(this.#attribute);
        this.#attribute = undefined;
      },
      onopentagend: open,
      onselfclosingtag: () => {
        open();
        this.#add({ type: "close", name: this.#name });
      },
      onclosetag: (start, end) => {
        this.#add({ type: "close", name: localName(this.#slice(start, end)) });
      },
      ondeclaration: (start, end) => this.#passOver(start, end),
      oncomment() {},
      onprocessinginstruction() {},
      onend() {},
    });
  }

  /** Takes in a part of the text; gives where to go on. */
  read(from: number, to: number): number {
    this.#tokenizer.write(this.#xml.slice(from, to));
    const next = this.#next;
    if (next === undefined) return to;
    this.#next = undefined;
    this.#tokenizer.reset();
    this.#base = next;
    return next;
  }

  end(): void {
    this.#tokenizer.end();
    this.#flush();
  }

  /** What there is since the last time. */
  take(): Piece[] {
    const taken = this.#pieces;
    this.#pieces = [];
    return taken;
  }

  /**
   * Office writes no document type. To the tokenizer one with definitions ends with the first of
   * them, and what others define would be read as the document's own text.
   */
  #passOver(start: number, end: number): void {
    if (!this.#slice(start, end).includes("[")) return;
    const close = this.#xml.indexOf("]>", this.#base + start);
    this.#next = close < 0 ? this.#xml.length : close + 2;
    this.#tokenizer.pause();
  }

  #slice(start: number, end: number): string {
    return this.#xml.slice(this.#base + start, this.#base + end);
  }

  #add(piece: Piece): void {
    this.#flush();
    this.#pieces.push(piece);
  }

  #flush(): void {
    if (this.#text !== "") this.#pieces.push({ type: "text", text: this.#text });
    this.#text = "";
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** The attribute of that name, whatever its prefix. */
export function attribute(attributes: readonly Attribute[], name: string): string | undefined {
  return attributes.find((one) => one.name === name)?.value;
}

/** Walks over pieces, and knows which are within an element whose content is not wanted. */
export class Skipping {
  readonly #names: readonly string[];
  #name = "";
  #depth = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Whether this piece is to be passed over. */
  skips(piece: Piece): boolean {
    if (this.#depth === 0) {
      if (piece.type !== "open" || !this.#names.includes(piece.name)) return false;
      this.#name = piece.name;
      this.#depth = 1;
      return true;
    }
    if (piece.type === "text" || piece.name !== this.#name) return true;
    this.#depth += piece.type === "open" ? 1 : -1;
    return true;
  }
}
