/**
 * What `/users/{id}` answers.
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
  Status,
} from "./parts.ts";

const Counts = z.record(z.string(), z.int().min(0)).describe(
  "How many records, by their kinds.",
);

export type DeletedAnswer = z.infer<typeof DeletedAnswer>;
export const DeletedAnswer = z.strictObject({
  deleted: z.literal(true).describe("Nothing is kept of the user any more."),
  user_id: z.string(),
  at: Moment.describe("Epoch milliseconds."),
  connections: z.array(z.strictObject({
    provider: Provider,
    account: AccountId,
    label: Label.optional(),
    revoked: Revoked,
    revocation_error: RevocationError,
  })).describe("What was connected. Where `revoked` is false the user ends it at the provider."),
  removed: Counts,
  open_at: Moment.describe("Epoch milliseconds; nothing new is kept of the user before."),
}).meta({ id: "DeletedUser" });

const Named = z.strictObject({ id: z.string(), label: z.string() });

const Connection = z.strictObject({
  provider: Provider,
  title: z.string(),
  kind: Kind.optional(),
  account: AccountId,
  label: Label,
  status: Status,
  default: z.boolean(),
  services: z.array(z.string()),
  scopes: z.array(z.string()),
  allows: z.array(z.string()).describe("The scopes in words."),
  extra: Extra.optional(),
  tenants: z.array(Named).optional(),
  renews: z.boolean().describe("It goes on by itself when its token ends."),
  connected_at: Moment,
  updated_at: Moment,
  signed_in_at: Moment.optional(),
  used_at: Moment.optional(),
  expires_at: Moment.optional(),
  ended_at: Moment.optional(),
  revoked_at: Moment.optional(),
  moved_at: Moment.optional(),
});

const Unreadable = z.strictObject({
  provider: Provider,
  account: AccountId,
  updated_at: Moment,
  readable: z.literal(false).describe("It cannot be opened with the keys that the server has."),
});

const Access = z.strictObject({
  name: z.string().optional(),
  client_id: z.string().optional(),
  scopes: z.array(z.string()),
  resource: z.string().optional(),
  created_at: Moment,
  used_at: Moment.optional(),
  places: z.array(z.strictObject({ since: Moment, used_at: Moment.optional() })).optional()
    .describe("Where it is used beside, each with refresh tokens of its own."),
});

const Done = z.strictObject({
  at: Moment.describe("When it last happened."),
  since: Moment.describe("When it first happened."),
  count: z.int().min(1).describe("How often, between the two."),
  what: z.string(),
  by: z.strictObject({ kind: z.string(), name: z.string().optional() }),
  provider: z.string().optional(),
  service: z.string().optional(),
  account: z.string().optional(),
  tool: z.string().optional(),
  app: z.string().optional(),
  outcome: z.string().describe("`ok`, a code of an error, `error` or `repeated`."),
});

export type PersonAnswer = z.infer<typeof PersonAnswer>;
export const PersonAnswer = z.strictObject({
  user: z.strictObject({
    user_id: z.string(),
    realm: z.string().describe("The name of your API key."),
    names: z.array(z.string()),
    emails: z.array(z.string()),
  }),
  connections: z.array(z.union([Connection, Unreadable])),
  apps: z.array(Access).describe("MCP clients that the user lets in."),
  personal_tokens: z.array(Access),
  session_tokens: z.array(z.strictObject({
    services: z.array(z.string()).optional(),
    tools: z.array(z.string()).optional(),
    accounts: z.array(z.string()).optional(),
    voice: z.boolean().optional(),
    read_only: z.boolean(),
    created_at: Moment,
    expires_at: Moment,
  })),
  sessions: z.array(z.strictObject({
    label: z.string(),
    email: z.string().optional(),
    expires_at: Moment,
  })).describe("Sign-ins in browsers."),
  records: Counts,
  activity: z.array(Done).optional().describe(
    "What was done for the user. Not there for an API key of some services alone.",
  ),
  truncated: z.boolean().describe("Whether something was left out, since it was too much."),
}).meta({
  id: "User",
  description: "All that is kept of a user, without secrets. Times are epoch milliseconds.",
});
