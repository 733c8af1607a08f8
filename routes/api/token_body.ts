/**
 * What `POST /token/{service}` is asked.
 *
 * @module
 */

import { z } from "zod";
import { USER_ID_META } from "./user_id.ts";

/** Seconds; no provider's tokens live much longer. */
export const LONGEST_MIN_TTL = 3600;

/** The body. */
export const TokenBody = z.object({
  user_id: z.string().meta(USER_ID_META),
  account: z.string().max(320).optional()
    .describe("Which of the user's accounts, by its id or label. Without it: the default one."),
  scope: z.string().max(2000).optional()
    .describe("Scopes that the token must have, friendly names or the provider's own."),
  min_ttl: z.int().min(0).max(LONGEST_MIN_TTL).optional()
    .describe("Seconds that the token must be good for; it is refreshed where it is not."),
});

/** What it says. */
export type TokenAsked = z.infer<typeof TokenBody>;
