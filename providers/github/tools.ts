/**
 * GitHub's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { readFile } from "./contents.ts";
import { updateIssue } from "./issue_update.ts";
import { commentOnIssue, createIssue, getIssue, listIssues } from "./issues.ts";
import { getPullRequest, listPullRequests } from "./pulls.ts";
import { listRepositories } from "./repositories.ts";
import { searchIssues } from "./search.ts";

/** Every tool of the `github` service. */
export const githubTools: Tool[] = [
  createIssue,
  listIssues,
  getIssue,
  updateIssue,
  commentOnIssue,
  searchIssues,
  listPullRequests,
  getPullRequest,
  listRepositories,
  readFile,
];
