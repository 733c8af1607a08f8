/**
 * Jobs of a run of GitHub Actions: which step failed, and the end of the log.
 *
 * https://docs.github.com/en/rest/actions/workflow-jobs
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten, shortLine } from "../text.ts";
import { there } from "./comments.ts";
import { type Next, pageAfter } from "./paging.ts";
import { repoPath } from "./repo.ts";
import { spoken } from "./spoken.ts";

const JOBS = 50;
/** Whose log is read: a run of many jobs fails in each for the same reason, mostly. */
const MOST_LOGS = 2;
/** A log is read from its beginning on; of a longer one the end is not reached. */
const MOST_LOG_BYTES = 8 * 1024 * 1024;
const LOG_LENGTH = 4_000;
const SPOKEN_LOG = 300;
const MOST_ANNOTATIONS = 10;

const Step = z.object({ name: z.string().nullish(), conclusion: z.string().nullish() });
const SentJob = z.object({
  id: z.number(),
  name: z.string().nullish(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  steps: z.array(Step.nullish()).nullish(),
  html_url: z.string().nullish(),
});
type SentJob = z.output<typeof SentJob>;
const Jobs = z.object({
  total_count: z.number().nullish(),
  jobs: z.array(SentJob.nullish()),
});
const Annotations = z.array(
  z.object({
    path: z.string().nullish(),
    start_line: z.number().nullish(),
    message: z.string().nullish(),
    annotation_level: z.string().nullish(),
  }).nullish(),
);

/** A job in a tool's answer. */
export const Job = z.object({
  name: z.string(),
  result: z.string(),
  failed_steps: z.array(z.string()).optional(),
  log_end: z.string().optional(),
  annotations: z.array(z.string()).optional(),
  url: z.string().optional(),
});

/** The jobs of a run's latest attempt. */
export async function readJobs(api: ApiClient, repo: string, run: number, page: number) {
  const path = `${repoPath(repo)}/actions/runs/${run}/jobs`;
  const { value, headers } = await api.page(path, Jobs, { query: { per_page: JOBS, page } });
  const sent = there(value.jobs);
  const failed = sent.filter(isFailed);
  const logs = await Promise.all(
    failed.slice(0, MOST_LOGS).map((job) => readLog(api, repo, job)),
  );
  const jobs = fitting(sent, (job, length) => {
    const steps = failedSteps(job);
    const { notes: _notes, ...log } = logs[failed.indexOf(job)] ?? { notes: [] };
    return {
      name: shorten(nameOf(job), length),
      result: job.conclusion || job.status || "unknown",
      failed_steps: steps.length === 0 ? undefined : steps.map((step) => shorten(step, length)),
      ...log,
      url: job.html_url || undefined,
    };
  });
  const next: Next = pageAfter(page, headers);
  const total = value.total_count ?? sent.length;
  const notes = [
    ...logs.flatMap(({ notes }) => notes),
    ...(failed.length > MOST_LOGS
      ? [`The logs of ${count(failed.length - MOST_LOGS, "more job")} were not read.`]
      : []),
    ...(total > sent.length ? [`These are ${sent.length} of ${total} jobs.`] : []),
  ];
  return { jobs, next, said: speakFailed(failed, logs), notes };
}

interface Log {
  log_end?: string | undefined;
  annotations?: string[] | undefined;
  notes: string[];
}

/** The end of a log. GitHub keeps it elsewhere and for a while only: then what it has reported. */
async function readLog(api: ApiClient, repo: string, job: SentJob): Promise<Log> {
  const path = `${repoPath(repo)}/actions/jobs/${job.id}/logs`;
  try {
    const { text, truncated } = await api.text(path, MOST_LOG_BYTES, {
      elsewhere: true,
      isOptional: true,
    });
    const lines = linesOf(text).join("\n");
    const cut = truncated ? ["Its log is too long: the end was not reached."] : [];
    return { log_end: lines.slice(-LOG_LENGTH), notes: cut };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const path = `${repoPath(repo)}/check-runs/${job.id}/annotations`;
    const query = { per_page: MOST_ANNOTATIONS };
    const request = { query, isOptional: true };
    const reported = await api.json(path, Annotations, request).catch(() => []);
    const annotations = there(reported).filter(({ message }) => message).map((one) =>
      shorten(
        [
          ...(one.path ? [`${one.path}${one.start_line ? `:${one.start_line}` : ""}: `] : []),
          oneLine(one.message ?? ""),
        ].join(""),
        SPOKEN_LOG,
      )
    );
    return {
      annotations: annotations.length === 0 ? undefined : annotations,
      notes: [`The log of ${spoken(nameOf(job))} could not be read: ${error.fault.message}`],
    };
  }
}

/** Without the time in front of each line, colours, and marks for GitHub's own page. */
function linesOf(log: string): string[] {
  return log.replace(/^\uFEFF/, "").split(/\r?\n/)
    .map((line) =>
      line.replace(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z ?/, "")
        // deno-lint-ignore no-control-regex -- colours of a terminal
        .replaceAll(/\x1b\[[0-9;]*[A-Za-z]/g, "").replace(/^##\[(end)?group\]/, "")
    )
    .filter((line) => line.trim() !== "");
}

function speakFailed(failed: SentJob[], logs: Log[]): string[] {
  if (failed.length === 0) return [];
  const names = failed.map((job) => {
    const [step] = failedSteps(job);
    return `${spoken(nameOf(job))}${step === undefined ? "" : ` at the step ${spoken(step)}`}`;
  });
  const [log] = logs;
  const error = log?.log_end?.split("\n").findLast((line) => line.startsWith("##[error]"));
  const said = error?.replace("##[error]", "") ?? log?.annotations?.[0];
  return [
    `It failed in ${enumerate(names)}.`,
    ...(said ? [`It says: ${shortLine(said, SPOKEN_LOG)}`] : []),
  ];
}

function isFailed({ conclusion }: SentJob): boolean {
  return conclusion === "failure" || conclusion === "timed_out" ||
    conclusion === "startup_failure";
}

function failedSteps({ steps }: SentJob): string[] {
  return there(steps ?? []).filter(({ conclusion }) =>
    conclusion === "failure" || conclusion === "timed_out"
  ).map(({ name }) => name || "a step without a name");
}

function nameOf({ name, id }: SentJob): string {
  return name || `job ${id}`;
}
