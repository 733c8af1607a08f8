/**
 * What was done, noted and read.
 *
 * @module
 */

import type { ActivityLog } from "../broker/core/activity.ts";
import { createActivityReader } from "./reader.ts";
import { ActivityRecorder, type RecorderDeps } from "./recorder.ts";

/** The record of one process, which reads that of all. */
export function createActivityLog(
  { requestId, ...deps }: RecorderDeps & {
    /** Of the request that is being answered, for whoever does not say it. */
    requestId?: (() => string | undefined) | undefined;
  },
): ActivityLog {
  const recorder = new ActivityRecorder(deps);
  const reader = createActivityReader(deps.store.activity, deps.world);
  return {
    note: (entry) => recorder.note({ ...entry, requestId: entry.requestId ?? requestId?.() }),
    count: (figure, provider) => recorder.count(figure, provider),
    page: reader.page,
    lastUse: reader.lastUse,
    anchor: () => recorder.anchor(),
    idle: () => recorder.idle(),
  };
}
