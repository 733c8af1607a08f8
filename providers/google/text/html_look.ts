/**
 * What of an HTML mail can be seen. Senders put a preview line on top that no
 * reader shows, and attackers words that are for programs alone: both are told
 * by the style that stands in the tag, and by the plainest rules of style sheets.
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";
import { decodeEntities } from "./html_entities.ts";

/** How an element looks, with what it has from those around it. */
export interface Look {
  hidden: boolean;
  /** Letters of no size; what stands inside may have a size again. */
  tiny: boolean;
  color?: Rgb | undefined;
  /** `undefined` where a picture or a style sheet may have painted it. */
  background: Rgb | undefined;
}

type Rgb = [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];

/** A page: white, and nothing is hidden. */
export const PAGE: Look = { hidden: false, tiny: false, background: WHITE };

const MAX_TAG = 20_000;
const MAX_SHEET = 200_000;
const MAX_CLASSES = 500;

/** A tag's attributes by their lower-case names; the first of a name counts. */
export function attributesOf(tag: string): Map<string, string> {
  const found = new Map<string, string>();
  if (tag.length < 3) return found;
  const pattern = /([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g;
  for (const [, name = "", double, single, bare] of tag.slice(0, MAX_TAG).matchAll(pattern)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, decodeEntities(double ?? single ?? bare ?? ""));
  }
  return found;
}

/** The look of an element inside another. */
export function lookOf(
  around: Look,
  name: string,
  attributes: Map<string, string>,
  hiddenBySheet: ReadonlySet<string>,
): Look {
  if (attributes.size === 0) return around;
  const style = declarations(attributes.get("style") ?? "");
  const classes = (attributes.get("class") ?? "").split(/\s+/).filter(Boolean).map((c) => `.${c}`);
  const id = attributes.get("id");
  const names = id ? [...classes, `#${id}`] : classes;
  const display = style.get("display");
  const bySheet = (display === undefined || display === "none") &&
    names.some((one) => hiddenBySheet.has(one));
  return {
    hidden: around.hidden || bySheet || attributes.has("hidden") ||
      attributes.get("aria-hidden")?.toLowerCase() === "true" || hides(style, name),
    tiny: tininess(style.get("font-size"), around.tiny),
    color: colorOf(style.get("color") ?? attributes.get("color")) ?? around.color,
    background: backgroundOf(style, attributes, names.length > 0, around),
  };
}

/** Whether text with this look can be seen. */
export function isSeen({ hidden, tiny, color, background }: Look): boolean {
  return !hidden && !tiny && (color === undefined || background === undefined ||
    color.some((part, at) => Math.abs(part - background[at]!) > 8));
}

/**
 * `display:none` and the other ways. What Outlook alone hides may be a button that others show, and
 * a cell without a width is as wide as there is room for.
 */
function hides(style: Map<string, string>, name: string): boolean {
  const is = (property: string, pattern: RegExp) => pattern.test(style.get(property) ?? "");
  const clipped = is("overflow", /^(hidden|clip)/) || is("overflow-y", /^(hidden|clip)/);
  return is("display", /^none/) || is("visibility", /^(hidden|collapse)/) ||
    (is("mso-hide", /^all/) && name !== "a") || is("opacity", /^(0+(\.0*)?|\.0+)%?$/) ||
    is("max-height", ZERO) || (is("max-width", ZERO) && name !== "td" && name !== "th") ||
    (clipped && (is("height", ZERO) || is("width", ZERO))) ||
    is("color", /^transparent|^(rgb|hsl)a?\([^)]*[,/]\s*(0|\.0+|0\.0+|0%)\s*\)/) ||
    is("text-indent", FAR) ||
    (is("position", /^(absolute|fixed)/) && (is("left", FAR) || is("top", FAR))) ||
    is("clip", /^rect\(\s*[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?\s*\)/) ||
    is("transform", /scale[xy]?\(\s*0(\.0+)?\s*[,)]/);
}

const ZERO = /^0+(\.\d*)?\s*(px|pt|em|rem|%|in|cm|mm|vh|vw)?$/;
const FAR = /^-\d{3,}/;

/** `font-size`; a share of nothing is nothing. */
function tininess(size: string | undefined, around: boolean): boolean {
  const [, number, unit] = /^(\d*\.?\d+)\s*(px|pt|em|rem|ex|%|vw|vh)?/.exec(size ?? "") ?? [];
  if (number === undefined) return size === undefined || size === "inherit" ? around : false;
  const isShare = unit === "em" || unit === "%" || unit === "ex";
  const value = Number(number);
  if (value === 0) return true;
  return isShare ? around : (unit === "px" || unit === "pt") && value <= 1;
}

function backgroundOf(
  style: Map<string, string>,
  attributes: Map<string, string>,
  isNamed: boolean,
  around: Look,
): Rgb | undefined {
  const short = style.get("background") ?? "";
  const image = style.get("background-image") ?? "";
  if (attributes.has("background") || /url\(|gradient/.test(short + image)) return undefined;
  const value = style.get("background-color") ?? (short || attributes.get("bgcolor"));
  const color = value === undefined ? undefined : firstColor(value);
  // A style sheet may paint what has a name.
  return color ?? (isNamed ? undefined : around.background);
}

function firstColor(value: string): Rgb | undefined {
  return colorOf(/#[\da-f]{3,8}\b|rgba?\([^)]*\)|[a-z]+/i.exec(value)?.[0]);
}

const NAMES: Record<string, Rgb> = {
  white: WHITE,
  black: [0, 0, 0],
  whitesmoke: [245, 245, 245],
  snow: [255, 250, 250],
  ivory: [255, 255, 240],
  silver: [192, 192, 192],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
  red: [255, 0, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
  navy: [0, 0, 128],
};

function colorOf(value: string | undefined): Rgb | undefined {
  const text = value?.trim().toLowerCase() ?? "";
  const [, hex] = /^#?([\da-f]{3,8})$/.exec(text) ?? [];
  if (hex !== undefined) {
    const wide = hex.length <= 4 ? hex.replace(/./g, "$&$&") : hex;
    return [0, 2, 4].map((at) => parseInt(wide.slice(at, at + 2), 16)) as Rgb;
  }
  const [, ...parts] = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})/.exec(text) ?? [];
  if (parts.length === 3) return parts.map(Number) as Rgb;
  return lookUp(NAMES, text);
}

/** `color: red; …` by its properties; a later one counts. */
function declarations(style: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const one of style.replace(/\/\*.*?(\*\/|$)/gs, "").split(";")) {
    const colon = one.indexOf(":");
    if (colon < 0) continue;
    const value = one.slice(colon + 1).toLowerCase().replace(/!\s*important/, "").trim();
    found.set(one.slice(0, colon).trim().toLowerCase(), value);
  }
  return found;
}

/**
 * Adds the classes and ids that a style sheet hides: `.preheader { display: none }`.
 * What stands in `@media` holds for some screens only. Returns whether it paints what has no name,
 * such as the whole page.
 */
export function readSheet(css: string, hidden: Set<string>): boolean {
  let paints = false;
  const source = css.slice(0, MAX_SHEET).replace(/\/\*.*?(\*\/|$)/gs, "").replace(/<!--|-->/g, "");
  let at = 0;
  while (at < source.length && hidden.size < MAX_CLASSES) {
    const open = source.indexOf("{", at);
    if (open < 0) break;
    const selector = source.slice(at, open).split(";").at(-1)!.trim();
    if (selector.startsWith("@")) {
      at = endOfBlock(source, open);
      continue;
    }
    const close = source.indexOf("}", open);
    const style = declarations(source.slice(open + 1, close < 0 ? source.length : close));
    for (const one of selector.split(",")) {
      const [, name] = /^\s*[a-z\d]*([.#][\w-]+)\s*$/i.exec(one) ?? [];
      if (name === undefined) {
        paints ||= style.has("background") || style.has("background-color");
        continue;
      }
      if (hides(style, "")) hidden.add(name);
      else if (style.has("display")) hidden.delete(name);
    }
    at = close < 0 ? source.length : close + 1;
  }
  return paints;
}

function endOfBlock(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source[at] === "{") depth++;
    else if (source[at] === "}" && --depth === 0) return at + 1;
  }
  return source.length;
}
