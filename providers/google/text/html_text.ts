/**
 * The text of an HTML mail. It is read by a model or a voice and shown nowhere,
 * so this need not be safe to put into a page; it must be quick with any input,
 * and must not say what a person who looks at the mail does not see.
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";
import { attributesOf, isSeen, type Look, lookOf, PAGE, readSheet } from "./html_look.ts";
import { decodeEntities } from "./html_entities.ts";
import { writeLink } from "./html_link.ts";
import { visible } from "./visible_text.ts";

/** Mails have style sheets of this size; what comes later is left out. */
const MAX_HTML = 2_000_000;

/** Browsers stop at this depth too. */
const MAX_OPEN = 500;
const MAX_LABEL = 300;
/** What is at work of a line: at each link its end is looked at, and a page may be one line. */
const MAX_LINE_END = 2_000;
/** Longer is no mark of an item, however many are counted. */
const MAX_MARK = 40;

/** What is between these is not meant to be read. */
const UNREAD = ["script", "style", "title", "template", "svg", "iframe", "noframes", "noembed"];

/** These begin a new line. */
const BLOCK =
  /^(?:address|article|aside|blockquote|br|caption|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tbody|tfoot|thead|tr|ul)$/;

/** These have no end. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;

const CELLS = ["td", "th", "table", "caption"];
const TABLE_PARTS = ["table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"];

/** What is closed by the beginning of another, up to what stands around it. */
const IMPLIED: Record<string, [closed: string[], within: string[]]> = {
  li: [["li"], ["ul", "ol", "td", "th", "table"]],
  dt: [["dt", "dd"], ["dl", "td", "th", "table"]],
  dd: [["dt", "dd"], ["dl", "td", "th", "table"]],
  td: [["td", "th"], ["table"]],
  th: [["td", "th"], ["table"]],
  tr: [["tr"], ["table"]],
  tbody: [["tbody", "thead", "tfoot"], ["table"]],
  thead: [["tbody", "thead", "tfoot"], ["table"]],
  tfoot: [["tbody", "thead", "tfoot"], ["table"]],
  a: [["a"], ["td", "th", "table"]],
};

/** An element that is open. */
interface Element {
  name: string;
  look: Look;
  /** Of an ordered list: the number of the next item. */
  next?: number;
  /** Of a table: whether its columns mean something. */
  isData?: boolean;
  /** Of a row: how many cells it has so far. */
  cells?: number;
  /** Of a link. */
  href?: string;
  label?: string;
}

/** The words of a page in lines, without tags; one pass. */
export function htmlToText(html: string): string {
  const source = html.slice(0, MAX_HTML);
  const text = new Page(source).read();
  // Where everything is kept from a voice, that was no decoration.
  const shown = source.replace(/\saria-hidden\s*=/gi, " data-hidden=");
  return text === "" && shown !== source ? new Page(shown).read() : text;
}

/** Whether a text is so long that {@linkcode htmlToText} leaves something out. */
export function isTooLongHtml(html: string): boolean {
  return html.length > MAX_HTML;
}

class Page {
  readonly #source: string;
  readonly #lines: string[] = [];
  #isAfterLink = false;
  /** The line that is being written: what of it is done with, and its end. */
  readonly #start: string[] = [];
  #line = "";
  readonly #open: Element[] = [{ name: "", look: { ...PAGE } }];
  /** Where elements of a name stand among the open ones: nothing is searched for, however many are. */
  readonly #places = new Map<string, number[]>();
  readonly #hiddenBySheet = new Set<string>();
  readonly #linked = new Set<string>();

  constructor(source: string) {
    this.#source = source;
  }

  read(): string {
    const source = this.#source;
    let at = 0;
    while (at < source.length) {
      const open = source.indexOf("<", at);
      if (open < 0) break;
      this.#say(source.slice(at, open));
      at = this.#tag(open);
    }
    if (at < source.length) this.#say(source.slice(at));
    this.#close(1);
    this.#endLine();
    return this.#lines.map((line) => visible(line).replace(/\s+/g, " ").trim())
      .map((line) => /^(?:-|\d+\.)$/.test(line) && this.#wasMark.has(line) ? "" : line)
      .join("\n").replace(/\n{3,}/g, "\n\n").trim();
  }

  /** Marks of items that turned out to be empty. */
  readonly #wasMark = new Set<string>();

  get #top(): Element {
    return this.#open.at(-1)!;
  }

