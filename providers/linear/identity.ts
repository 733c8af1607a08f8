/**
 * Who somebody is, as Linear says it.
 *
 * https://linear.app/developers/graphql
 *
 * @module
 */

import { z } from "zod";

/** The person. */
export const Viewer = z.object({
  data: z.object({
    viewer: z.object({ id: z.string().min(1), name: z.string(), email: z.string().nullish() }),
  }),
});
