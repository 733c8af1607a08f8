/**
 * Who somebody is, as Asana says it.
 *
 * https://developers.asana.com/reference/getuser
 *
 * @module
 */

import { z } from "zod";

/** The person. */
export const Me = z.object({
  data: z.object({ gid: z.string().min(1), name: z.string(), email: z.string().nullish() }),
});
