/**
 * One connection of an import, as it stands on the wire.
 *
 * @module
 */

import { z } from "zod";
import type { ImportRequest } from "../../broker/broker.ts";
import { plainWord } from "../../broker/core/shown_name.ts";
import { epochMs } from "../../broker/core/token_text.ts";
import { refuse } from "../http/errors.ts";
import { USER_ID_META } from "./user_id.ts";

/** The tokens may be as long as the line. */
const Text = z.string();
/** Many servers write numbers as text. */
const Number_ = z.union([z.number(), z.string().regex(/^-?\d{1,20}$/).transform(Number)], {
  error: "must be a number",
});

/**
 * A member that is not known here is refused: `refreshToken` would otherwise be
 * an import without a refresh token, which nobody notices for an hour.
 */
export const ImportItem = z.strictObject({
  service: Text.optional().describe("A service or a provider, as `GET /services` names it."),
  provider: Text.optional().describe("The same as `service`, which goes before it."),
  user_id: z.string({ error: "is missing" }).meta(USER_ID_META),
  account: z.strictObject({
    id: Text.describe("The provider's id of the account."),
    label: Text.nullish().describe("What the user would recognise, such as an e-mail address."),
  }).nullish().describe("Whose account it is, where the provider is not asked."),
  access_token: Text.nullish().describe("What is missing is had by the refresh token."),
  refresh_token: Text.nullish().describe("Without one the connection ends with its access token."),
  token_type: Text.nullish().describe("As the provider spells it; nearly always `Bearer`."),
  expires_in: Number_.nullish().describe("Seconds from now on, of the access token."),
  expires_at: z.union([Number_, Text], { error: "must be a number or a date" }).nullish()
    .describe("When the access token ends: epoch seconds or ms, or a date with its zone."),
  scope: Text.nullish().describe("Granted scopes, with spaces or commas between them."),
  scopes: z.union([Text, z.array(Text)], { error: "must be a text or a list" }).nullish()
    .describe("The same, as a text or a list. It goes before `scope`."),
  extra: z.record(Text, Text).nullish().describe("Where at the provider, as connections have it."),
  verify: z.enum(["none", "identify", "refresh"]).optional()
    .describe("In the place of the query's."),
  replace: z.boolean().optional().describe("In the place of the query's."),
}, {
  error: (issue) =>
    issue.code === "unrecognized_keys"
      ? `the member ${plainWord(issue.keys[0] ?? "", 60)} is not known`
      : undefined,
});

/** The token set, in our words. */
export function heldOf(item: z.infer<typeof ImportItem>): ImportRequest["held"] {
  return {
    accessToken: item.access_token ?? undefined,
    refreshToken: item.refresh_token ?? undefined,
    tokenType: item.token_type ?? undefined,
    expiresIn: item.expires_in ?? undefined,
    expiresAt: momentOf(item.expires_at ?? undefined),
    scopes: wordsOf(item.scopes ?? item.scope ?? undefined),
    extra: item.extra ?? undefined,
  };
}

function wordsOf(scopes: string | string[] | undefined): string[] | undefined {
  if (scopes === undefined || Array.isArray(scopes)) return scopes;
  return scopes.split(/[\s,]+/).filter(Boolean);
}

/** Epoch ms, of seconds, of ms, or of a date with its zone (ISO 8601). */
function momentOf(said: number | string | undefined): number | undefined {
  if (said === undefined) return undefined;
  const isDate = typeof said === "string" && said.length < 40 &&
    /^\d{4}-.*(Z|[+-]\d\d:?\d\d)$/.test(said);
  const at = isDate ? Date.parse(said) : typeof said === "number" ? epochMs(said) : undefined;
  if (at === undefined || !(at >= 0)) {
    const detail = "expires_at must be epoch seconds, epoch milliseconds, or a date with its zone";
    return refuse({ code: "invalid_request", detail });
  }
  return at;
}
