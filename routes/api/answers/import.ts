/**
 * What `/connections/import` answers, item by item.
 *
 * @module
 */

import { z } from "zod";
import { AccountId, Provider } from "./parts.ts";

const Taken = {
  status: z.enum(["imported", "unchanged", "exists"]).describe(
    "`unchanged`: it was imported before. `exists`: a connection to this account lives, and was " +
      "not to be replaced.",
  ),
  provider: Provider,
  account: AccountId,
  kept: z.boolean().optional().describe(
    "Of one that `exists`: it was refreshed already, and what that gave is kept for an import " +
      "that may replace.",
  ),
};

const Refused = {
  status: z.literal("refused").describe("Nothing was imported of this item."),
  error: z.string().describe("A code, as in errors."),
  error_description: z.string().describe("In words for you."),
  retry_after: z.int().min(0).optional().describe("Seconds; then it may be tried again."),
};

/** Of one item. */
export type ImportAnswer =
  | z.infer<z.ZodObject<typeof Taken>>
  | z.infer<z.ZodObject<typeof Refused>>;

const index = z.int().min(0).describe("Which item, or line: the first is 0.");

export const ImportLine = z.union([
  z.strictObject({ index, ...Taken }),
  z.strictObject({ index, ...Refused }),
]).meta({ id: "ImportResult" });

export type ImportEnd = z.infer<typeof ImportEnd>;
export const ImportEnd = z.strictObject({
  done: z.boolean().describe("Whether that was all that was sent."),
  error: z.string().optional().describe("Why it was not."),
  imported: z.int().min(0).describe("How many items came to that; and so on."),
  unchanged: z.int().min(0),
  exists: z.int().min(0),
  refused: z.int().min(0),
}).meta({ id: "ImportEnd", description: "The last line of an answer in NDJSON." });

export type ImportListAnswer = z.infer<typeof ImportListAnswer>;
export const ImportListAnswer = z.strictObject({
  results: z.array(ImportLine).describe("In the order of the items."),
}).meta({ id: "ImportResults" });
