/**
 * How an event repeats (RFC 5545 §3.8.5). No I/O, no clock.
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";
import { z } from "zod";
import { count } from "../../text.ts";

/** The parts of a rule that Google takes, each as `NAME=value`. */
const RULE_PART = /^(FREQ|INTERVAL|COUNT|UNTIL|BY[A-Z]+|WKST)=[A-Z0-9,+-]+$/;
const FREQUENCY = /(?:^|;)FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;|$)/;
const DATES = /^(?:EXDATE|RDATE)(?:;[A-Z]+=[\w/+-]+)*:[\dTZ,/]+$/;

const UNITS: Record<string, string> = {
  DAILY: "day",
  WEEKLY: "week",
  MONTHLY: "month",
  YEARLY: "year",
};

/** `RRULE:FREQ=WEEKLY;COUNT=10`, `EXDATE:20261224T140000Z` */
export const RecurrenceLine = z.string().max(500).refine(isRecurrence, {
  message: "must be like RRULE:FREQ=WEEKLY;COUNT=10, with FREQ DAILY, WEEKLY, MONTHLY or YEARLY",
});

function isRecurrence(line: string): boolean {
  if (!line.startsWith("RRULE:")) return DATES.test(line);
  const rule = line.slice("RRULE:".length);
  const names = rule.split(";").map((part) => RULE_PART.exec(part)?.[1]);
  return FREQUENCY.test(rule) && !names.includes(undefined) &&
    new Set(names).size === names.length &&
    // RFC 5545 §3.3.10: one of the two may say when it ends.
    !(names.includes("COUNT") && names.includes("UNTIL"));
}

const DAYS: Record<string, string> = {
  MO: "Monday",
  TU: "Tuesday",
  WE: "Wednesday",
  TH: "Thursday",
  FR: "Friday",
  SA: "Saturday",
  SU: "Sunday",
};
const PLACES: Record<string, string> = {
  "1": "first ",
  "2": "second ",
  "3": "third ",
  "4": "fourth ",
  "5": "fifth ",
  "-1": "last ",
};

/** `every week on Monday and Friday, 10 times, without 1 date`, `on several dates` */
export function speakRecurrence(lines: string[]): string {
  const rules = lines.filter((line) => line.startsWith("RRULE:"));
  const datesOf = (name: string) =>
    lines.filter((line) => line.startsWith(name))
      .flatMap((line) => line.slice(line.indexOf(":") + 1).split(",")).filter(Boolean).length;
  const [added, left] = [datesOf("RDATE"), datesOf("EXDATE")];
  if (rules.length === 0) return "on several dates";
  return [
    rules.map((rule) => speakRule(rule.slice("RRULE:".length))).join(" and "),
    added > 0 ? `and on ${count(added, "more date", "more dates")}` : "",
    left > 0 ? `without ${count(left, "date")}` : "",
  ].filter(Boolean).join(", ");
}

function speakRule(rule: string): string {
  const parts = Object.fromEntries(rule.split(";").map((part) => part.split("=", 2)));
  const unit = lookUp(UNITS, parts.FREQ ?? "");
  if (unit === undefined) return "regularly";
  const interval = Number(parts.INTERVAL ?? 1) || 1;
  const times = Number(parts.COUNT);
  const days = speakDays(parts.BYDAY ?? "");
  const until = /^(\d{4})(\d\d)(\d\d)/.exec(parts.UNTIL ?? "");
  return [
    `every ${interval === 1 ? unit : count(interval, unit)}${days}`,
    times > 0 ? count(times, "time") : "",
    until === null ? "" : `until ${speakDay(until.slice(1).join("-"))}`,
  ].filter(Boolean).join(", ");
}

/** ` on Monday and the last Friday`; nothing where a day is written in a way that is not known. */
function speakDays(list: string): string {
  const days = list.split(",").map((day) => {
    const [, place = "", name = ""] = /^\+?(-?\d{1,2})?([A-Z]{2})$/.exec(day) ?? [];
    const nth = place === "" ? "" : lookUp(PLACES, place);
    const word = lookUp(DAYS, name);
    return nth === undefined || word === undefined ? "" : nth === "" ? word : `the ${nth}${word}`;
  });
  if (days.includes("")) return "";
  return ` on ${[days.slice(0, -1).join(", "), days.at(-1)].filter(Boolean).join(" and ")}`;
}

/** `December 31, 2027` */
function speakDay(date: string): string {
  const at = Date.parse(date);
  if (Number.isNaN(at)) return "a certain day";
  const options = { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-US", options).format(at);
}
