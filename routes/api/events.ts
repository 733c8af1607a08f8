/**
 * `GET /events`: what happened to a backend's users, for those that cannot be
 * called. A cursor is the place of an event among all of its realm, in the order
 * in which they were committed.
 *
 * @module
 */

import { z } from "zod";
import { CURSOR, wireOfEvent } from "../../broker/core/events.ts";
import type { EventsAnswer } from "./answers/events.ts";
import { get, type Route } from "../http/area.ts";
import { check, queryOf } from "../http/body.ts";
import { requireApiKey } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";

/** Events of one page. */
export const EVENTS_OF_A_PAGE = { usual: 50, most: 200 };

/** What can be asked. */
export const EventsQuery = z.strictObject({
  after: z.string().regex(CURSOR, "is no cursor of an answer of this route").optional()
    .describe("`cursor` of the page before."),
  limit: z.string().regex(/^[1-9]\d{0,2}$/, "must be a number")
    .transform(Number).pipe(z.number().max(EVENTS_OF_A_PAGE.most))
    .default(EVENTS_OF_A_PAGE.usual).describe("Events of the page, 200 at most."),
});

/** Reading. */
export function eventRoutes({ broker, events, gateway }: AppDeps): Route[] {
  return [
    get("/events", async (c) => {
      const { realm, services } = await requireApiKey(c, gateway);
      const { after, limit } = check(EventsQuery, queryOf(c.req.raw));
      const page = await events.read({ realm, after, limit });
      return c.json(
        {
          events: page.events.flatMap((event) => broker.shownEvent(services, event) ?? [])
            .map((event) => ({ id: event.id, ...wireOfEvent(event, false) })),
          cursor: page.cursor,
          has_more: page.hasMore,
        } satisfies EventsAnswer,
      );
    }),
  ];
}
