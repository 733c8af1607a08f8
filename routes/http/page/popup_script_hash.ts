/**
 * The digest by which browsers know the script of pop-ups. Written down, as that
 * of the style sheet is.
 *
 * @module
 */

/** For `script-src`: nothing but `POPUP_SCRIPT` runs. */
export const POPUP_SCRIPT_HASH = "sha256-uyzqqpsVxU3y1LSS6hCGAFkn4s/xykSIZ/xcM7lPig0=";
