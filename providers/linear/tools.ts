/**
 * Linear's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { commentOnIssue, createIssue, updateIssue } from "./change_issues.ts";
import { listIssues, searchIssues } from "./find_issues.ts";

/** Every tool of the `linear` service. */
export const linearTools: Tool[] = [
  createIssue,
  listIssues,
  searchIssues,
  updateIssue,
  commentOnIssue,
];
