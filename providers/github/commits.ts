/**
 * Commits of GitHub repositories.
 *
 * https://docs.github.com/en/rest/commits/commits
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { type ApiClient, ApiError, tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten, shortLine } from "../text.ts";
import { there } from "./comments.ts";
import { onDay } from "./days.ts";
import { ChangedFiles, filesOf, FileSummary, speakFiles } from "./files.ts";
import { pageAfter, paging, pagingOutput, speakMore } from "./paging.ts";
import { readIn, repo } from "./repo.ts";
import { REPO_SCOPES } from "./scopes.ts";
import { spoken } from "./spoken.ts";

const MESSAGE_LENGTH = 2_000;
const SPOKEN_MESSAGE = 300;
/** Of one commit, GitHub lists at most 3,000 files. */
const MOST_FILES = 3_000;

/** Of the git author, which is no account: each may be missing. */
const Signature = z.object({ name: z.string().nullish(), date: z.string().nullish() }).nullish();
/** An empty object where GitHub does not know the account. */
const Account = z.object({ login: z.string().nullish() }).nullish();
const Commit = z.object({
  sha: z.string(),
  html_url: z.string().nullish(),
  commit: z.object({
    message: z.string().nullish(),
    author: Signature,
    committer: Signature,
  }),
  author: Account,
});
type Commit = z.output<typeof Commit>;
const WholeCommit = z.object({
  ...Commit.shape,
  stats: z.object({ additions: z.number().nullish(), deletions: z.number().nullish() }).nullish(),
  files: ChangedFiles.nullish(),
});

const CommitSummary = z.object({
  sha: z.string(),
  message: z.string(),
  author: z.string().optional(),
  date: z.string().optional(),
  url: z.string().optional(),
});

const day = z.string().regex(
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/,
  "must look like 2026-11-24 or 2026-11-24T14:00:00Z",
);

export const listCommits = tool({
  name: "github_list_commits",
  aliases: ["list_commits"],
  service: "github",
  title: "List GitHub commits",
  description:
    "List commits of a repository, newest first, or read one with the files that it changes.",
  input: z.strictObject({
    repo,
    sha: z.string().regex(/^[0-9a-f]{4,64}$/i, "must be a commit id").optional()
      .describe("One commit, to read with its files."),
    branch: z.string().min(1).max(255).optional()
      .describe("Or a tag; left out, the default branch."),
    path: z.string().min(1).max(1_024).optional().describe("A file or folder."),
    author: z.string().min(1).max(320).optional().describe("Login or e-mail."),
    since: day.optional().describe("A date, or a time with its offset."),
    until: day.optional().describe("A date is meant as a whole."),
    ...paging,
  }),
  output: z.object({
    repo: z.string(),
    branch: z.string().optional(),
    commits: z.array(CommitSummary).optional(),
    commit: CommitSummary.optional(),
    additions: z.number().optional(),
    deletions: z.number().optional(),
    files: z.array(FileSummary).optional(),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: REPO_SCOPES,
  async run({ repo, sha, ...filter }, { api, now }) {
    if (sha === undefined) return await list(api, repo, filter);
    const { limit, page, ...others } = filter;
    if (Object.values(others).some((value) => value !== undefined)) {
      throw invalid("sha is one commit: leave out branch, path, author, since and until.");
    }
    return await readCommit(api, repo, sha, { limit, page, now });
  },
});

interface Filter {
  branch?: string | undefined;
  path?: string | undefined;
  author?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  limit: number;
  page: number;
}

async function list(
  api: ApiClient,
  repo: string,
  { branch, path, author, since, until, limit, page }: Filter,
) {
  const query = {
    sha: branch,
    path,
    author,
    since: since && momentOf(since, "T00:00:00Z"),
    until: until && momentOf(until, "T23:59:59Z"),
    per_page: limit,
    page,
  };
  let found;
  try {
    found = await readIn(api, repo, "/commits", z.array(Commit.nullish()), { query });
  } catch (error) {
    if (!isEmpty(error)) throw error;
    const text = `${repo} is empty: nothing was committed to it yet.`;
    return { text, data: { repo, commits: [], has_more: false } };
  }
  const commits = there(found.value);
  const { has_more, next_page } = pageAfter(page, found.headers);
  const messages = commits.map((commit) => {
    const by = authorOf(commit);
    return `${shorten(firstLine(commit), 100)}${by === undefined ? "" : ` by ${by}`}`;
  });
  const where = branch === undefined ? found.repo : `${spoken(branch)} of ${found.repo}`;
  return {
    text: [
      `Found ${count(commits.length, "commit")} in ${where}` +
      `${messages.length === 0 ? "" : `: ${enumerate(messages)}`}.`,
      ...speakMore({ has_more, next_page }),
      ...found.notes,
    ].join(" "),
    notes: found.notes,
    data: { repo: found.repo, branch, commits: fitting(commits, summarize), has_more, next_page },
  };
}

async function readCommit(
  api: ApiClient,
  repo: string,
  sha: string,
  { limit, page, now }: { limit: number; page: number; now: number },
) {
  const found = await readIn(api, repo, `/commits/${sha}`, WholeCommit, {
    query: { per_page: limit, page },
  });
  const { value: commit, headers } = found;
  const all = there(commit.files ?? []);
  // An answer may hold more of them than were asked for.
  const files = all.slice(0, limit);
  const { has_more, next_page } = pageAfter(page, headers);
  const [additions, deletions] = [commit.stats?.additions ?? 0, commit.stats?.deletions ?? 0];
  const isCut = !has_more && page * limit >= MOST_FILES;
  const notes = [
    ...found.notes,
    ...(all.length > limit ? [`${all.length - limit} more files are left out.`] : []),
    ...(isCut ? ["GitHub lists the first 3,000 files only."] : []),
  ];
  const by = authorOf(commit);
  return {
    text: [
      `The commit in ${found.repo}` +
      `${by === undefined ? "" : ` by ${by}`}${onDay(dateOf(commit), now)}: ` +
      `${shorten(firstLine(commit), SPOKEN_MESSAGE)}.`,
      `${count(additions, "line")} added, ${deletions} taken away.`,
      ...speakFiles(files),
      ...speakMore({ has_more, next_page }),
      ...notes,
    ].join(" "),
    notes,
    data: {
      repo: found.repo,
      commit: summarize(commit, Infinity),
      additions,
      deletions,
      files: filesOf(files),
      has_more,
      next_page,
    },
  };
}

function summarize(commit: Commit, length: number): z.output<typeof CommitSummary> {
  return {
    sha: commit.sha,
    message: shorten(commit.commit.message ?? "", Math.min(MESSAGE_LENGTH, length)),
    author: authorOf(commit),
    date: dateOf(commit),
    url: commit.html_url || undefined,
  };
}

/** The account, or the name that stands in the commit: many have no account. */
function authorOf({ author, commit }: Commit): string | undefined {
  const name = commit.author?.name;
  return author?.login || (name ? shortLine(name, 100) : undefined);
}

function dateOf({ commit }: Commit): string | undefined {
  return commit.author?.date || commit.committer?.date || undefined;
}

function firstLine({ commit }: Commit): string {
  const [first = ""] = (commit.message ?? "").trim().split("\n");
  return oneLine(first) || "(No message)";
}

function momentOf(text: string, time: string): string {
  return text.includes("T") ? text : text + time;
}

function isEmpty(error: unknown): boolean {
  return error instanceof ApiError && error.fault.message.includes("repository is empty");
}
