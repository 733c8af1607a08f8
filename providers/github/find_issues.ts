/**
 * Issues and pull requests, in one repository or everywhere: listed, where
 * nothing but their state is asked for, and searched for otherwise. GitHub's
 * search lags behind by some seconds and takes 30 requests a minute; its lists
 * do neither, and know one repository only.
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { IssueSummary } from "./issue.ts";
import { listIssues, listPulls, searchIssues } from "./issue_lists.ts";
import { paging, pagingOutput } from "./paging.ts";
import { RepoName } from "./repo.ts";
import { REPO_SCOPES } from "./scopes.ts";
import { faultIn, searchFor } from "./search_query.ts";

/** Whatever stands in a query. */
const MAX_QUERY = 1_000;
/** In the place of a query, where neither it nor a repository is given. */
const MINE = "involves:@me";

const label = z.string().min(1).max(100).regex(/^[^,]*$/, "must not hold a comma");

const input = z.strictObject({
  repo: RepoName.optional().describe("owner/name. Left out, everywhere."),
  query: z.string().max(MAX_QUERY).superRefine((query, context) => {
    const message = faultIn(query);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  }).optional().describe(
    "Words and GitHub's qualifiers: login fails review-requested:@me created:>2026-11-01. Without it and repo: what involves the person.",
  ),
  type: z.enum(["all", "issue", "pull_request"]).default("all"),
  state: z.enum(["open", "closed", "all"]).default("open").describe("Merged ones are closed."),
  labels: z.array(label).min(1).max(20).optional(),
  base: z.string().min(1).max(255).optional()
    .describe("Only pull requests into this branch."),
  sort: z.enum(["best_match", "created", "updated", "comments"]).optional(),
  ...paging,
});

const output = z.object({
  repo: z.string().optional(),
  items: z.array(z.object({
    ...IssueSummary.shape,
    repo: z.string(),
    is_pull_request: z.boolean(),
    draft: z.boolean().optional(),
    merged: z.boolean().optional(),
  })).optional(),
  // As the tools gave them that this one took the place of.
  issues: z.array(z.looseObject({})).optional(),
  pull_requests: z.array(z.looseObject({})).optional(),
  pull_requests_left_out: z.number().optional()
    .describe("Pull requests on this page, which count towards `limit`."),
  total: z.number().optional(),
  incomplete: z.boolean().optional(),
  ...pagingOutput,
});

const LISTED = ["repo", "state", "labels", "limit", "page"] as const;
const SEARCHED = ["query", "type", "state", "repo", "sort", "limit", "page"] as const;
const PULLS = ["repo", "state", "base", "sort", "limit", "page"] as const;

export const findIssues = tool({
  name: "github_find_issues",
  formerly: {
    github_list_issues: { args: { type: "issue" }, only: LISTED, needs: ["repo"] },
    list_issues: { args: { type: "issue" }, only: LISTED, needs: ["repo"] },
    github_search_issues: {
      args: { type: "issue", sort: "best_match" },
      only: SEARCHED,
      needs: ["query"],
    },
    search_issues: {
      args: { type: "issue", sort: "best_match" },
      only: SEARCHED,
      needs: ["query"],
    },
    github_list_pull_requests: { args: { type: "pull_request" }, only: PULLS, needs: ["repo"] },
    list_pull_requests: { args: { type: "pull_request" }, only: PULLS, needs: ["repo"] },
  },
  service: "github",
  title: "Find GitHub issues and pull requests",
  description:
    "List or search issues and pull requests, in one repository or everywhere: what is open, " +
    "assigned to the person, or waits for their review.",
  input,
  output,
  hints: { readOnly: true },
  scopes: REPO_SCOPES,
  async run(args, { api }) {
    const { repo, type, labels, base } = args;
    const query = (args.query ?? "").trim();
    const isPlain = query === "" && args.sort !== "best_match";
    if (repo !== undefined && isPlain) {
      // Only the list of pull requests knows their branches, and only that of issues labels.
      if (type === "pull_request" && labels === undefined && args.sort !== "comments") {
        return await listPulls(api, { ...args, repo });
      }
      if (type !== "pull_request" && base === undefined) {
        return await listIssues(api, { ...args, repo });
      }
    }
    const all = query === "" && repo === undefined ? MINE : query;
    const sort = args.sort ?? (query === "" ? "created" : "best_match");
    return await searchIssues(api, { ...args, sort }, searchFor(all, args));
  },
});
