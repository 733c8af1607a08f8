/**
 * Calls of GitHub's tools.
 *
 * @module
 */

import type { Case, Cases, KnownFault } from "./case.ts";

const repo = "octocat/hello-world";

const CASES: Cases = {
  github_create_issue: [
    { args: { repo, title: "The door" } },
    { args: { repo, title: "The door", body: "b", labels: ["bug"], assignees: ["hubot"] } },
  ],
  github_list_issues: [
    { args: { repo } },
    { args: { repo, state: "all", labels: ["bug", "good first issue"], limit: 100, page: 2 } },
  ],
  github_get_issue: [{ args: { repo, number: 7 } }],
  github_update_issue: [
    { args: { repo, number: 7, state: "closed", reason: "not_planned" } },
    { args: { repo, number: 7, title: "New", body: "b", add_labels: ["bug"] } },
    { args: { repo, number: 7, add_assignees: ["hubot"], remove_assignees: ["octocat"] } },
    { args: { repo, number: 7, remove_labels: ["bug"] } },
    { args: { repo, number: 7 }, refuses: /what to change/ },
  ],
  github_comment_on_issue: [{ args: { repo, number: 7, body: "Done." } }],
  github_search_issues: [
    { args: { query: "door" } },
    { args: { query: "door is:merged", type: "pull_request", repo, sort: "comments", page: 9 } },
  ],
  github_list_pull_requests: [
    { args: { repo } },
    { args: { repo, state: "closed", base: "main", sort: "updated", limit: 100 } },
  ],
  github_get_pull_request: [{ args: { repo, number: 7 } }],
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

export const githubFaults: KnownFault[] = [
  {
    tool: /^github_(app_)?read_file$/,
    check: "requests",
    fault: "/contents is not described",
  },
  {
    tool: /^github_(app_)?read_file$/,
    check: "examples",
    fault: "Failed to decode base64",
  },
];
