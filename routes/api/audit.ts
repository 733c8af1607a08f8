/**
 * `GET /audit`: what is on record of a backend's user, as lines of JSON, the
 * newest first.
 *
 * @module
 */

import { z } from "zod";
import { type ActivityView, LONGEST_ACTIVITY_PAGE } from "../../broker/core/activity.ts";
import type { ApiKey } from "../../broker/core/api_key.ts";
import { subjectOf } from "../../broker/core/subject.ts";
import { get, type Route } from "../http/area.ts";
import { check, queryOf } from "../http/body.ts";
import { requireApiKey } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import type { AuditLine } from "./answers/audit.ts";
import { USER_ID_META } from "./user_id.ts";

/** What can be asked for. */
export const AuditQuery = z.object({
  user_id: z.string({ error: "is missing" }).meta(USER_ID_META),
  limit: z.coerce.number().int().min(1).max(LONGEST_ACTIVITY_PAGE).default(LONGEST_ACTIVITY_PAGE)
    .describe("Entries of one answer."),
  before: z.string().max(100).optional()
    .describe("From the link to the next page, which `Link` has."),
  after: z.iso.datetime({ offset: true, error: "must be a time such as 2026-11-27T09:00:00Z" })
    .optional().describe("A time by ISO 8601: nothing that ended before it."),
});

/** The same media type as imports have. */
export const AUDIT_TYPE = "application/x-ndjson";

/** Reading. */
export function auditRoutes({ activity, gateway, publicUrl }: AppDeps): Route[] {
  return [
    get("/audit", async (c) => {
      const key = await requireApiKey(c, gateway);
      const query = check(AuditQuery, queryOf(c.req.raw));
      const { user_id, limit, before, after } = query;
      const since = after === undefined ? undefined : Date.parse(after);
      const subject = subjectOf(key.realm, user_id);
      const { entries, next, leftOut } = await activity.page(subject, { limit, before, since });
      const { lineOf } = await import("../http/record_line.ts");
      const lines: AuditLine[] = entries.filter((entry) => mayRead(key, entry)).map(lineOf);
      if (leftOut > 0) lines.push({ what: "left_out", count: leftOut });
      const headers = new Headers({ "Content-Type": AUDIT_TYPE, "Cache-Control": "no-store" });
      if (next !== undefined) {
        const page = new URLSearchParams({ user_id, limit: String(limit), before: next });
        if (after !== undefined) page.set("after", after);
        // RFC 8288.
        headers.set("Link", `<${publicUrl}/audit?${page}>; rel="next"`);
      }
      return new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""), { headers });
    }),
  ];
}

/** A key for some services alone reads what was done with these, and what it did itself. */
function mayRead({ services, realm }: ApiKey, { service, actor }: ActivityView): boolean {
  return services === undefined || (actor.kind === "app" && actor.id === realm) ||
    (service !== undefined && services.includes(service));
}
