/**
 * GitHub's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { comment } from "./comment.ts";
import { listCommits } from "./commits.ts";
import { readFile } from "./contents.ts";
import { createIssue } from "./create_issue.ts";
import { createPullRequest } from "./create_pull.ts";
import { findIssues } from "./find_issues.ts";
import { updateIssue } from "./issue_update.ts";
import { mergePullRequest } from "./merge_pull.ts";
import { readIssue } from "./read_issue.ts";
import { readPullRequest } from "./read_pull.ts";
import { listRepositories } from "./repositories.ts";
import { readWorkflowRuns } from "./runs.ts";
import { searchCode } from "./search_code.ts";

/** Every tool of the `github` service. */
export const githubTools: Tool[] = [
  listRepositories,
  findIssues,
  readIssue,
  createIssue,
  updateIssue,
  comment,
  readPullRequest,
  createPullRequest,
  mergePullRequest,
  readWorkflowRuns,
  searchCode,
  listCommits,
  readFile,
];
