/**
 * An entry of the record as a line of JSON, for whoever reads it outside of a
 * page.
 *
 * @module
 */

import type { ActivityView } from "../../broker/core/activity.ts";

/** In the order in which one reads it: when, who, what, with what, how it ended. */
export function lineOf(entry: ActivityView) {
  const { at, since, count, what, actor: { kind, id, name } } = entry;
  const { provider, service, account, tool, app, about, outcome, requestId } = entry;
  return {
    at: new Date(at).toISOString(),
    since: new Date(since).toISOString(),
    count,
    what,
    // Who runs the deployment is nothing that an app has to know.
    actor: kind === "operator" ? { kind } : { kind, id, name },
    ...{ provider, service, account, tool, app, about, outcome },
    request_id: requestId,
  };
}
