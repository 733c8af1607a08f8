/**
 * How an event repeats (RFC 5545 §3.8.5). No I/O, no clock.
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import { z } from "zod";
import { count } from "../text.ts";

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

/** `every week`, `every 2 months, 10 times`, `on several dates` */
export function speakRecurrence(lines: string[]): string {
  const rule = lines.find((line) => line.startsWith("RRULE:"))?.slice("RRULE:".length);
  if (rule === undefined) return "on several dates";
  const unit = lookUp(UNITS, FREQUENCY.exec(rule)?.[1] ?? "") ?? "time";
  const value = (name: string) => Number(new RegExp(`(?:^|;)${name}=(\\d+)`).exec(rule)?.[1] ?? 1);
  const times = /(?:^|;)COUNT=/.test(rule) ? `, ${count(value("COUNT"), "time")}` : "";
  const interval = value("INTERVAL");
  return `every ${interval === 1 ? unit : count(interval, unit)}${times}`;
}
