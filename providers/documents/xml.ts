/**
 * XML as Office writes it, piece by piece. No document types, so no entities beside the five of
 * XML itself and numbers: nothing is ever fetched or multiplied. What is no XML is passed over.
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";

/** A piece. `name` is without its prefix, which every program chooses for itself. */
export type Piece =
  | { type: "open"; name: string; attributes: string }
  | { type: "close"; name: string }
  | { type: "text"; text: string };

/** Whoever reads something long says now and then that it goes on. */
export interface Ticking {
  tick: () => void;
}

/** The pieces of a text; an element without content opens and closes. */
export function* pieces(xml: string, { tick }: Ticking): Generator<Piece> {
  let at = 0;
  while (at < xml.length) {
    tick();
    const open = xml.indexOf("<", at);
    const end = open < 0 ? xml.length : open;
    if (end > at) yield { type: "text", text: decode(xml.slice(at, end)) };
    if (open < 0) return;
    if (xml.startsWith("<![CDATA[", open)) {
      const close = indexOr(xml, "]]>", open);
      yield { type: "text", text: xml.slice(open + 9, close) };
      at = close + 3;
    } else if (xml.startsWith("<!--", open)) {
      at = indexOr(xml, "-->", open + 4) + 3;
    } else if (xml.startsWith("<!", open)) {
      // Office writes no document type. One that has definitions ends with `]>`.
      const close = indexOr(xml, ">", open);
      const bracket = xml.slice(open, close).includes("[");
      at = bracket ? indexOr(xml, "]>", open) + 2 : close + 1;
    } else if (xml.startsWith("<?", open)) {
      at = indexOr(xml, "?>", open) + 2;
    } else {
      const close = tagEnd(xml, open);
      yield* tag(xml.slice(open + 1, close));
      at = close + 1;
    }
  }
}

function* tag(inside: string): Generator<Piece> {
  const isEnd = inside.startsWith("/");
  const isEmpty = inside.endsWith("/");
  const body = inside.slice(isEnd ? 1 : 0, isEmpty ? -1 : undefined);
  const space = body.search(/\s/);
  const full = space < 0 ? body : body.slice(0, space);
  const name = full.slice(full.indexOf(":") + 1);
  if (isEnd) yield { type: "close", name };
  else yield { type: "open", name, attributes: space < 0 ? "" : body.slice(space) };
  if (isEmpty && !isEnd) yield { type: "close", name };
}

/** The `>` that ends a tag: one in quotes does not. */
function tagEnd(xml: string, open: number): number {
  let close = indexOr(xml, ">", open);
  const first = xml.slice(open, close);
  if (!/["']/.test(first)) return close;
  let quote = "";
  for (close = open; close < xml.length; close++) {
    const character = xml.charAt(close);
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === ">") break;
  }
  return close;
}

function indexOr(xml: string, what: string, from: number): number {
  const at = xml.indexOf(what, from);
  return at < 0 ? xml.length : at;
}

/** The attribute of that name, whatever its prefix. */
export function attribute(attributes: string, name: string): string | undefined {
  let at = attributes.indexOf(name);
  for (; at >= 0; at = attributes.indexOf(name, at + 1)) {
    const before = attributes.charAt(at - 1);
    const equals = /^\s{0,8}=\s{0,8}(["'])/.exec(
      attributes.slice(at + name.length, at + name.length + 20),
    );
    if (equals === null || !/[\s:]/.test(before)) continue;
    const start = at + name.length + equals[0].length;
    const end = indexOr(attributes, equals[1] ?? "", start);
    return decode(attributes.slice(start, end));
  }
  return undefined;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi,
    (whole, hex, dec, name) => {
      if (name !== undefined) return lookUp(ENTITIES, name) ?? whole;
      const code = hex === undefined ? Number(dec) : parseInt(hex, 16);
      const isValid = code > 0 && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
      return isValid ? String.fromCodePoint(code) : "";
    },
  );
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
