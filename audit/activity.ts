/**
 * What was done, noted and read.
 *
 * @module
 */

import type { ActivityLog } from "../broker/core/activity.ts";
import type { ConnectTrail } from "../broker/core/connect_trail.ts";
import type { RequestNotes } from "../broker/core/request_notes.ts";
import { createActivityReader } from "./reader.ts";
import { ActivityRecorder, type RecorderDeps } from "./recorder.ts";

/** So many connects of one person are read. */
export const MOST_TRAILS = 500;

/** The record of one process, which reads that of all. */
export function createActivityLog(
  { request = () => undefined, ...deps }: RecorderDeps & {
    /** The request that is being answered. */
    request?: (() => Pick<RequestNotes, "id" | "subject"> | undefined) | undefined;
  },
): ActivityLog {
  const recorder = new ActivityRecorder(deps);
  const reader = createActivityReader(deps.store.activity, deps.world);
  return {
    step(note) {
      // Who opens a link proves nothing of who they are, but whom the request is for is known.
      const asked = request();
      if (asked !== undefined) asked.subject ??= note.subject;
      recorder.step(note);
    },
    requestId: () => request()?.id,
    note: (entry) =>
      recorder.note(
        entry.requestId === undefined ? { ...entry, requestId: request()?.id } : entry,
      ),
    count: (figure, provider) => recorder.count(figure, provider),
    page: reader.page,
    lastUse: reader.lastUse,
    async trails(subject) {
      const { trails, areAll } = await deps.store.trails.list(subject, MOST_TRAILS);
      const begun = ({ steps }: ConnectTrail) => steps[0]?.at ?? 0;
      return { trails: trails.toSorted((one, other) => begun(other) - begun(one)), areAll };
    },
    trail: async (reference) => await deps.store.trails.find(reference) ?? undefined,
    anchor: () => recorder.anchor(),
    idle: () => recorder.idle(),
  };
}
