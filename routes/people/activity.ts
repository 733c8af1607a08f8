/**
 * `GET /activity`: what was done in a person's name.
 *
 * @module
 */

import { get, type Route } from "../http/area.ts";
import { queryOf } from "../http/body.ts";
import type { AppDeps } from "../http/deps.ts";
import { wordsFor } from "../http/page_words.ts";
import { requirePerson } from "../http/session_cookie.ts";
import { activityRows } from "./activity_rows.ts";
import { hereOf } from "./here.ts";

/** Lines of one page. */
const LINES = 50;

/** The page. */
export function activityRoutes(deps: AppDeps): Route[] {
  return [
    get("/activity", async (c) => {
      const person = await requirePerson(c, deps);
      const { before } = queryOf(c.req.raw);
      const range = { limit: LINES, before };
      const { entries, next, leftOut } = await deps.activity.page(person.session.subject, range);
      const { activityPage } = await import("./pages/activity.tsx");
      return c.html(activityPage({
        words: await wordsFor(c),
        here: hereOf(deps, person, "activity"),
        rows: activityRows(deps, entries),
        older: next,
        isLater: before !== undefined,
        leftOut,
      }));
    }),
  ];
}