  #say(source: string): void {
    if (source === "" || !isSeen(this.#top.look)) return;
    const isPre = this.#nearest(["pre"]) > 0;
    const [first = "", ...rest] = isPre ? source.split(/\r\n?|\n/) : [source.replace(/\s+/g, " ")];
    this.#add(decodeEntities(first));
    for (const line of rest) {
      this.#break();
      this.#add(decodeEntities(line));
    }
  }

  #add(text: string): void {
    // "the menu (https://…)." and not "the menu (https://…) ."
    if (this.#isAfterLink && /^[\p{L}\p{N}(]/u.test(text)) this.#line += " ";
    if (text !== "") this.#isAfterLink = false;
    this.#write(text);
    const link = this.#open[this.#nearest(["a"])]!;
    if (link.label !== undefined && link.label.length < MAX_LABEL) {
      link.label += text.slice(0, MAX_LABEL);
    }
  }

  #write(text: string): void {
    this.#line += text;
    if (this.#line.length <= MAX_LINE_END) return;
    this.#start.push(this.#line);
    this.#line = "";
  }

  #endLine(): void {
    this.#lines.push(this.#start.join("") + this.#line);
    this.#start.length = 0;
    this.#line = "";
  }

  /** The mark of a list's item stays on the line of its text. */
  #break(): void {
    const isMark = this.#start.length === 0 && this.#line.length < MAX_MARK &&
      /^\s*(?:-|\d+\.) $/.test(this.#line);
    if (isMark) return;
    this.#endLine();
    const link = this.#open[this.#nearest(["a"])]!;
    if (link.label) link.label += " ";
  }

