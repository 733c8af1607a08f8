/**
 * Whether an issue is the one that was named. A transferred issue keeps its old
 * address, from which GitHub sends on who reads, and not who writes; a comment
 * on it would go to whatever else has its new number in the old repository.
 *
 * https://docs.github.com/en/issues/tracking-your-work-with-issues/administering-issues/transferring-an-issue-to-another-repository
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { isPullRequest, Issue, kindOf } from "./issue.ts";
import { WholePullRequest } from "./pull.ts";
import { UNSEEN } from "./errors.ts";
import { isSameRepo, pageOf, readIn } from "./repo.ts";

/** What is asked of a repository itself. */
export const Repository = z.object({
  full_name: z.string(),
  html_url: z.string().nullish(),
  default_branch: z.string().nullish(),
});

/** What was named: an issue or a pull request. */
export interface Named {
  repo: string;
  number: number;
}

/** An issue, and where it is by now. */
export interface FoundIssue extends Named {
  issue: Issue;
  /** That it is not where it was looked for, if so. */
  notes: string[];
}

/** A pull request, and where it is by now. */
export interface FoundPull extends Named {
  pull: WholePullRequest;
  notes: string[];
}

/** Reads one, wherever it has gone. */
export async function findIssue(api: ApiClient, named: Named): Promise<FoundIssue> {
  const path = `/issues/${named.number}`;
  const { value: issue, repo } = await readIn(api, named.repo, path, Issue);
  if (pageOf(issue.html_url)?.kind === "discussions") {
    const message = `#${named.number} in ${named.repo} was turned into a discussion.`;
    throw new ApiError({ kind: "not_found", message });
  }
  return { issue, ...movedTo(named, { repo, ...issue }) };
}

/** Reads a pull request, wherever its repository has gone; says so where it is an issue. */
export async function findPull(api: ApiClient, named: Named): Promise<FoundPull> {
  const path = `/pulls/${named.number}`;
  const read = readIn(api, named.repo, path, WholePullRequest);
  const { value: pull, repo } = await orWhere(api, named, read, "pull request", true);
  return { pull, ...movedTo(named, { repo, ...pull }) };
}

/** Where something is that was asked for by its name, from what answered. */
export function movedTo(
  named: Named,
  { repo, number, html_url }: { repo: string; number: number; html_url: string },
): Named & { notes: string[] } {
  // Its own page: a client in between may have followed by itself.
  const page = pageOf(html_url);
  const isOwn = page?.kind === "issues" || page?.kind === "pull";
  const now = { repo: isOwn ? page.repo : repo, number };
  if (isSameRepo(now.repo, named.repo)) {
    if (number === named.number) return { ...named, notes: [] };
    now.repo = named.repo;
  }
  const notes = number === named.number
    ? [`${named.repo} #${named.number} is now in ${now.repo}.`]
    : [`${named.repo} #${named.number} is now ${now.repo} #${number}.`];
  return { ...now, notes };
}

/** One that is to be changed, which must be where it was named. */
export async function findToChange(api: ApiClient, named: Named): Promise<Issue> {
  const { issue, notes } = await findIssue(api, named);
  if (notes.length > 0) throw elsewhere(notes);
  return issue;
}

/**
 * A change that GitHub refused because it did not find what was named: says what has become of
 * it, or that it is something else.
 */
export async function orWhere<T>(
  api: ApiClient,
  named: Named,
  change: Promise<T>,
  wants: "issue or pull request" | "pull request" = "issue or pull request",
  isRead = false,
): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind !== "not_found") throw error;
    let found: FoundIssue;
    try {
      found = await findIssue(api, named);
    } catch (cause) {
      // Deleted, turned into a discussion, or private: that says more than the first one.
      if (cause instanceof ApiError && cause.fault.kind === "not_found") throw cause;
      throw error;
    }
    if (wants === "pull request" && !isPullRequest(found.issue)) throw notPull(found);
    if (found.notes.length > 0) throw elsewhere(found.notes);
    throw error.fault.message === UNSEEN && !isRead ? unchangeable(found) : error;
  }
}

/** GitHub says "not found" to who may see it, and not do this. */
function unchangeable({ repo, number, issue }: FoundIssue): ApiError {
  const message = `GitHub shows ${kindOf(issue)} #${number} in ${repo} to this account, and does ` +
    "not let it do this there.";
  // GitHub's own word for it stays: of what lies behind a 404 nobody can be sure.
  return new ApiError({ kind: "not_found", message });
}

/** The same of something new in a repository: GitHub sends on where that has another name by now. */
export async function orRenamed<T>(api: ApiClient, repo: string, change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof ApiError) || !WAS_SENT_ON.test(error.fault.message)) throw error;
    const found = await readIn(api, repo, "", Repository).catch(() => undefined);
    if (found !== undefined && found.notes.length > 0) throw elsewhere(found.notes);
    throw error;
  }
}

/** What the API's client says of a change that it was sent on with. */
const WAS_SENT_ON = /\bsays that this has moved\b/;

/** Something was named that has another place by now, and is to be changed. */
export function elsewhere(notes: string[]): ApiError {
  const message = `${notes.join(" ")} Nothing was changed: name it by its new place.`;
  return new ApiError({ kind: "conflict", message });
}

function notPull({ repo, number }: Named): ApiError {
  const message = `#${number} in ${repo} is an issue, not a pull request.`;
  return new ApiError({ kind: "not_found", message });
}

/** What was answered after a change must speak of what was named: else it is said which it was. */
export function checkChanged(named: Named, changed: Named & { html_url: string }): void {
  const { notes, ...now } = movedTo(named, changed);
  if (notes.length === 0) return;
  const message = `GitHub has changed ${now.repo} #${now.number}, and not ${named.repo} ` +
    `#${named.number}, which was meant. Look at it before anything else is done.`;
  throw new ApiError({ kind: "conflict", message });
}
