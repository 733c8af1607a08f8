/**
 * The three ways in which GitHub gives issues: a repository's list of issues,
 * which holds pull requests too, its list of pull requests, and the search.
 *
 * https://docs.github.com/en/rest/issues/issues#list-repository-issues
 * https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
 * https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { count, enumerate, fitting } from "../text.ts";
import { there } from "./comments.ts";
import { isPullRequest, Issue, summarizeIssue } from "./issue.ts";
import { hiddenBySso, hiddenFrom, type Next, pageAfter, speakMore } from "./paging.ts";
import { PullRequest, summarizePull } from "./pull.ts";
import { readIn, repoOfPage } from "./repo.ts";
import type { Search, Wanted } from "./search_query.ts";
import { spoken } from "./spoken.ts";

/** How many pages of pull requests are passed over at a time. */
const MOST_PAGES = 5;
/** GitHub's search gives no more of what it found. */
const MOST_FOUND = 1_000;

interface Asked extends Wanted {
  sort?: "best_match" | "created" | "updated" | "comments" | undefined;
  limit: number;
  page: number;
}

const Issues = z.array(Issue.nullish()).transform(there);
const Pulls = z.array(PullRequest.nullish()).transform(there);
const Results = z.object({
  total_count: z.number(),
  incomplete_results: z.boolean().nullish(),
  items: Issues,
});

/** A repository's issues, or all of it that has a number. */
export async function listIssues(api: ApiClient, asked: Asked & { repo: string }) {
  const { type, state, labels, sort } = asked;
  const read = async (page: number) => {
    const { value, headers, ...found } = await readIn(api, asked.repo, "/issues", Issues, {
      query: { state, labels: labels?.join(","), sort, ...pageOf({ ...asked, page }) },
    }).catch(inWords);
    const issues = type === "all" ? value : value.filter((issue) => !isPullRequest(issue));
    const notes = [...found.notes, ...hiddenBySso(headers)];
    const leftOut = value.length - issues.length;
    return { issues, leftOut, next: pageAfter(page, headers), repo: found.repo, notes };
  };
  const first = await read(asked.page);
  const { repo, notes } = first;
  let { issues, leftOut, next } = first;
  // Of a page with nothing but pull requests nobody learns anything.
  for (let more = 1; issues.length === 0 && leftOut > 0 && next.next_page; more++) {
    if (more > MOST_PAGES) break;
    const page = await read(next.next_page);
    issues = page.issues;
    leftOut += page.leftOut;
    next = page.next;
  }
  return {
    text: [
      speakFound(issues, asked, { where: ` in ${repo}` }),
      ...(leftOut === 0 ? [] : [`Left out: ${count(leftOut, "pull request")}.`]),
      ...speakMore(next),
      ...notes,
    ].join(" "),
    notes,
    data: {
      repo,
      ...(type === "all"
        ? { items: fitting(issues, (issue, length) => itemOf(issue, repo, length)) }
        : { issues: fitting(issues, summarizeIssue), pull_requests_left_out: leftOut }),
      ...next,
    },
  };
}

/** A repository's pull requests. */
export async function listPulls(api: ApiClient, asked: Asked & { repo: string }) {
  const { state, base, sort } = asked;
  const found = await readIn(api, asked.repo, "/pulls", Pulls, {
    query: { state, base, sort: sort ?? "created", direction: "desc", ...pageOf(asked) },
  }).catch(inWords);
  const { value, headers, repo } = found;
  const notes = [...found.notes, ...hiddenBySso(headers)];
  const next = pageAfter(asked.page, headers);
  return {
    text: [speakFound(value, asked, { where: ` in ${repo}` }), ...speakMore(next), ...notes]
      .join(" "),
    notes,
    data: { repo, pull_requests: fitting(value, summarizePull), ...next },
  };
}

