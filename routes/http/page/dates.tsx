/**
 * How pages say a day, a time of the day, and how long ago something was. Times
 * are UTC, and say so; where scripts run they become the reader's own.
 *
 * @module
 */

import type { Catalogue } from "./words/en.ts";
import { counted } from "./words/say.ts";

export const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;

/** A day, a moment, and a time of the day. */
const FORMATS = {
  date: { dateStyle: "long" },
  moment: { dateStyle: "long", timeStyle: "short", hourCycle: "h23" },
  clock: { timeStyle: "short", hourCycle: "h23" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
/** Each is made once for a language: that takes two hundred times as long as its use. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(lang: string, kind: keyof typeof FORMATS, at: number): string {
  const name = `${lang} ${kind}`;
  let format = formats.get(name);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(lang, { ...FORMATS[kind], timeZone: "UTC" });
    formats.set(name, format);
  }
  return format.format(at);
}

/** "November 25, 2027". */
export function shownDate(lang: string, at: number): string {
  return formatted(lang, "date", at);
}

/** "November 25, 2027 at 14:05 UTC", or "14:05 UTC". */
function shownTime(lang: string, at: number, { clock = false } = {}): string {
  return `${formatted(lang, clock ? "clock" : "moment", at)} UTC`;
}

/** A moment; `clock`: today, so that the time alone is enough. */
export function Moment({ lang, at, clock = false }: { lang: string; at: number; clock?: boolean }) {
  return (
    <time datetime={new Date(at).toISOString()} data-clock={clock ? "" : undefined}>
      {shownTime(lang, at, { clock })}
    </time>
  );
}

/**
 * "2 hours ago"; the moment itself is its title where scripts run. `hourly`: uses are noted once
 * an hour, so that nothing more exact is known.
 */
export function Ago({ words, at, now, hourly = false }: {
  words: Catalogue;
  at: number;
  now: number;
  hourly?: boolean;
}) {
  if (hourly) {
    const ago = now - at;
    return <>{ago < HOUR_MS ? words.time.withinTheHour : agoOf(words, ago)}</>;
  }
  return <time datetime={new Date(at).toISOString()} data-ago="">{agoOf(words, now - at)}</time>;
}

/** How long ago, roughly. */
function agoOf({ time, lang }: Catalogue, ms: number): string {
  if (ms < MINUTE_MS) return time.justNow;
  if (ms < HOUR_MS) return counted(lang, time.minutesAgo, Math.floor(ms / MINUTE_MS));
  const hours = Math.floor(ms / HOUR_MS);
  return hours < 48
    ? counted(lang, time.hoursAgo, hours)
    : counted(lang, time.daysAgo, Math.floor(hours / 24));
}
