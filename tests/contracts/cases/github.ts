/**
 * Calls of GitHub's tools.
 *
 * @module
 */

import type { Case, Cases, KnownFault } from "./case.ts";

const repo = "octocat/hello-world";

/** A review is what was asked for. */
const reviewed = (state: string): Case["answers"] => ({
  "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews": (body) => ({ ...body, state }),
});

/** A pull request that can be merged, and is. */
const OPEN: Case["answers"] = {
  "GET /repos/{owner}/{repo}/pulls/{pull_number}": (body) => ({
    ...body,
    state: "open",
    draft: false,
    merged: false,
    merged_at: null,
    mergeable: true,
  }),
  "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge": (body) => ({ ...body, merged: true }),
};

const CASES: Cases = {
  github_create_issue: [
    { args: { repo, title: "The door" } },
    { args: { repo, title: "The door", body: "b", labels: ["bug"], assignees: ["hubot"] } },
  ],
  github_find_issues: [
    { args: { repo } },
    { args: { repo, type: "issue", state: "all", labels: ["bug", "good first issue"], page: 2 } },
    { args: { repo, type: "pull_request", state: "closed", base: "main", sort: "updated" } },
    { args: { repo, type: "pull_request", labels: ["bug"] } },
    { args: { query: "door" } },
    { args: { query: "door is:merged", repo, sort: "comments", page: 9 } },
    { args: { query: "crash OR hang", type: "issue" } },
    { args: {} },
  ],
  github_read_issue: [
    { args: { repo, number: 7 } },
    { args: { repo, number: 7, include: [] } },
  ],
  github_update_issue: [
    { args: { repo, number: 7, state: "closed", reason: "not_planned" } },
    { args: { repo, number: 7, title: "New", body: "b", add_labels: ["bug"] } },
    { args: { repo, number: 7, add_assignees: ["hubot"], remove_assignees: ["octocat"] } },
    { args: { repo, number: 7, remove_labels: ["bug"] } },
    { args: { repo, number: 7 }, refuses: /what to change/ },
  ],
  github_comment: [
    { args: { repo, number: 7, body: "Done." } },
    { args: { repo, number: 7, review: "approve" }, answers: reviewed("APPROVED") },
    {
      args: {
        repo,
        number: 7,
        review: "request_changes",
        body: "Not yet.",
        comments: [{ path: "a.ts", line: 7, start_line: 3, body: "Why?" }],
      },
      answers: reviewed("CHANGES_REQUESTED"),
    },
    { args: { repo, number: 7 }, refuses: /body is missing/ },
  ],
  github_read_pull_request: [
    { args: { repo, number: 7 } },
    { args: { repo, number: 7, include: ["diff", "files", "reviews", "checks", "comments"] } },
  ],
  github_create_pull_request: [
    { args: { repo, title: "The door", head: "fix" } },
    { args: { repo, title: "The door", head: "hubot:fix", base: "main", body: "b", draft: true } },
  ],
  github_merge_pull_request: [
    { args: { repo, number: 7 }, answers: OPEN },
    { args: { repo, number: 7, method: "squash", title: "t", message: "m" }, answers: OPEN },
  ],
  github_read_workflow_runs: [
    { args: { repo } },
    { args: { repo, workflow: "ci.yml", branch: "main", status: "failure", page: 2 } },
    { args: { repo, run: 42 } },
  ],
  github_search_code: [
    { args: { query: "door" } },
    { args: { query: "door language:go", repo, limit: 100, page: 2 } },
  ],
  github_list_commits: [
    { args: { repo } },
    { args: { repo, branch: "dev", path: "a.ts", author: "hubot", since: "2026-11-01" } },
    { args: { repo, sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e" } },
  ],
  github_list_repositories: [{ args: {} }, { args: { sort: "full_name", limit: 100 } }],
  github_read_file: [
    { args: { repo, path: "src/ä b.ts", ref: "v1.0" } },
    {
      args: { repo, path: "big.txt" },
      answers: {
        "GET /repos/{owner}/{repo}/contents/{path}": (body) =>
          Array.isArray(body) ? body : { ...body, type: "file", encoding: "none", content: "" },
      },
    },
  ],
};

/** The same tools, for the app itself: one call of each. */
const OF_APP: Cases = Object.fromEntries(
  Object.entries(CASES).map(([name, [first]]) => [
    name.replace("github_", "github_app_"),
    [first as Case],
  ]),
);

export const githubCases: Cases = { ...CASES, ...OF_APP };

export const githubFaults: KnownFault[] = [];
