/**
 * GitHub's search for issues and pull requests.
 *
 * https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine } from "../text.ts";
import { Issue, IssueSummary, summarizeIssue } from "./issue.ts";
import { pageAfter, paging, pagingOutput, RepoName } from "./repositories.ts";

/** The longest text that GitHub searches for. The qualifiers in it do not count. */
const MAX_QUERY = 256;

const Results = z.object({
  total_count: z.number(),
  incomplete_results: z.boolean().nullish(),
  items: z.array(Issue),
});

export const searchIssues = tool({
  name: "github_search_issues",
  aliases: ["search_issues"],
  service: "github",
  title: "Search GitHub issues and pull requests",
  description: "Find issues or pull requests by words and GitHub's search qualifiers, in one " +
    "repository or in all that the person sees. Use it when the repository or the number is not " +
    "known, or when they ask what is assigned to them or waits for their review.",
  input: z.strictObject({
    query: z.string().min(1).max(MAX_QUERY).regex(/\S/, "must not be blank").describe(
      "Words and qualifiers, such as: login fails; assignee:@me; review-requested:@me; " +
        "author:ana label:bug created:>2026-11-01.",
    ),
    type: z.enum(["issue", "pull_request"]).default("issue")
      .describe("What to look for; GitHub searches for one of the two at a time."),
    state: z.enum(["open", "closed", "all"]).default("open").describe("Which of them to find."),
    repo: RepoName.optional().describe(
      "Only in this repository, as owner/name. Left out, everywhere.",
    ),
    sort: z.enum(["best_match", "created", "updated", "comments"]).default("best_match")
      .describe("What comes first: the best match, the newest, the last changed, the most talked."),
    ...paging,
  }),
  output: z.object({
    items: z.array(z.object({
      ...IssueSummary.shape,
      repo: z.string().describe("owner/name"),
      is_pull_request: z.boolean(),
    })),
    total: z.number().describe("How many match; GitHub gives the first 1,000 of them."),
    incomplete: z.boolean().describe("Whether GitHub gave up before it had looked everywhere."),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["repo"]],
  async run({ query, type, state, repo, sort, limit, page }, { api }) {
    const { value, headers } = await api.page("/search/issues", Results, {
      query: {
        q: searchFor(query, type, state, repo),
        sort: sort === "best_match" ? undefined : sort,
        per_page: limit,
        page,
      },
    });
    const next = pageAfter(page, headers);
    const incomplete = value.incomplete_results ?? false;
    const noun = type === "issue" ? "issue" : "pull request";
    const titles = value.items.map((item) =>
      `${repoOf(item)} #${item.number} ${oneLine(item.title)}`
    );
    return {
      text: [
        `Found ${count(value.total_count, noun)}${
          titles.length === 0 ? "" : `: ${enumerate(titles)}`
        }.`,
        ...(incomplete ? ["GitHub did not look everywhere, so there may be more."] : []),
        ...(next.has_more ? [`There are more on page ${page + 1}.`] : []),
      ].join(" "),
      data: {
        items: fitting(value.items, (item, length) => ({
          ...summarizeIssue(item, length),
          repo: repoOf(item),
          is_pull_request: isPullRequest(item),
        })),
        total: value.total_count,
        incomplete,
        ...next,
      },
    };
  },
});

/** The query with a qualifier for each other argument, unless it has one of that kind itself. */
function searchFor(query: string, type: string, state: string, repo?: string): string {
  const says = (qualifier: RegExp) => qualifier.test(query);
  return [
    query,
    // GitHub Apps must name the type (422 otherwise, seen in the docs of November 2026).
    ...(says(/(^|\s)(is|type):(issue|pr|pull-request)\b/i)
      ? []
      : [type === "issue" ? "is:issue" : "is:pr"]),
    ...(state === "all" || says(/(^|\s)(is|state):(open|closed|merged|unmerged)\b/i)
      ? []
      : [`is:${state}`]),
    ...(repo === undefined ? [] : [`repo:${repo}`]),
  ].join(" ");
}

/** From `https://github.com/owner/name/issues/1`. */
function repoOf({ html_url }: Issue): string {
  return new URL(html_url).pathname.split("/").slice(1, 3).join("/");
}

function isPullRequest({ html_url, pull_request }: Issue): boolean {
  return pull_request !== undefined || /\/pull\/\d+$/.test(html_url);
}
