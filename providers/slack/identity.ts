/**
 * Who somebody is, as Slack says it, and that a token is revoked.
 *
 * https://docs.slack.dev/reference/methods/auth.test
 * https://docs.slack.dev/reference/methods/auth.revoke
 *
 * @module
 */

import { z } from "zod";

/** The person, and their workspace. */
export const AuthTest = z.object({
  ok: z.literal(true),
  team_id: z.string().min(1),
  user_id: z.string().min(1),
  team: z.string(),
  user: z.string(),
});

/** What became of a token. */
export const Revoked = z.object({
  ok: z.boolean(),
  revoked: z.boolean().optional(),
  error: z.string().optional(),
});
