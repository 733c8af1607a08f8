/**
 * What several answers of the REST part have in common. Every object is strict:
 * tests hold each answer against it, so that nothing is said that is not
 * described. What is described for others is open: a client has to bear with
 * members that are new to it.
 *
 * These files are types to the routes, and code only to what describes them.
 *
 * @module
 */

import { z } from "zod";

/** Epoch ms. Whole ones, except by the clocks of tests, whose sleeps are shorter than they say. */
export const Moment = z.number().min(0).meta({ override: { type: "integer" } });

export const Provider = z.string().describe("The provider's name, such as `google`.");
export const AccountId = z.string().describe("The provider's own id of the account.");
export const Label = z.string().describe(
  "What the user would recognise of the account, such as an e-mail address.",
);
export const ServiceNames = z.array(z.string()).describe(
  "The provider's services that it opens, such as `gmail` and `calendar`.",
);
export const ScopeText = z.string().describe(
  "What was granted, in the provider's own words, with spaces between them.",
);

export const Kind = z.enum(["oauth", "api_key", "client_credentials"]).describe(
  "How it is connected: by a sign-in, by an API key, or by a client and its secret.",
);

export const Status = z.enum(["active", "reauthorization_required", "moved"]).describe(
  "`reauthorization_required`: it has ended, and the user must connect again. `moved`: another " +
    "server has it.",
);

export const Extra = z.record(z.string(), z.string()).describe(
  "Where at the provider, for those with a host or an id per customer.",
);

export const Tenants = z.array(z.strictObject({
  id: z.string().describe("The provider's id of it."),
  label: z.string().describe("What the user would recognise."),
  extra: Extra,
})).describe("The organisations or sites that the account has there, where it may have several.");

export const Revoked = z.boolean().describe("Whether the provider has ended the access.");
export const RevocationError = z.string().optional().describe("Why it has not.");
