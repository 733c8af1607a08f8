/**
 * What `/connections` answers.
 *
 * @module
 */

import { z } from "zod";
import {
  AccountId,
  Extra,
  Kind,
  Label,
  Moment,
  Provider,
  RevocationError,
  Revoked,
  ScopeText,
  ServiceNames,
  Status,
  Tenants,
} from "./parts.ts";

const Connection = z.strictObject({
  provider: Provider,
  kind: Kind,
  services: ServiceNames,
  account: AccountId,
  label: Label,
  default: z.boolean().describe("Whether it is meant where no account is named."),
  status: Status,
  scope: ScopeText,
  connected_at: Moment.describe("Epoch milliseconds."),
  updated_at: Moment.describe("Epoch milliseconds; a refresh counts."),
  expires_at: Moment.optional().describe("Of the present provider token; epoch milliseconds."),
  ends_at: Moment.optional()
    .describe("When it ends whatever is refreshed, where that is known; epoch milliseconds."),
  extra: Extra.optional(),
  tenants: Tenants.optional(),
}).meta({ id: "Connection" });

export type ConnectionsAnswer = z.infer<typeof ConnectionsAnswer>;
export const ConnectionsAnswer = z.strictObject({
  connections: z.array(Connection).describe("As far as your API key is for them."),
}).meta({ id: "Connections" });

export type EndedAnswer = z.infer<typeof EndedAnswer>;
export const EndedAnswer = z.strictObject({
  deleted: z.literal(true).describe("It is not kept here any more."),
  revoked: Revoked,
  revocation_error: RevocationError,
  provider: Provider,
  account: AccountId,
  services: ServiceNames.describe("The services that it opened, and that end with it."),
}).meta({ id: "EndedConnection" });

export type DefaultAnswer = z.infer<typeof DefaultAnswer>;
export const DefaultAnswer = z.strictObject({
  provider: Provider,
  account: AccountId,
  label: Label,
}).meta({ id: "DefaultAccount" });

export type SecretAnswer = z.infer<typeof SecretAnswer>;
export const SecretAnswer = z.strictObject({
  provider: Provider,
  kind: Kind,
  services: ServiceNames,
  account: AccountId,
  label: Label,
}).meta({ id: "SecretConnection" });
