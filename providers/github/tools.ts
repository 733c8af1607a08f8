/**
 * GitHub's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { commentOnIssue, createIssue, getIssue, listIssues } from "./issues.ts";
import { listRepositories } from "./repositories.ts";

/** Every tool of the `github` service. */
export const githubTools: Tool[] = [
  createIssue,
  listIssues,
  getIssue,
  commentOnIssue,
  listRepositories,
];
