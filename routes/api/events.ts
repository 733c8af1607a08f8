/**
 * `GET /events`: what happened to a backend's users, for those that cannot be
 * called. A cursor is the place of an event among all of its realm, in the order
 * in which they were committed.
 *
 * @module
 */

import { z } from "zod";
import { EVENT_TYPES, wireOfEvent } from "../../broker/core/events.ts";
import { get, type Route } from "../http/area.ts";
import { check, queryOf } from "../http/body.ts";
import { requireApiKey } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";

/** Events of one page. */
export const EVENTS_OF_A_PAGE = { usual: 50, most: 200 };

/** What can be asked. */
export const EventsQuery = z.strictObject({
  after: z.string().regex(/^[0-9a-f]{20}$/, "is no cursor of an answer of this route").optional(),
  limit: z.string().regex(/^[1-9]\d{0,2}$/, "must be a number")
    .transform(Number).pipe(z.number().max(EVENTS_OF_A_PAGE.most))
    .default(EVENTS_OF_A_PAGE.usual),
});

/** One event; a receiver's body is the same without `id`, which is its `webhook-id`. */
export const EventBody = z.object({
  id: z.string(),
  type: z.enum(EVENT_TYPES),
  timestamp: z.iso.datetime(),
  data: z.object({
    user_id: z.string(),
    provider: z.string().optional(),
    services: z.array(z.string()).optional(),
    account: z.string().optional(),
    account_label: z.string().optional(),
    scope: z.string().optional(),
    reason: z.string().optional(),
    ends_at: z.iso.datetime().optional(),
    session: z.object({
      id: z.string(),
      kind: z.enum(["session_token", "grant"]),
      name: z.string().optional(),
    }).optional(),
  }),
});

/** The answer. `cursor` is the next `after`; absent where nothing has happened yet. */
export const EventsBody = z.object({
  events: z.array(EventBody),
  cursor: z.string().optional(),
  has_more: z.boolean(),
});

/** Reading. */
export function eventRoutes({ broker, events, gateway }: AppDeps): Route[] {
  return [
    get("/events", async (c) => {
      const { realm, services } = await requireApiKey(c, gateway);
      const { after, limit } = check(EventsQuery, queryOf(c.req.raw));
      const page = await events.read({ realm, after, limit });
      return c.json({
        events: page.events.flatMap((event) => broker.shownEvent(services, event) ?? [])
          .map((event) => ({ id: event.id, ...wireOfEvent(event, false) })),
        cursor: page.cursor,
        has_more: page.hasMore,
      });
    }),
  ];
}
