/**
 * The digest by which browsers know the one style sheet. Written down, since
 * every answer says it, and few programs ever show a page.
 *
 * @module
 */

/** For `style-src`: nothing but `STYLE` applies. */
export const STYLE_HASH = "sha256-9+ig1tXjI2LKBm2mV+PwELfnOjXopCVUuRmFoVu50no=";
