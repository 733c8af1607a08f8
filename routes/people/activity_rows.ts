/**
 * What was noted, as pages say it. Pure.
 *
 * @module
 */

import type { ActivityActor, ActivityView } from "../../broker/core/activity.ts";
import type { AuthorizationServer } from "../../broker/core/authorization_server.ts";
import type { ActivityRow } from "./pages/activity.tsx";

/** What services and providers are called. */
export interface Titles {
  providers: ReadonlyMap<string, Pick<AuthorizationServer, "title" | "services">>;
  gateway: { services: { name: string; title: string }[] };
}

/** Lines of a page. */
export function activityRows(titles: Titles, entries: ActivityView[]): ActivityRow[] {
  return entries.map((entry) => {
    const { at, what, tool, app, outcome, count } = entry;
    return {
      ...{ at, what, tool, app, outcome, count },
      by: byOf(entry.actor),
      service: serviceTitle(titles, entry),
    };
  });
}

function byOf({ kind, name }: ActivityActor): ActivityRow["by"] {
  switch (kind) {
    case "person":
    case "operator":
    case "system":
      return kind;
    default:
      return name === undefined ? undefined : { name };
  }
}

/** "Google Calendar", or the provider's name. */
export function serviceTitle(
  { providers, gateway }: Titles,
  { service, provider }: { service?: string | undefined; provider?: string | undefined },
): string | undefined {
  const named = gateway.services.find(({ name }) => name === service)?.title ??
    providers.get(service ?? "")?.title;
  return named ?? providers.get(provider ?? "")?.title ?? service ?? provider;
}
