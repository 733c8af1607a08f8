/**
 * A mark to know a service by at a glance: letters of its title on a colour
 * that is always the same. Nobody's logo: those have owners, and rules of use.
 *
 * @module
 */

/** As data for a page of one's own, and drawn. */
export interface Mark {
  /** One or two. */
  letters: string;
  /** `#rrggbb`; white letters on it can be read (WCAG 2.2 §1.4.3). */
  color: string;
  /** 48 by 48, without scripts, fonts or anything from elsewhere. */
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

/** The mark of a service. */
export function markOf(name: string, title: string): Mark {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? [name];
  const letters = words.slice(0, 2).map((word) => [...word][0]!.toUpperCase()).join("");
  const color = COLORS[sumOf(name) % COLORS.length]!;
  return { letters, color, svg: drawn(letters, color) };
}

function sumOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 65_521, 7);
}

/** Letters and digits only: nothing in it has to be escaped. */
function drawn(letters: string, color: string): string {
  return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48" ' +
    `aria-hidden="true"><rect width="48" height="48" rx="10" fill="${color}"/>` +
    '<text x="24" y="31" font-family="system-ui,sans-serif" font-size="20" font-weight="600" ' +
    `text-anchor="middle" fill="#fff">${letters}</text></svg>`;
}
