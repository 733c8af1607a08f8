/**
 * Switchboard's own mark: four jacks of a board, two of them joined by a cord.
 *
 * @module
 */

import { raw } from "hono/html";

/** In a square of 32 by 32. Plugged jacks are full, the others are rings. */
function drawn(color: string): string {
  return `<g fill="${color}"><circle cx="8" cy="8" r="5"/><circle cx="24" cy="24" r="5"/></g>` +
    `<g fill="none" stroke="${color}" stroke-width="3"><circle cx="24" cy="8" r="3.75"/>` +
    '<circle cx="8" cy="24" r="3.75"/><path d="M8 8c0 14 16 2 16 16"/></g>';
}

/** In the colour of the text around it, which says the name. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      {raw(drawn("currentColor"))}
    </svg>
  );
}

/** The same for tabs, on a colour that shows on light and on dark ones; `image/svg+xml`. */
export const FAVICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
  '<rect width="32" height="32" rx="8" fill="#0b665e"/>' +
  `<g transform="translate(3.2 3.2) scale(.8)">${drawn("#fff")}</g></svg>`;
