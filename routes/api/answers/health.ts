/**
 * What `/health` answers.
 *
 * @module
 */

import { z } from "zod";

const version = z.string().describe("The program's version.");

export const HealthAnswer = z.strictObject({
  status: z.literal("ok"),
  version,
  keys: z.literal("missing").optional().describe("Some of what is stored cannot be opened."),
  clock: z.literal("behind").optional().describe("Its clock is, by a minute or more."),
  providers: z.record(z.string(), z.literal("client_refused")).optional().describe(
    "With `deep`: providers that do not accept the server's own client.",
  ),
  caller: z.enum(["connection", "proxy", "said", "private", "unnamed", "inside", "unlisted"])
    .optional().describe(
      "With `caller`: how it is found who calls; `said`: by what the caller itself says, " +
        "`private`, `unnamed`, `unlisted`: all callers count as one.",
    ),
}).meta({ id: "Health" });

export const UnwellAnswer = z.strictObject({
  status: z.enum(["store_unavailable", "draining"])
    .describe("`draining`: it ends, and takes nothing new."),
  version,
}).meta({ id: "Unwell" });
