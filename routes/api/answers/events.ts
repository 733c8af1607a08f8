/**
 * What `/events` answers.
 *
 * @module
 */

import { z } from "zod";
import { EVENT_TYPES } from "../../../broker/core/events.ts";

const Time = z.string().meta({ format: "date-time" });

/** One event; a receiver's body is the same without `id`, which is its `webhook-id`. */
const Event = z.strictObject({
  id: z.string().describe("The same as the `webhook-id` of the call to a receiver."),
  type: z.enum(EVENT_TYPES),
  timestamp: Time.describe("When it became true."),
  data: z.strictObject({
    user_id: z.string(),
    provider: z.string().optional(),
    services: z.array(z.string()).optional(),
    account: z.string().optional().describe("The account's id at the provider."),
    account_label: z.string().optional(),
    scope: z.string().optional(),
    reason: z.string().optional()
      .describe("Of `connection.expiring`, which end it is; of others, why or who did it."),
    ends_at: Time.optional().describe("Of `connection.expiring`."),
    session: z.strictObject({
      id: z.string(),
      kind: z.enum(["session_token", "grant"]),
      name: z.string().optional(),
    }).optional().describe("Of `session.revoked`: what has ended."),
  }),
}).meta({ id: "Event" });

export type EventsAnswer = z.infer<typeof EventsAnswer>;
export const EventsAnswer = z.strictObject({
  events: z.array(Event).describe("The oldest first."),
  cursor: z.string().optional().describe("The next `after`; absent where nothing happened yet."),
  has_more: z.boolean(),
});
