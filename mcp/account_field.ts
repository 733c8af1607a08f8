/**
 * The account that every tool of our own takes.
 *
 * @module
 */

import { z } from "zod";

/** Added to a tool's own arguments; `said` is what a model reads of it. */
export function accountField(said: string) {
  return z.string().min(1).max(320).optional().describe(said);
}
