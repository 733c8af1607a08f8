/**
 * Whether the tests of a commit pass: check runs, which apps report, and
 * statuses, which older services report.
 *
 * https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
 * https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { count, enumerate, fitting, shorten } from "../text.ts";
import { there } from "./comments.ts";
import { pageAfter } from "./paging.ts";
import { repoPath } from "./repo.ts";
import { spoken } from "./spoken.ts";

const CHECKS = 100;

const CheckRuns = z.object({
  total_count: z.number().nullish(),
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string().nullish(),
      conclusion: z.string().nullish(),
      html_url: z.string().nullish(),
    }).nullish(),
  ),
});
const Statuses = z.object({
  total_count: z.number().nullish(),
  statuses: z.array(
    z.object({
      context: z.string(),
      state: z.string().nullish(),
      description: z.string().nullish(),
      target_url: z.string().nullish(),
    }).nullish(),
  ).nullish(),
});

const Check = z.object({
  name: z.string(),
  result: z.string(),
  url: z.string().optional(),
});
type Check = z.output<typeof Check>;

/** Checks in a tool's answer. */
export const Checks = z.object({
  total: z.number(),
  passed: z.number(),
  failed: z.number(),
  running: z.number(),
  list: z.array(Check),
});

/** Of what has no result yet: those that GitHub knows. */
const RUNNING = new Set(["queued", "in_progress", "waiting", "requested", "pending", "expected"]);
const PASSED = new Set(["success", "neutral", "skipped"]);
const FAILED = new Set([
  "failure",
  "error",
  "timed_out",
  "cancelled",
  "action_required",
  "startup_failure",
  "stale",
]);

/** All checks of a commit. */
export async function readChecks(
  api: ApiClient,
  repo: string,
  sha: string,
  { page }: { page: number },
) {
  const path = `${repoPath(repo)}/commits/${encodeURIComponent(sha)}`;
  const query = { per_page: CHECKS, page };
  const [runs, statuses] = await Promise.allSettled([
    api.page(`${path}/check-runs`, CheckRuns, { query, isOptional: true }),
    api.page(`${path}/status`, Statuses, { query, isOptional: true }),
  ]);
  // An app may be allowed one of the two.
  if (runs.status === "rejected" && statuses.status === "rejected") throw runs.reason;
  const notes = [
    ...unread(runs, "The check runs"),
    ...unread(statuses, "The statuses"),
  ];
  const [reported, older] = [valueOf(runs), valueOf(statuses)];
  const all: Check[] = [
    ...there(reported?.value.check_runs ?? []).map(({ name, status, conclusion, html_url }) => ({
      name,
      result: conclusion || status || "unknown",
      url: html_url || undefined,
    })),
    ...there(older?.value.statuses ?? []).map(({ context, state, target_url }) => ({
      name: context,
      result: state || "unknown",
      url: target_url || undefined,
    })),
  ];
  const total = Math.max(
    all.length,
    (reported?.value.total_count ?? 0) + (older?.value.total_count ?? 0),
  );
  const of = (results: Set<string>) => all.filter(({ result }) => results.has(result));
  const [passed, failed] = [of(PASSED), of(FAILED)];
  const rest = all.filter((check) => !passed.includes(check) && !failed.includes(check));
  const next_page = [reported, older]
    .flatMap((part) => part === undefined ? [] : pageAfter(page, part.headers).next_page ?? [])[0];
  const isPart = total > all.length || notes.length > 0;
  const left = total > all.length && all.length > 0
    ? [`These are ${all.length} of ${total} checks.`]
    : [];
  const list = fitting([...failed, ...rest, ...passed], (check, length) => ({
    ...check,
    name: shorten(check.name, length),
    url: check.url ? shorten(check.url, length) : undefined,
  }));
  return {
    data: {
      checks: {
        total,
        passed: passed.length,
        failed: failed.length,
        running: rest.filter(({ result }) => RUNNING.has(result)).length,
        list,
      },
      next_page,
    },
    // Another part may go on to a page that the checks do not have.
    said: all.length === 0 && (isPart || page > 1)
      ? []
      : [speakChecks({ all, passed, failed, rest }, isPart)],
    notes: [...notes, ...left],
  };
}

/** `isPart`: of those that could not be read, or stand on another page, nothing is known. */
function speakChecks(
  { all, passed, failed, rest }: Record<"all" | "passed" | "failed" | "rest", Check[]>,
  isPart: boolean,
): string {
  if (all.length === 0) return "It has no checks.";
  if (passed.length === all.length) {
    return isPart
      ? `${count(all.length, "check")} that could be read passed.`
      : `All ${count(all.length, "check")} passed.`;
  }
  const names = (checks: Check[]) => enumerate(checks.map(({ name }) => spoken(name)));
  const running = rest.filter(({ result }) => RUNNING.has(result));
  const others = rest.filter(({ result }) => !RUNNING.has(result)).map(({ name, result }) =>
    `${spoken(name)}, ${spoken(result.replaceAll("_", " "))}`
  );
  return [
    ...(failed.length === 0 ? [] : [`${count(failed.length, "check")} failed: ${names(failed)}.`]),
    ...(running.length === 0
      ? []
      : [`${count(running.length, "check")} not finished: ${names(running)}.`]),
    ...(others.length === 0
      ? []
      : [`${count(others.length, "check")} with another result: ${enumerate(others)}.`]),
    `${passed.length} of ${all.length} passed.`,
  ].join(" ");
}

function valueOf<T>(settled: PromiseSettledResult<T>): T | undefined {
  return settled.status === "fulfilled" ? settled.value : undefined;
}

function unread(settled: PromiseSettledResult<unknown>, what: string): string[] {
  if (settled.status === "fulfilled") return [];
  if (!(settled.reason instanceof ApiError)) throw settled.reason;
  return [`${what} could not be read: ${settled.reason.fault.message}`];
}
