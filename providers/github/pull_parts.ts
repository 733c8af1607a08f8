/**
 * What stands beside a pull request: its diff, files, reviews, checks and
 * comments. Each is bounded, and says what it leaves out; one that cannot be
 * read takes none of the others along.
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { excerpt, speakExcerpt } from "../text.ts";
import { Checks, readChecks } from "./checks.ts";
import { CommentSummary, readComments, speakLast, summarizeComments, there } from "./comments.ts";
import { ChangedFiles, filesOf, FileSummary, speakFiles } from "./files.ts";
import { pageAfter } from "./paging.ts";
import type { WholePullRequest } from "./pull.ts";
import { repoPath } from "./repo.ts";
import { LineComment, readLineComments, readReviews, Review } from "./reviews.ts";
import type { Named } from "./whereabouts.ts";

/** What can be asked for. */
export const PARTS = ["diff", "files", "reviews", "checks", "comments"] as const;
type Part = typeof PARTS[number];

/** Of a diff, at a time. */
const DIFF_LENGTH = 20_000;
/** No diff that GitHub shows is longer. */
const MOST_DIFF_BYTES = 4 * 1024 * 1024;
/** How many files are shown at a time. */
const FILES = 100;
/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files */
const MOST_FILES = 3_000;

/** The parts in a tool's answer. */
export const Parts = z.object({
  diff: z.string().optional(),
  next_offset: z.number().optional(),
  files: z.array(FileSummary).optional(),
  reviews: z.array(Review).optional(),
  checks: Checks.optional(),
  comment_list: z.array(CommentSummary).optional(),
  line_comments: z.array(LineComment).optional(),
  next_page: z.number().optional(),
});
type Read = { data: Partial<z.input<typeof Parts>>; said: string[]; notes: string[] };

interface Asked {
  include: Part[];
  page: number;
  offset: number;
  now: number;
}

/** Reads those that are asked for. */
export async function readParts(
  api: ApiClient,
  named: Named,
  pull: WholePullRequest,
  asked: Asked,
): Promise<Read> {
  const readers: Record<Part, () => Promise<Read>> = {
    diff: () => diff(api, named, asked),
    files: () => files(api, named, pull, asked),
    reviews: () => readReviews(api, named, asked),
    checks: () =>
      readChecks(api, named.repo, pull.head.sha ?? `refs/pull/${named.number}/head`, asked),
    comments: () => comments(api, named, pull, asked),
  };
  const wanted = PARTS.filter((part) => asked.include.includes(part));
  const parts = await Promise.all(wanted.map((part) => readers[part]().catch(unread(part))));
  const hasMore = parts.some(({ data }) => data.next_page !== undefined);
  const next_page = hasMore ? asked.page + 1 : undefined;
  return {
    data: { ...Object.assign({}, ...parts.map(({ data }) => data)), next_page },
    said: parts.flatMap(({ said }) => said),
    notes: [
      ...parts.flatMap(({ notes }) => notes),
      ...(hasMore ? [`There is more on page ${next_page}.`] : []),
    ],
  };
}

/** One part may be forbidden to an app, or too large: the rest is there all the same. */
function unread(part: Part) {
  return (error: unknown): Read => {
    // A dead token, and one that is asked to slow down, is no matter of one part.
    const isOwn = error instanceof ApiError &&
      ["forbidden", "missing_scope", "not_found", "invalid", "conflict"].includes(error.fault.kind);
    if (!isOwn) throw error;
    return { data: {}, said: [], notes: [`Its ${part} could not be read: ${error.fault.message}`] };
  };
}

async function diff(api: ApiClient, { repo, number }: Named, { offset }: Asked): Promise<Read> {
  const maxBytes = Math.min(MOST_DIFF_BYTES, 4 * (offset + DIFF_LENGTH));
  const { text, truncated } = await api.text(`${repoPath(repo)}/pulls/${number}`, maxBytes, {
    headers: { Accept: "application/vnd.github.diff" },
    isOptional: true,
  }).catch((error) => {
    // 406: more than 20,000 lines, or 300 files.
    if (!(error instanceof ApiError) || error.fault.kind !== "invalid") throw error;
    const message = "GitHub shows no diff that is so large. Its files can be read by page, and " +
      "each by itself.";
    throw new ApiError({ ...error.fault, message });
  });
  const part = excerpt(text, Math.min(offset, text.length), DIFF_LENGTH);
  const next = part.next ?? (truncated ? offset + part.text.length : undefined);
  const notes = speakExcerpt({ ...part, next }, offset, truncated ? undefined : text.length)
    .map((sentence) => sentence.replace("These are", "Of the diff these are"));
  return { data: { diff: part.text, next_offset: next }, said: [], notes };
}

async function files(
  api: ApiClient,
  { repo, number }: Named,
  pull: WholePullRequest,
  { page }: Asked,
): Promise<Read> {
  const path = `${repoPath(repo)}/pulls/${number}/files`;
  const { value, headers } = await api.page(path, ChangedFiles, {
    query: { per_page: FILES, page },
    isOptional: true,
  });
  const { next_page } = pageAfter(page, headers);
  const all = there(value);
  const total = pull.changed_files ?? all.length;
  const notes = [
    ...(all.length > 0 && all.length < total && (page > 1 || next_page !== undefined)
      ? [`These are ${all.length} of ${total} files.`]
      : []),
    ...(next_page === undefined && total > MOST_FILES
      ? ["GitHub lists the first 3,000 files only."]
      : []),
  ];
  // Another part may go on to a page that the files do not have.
  const said = all.length === 0 && page > 1 ? [] : speakFiles(all);
  return { data: { files: filesOf(all), next_page }, said, notes };
}

async function comments(
  api: ApiClient,
  named: Named,
  pull: WholePullRequest,
  { page, now }: Asked,
): Promise<Read> {
  const [said, lines] = await Promise.all([
    readComments(api, named, { total: pull.comments ?? 0, page }),
    readLineComments(api, named, page),
  ]);
  const { comments, notes } = summarizeComments(said.comments);
  return {
    data: {
      comment_list: comments,
      line_comments: lines.comments,
      next_page: said.next_page ?? lines.next_page,
    },
    said: page === 1 ? speakLast(said.comments, now) : [],
    notes: [...notes, ...lines.notes.filter((note) => !notes.includes(note))],
  };
}
