/**
 * Google Calendar, Gmail and Google Drive, and what their answers say beyond
 * what is declared of them.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Sent } from "../description.ts";
import { judgeRequest } from "../judge.ts";
import type { Refusal, Vendor } from "../vendor.ts";
import { masked, maskOf, strangeFields } from "./field_mask.ts";
import { describe } from "./google_client.ts";
import { WORDS } from "./google_words.ts";

/** https://developers.google.com/workspace/calendar/api/guides/errors, and the others' pages */
const REFUSALS: Refusal[] = [
  { reason: "insufficientPermissions", status: 403, kinds: ["missing_scope"] },
  { reason: "rateLimitExceeded", status: 403, kinds: ["rate_limited"] },
  { reason: "userRateLimitExceeded", status: 403, kinds: ["rate_limited"] },
  { reason: "backendError", status: 503, kinds: ["unavailable"] },
].map(({ reason, status, kinds }) => ({
  status,
  kinds,
  body: { error: { code: status, message: "Not now", errors: [{ reason, message: "Not now" }] } },
}));

interface Api {
  service: string;
  version: string;
  kept: RegExp;
  fit?: Vendor["fit"];
}

function googleApi({ service, version, kept, fit = (body) => body }: Api): Vendor {
  return {
    title: `Google's ${service}`,
    services: [service],
    describe: () => describe(`@googleapis/${service}`, version),
    words: WORDS,
    kept,
    most: ({ url }) =>
      Number(url.searchParams.get("maxResults") ?? url.searchParams.get("pageSize") ?? 20),
    judge(description, sent) {
      const judgement = judgeRequest(description, sent);
      const { operation, faults } = judgement;
      const wrong = operation === undefined
        ? []
        : strangeFields(description, operation.answers[0]!.schema, maskOf(sent));
      return { ...judgement, faults: [...faults, ...wrong] };
    },
    fit: (body, asked, style) => masked(fit(body, asked, style), maskOf(asked.sent)),
    headers: () => ({}),
    reads: ({ method, id }) => method === "GET" || id.endsWith("/freeBusy"),
    goesOn: ({ answered }) => Boolean(answered.nextPageToken),
    refusals: REFUSALS,
    refusal: (status) => ({
      error: { code: status, message: "Not allowed here", errors: [{ reason: "x", message: "x" }] },
    }),
    isMedia: ({ url }: Sent) =>
      url.searchParams.get("alt") === "media" || url.pathname.endsWith("/export"),
  };
}

/** Google Calendar. */
export const calendar = googleApi({
  service: "calendar",
  version: "v3",
  // An event has times, even where the declarations say that it may have none.
  kept: /(^|\.)(id|start|end|calendars)$/,
  fit(body, { operation, sent }, style) {
    if (operation.id.endsWith("/freeBusy")) {
      const [any] = Object.values<Json>(body.calendars ?? {});
      // It says why it does not know, or when they are busy.
      if (!style.wild && any) delete any.errors;
      const wanted = JSON.parse(sent.body ?? "{}").items ?? [];
      body.calendars = Object.fromEntries(wanted.map(({ id }: Json) => [id, any ?? {}]));
    }
    return asPeriods(body);
  },
});

/** Gmail. */
export const gmail = googleApi({
  service: "gmail",
  version: "v1",
  kept: /(^|\.)(id|threadId|name|value|message|sendAsEmail)$/,
});

/** Google Drive. */
export const drive = googleApi({
  service: "drive",
  version: "v3",
  kept: /(^|\.)(id|name|mimeType|targetId|role)$/,
});

/** A day, or a moment of it; and what begins ends later. */
function asPeriods(body: Json): Json {
  if (Array.isArray(body)) return body.map(asPeriods);
  if (body === null || typeof body !== "object") return body;
  const made = Object.fromEntries(
    Object.entries(body).map(([name, one]) => [name, asPeriods(one)]),
  );
  if (made.date && made.dateTime) delete made.date;
  if (made.start?.dateTime && made.end?.dateTime) {
    made.end.dateTime = made.start.dateTime.replace("T1", "T2").replace(/T2[4-9]/, "T23");
  }
  return made;
}
