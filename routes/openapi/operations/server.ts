/**
 * The server itself.
 *
 * @module
 */

import { z } from "zod";
import { HealthAnswer, UnwellAnswer } from "../../api/answers/health.ts";
import { json, type Operation } from "../operation.ts";

const HealthQuery = z.object({
  deep: z.literal("").optional()
    .describe("With an API key: also which providers do not accept the server's own client."),
  caller: z.string().optional().describe(
    "An address that the request also says in `X-Forwarded-For`: also how it is found who calls.",
  ),
});

/** How it is. */
export const server: Operation[] = [
  {
    method: "GET",
    path: "/health",
    id: "getHealth",
    group: "Server",
    title: "Whether it works",
    text: "The program and its store. An API key is asked for with `deep` alone.",
    query: HealthQuery,
    answer: json(HealthAnswer),
    more: {
      503: { text: "The store does not answer, or the program ends.", answer: json(UnwellAnswer) },
    },
    key: "optional",
    refuses: [],
  },
];
