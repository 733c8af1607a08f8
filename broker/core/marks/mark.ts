/**
 * A mark to know a service by at a glance: its brand's, as `deno task marks`
 * has written it down, or letters of its title on a colour that is always the
 * same.
 *
 * It is found by the name of the service, which is the operator's to give, and
 * never by a title, which another server may say of itself.
 *
 * Whoever loads this file loads all marks: pages import it, and what answers
 * programs does so only when it is asked for one.
 *
 * @module
 */

import { lookUp } from "../lists.ts";
import known from "./brands.json" with { type: "json" };

/** As data for a page of one's own, and drawn. */
export interface Mark {
  /** One or two. */
  letters: string;
  /** `#rrggbb`; white letters on it can be read (WCAG 2.2 §1.4.3). */
  color: string;
  /** 48 by 48, without scripts, fonts, ids or anything from elsewhere. */
  svg: string;
}

/** All of a contrast of 4.5 and more with white. */
const COLORS = [
  "#1d4ed8",
  "#0f766e",
  "#b45309",
  "#be123c",
  "#6d28d9",
  "#15803d",
  "#0369a1",
  "#a21caf",
  "#4d7c0f",
  "#9f1239",
  "#475569",
  "#7c2d12",
];

const WHITE = "#ffffff";
/** On brands' colours that white is not seen on. */
const DARK = "#101418";
/** Least contrasts: of letters (§1.4.3), and of a drawing (§1.4.11). */
const READ = 4.5;
const SEEN = 3;

/** The mark of a service. */
export function markOf(name: string, title: string): Mark {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? [name];
  const letters = words.slice(0, 2).map((word) => [...word][0]!.toUpperCase()).join("");
  const color = COLORS[sumOf(name) % COLORS.length]!;
  const brand = brandOf(name);
  if (brand === undefined) return { letters, color, svg: lettered(letters, color) };
  const white = contrast(brand.color, WHITE);
  return {
    letters,
    color: white >= READ ? brand.color : color,
    svg: drawn(brand.path, brand.color, white >= SEEN ? WHITE : DARK),
  };
}

function brandOf(name: string) {
  const brand = lookUp<string>(known.services, name);
  return brand === undefined ? undefined : lookUp(known.brands, brand);
}

function sumOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 65_521, 7);
}

const FRAME =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">';

/** Letters and digits only: nothing in it has to be escaped. */
function lettered(letters: string, color: string): string {
  return `${FRAME}<rect width="48" height="48" rx="10" fill="${color}"/>` +
    '<text x="24" y="31" font-family="system-ui,sans-serif" font-size="20" font-weight="600" ' +
    `text-anchor="middle" fill="#fff">${letters}</text></svg>`;
}

/**
 * On a tile of its own colour, so that it is seen whatever lies below; the edge
 * shows the tile itself where that is of the same colour. What the task has
 * written holds nothing that has to be escaped.
 */
function drawn(path: string, color: string, ink: string): string {
  return `${FRAME}<rect x=".5" y=".5" width="47" height="47" rx="9.5" fill="${color}" ` +
    'stroke="#808080" stroke-opacity=".45"/>' +
    `<path transform="translate(11 11) scale(1.0834)" fill="${ink}" d="${path}"/></svg>`;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
