/**
 * What `/token` answers.
 *
 * @module
 */

import { z } from "zod";
import { AccountId, Extra, Label, Moment, ScopeText, Tenants } from "./parts.ts";

export type TokenAnswer = z.infer<typeof TokenAnswer>;
export const TokenAnswer = z.strictObject({
  access_token: z.string().optional().describe(
    "The provider token. Not there where the user connected an API key: see `header`.",
  ),
  token_type: z.string().describe("Nearly always `Bearer`; `ApiKey` of an API key."),
  header: z.strictObject({ name: z.string(), value: z.string() }).optional().describe(
    "Of an API key: the header to send, whole.",
  ),
  expires_in: z.int().min(0).optional().describe("Seconds. Not there: it does not say."),
  expires_at: Moment.optional().describe("Epoch milliseconds."),
  scope: ScopeText,
  account: AccountId,
  label: Label,
  extra: Extra.optional(),
  tenants: Tenants.optional(),
}).meta({ id: "Token" });
