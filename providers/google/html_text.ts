/**
 * The text of an HTML mail. It is read by a model or a voice and shown nowhere,
 * so this need not be safe to put into a page; it must be quick with any input.
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";

/** Mails have style sheets of this size; what comes later is left out. */
const MAX_HTML = 2_000_000;

/** What is between these is not meant to be read. */
const UNREAD = ["script", "style", "title", "template"];

/** These begin a new line. */
const BLOCK =
  /^(?:address|article|aside|blockquote|br|caption|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tbody|tfoot|thead|tr|ul)$/;

const ENTITIES: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ensp: " ",
  emsp: " ",
  thinsp: " ",
  shy: "",
  zwnj: "",
  zwj: "\u200D",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  lsquo: "‘",
  rsquo: "’",
  sbquo: "‚",
  ldquo: "“",
  rdquo: "”",
  bdquo: "„",
  laquo: "«",
  raquo: "»",
  bull: "•",
  middot: "·",
  copy: "©",
  reg: "®",
  trade: "™",
  euro: "€",
  pound: "£",
  yen: "¥",
  cent: "¢",
  sect: "§",
  deg: "°",
  times: "×",
  frac12: "½",
  szlig: "ß",
  aelig: "æ",
  AElig: "Æ",
  oslash: "ø",
  Oslash: "Ø",
  iexcl: "¡",
  iquest: "¿",
};

/** Combining characters by the ending of an entity's name: `&eacute;` is e and U+0301. */
const ACCENTS: Record<string, string> = {
  grave: "\u0300",
  acute: "\u0301",
  circ: "\u0302",
  tilde: "\u0303",
  uml: "\u0308",
  ring: "\u030A",
  cedil: "\u0327",
  caron: "\u030C",
};

/** The words of a page in lines, without tags; one pass. */
export function htmlToText(html: string): string {
  const source = html.slice(0, MAX_HTML);
  let text = "";
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf("<", at);
    if (open < 0) break;
    text += words(source.slice(at, open));
    const [end, name] = tagAt(source, open);
    if (end === open + 1) text += "<";
    else if (BLOCK.test(name)) text += "\n";
    else if (name === "td" || name === "th") text += " ";
    at = end;
  }
  if (at < source.length) text += words(source.slice(at));
  return text.split("\n").map((line) => line.replace(/[^\S\n]+/g, " ").trim()).join("\n")
    .replace(/\n{3,}/g, "\n\n").trim();
}

/** Where the tag at a `<` ends, with all that is not to be read, and its name. */
function tagAt(source: string, open: number): [end: number, name: string] {
  const toEnd = (end: number, skip: number) => end < 0 ? source.length : end + skip;
  if (source.startsWith("<!--", open)) return [toEnd(source.indexOf("-->", open + 4), 3), ""];
  const [, slash, tag] = /^<(\/?)([a-z][a-z0-9]*)|/i.exec(source.slice(open, open + 20)) ?? [];
  if (tag === undefined && !/[!?/]/.test(source[open + 1] ?? "")) return [open + 1, ""];
  const end = toEnd(source.indexOf(">", open), 1);
  const name = tag?.toLowerCase() ?? "";
  if (slash === "/" || !UNREAD.includes(name)) return [end, name];
  const close = new RegExp(`</${name}\\b`, "gi");
  close.lastIndex = end;
  const closing = close.exec(source);
  // As in a browser, an element without an end takes in the rest. (Looking for the end of each of
  // many such elements would take time that grows with the square of their number.)
  if (closing === null) return [source.length, name];
  return [toEnd(source.indexOf(">", closing.index), 1), name];
}

/** A line break in the source is a space. */
function words(source: string): string {
  return decodeEntities(source.replace(/\s+/g, " "));
}

/** The character references that mails have in them; others stay as they are. */
export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}\d{0,2}));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return lookUp(ENTITIES, name) ?? accented(name) ?? whole;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      const valid = code > 0 && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
      return valid ? String.fromCodePoint(code) : "";
    },
  );
}

function accented(name: string): string | undefined {
  const accent = lookUp(ACCENTS, name.slice(1));
  return accent === undefined ? undefined : (name.charAt(0) + accent).normalize("NFC");
}
