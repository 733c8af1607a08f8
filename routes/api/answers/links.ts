/**
 * What `/links` answers.
 *
 * @module
 */

import { z } from "zod";
import {
  AccountId,
  Extra,
  Label,
  Moment,
  Provider,
  ScopeText,
  ServiceNames,
  Tenants,
} from "./parts.ts";

export type LinkAnswer = z.infer<typeof LinkAnswer>;
export const LinkAnswer = z.strictObject({
  url: z.url().describe("For this user's browser alone. It works once."),
  expires_at: Moment.describe("Epoch milliseconds; the link is too old from then on."),
}).meta({ id: "Link" });

export type ClaimAnswer = z.infer<typeof ClaimAnswer>;
export const ClaimAnswer = z.strictObject({
  provider: Provider,
  services: ServiceNames,
  account: AccountId,
  label: Label,
  scope: ScopeText,
  missing: z.array(z.string()).describe(
    "Scopes that were asked for and that the user left unticked, all of them perhaps.",
  ),
  expected_account: AccountId.optional().describe(
    "The account that the link was about, where another one came.",
  ),
  expected_label: Label.optional().describe("Its label."),
  extra: Extra.optional(),
  tenants: Tenants.optional(),
}).meta({ id: "Claim" });
