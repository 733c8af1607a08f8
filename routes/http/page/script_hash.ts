/**
 * The digest by which browsers know the one script of pages; see
 * `style_hash.ts`.
 *
 * @module
 */

/** For `script-src`: nothing but `SCRIPT` runs. */
export const SCRIPT_HASH = "sha256-O/eL1xx9hGhfk/A4ZmbuNGIyVrvLqYr+8v/fj2JBty0=";
