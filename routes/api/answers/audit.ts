/**
 * What `/audit` answers, line by line.
 *
 * @module
 */

import { z } from "zod";

const Time = z.string().meta({ format: "date-time" });

const Entry = z.strictObject({
  at: Time.describe("When it last happened."),
  since: Time.describe("When it first happened."),
  count: z.int().min(1).describe("How often, between the two."),
  what: z.string().describe("Such as `connected`, `tool_called` or `token_handed_out`."),
  actor: z.strictObject({
    kind: z.string().describe("`app`, `client`, `person`, `operator` or `system`."),
    id: z.string().optional(),
    name: z.string().optional().describe("As people know it."),
  }).describe("Who did it."),
  provider: z.string().optional(),
  service: z.string().optional(),
  account: z.string().optional(),
  tool: z.string().optional(),
  app: z.string().optional().describe("Whose access was allowed, narrowed or ended."),
  about: z.string().optional().describe("What it was about."),
  outcome: z.string().describe("`ok`, a code of an error, `error` or `repeated`."),
  request_id: z.string().optional().describe("Of the request in which it came last."),
});

const LeftOut = z.strictObject({
  what: z.literal("left_out").describe("Entries that were not kept, since there were too many."),
  count: z.int().min(1),
});

export type AuditLine = z.infer<typeof AuditLine>;
export const AuditLine = z.union([Entry, LeftOut]).meta({ id: "AuditLine" });
