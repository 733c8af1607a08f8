/**
 * How often something may be done, as `LIMITS` and `APPS` say it.
 *
 * @module
 */

import type { BudgetSize } from "../core/budget.ts";
import { type LimitName, LIMITS, type LimitSizes } from "../core/limits.ts";
import { MOST_HELD, QUOTAS, type Quotas } from "../core/quotas.ts";
import type { QuotaName } from "../core/refusal.ts";
import { type Context, fault } from "./readers.ts";

const DAY_MS = 24 * 60 * 60_000;
const UNITS = new Map([["s", 1_000], ["min", 60_000], ["h", 60 * 60_000], ["day", DAY_MS]]);
/** The longest window: records of what was counted are kept as long. */
const LONGEST_MS = DAY_MS;
const MOST = 1_000_000_000;
/** What a limit looks like, for messages. */
export const LIMIT_RULE = "must be <number>/<time> such as 600/min, 100/10min, 20/h or 500/day";

/** `600/min`, `100/10min` */
export function limitSize(text: string): BudgetSize | undefined {
  const [, number, times = "1", unit = ""] =
    /^([1-9]\d{0,9})\/([1-9]\d{0,4})?(s|min|h|day)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  const size = { limit: Number(number), windowMs: Number(times) * UNITS.get(unit)! };
  return size.limit <= MOST && size.windowMs <= LONGEST_MS ? size : undefined;
}

/** One of an app, in `APPS`. */
export function appLimit(text: string, context: Context): BudgetSize {
  return limitSize(text) ?? fault(context, LIMIT_RULE);
}

/** One entry of `LIMITS`: `subject=600/min`, `link=off`. */
export function limitEntry(
  item: string,
  context: Context,
): { name: LimitName; size: BudgetSize | undefined } {
  const [, name = "", text = ""] = /^([a-z_]{1,32})=(.{1,32})$/.exec(item) ?? [];
  if (!isLimitName(name)) {
    return fault(context, `an entry names none of ${Object.keys(LIMITS).join(", ")}`);
  }
  const size = limitSize(text);
  if (size === undefined && text !== "off") return fault(context, `${name} ${LIMIT_RULE}, or off`);
  return { name, size };
}

/** What a quota looks like, for messages. */
export const QUOTA_RULE = `must be a number from 1 to ${MOST_HELD}`;

/** One entry of `QUOTAS`: `connections=20`. */
export function quotaEntry(item: string, context: Context): { name: QuotaName; most: number } {
  const [, name = "", text = ""] = /^([a-z_]{1,32})=(\d{1,6})$/.exec(item) ?? [];
  if (!isQuotaName(name)) {
    return fault(context, `an entry names none of ${Object.keys(QUOTAS).join(", ")}`);
  }
  const most = Number(text);
  return most >= 1 && most <= MOST_HELD ? { name, most } : fault(context, `${name} ${QUOTA_RULE}`);
}

/** All of them, with those that are set in the place of the usual ones. */
export function quotasOf(set: { name: QuotaName; most: number }[]): Quotas {
  return { ...QUOTAS, ...Object.fromEntries(set.map(({ name, most }) => [name, most])) };
}

function isQuotaName(name: string): name is QuotaName {
  return Object.hasOwn(QUOTAS, name);
}

function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(LIMITS, name);
}

/** All of them, with those that are set in the place of the usual ones. */
export function limitSizes(
  set: { name: LimitName; size: BudgetSize | undefined }[],
): LimitSizes {
  return { ...LIMITS, ...Object.fromEntries(set.map(({ name, size }) => [name, size])) };
}
