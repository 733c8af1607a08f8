/**
 * Switchboard's own mark: two jacks of a board, joined by a cord.
 *
 * @module
 */

/** In the colour of the text around it. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <rect x="2" y="2" width="28" height="28" rx="8" stroke="currentColor" stroke-width="2.5" />
      <circle cx="10.5" cy="11" r="3" fill="currentColor" />
      <circle cx="21.5" cy="11" r="3" fill="currentColor" />
      <path
        d="M10.5 14v4.5a5.5 5.5 0 0 0 11 0V14"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** The same for tabs, on a colour that shows on light and on dark ones. */
export const FAVICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none">' +
  '<rect width="32" height="32" rx="8" fill="#0b665e"/><g fill="#fff">' +
  '<circle cx="10.5" cy="10.5" r="3.25"/><circle cx="21.5" cy="10.5" r="3.25"/></g>' +
  '<path d="M10.5 14v4.5a5.5 5.5 0 0 0 11 0V14" stroke="#fff" stroke-width="2.75" ' +
  'stroke-linecap="round"/></svg>';
