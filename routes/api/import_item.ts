/**
 * One connection of an import, as it stands on the wire.
 *
 * @module
 */

import { z } from "zod";
import type { Imported, ImportRequest } from "../../broker/broker.ts";
import { plainWord } from "../../broker/core/shown_name.ts";
import { epochMs } from "../../broker/core/token_text.ts";
import { refuse } from "../http/errors.ts";

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
  service: Text.optional(),
  provider: Text.optional(),
  user_id: z.string({ error: "is missing" }),
  account: z.strictObject({ id: Text, label: Text.nullish() }).nullish(),
  access_token: Text.nullish(),
  refresh_token: Text.nullish(),
  token_type: Text.nullish(),
  expires_in: Number_.nullish(),
  expires_at: z.union([Number_, Text], { error: "must be a number or a date" }).nullish(),
  scope: Text.nullish(),
  scopes: z.union([Text, z.array(Text)], { error: "must be a text or a list" }).nullish(),
  extra: z.record(Text, Text).nullish(),
  verify: z.enum(["none", "identify", "refresh"]).optional(),
  replace: z.boolean().optional(),
}, {
  error: (issue) =>
    issue.code === "unrecognized_keys"
      ? `the member ${plainWord(issue.keys[0] ?? "", 60)} is not known`
      : undefined,
});

/** What an item is answered with. */
export type ImportAnswer =
  | Imported
  | {
    status: "refused";
    error: string;
    error_description: string;
    retry_after?: number | undefined;
  };

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
