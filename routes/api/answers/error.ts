/**
 * What is answered in the place of everything else.
 *
 * @module
 */

import { z } from "zod";

export type ErrorAnswer = z.infer<typeof ErrorAnswer>;
export const ErrorAnswer = z.strictObject({
  error: z.string().describe("A code for programs, in the style of RFC 6749."),
  error_description: z.string().describe("What is wrong and what helps, in words for you."),
  connect_url: z.url().optional().describe("Where the user mends it. For this user alone."),
  retry_after: z.int().min(0).optional().describe(
    "Seconds to wait before it is tried again; the same as in `Retry-After`.",
  ),
  request_id: z.string().optional().describe(
    "By which the server's operator finds it in the log; the same as in `X-Request-Id`.",
  ),
}).meta({ id: "Error" });
