/**
 * `GET /console`: at a glance.
 *
 * @module
 */

import { DEPLOYMENT } from "../../../broker/core/activity.ts";
import { type Counts, HOUR_MS, type HourFigures, hourOf } from "../../../broker/core/counts.ts";
import { isLoopback } from "../../../broker/core/addresses.ts";
import type { SettingsView } from "../../../broker/core/settings.ts";
import { partsOf } from "../../../broker/core/subject.ts";
import type { Route } from "../../http/area.ts";
import type { AppDeps } from "../../http/deps.ts";
import { activityRows, serviceTitle } from "../activity_rows.ts";
import type { ActivityRow } from "../pages/activity.tsx";
import { consoleGet } from "./guard.ts";
import type { DeadRow, Figures, Step } from "./overview.tsx";

/** Of the plots. */
const HOURS = 24;
/** Connections that need a person, on this page. */
const DEAD_SHOWN = 20;
/** What operators changed, on this page. */
const CHANGES_SHOWN = 20;

/** The page. */
export function overviewRoutes(deps: AppDeps): Route[] {
  const { broker, settings, counts, world } = deps;
  return [
    consoleGet(deps, "/console", async (c, { person, frame }) => {
      const review = await deps.review();
      // Before the list, which knows what is counted.
      const all = await countedUp(deps);
      const [dead, refusing, waiting, view, own, changes, off] = await Promise.all([
        counts.dead({ limit: DEAD_SHOWN }),
        broker.refusingClient(),
        review.waiting(),
        settings.view(),
        person === undefined ? [] : broker.connections(person.session.subject),
        person === undefined ? [] : changesOf(deps),
        person === undefined ? [] : deps.events.off(),
      ]);
      const { overviewPage } = await import("./overview.tsx");
      return c.html(overviewPage({
        ...frame,
        figures: figuresOf(deps, all, world.now()),
        isWhole: all.isWhole,
        dead: (person === undefined ? [] : dead.connections).map((one): DeadRow => {
          const { realm, userId } = partsOf(one.subject);
          return {
            href: `/console/people?${new URLSearchParams({ realm, id: userId })}`,
            user: one.subject,
            service: serviceTitle(deps, { service: one.services[0], provider: one.provider }) ?? "",
            account: one.account,
            since: one.at,
            why: one.reason,
          };
        }),
        changes,
        off,
        refusing: refusing.map((name) => ({ name, title: titleOf(deps, name) })),
        withheld: [...waiting].map(([upstream, count]) => ({
          upstream,
          count,
          title: titleOf(deps, upstream),
        })),
        steps: stepsOf(deps, view, own.length > 0 || all.people > 0),
        isUnopened: view.isUnopened,
      }));
    }),
  ];
}

/** A deployment of before, or a new one, is counted up as far as it can be here and now. */
async function countedUp({ counts, broker }: AppDeps): Promise<Counts> {
  const counted = await counts.read();
  if (counted.isWhole) return counted;
  await broker.keepCounts();
  return await counts.read();
}

/** What operators changed last, and which of them. */
async function changesOf(deps: AppDeps): Promise<ActivityRow[]> {
  const { entries } = await deps.activity.page(DEPLOYMENT, { limit: CHANGES_SHOWN });
  return activityRows(deps, entries).map((row, at) => {
    const { actor: { id, name = id }, about } = entries[at]!;
    return { ...row, by: { name }, about: row.what === "user_deleted" ? undefined : about };
  });
}

function titleOf({ providers }: AppDeps, name: string): string {
  return providers.get(name)?.title ?? name;
}

/** The counters, as the page has them. */
export function figuresOf(
  titles: Pick<AppDeps, "providers" | "gateway">,
  { people, connections, hours }: Counts,
  now: number,
): Figures {
  // Those of services, and those of providers that have none.
  const named = new Set(
    connections.filter(({ service }) => service).map(({ provider }) => provider),
  );
  const rows = new Map<string, Figures["connections"][number]>();
  for (const { provider, service, state, count } of connections) {
    if (count === 0 || (service === undefined && named.has(provider))) continue;
    const title = serviceTitle(titles, { provider, service }) ?? provider;
    const row = rows.get(title) ?? { service: title, active: 0, reconnect: 0, moved: 0 };
    const column = state === "reauthorization_required" ? "reconnect" : state;
    rows.set(title, { ...row, [column]: row[column] + count });
  }
  const totals = { active: 0, reconnect: 0, moved: 0 };
  for (const { service, state, count } of connections) {
    if (service !== undefined) continue;
    totals[state === "reauthorization_required" ? "reconnect" : state] += count;
  }
  const series = (of: (hour: HourFigures) => number) => {
    const first = hourOf(now) - (HOURS - 1) * HOUR_MS;
    const values = new Array<number>(HOURS).fill(0);
    for (const hour of hours) {
      const at = (hour.hour - first) / HOUR_MS;
      if (at >= 0 && at < HOURS) values[at]! += of(hour);
    }
    return values;
  };
  return {
    people,
    totals,
    connections: [...rows.values()].toSorted((a, b) => a.service.localeCompare(b.service, "en")),
    refreshed: series(({ refreshed }) => refreshed),
    failed: series(({ refreshFailed: { transient, over, refused } }) => transient + over + refused),
    calls: series(({ toolCalls }) => toolCalls),
    errors: series(({ toolErrors }) => toolErrors),
  };
}

/** The five steps of a new deployment. */
function stepsOf(
  { publicUrl, gateway }: AppDeps,
  { credentials, apps }: SettingsView,
  isConnected: boolean,
): Step[] {
  const isSetUp = credentials.some(({ source }) => source !== undefined);
  return [
    {
      name: "address",
      isDone: !isLoopback(new URL(publicUrl).hostname) || isSetUp,
      values: { url: publicUrl },
    },
    { name: "provider", isDone: isSetUp, href: "/console/providers" },
    {
      name: "signIn",
      isDone: gateway.signInServers.length > 0,
      href: "/console/providers#operators",
    },
    { name: "app", isDone: apps.length > 0, href: "/console/apps" },
    { name: "connect", isDone: isConnected, href: "/" },
  ];
}