/** What GitHub's search finds: for each kind by itself, since it takes only one at a time. */
export async function searchIssues(api: ApiClient, asked: Asked, search: Search) {
  const { sort, limit, page } = asked;
  const perKind = Math.max(1, Math.floor(limit / search.queries.length));
  const answers = await Promise.all(search.queries.map((q) =>
    api.page("/search/issues", Results, {
      query: {
        q,
        sort: search.sorted || sort === "best_match" ? undefined : sort,
        advanced_search: search.advanced ? "true" : undefined,
        per_page: perKind,
        page,
      },
    })
  )).catch(inWords);
  const items = inOrder(answers.flatMap(({ value }) => value.items), sort);
  const total = answers.reduce((sum, { value }) => sum + value.total_count, 0);
  const incomplete = answers.some(({ value }) => value.incomplete_results === true);
  const nexts = answers.map(({ headers }) => pageAfter(page, headers));
  const next: Next = nexts.find(({ has_more }) => has_more) ?? { has_more: false };
  const isCut = !next.has_more && answers.some(({ value }) => value.total_count > MOST_FOUND);
  const notes = [
    ...search.notes,
    ...new Set(answers.flatMap(({ headers }) => hiddenFrom(headers))),
    ...(isCut ? ["GitHub shows the first 1,000 of them only: narrow the search."] : []),
  ];
  const write = (issue: Issue, length?: number) =>
    itemOf(issue, repoOfPage(issue.html_url) ?? asked.repo ?? "", length);
  return {
    text: [
      speakFound(items.map((issue) => write(issue)), asked, { total, isStateSaid: false }),
      ...(incomplete ? ["GitHub did not look everywhere, so there may be more."] : []),
      ...speakMore(next),
      ...notes,
    ].join(" "),
    notes,
    data: {
      items: fitting(items, write),
      total,
      incomplete,
      ...next,
    },
  };
}

/** As if both kinds had come from one search. */
function inOrder(items: Issue[], sort: Asked["sort"]): Issue[] {
  const by = (value: (issue: Issue) => string | number) =>
    items.toSorted((one, other) => value(one) < value(other) ? 1 : -1);
  if (sort === "created") return by(({ created_at }) => created_at);
  if (sort === "updated") return by(({ updated_at }) => updated_at);
  return sort === "comments" ? by(({ comments }) => comments ?? 0) : items;
}

function pageOf({ limit, page }: Asked) {
  return { per_page: limit, page };
}

function itemOf(issue: Issue, repo: string, length = Infinity) {
  const isPull = isPullRequest(issue);
  return {
    ...summarizeIssue(issue, length),
    repo,
    is_pull_request: isPull,
    draft: isPull ? issue.draft ?? undefined : undefined,
    merged: isPull ? Boolean(issue.pull_request?.merged_at) : undefined,
  };
}

/**
 * Beyond some thousand, GitHub's list of issues takes no numbers of pages, but a cursor, which its
 * description does not know (seen in 2025 and 2026). What lies there is found by its date.
 */
function inWords(error: unknown): never {
  const said = error instanceof ApiError ? error.fault.message : "";
  if (/cursor.based pagination/i.test(said)) {
    throw invalid(
      "GitHub lists no more of so many. Narrow it by a query, such as created:<2026-01-01.",
    );
  }
  if (/first 1,?000 search results/i.test(said)) {
    throw invalid("GitHub shows the first 1,000 results of a search only: narrow it.");
  }
  throw error;
}

/** `Found 2 open issues in octocat/hello-world: #1 One; #2 Two.` */
function speakFound(
  found: { number: number; title: string; repo?: string }[],
  { type, state }: Pick<Wanted, "type" | "state">,
  { total = found.length, where = "", isStateSaid = true }: {
    total?: number;
    where?: string;
    isStateSaid?: boolean;
  },
): string {
  const kind = isStateSaid && state !== "all" ? `${state} ` : "";
  const nouns = type === "issue"
    ? ["issue", "issues"]
    : type === "pull_request"
    ? ["pull request", "pull requests"]
    : ["issue or pull request", "issues and pull requests"];
  const titles = found.map(({ repo, number, title }) =>
    `${repo === undefined ? "" : `${repo} `}#${number} ${spoken(title)}`
  );
  const list = titles.length === 0 ? "" : `: ${enumerate(titles)}`;
  return `Found ${count(total, kind + nouns[0], kind + nouns[1])}${where}${list}.`;
}
