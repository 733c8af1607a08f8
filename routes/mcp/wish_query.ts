/**
 * What the address of the MCP endpoint may say of a wish.
 *
 * @module
 */

import { z } from "zod";

/** Its parameters. */
export const Query = z.object({
  services: z.string().max(1000).optional(),
  tools: z.string().max(4000).optional(),
  read_only: z.enum(["true", "false"]).optional(),
  output_schemas: z.enum(["true", "false"]).optional(),
  mode: z.enum(["search", "list"]).optional(),
  voice: z.enum(["true", "false"]).optional(),
  timeout_ms: z.string().regex(/^\d{1,5}$/, "must be a number of milliseconds").optional(),
});

/** What they say. */
export type WishQuery = z.infer<typeof Query>;
