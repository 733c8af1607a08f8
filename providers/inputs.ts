/**
 * Arguments that many tools take. What they must be is judged here and not written into the schema
 * that a model reads: patterns of dates are longer than all else of a tool.
 *
 * @module
 */

import { z } from "zod";

const IsDay = z.iso.date();
const IsTime = z.iso.datetime({ offset: true });

/** A day: `2026-11-25`. */
export const day = z.string().refine((text) => IsDay.safeParse(text).success, {
  error: "must be a valid ISO date",
}).meta({ format: "date" });

/** A moment, with its zone: `2026-11-25T16:00:00+01:00`. */
export const moment = z.string().refine((text) => IsTime.safeParse(text).success, {
  error: "must be a valid ISO time with its zone",
}).meta({ format: "date-time" });

/** A text that says something, of at most so many UTF-16 units. */
export function words(most: number) {
  return z.string().max(most).refine((text) => /\S/.test(text), { error: "must not be blank" });
}
