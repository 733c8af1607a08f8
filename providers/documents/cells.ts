/**
 * What stands in a cell: numbers as people see them, dates as dates, rows as CSV.
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";

/** How a cell shows its number. */
export type NumberStyle = "number" | "date" | "time" | "date and time" | "percent";

/** Excel's own formats by number; those which are not listed are plain numbers. */
const BUILT_IN: Record<string, NumberStyle> = {
  9: "percent",
  10: "percent",
  14: "date",
  15: "date",
  16: "date",
  17: "date",
  18: "time",
  19: "time",
  20: "time",
  21: "time",
  22: "date and time",
  45: "time",
  46: "time",
  47: "time",
};

/** Excel allows no longer ones. */
const MAX_CODE = 255;

/** The style of a format: `dd/mm/yyyy`, `0.00%`, `[$-409]h:mm`. */
export function styleOf(id: string, code: string | undefined): NumberStyle {
  if (code === undefined) return lookUp(BUILT_IN, id) ?? "number";
  // Texts in quotes, colours and currencies are not what a format is about. Positive numbers first.
  const bare = (code.slice(0, MAX_CODE).split(";")[0] ?? "").replaceAll(/"[^"]*"|\\.|_.|\*./g, "")
    .replaceAll(/\[(?![hms]+\])[^\]]*\]/gi, "").toLowerCase().replaceAll("general", "");
  const time = /[hs]/.test(bare);
  const date = /[yd]/.test(bare) || (/m/.test(bare) && !time);
  if (date) return time ? "date and time" : "date";
  if (time) return "time";
  return bare.includes("%") ? "percent" : "number";
}

const DAY = 86_400_000;

/** A number as its cell shows it. */
export function showNumber(value: string, style: NumberStyle, from1904: boolean): string {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return value;
  if (style === "percent") return `${tidy(number * 100)}%`;
  if (style === "number") return tidy(number);
  if (style === "time" && number >= 0 && number < 1) return clock(number);
  const date = dateOf(number, from1904);
  if (date === undefined) return tidy(number);
  const day = date.slice(0, 10);
  const hasTime = style !== "date" && date.slice(11, 19) !== "00:00:00";
  return hasTime || style === "time" ? `${day} ${clock(number % 1)}` : day;
}

/** Days since 1900, in which Excel believes that there was a 29th of February. */
function dateOf(serial: number, from1904: boolean): string | undefined {
  const days = from1904 ? serial + 1_462 : serial < 60 ? serial + 1 : serial;
  if (days < 1 || days > 2_958_466) return undefined;
  // To the second: what is stored is a fraction of a day.
  const ms = Math.round((days - 25_569) * DAY / 1_000) * 1_000;
  return new Date(ms).toISOString();
}

function clock(fraction: number): string {
  const seconds = Math.round(fraction * 86_400) % 86_400;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const minutes = `${two(seconds / 3_600)}:${two(seconds % 3_600 / 60)}`;
  return seconds % 60 === 0 ? minutes : `${minutes}:${two(seconds % 60)}`;
}

/** Without what binary fractions add: 0.1 + 0.2 is 0.3. */
function tidy(number: number): string {
  return String(Number(number.toPrecision(15)));
}

/** A row as CSV, without the empty cells at its end. */
export function csvRow(cells: string[]): string {
  const last = cells.findLastIndex((cell) => cell !== "");
  return cells.slice(0, last + 1).map(csvCell).join(",");
}

function csvCell(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
