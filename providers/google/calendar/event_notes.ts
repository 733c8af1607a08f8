/**
 * The notes of an event as text. Google's editor, and other calendars, write
 * them as HTML; people and programs write plain text into the same field.
 *
 * @module
 */

import { htmlToText } from "../text/html_text.ts";

/** Google keeps 8,192 characters. */
const MAX_NOTES = 16_384;
const TAG =
  /<\/?(?:a|b|blockquote|br|code|div|em|font|h[1-6]|hr|html-blob|i|img|li|ol|p|pre|s|span|strong|sub|sup|table|tbody|td|th|tr|u|ul)(?:\s[^<>]*)?\/?>/i;
const BREAK = /<(?:br|p|div|li|tr|h[1-6])\b/i;

/** Lines that nothing but their ends divides stay lines. */
export function notesText(description: string): string {
  const notes = description.slice(0, MAX_NOTES);
  if (!TAG.test(notes)) return notes;
  return htmlToText(BREAK.test(notes) ? notes : notes.replace(/\r?\n/g, "<br>"));
}
