/**
 * Texts as they may be written: for whoever looks for something in them.
 *
 * @module
 */

/** In UTF-8. */
export const bytesOf = (text: string) => new TextEncoder().encode(text);

/** In base64 of UTF-8. */
export const base64 = (text: string) => btoa(String.fromCharCode(...bytesOf(text)));

/** In hexadecimal of UTF-8, in small letters. */
export const hex = (text: string) =>
  Array.from(bytesOf(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