  /** Takes in a tag, with all that is not to be read; gives where it ends. */
  #tag(open: number): number {
    const source = this.#source;
    const toEnd = (end: number, skip: number) => end < 0 ? source.length : end + skip;
    if (source.startsWith("<!--", open)) {
      const empty = /^<!---?>/.exec(source.slice(open, open + 6));
      return empty === null ? toEnd(source.indexOf("-->", open + 4), 3) : open + empty[0].length;
    }
    const [, slash, tag] = /^<(\/?)([a-z][a-z0-9]*)|/i.exec(source.slice(open, open + 20)) ?? [];
    if (tag === undefined && !/[!?/]/.test(source[open + 1] ?? "")) {
      this.#say("<");
      return open + 1;
    }
    if (tag === undefined) return toEnd(source.indexOf(">", open), 1);
    const end = endOfTag(source, open + 1);
    const name = tag.toLowerCase();
    if (slash === "/") {
      this.#end(name);
      return end;
    }
    if (UNREAD.includes(name)) return this.#skip(name, end);
    this.#begin(name, attributesOf(source.slice(open + 1 + tag.length, end)));
    return end;
  }

  #skip(name: string, start: number): number {
    const close = new RegExp(`</${name}\\b`, "gi");
    close.lastIndex = start;
    const closing = close.exec(this.#source);
    // As in a browser, an element without an end takes in the rest. (Looking for the end of each of
    // many such elements would take time that grows with the square of their number.)
    if (closing === null) return this.#source.length;
    if (name === "style") {
      const css = this.#source.slice(start, closing.index);
      if (readSheet(css, this.#hiddenBySheet)) this.#open[0]!.look.background = undefined;
    }
    const end = this.#source.indexOf(">", closing.index);
    return end < 0 ? this.#source.length : end + 1;
  }

  #begin(name: string, attributes: Map<string, string>): void {
    const isBlock = BLOCK.test(name);
    if (isBlock && name !== "br") this.#closeNearest(["p"], CELLS);
    const implied = lookUp(IMPLIED, name);
    if (implied !== undefined) this.#closeNearest(...implied);
    const look = lookOf(this.#top.look, name, attributes, this.#hiddenBySheet);
    if (isBlock) this.#break();
    if (name === "td" || name === "th") this.#cell(name, attributes);
    if (name === "li" && isSeen(look)) this.#mark();
    if (name === "img" && isSeen(look) && !isPixel(attributes)) {
      const alt = attributes.get("alt")?.trim() ?? "";
      if (alt !== "") this.#add(` ${alt.replace(/\s+/g, " ")} `);
    }
    if (VOID.test(name) || name === "html" || name === "head") return;
    // Beyond this depth nothing has a look of its own; what hides something still does.
    if (this.#open.length >= MAX_OPEN) {
      if (look.hidden) this.#top.look = look;
      return;
    }
    this.#push({
      name,
      look,
      ...(name === "ol" ? { next: Number(attributes.get("start") ?? 1) || 1 } : {}),
      ...(name === "table" ? { isData: Number(attributes.get("border") ?? 0) > 0 } : {}),
      ...(name === "tr" ? { cells: 0 } : {}),
      ...(name === "a" ? { href: attributes.get("href") ?? "", label: "" } : {}),
    });
  }

  /** Cells of a table that is no mere layout are kept apart. */
  #cell(name: string, attributes: Map<string, string>): void {
    const table = this.#open[this.#nearest(["table"])]!;
    const isLayout = attributes.get("role") === "presentation";
    if (table.isData === false && name === "th" && !isLayout) table.isData = true;
    const row = this.#open[this.#nearest(["tr"])]!;
    const isNext = (row.cells ?? 0) > 0;
    if (row.cells !== undefined) row.cells++;
    this.#write(table.isData && isNext ? " | " : " ");
  }

  #mark(): void {
    const list = this.#open[this.#nearest(["ol", "ul"])]!;
    if (list.name === "") return;
    const mark = list.next === undefined ? "-" : `${list.next++}.`;
    this.#wasMark.add(mark);
    // An item without a text leaves its place to the next.
    this.#start.length = 0;
    this.#line = `${mark} `;
  }

  #end(name: string): void {
    if (BLOCK.test(name)) this.#break();
    else if (name === "td" || name === "th") this.#write(" ");
    // What comes after their ends is shown all the same.
    if (name === "body" || name === "html") return;
    const within = name === "table" ? [] : TABLE_PARTS.includes(name) ? ["table"] : CELLS;
    this.#closeNearest([name], within);
  }

  /** Where the innermost open element of these names stands; 0, the page, if there is none. */
  #nearest(names: string[]): number {
    let nearest = 0;
    for (const name of names) nearest = Math.max(nearest, this.#places.get(name)?.at(-1) ?? 0);
    return nearest;
  }

  #push(element: Element): void {
    const places = this.#places.get(element.name);
    if (places === undefined) this.#places.set(element.name, [this.#open.length]);
    else places.push(this.#open.length);
    this.#open.push(element);
  }

  /** Closes the innermost open element of these names, and what is open inside of it. */
  #closeNearest(names: string[], within: string[]): void {
    const at = this.#nearest(names);
    if (at > this.#nearest(within)) this.#close(at);
  }

  /** Closes all from this place on. */
  #close(from: number): void {
    while (this.#open.length > from) {
      const { name, href, label, look } = this.#open.pop()!;
      this.#places.get(name)!.pop();
      if (href === undefined || !isSeen(look)) continue;
      const link = writeLink(visible(label ?? "").replace(/\s+/g, " ").trim(), href, this.#linked);
      if (link === "") continue;
      this.#line = this.#line.trimEnd();
      this.#write(` ${link}`);
      this.#isAfterLink = true;
    }
  }
}

/** Where a tag ends: a `>` in quotation marks does not end it. */
function endOfTag(source: string, start: number): number {
  let before = "";
  for (let at = start; at < source.length; at++) {
    const char = source[at]!;
    if (char === ">") return at + 1;
    if ((char === '"' || char === "'") && before === "=") {
      const close = source.indexOf(char, at + 1);
      if (close < 0) return source.length;
      at = close;
    }
    if (!/\s/.test(char)) before = char;
  }
  return source.length;
}

/** An image that only tells its sender that the mail was opened. */
function isPixel(attributes: Map<string, string>): boolean {
  const style = attributes.get("style") ?? "";
  const isDot = (side: string) =>
    /^\s*[01](px)?\s*$/.test(attributes.get(side) ?? "") ||
    new RegExp(`(^|[;\\s])${side}\\s*:\\s*[01](px)?\\s*(!|;|$)`, "i").test(style);
  return isDot("width") || isDot("height");
}
